import Foundation
import GRDB
import Triage

/// Deletes the rows of a subject and everything that hangs from them, inside a transaction.
struct SubjectEraser {
  private let db: Database
  /// Whether what says that they asked not to be contacted goes too.
  private let refuses: Bool

  init(_ db: Database, refuses: Bool) {
    self.db = db
    self.refuses = refuses
  }

  /// - Parameter notices: the mail to who holds an opportunity that goes.
  func erase(
    _ rows: SubjectRows, notices: (_ opportunity: Int64, _ holder: String) -> Notice?
  ) throws -> ErasedRows {
    var erased = ErasedRows()
    let opportunities = try json(rows.opportunities.sorted())
    let jobs = try json(rows.jobs.sorted())
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT id, holder FROM opportunity
        WHERE state = 'claimed' AND id IN (SELECT value FROM json_each(?)) ORDER BY id
        """, arguments: [opportunities])
    {
      if let notice = notices(row[0], row[1]) { try owe(db, notice, due: notice.created) }
    }
    erased.claims = try count("claim", opportunities)
    erased.outcomes = try count("outcome", opportunities)
    erased.consents = try count("consent", opportunities)
    erased.announcements = try count("announcement", opportunities)
    erased.notices = try eraseNotices(rows, opportunities, jobs)
    try eraseFacts(rows.opportunities)
    erased.opportunities = try delete(
      "DELETE FROM opportunity WHERE id IN (SELECT value FROM json_each(?))", opportunities)
    erased.jobs = try delete(
      "DELETE FROM job WHERE id IN (SELECT value FROM json_each(?))", jobs)
    erased.reachedPlaces = try delete(
      "DELETE FROM reached_place WHERE rowid IN (SELECT value FROM json_each(?))",
      try json(rows.reachedPlaces.sorted()))
    if refuses {
      for id in rows.optOuts {
        try db.execute(
          sql: "DELETE FROM opt_out WHERE opportunity = ? AND address_key = ?",
          arguments: [id.opportunity, id.key])
        erased.optOuts += db.changesCount
      }
    } else {
      erased.keptOptOuts = rows.optOuts.count
    }
    // Words that repeat from job to job may have been theirs alone.
    try db.execute(sql: "DELETE FROM job_kind WHERE id NOT IN (SELECT kind FROM job)")
    try db.execute(sql: "DELETE FROM score WHERE id NOT IN (SELECT score FROM opportunity)")
    return erased
  }

  private func count(_ table: String, _ opportunities: String) throws -> Int {
    try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM \(table) WHERE opportunity IN (SELECT value FROM json_each(?))
        """, arguments: [opportunities])!
  }

  private func delete(_ sql: String, _ ids: String) throws -> Int {
    try db.execute(sql: sql, arguments: [ids])
    return db.changesCount
  }

  /// Mails that were of these opportunities and jobs, and those that are over and name one of the streets, but for
  /// those that are about what a legal hold names. Where one told of other jobs for safeguarding too and nobody has it
  /// yet, those are told again.
  private func eraseNotices(
    _ rows: SubjectRows, _ opportunities: String, _ jobs: String
  ) throws -> Int {
    var ids = try rows.notices(db)
    let held = try SubjectRows(heldIn: db).notices(db)
    for street in try streets(opportunities, jobs) {
      ids.formUnion(
        try String.fetchSet(
          db,
          sql: """
            SELECT id FROM notice WHERE state NOT IN \(owedStates)
              AND (instr(body, ?1) > 0 OR instr(subject, ?1) > 0)
            """, arguments: [street]
        ).subtracting(held))
    }
    for id in ids.sorted() {
      let others = try Int64.fetchAll(
        db,
        sql: """
          SELECT job FROM other_door_notice
          WHERE notice = ? AND job NOT IN (SELECT value FROM json_each(?))
          """, arguments: [id, jobs])
      try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [id])
      try forgetOtherDoor(db, others)
    }
    return ids.count
  }

  /// As mails name them.
  private func streets(_ opportunities: String, _ jobs: String) throws -> Set<String> {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT address, postcode FROM opportunity WHERE id IN (SELECT value FROM json_each(?1))
        UNION SELECT address, postcode FROM second_household
          WHERE opportunity IN (SELECT value FROM json_each(?1))
        UNION SELECT address, postcode FROM job WHERE id IN (SELECT value FROM json_each(?2))
        """, arguments: [opportunities, jobs])
    return Set(rows.compactMap { Place(address: $0[0], postcode: $0[1]).street })
  }

  /// How the areas stood when a digest was made names opportunities with their street.
  private func eraseFacts(_ opportunities: Set<Int64>) throws {
    for row in try Row.fetchAll(db, sql: "SELECT id, facts FROM digest WHERE facts NOTNULL") {
      let text: String = row[1]
      guard var facts = try? JSONDecoder().decode(DigestFacts.self, from: Data(text.utf8)) else {
        try db.execute(
          sql: "UPDATE digest SET facts = NULL, keeps_empty = 0 WHERE id = ?",
          arguments: [row[0] as String])
        continue
      }
      let before = facts
      for at in facts.areas.indices {
        facts.areas[at].held.removeAll { opportunities.contains($0.opportunity) }
        facts.areas[at].open.removeAll { opportunities.contains($0.opportunity) }
      }
      guard facts != before else { continue }
      try db.execute(
        sql: "UPDATE digest SET facts = ? WHERE id = ?",
        arguments: [try json(facts), row[0] as String])
    }
  }
}
