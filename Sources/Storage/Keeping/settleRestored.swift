import Foundation
import GRDB
import Triage

/// What the database of before knew that a backup may not know, and that somebody would be hurt by if it were lost.
///
/// Each is read by itself: `nil` where it cannot be, and empty where a version of before had no such table.
struct Knowledge: Sendable {
  /// Rows of `opt_out`, column by column.
  var optOuts: [[DatabaseValue]]?
  /// Opportunity, generation, when and by whom.
  var withdrawn: [[DatabaseValue]]?
  /// Hashes of links.
  var revoked: [[DatabaseValue]]?
  var holds: [[DatabaseValue]]?
  var closed: [[DatabaseValue]]?

  static let optOutColumns =
    "opportunity, address_key, address, postcode, uprn, x, y, location, by, at"

  var isWhole: Bool {
    ![optOuts, withdrawn, revoked, holds, closed].contains { $0 == nil }
  }

  /// - Throws: where the file cannot be opened, or is none of ours.
  init(of path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase {
      // It is kept aside as it was.
      keepLogAtEnd($0, true)
      try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    // Every version has this one; an empty file has none.
    guard try queue.inDatabase({ try $0.tableExists("link") }) else {
      throw damage("there is no table of links")
    }
    func rows(_ table: String, _ columns: String, where condition: String = "1")
      -> [[DatabaseValue]]?
    {
      try? queue.inDatabase { db -> [[DatabaseValue]] in
        guard try db.tableExists(table) else { return [] }
        return try Row.fetchAll(
          db, sql: "SELECT \(columns) FROM \(table) WHERE \(condition)"
        ).map { Array($0.databaseValues) }
      }
    }
    optOuts = rows("opt_out", Self.optOutColumns)
    withdrawn = rows(
      "consent", "opportunity, generation, withdrawn_at, withdrawn_by",
      where: "withdrawn_at NOTNULL")
    revoked = rows("link", "hash", where: "revoked = 1")
    holds = rows("legal_hold", "subject, why, by, at")
    closed = rows("closed_pilot", "area, closed_at, by, erase_on, erased_at")
  }
}

/// Added to the generation of whatever was ever claimed and is open, so that no page of after the backup can be used
/// on it. What was never claimed has only links, and those end.
private let generationsApart = 1_000_000
/// Numbers that are left out: mails of after the backup speak of them.
private let idsApart = 100_000

extension Store {
  /// Makes an older state harmless: nothing is announced until somebody has looked, nobody is signed in, no page
  /// that was opened before can be used, links of what waits for somebody to claim it end, and what the database of
  /// before knew of wishes not to be contacted, of consents and of links is taken over.
  func settleRestored(_ order: RestoreOrder, _ known: Knowledge?) async throws -> Restored.Carried {
    try await write { db in
      let now = milliseconds(order.now)
      var carried = Restored.Carried()
      if let known {
        carried = try take(db, known)
        for area in try String.fetchAll(db, sql: "SELECT area FROM closed_pilot") {
          try endWhatIsOpen(db, area, now)
        }
      }
      // Else it is not known which of them were made useless since.
      if known?.isWhole != true { try db.execute(sql: "UPDATE link SET revoked = 1") }
      try db.execute(
        sql: "INSERT OR REPLACE INTO pause (area, why, by, began) VALUES ('', ?, ?, ?)",
        arguments: [order.pauseWhy, order.by, now])
      try db.execute(
        sql: """
          UPDATE link SET revoked = 1 WHERE announcement IN (
            SELECT announcement.id FROM announcement
            JOIN opportunity ON opportunity.id = announcement.opportunity
            WHERE opportunity.state IN ('waiting', 'offered'))
          """)
      try db.execute(
        sql: """
          UPDATE opportunity SET generation = generation + ? WHERE ended_at IS NULL AND generation > 0
          """, arguments: [generationsApart])
      try db.execute(
        sql: """
          UPDATE sqlite_sequence SET seq = seq + ? WHERE name IN ('opportunity', 'announcement')
          """, arguments: [idsApart])
      try db.execute(
        sql: """
          UPDATE session SET ended_at = ?, ended_how = 'all signed out' WHERE ended_at IS NULL
          """, arguments: [now])
      try db.execute(
        sql: "UPDATE sign_in SET used_at = ? WHERE used_at IS NULL", arguments: [now])
      for notice in order.notices { try owe(db, notice, due: notice.created) }
      try writeAudit(
        db,
        AuditRow(
          at: order.now, actor: order.by, mark: AuditMark(via: "command"),
          action: "restore \((order.backup as NSString).lastPathComponent)", opportunity: nil))
      return carried
    }
  }
}

private func take(_ db: Database, _ known: Knowledge) throws -> Restored.Carried {
  var carried = Restored.Carried(isReadable: known.isWhole)
  func run(_ sql: String, _ rows: [[DatabaseValue]]?) throws -> Int {
    try (rows ?? []).reduce(0) { sum, row in
      try db.execute(sql: sql, arguments: StatementArguments(row))
      return sum + db.changesCount
    }
  }
  carried.optOuts = try run(
    "INSERT OR IGNORE INTO opt_out (\(Knowledge.optOutColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    known.optOuts)
  carried.withdrawnConsents = try run(
    """
    UPDATE consent SET withdrawn_at = ?3, withdrawn_by = ?4
    WHERE opportunity = ?1 AND generation = ?2 AND given = 1 AND withdrawn_at IS NULL
    """, known.withdrawn)
  carried.revokedLinks = try run(
    "UPDATE link SET revoked = 1 WHERE hash = ? AND revoked = 0", known.revoked)
  _ = try run(
    "INSERT OR IGNORE INTO legal_hold (subject, why, by, at) VALUES (?, ?, ?, ?)", known.holds)
  _ = try run(
    """
    INSERT OR REPLACE INTO closed_pilot (area, closed_at, by, erase_on, erased_at)
    VALUES (?, ?, ?, ?, ?)
    """, known.closed)
  return carried
}
