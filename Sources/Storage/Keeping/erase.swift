import Foundation
import GRDB
import Triage

/// Why a subject is not erased now.
package enum ErasureRefusal: Error, Hashable, Sendable {
  /// A legal hold names them: its reasons.
  case held([String])
  /// Several UPRNs stand at the written address.
  case severalUPRNs([String])
  /// Somebody is out there just now, and is looked after by what would be erased.
  case somebodyIsOut
  /// Only what is whose is erased.
  case notByText
}

/// What was erased.
package struct ErasedRows: Hashable, Sendable, Codable {
  package var jobs = 0, opportunities = 0, claims = 0, outcomes = 0, consents = 0
  package var announcements = 0, notices = 0, reachedPlaces = 0, optOuts = 0
  /// Jobs of others that stay, and of which it is not known any more that they were about them.
  package var complaintsAbout = 0
  /// Kept: that they asked not to be contacted is what keeps them from being contacted.
  package var keptOptOuts = 0

  package init() {}

  package var sum: Int {
    jobs + opportunities + claims + outcomes + consents + announcements + notices + reachedPlaces
      + optOuts
  }
}

extension Store {
  /// What an erasure would be written down as.
  /// - Parameter hasBackups: whether there are backups, which may hold of them what is not held here any more.
  /// - Returns: `nil` where nothing is held of them and nothing is to be refused either.
  /// - Throws: ``ErasureRefusal``.
  package func erasure(
    of query: SubjectQuery, id: String, refuses: Bool, hasBackups: Bool = false, now: Date
  ) async throws -> Erasure? {
    try await read { db in
      guard let match = try subjectMatch(db, query) else { throw ErasureRefusal.notByText }
      let rows = try SubjectRows(db, match)
      try mayErase(db, match, rows)
      let identifiers = match.identifiers
      guard !identifiers.isEmpty,
        try refuses || hasBackups || !rows.isEmpty || !complaintsAbout(db, match.parties).isEmpty
      else { return nil }
      let key = try ErasureKey(db)
      // Nobody will know any more whose they were, so what the contact register would hold back is printed too.
      let texts = try refuses ? dwellingTexts(db, query, match).sorted() : []
      return Erasure(
        id: id, at: now, prints: (withParties(identifiers) + texts).map(key.print),
        refuses: refuses, key: key.name)
    }
  }

  /// Erases everything of a subject, in one transaction, with the row that says so, one in the audit and the mails
  /// to those who held something of it; then the file is written anew, so that the bytes are in neither it nor its log.
  ///
  /// With `refuses` it goes with what says that they asked not to be contacted: nothing of them is stored any more,
  /// so nobody is sent to them.
  /// - Parameter notices: by opportunity and holder.
  /// - Throws: ``ErasureRefusal``, also where it has become so since ``erasure(of:id:refuses:now:)``.
  package func erase(
    _ query: SubjectQuery, as erasure: Erasure, audit: AuditRow,
    notices: @escaping @Sendable (_ opportunity: Int64, _ holder: String) -> Notice? = { _, _ in nil
    }
  ) async throws -> ErasedRows {
    let erased = try await write { db in
      guard let match = try subjectMatch(db, query) else { throw ErasureRefusal.notByText }
      let rows = try SubjectRows(db, match)
      try mayErase(db, match, rows)
      var erased = try SubjectEraser(db, refuses: erasure.refuses).erase(rows, notices: notices)
      erased.complaintsAbout = try forgetParties(db, match.parties.contains)
      try note(db, erasure, rows: erased.sum)
      try writeAudit(db, audit)
      return erased
    }
    try await rewrite()
    return erased
  }

  /// Erases again what was erased since this database was copied: the erasures that it does not know of.
  ///
  /// - Returns: how many those were.
  /// - Throws: ``BackupError`` where one was made by another key, so that nobody knows whom it was of.
  @discardableResult
  package func eraseAgain(_ erasures: [Erasure]) async throws -> Int {
    let count = try await write { db in
      let known = Set(try String.fetchAll(db, sql: "SELECT id FROM erasure"))
      let unknown = erasures.filter { !known.contains($0.id) }
      guard !unknown.isEmpty else { return 0 }
      let key = try ErasureKey(db)
      let foreign = unknown.count { $0.key != key.name }
      guard foreign == 0 else {
        throw BackupError(
          "\(foreign) of the erasures that are written down beside the database were made by the key of another one, "
            + "so nobody knows whether this one holds what was erased.")
      }
      for erasure in unknown {
        let test = PrintTest(key, Set(erasure.prints))
        let rows = try SubjectRows(
          db, isTheirs: test.holds, isReference: { test.holds($0) })
        let erased = try SubjectEraser(db, refuses: erasure.refuses).erase(rows) { _, _ in nil }
        _ = try forgetParties(db, test.holds(party:))
        try note(db, erasure, rows: erased.sum)
      }
      return unknown.count
    }
    if count > 0 { try await rewrite() }
    return count
  }

  /// Erasures for which archive and backups have still to be seen to, the oldest first.
  package func erasuresWithFiles() async throws -> [String] {
    try await read {
      try String.fetchAll($0, sql: "SELECT id FROM erasure WHERE files_done = 0 ORDER BY at")
    }
  }

  package func filesDone(of erasure: String) async throws {
    try await write {
      try $0.execute(sql: "UPDATE erasure SET files_done = 1 WHERE id = ?", arguments: [erasure])
    }
  }

  /// Whom nothing is stored of any more, as a question about a job; `nil` where that is nobody.
  package func refusals() async throws -> RefusedSubjects? {
    try await read { db in
      let prints = try String.fetchAll(
        db, sql: "SELECT value FROM erasure, json_each(erasure.prints) WHERE refuses = 1")
      let closed = try String.fetchSet(db, sql: "SELECT area FROM closed_pilot")
      guard !prints.isEmpty || !closed.isEmpty else { return nil }
      return RefusedSubjects(key: try ErasureKey(db), prints: Set(prints), closedAreas: closed)
    }
  }

  /// Where nobody is to be sent, since it may be with those whom nothing is stored of any more; `nil` where nowhere.
  package func erasedDwellings() async throws -> FingerprintedPlaces? {
    guard let refused = try await refusals(), !refused.prints.isEmpty else { return nil }
    let key = refused.key
    return FingerprintedPlaces(prints: refused.prints) { key.print($0) }
  }

  /// Writes the whole file anew, so that it has no free pages and no slack of earlier rows: with `secure_delete` SQLite
  /// overwrites what is deleted, but not the copies of it that may lie beside the rows of a page that it has once
  /// put in order. Meanwhile nobody else uses the store, and the file is held in memory.
  package func rewrite() async throws {
    try await access { try $0.execute(sql: "VACUUM") }
    try await emptyLog()
  }
}

/// Of whom nothing is stored: those whose erasure said so, and what lies in a pilot that is closed.
package struct RefusedSubjects: Sendable {
  let key: ErasureKey
  let prints: Set<String>
  let closedAreas: Set<String>

  /// The jobs that may be stored, others' without whom they are about where that is one of these.
  package func allowed(_ jobs: [Job]) -> [Job] {
    let test = PrintTest(key, prints)
    return jobs.compactMap { job in
      if closedAreas.contains(job.area) { return nil }
      if prints.isEmpty { return job }
      let words = PlaceWords(
        key: nil, address: job.place.address, postcode: job.place.postcode, uprn: job.place.uprn)
      if test.holds(words) || test.holds(job.id) { return nil }
      guard let party = job.otherParty, test.holds(party: party) else { return job }
      var job = job
      job.otherParty = nil
      return job
    }
  }
}

/// ``Place/dwellingTexts`` of wherever a row says that they are.
private func dwellingTexts(
  _ db: Database, _ query: SubjectQuery, _ match: SubjectMatch
) throws -> Set<String> {
  var places: Set<Place> = []
  if case .address(let address, let postcode) = query {
    places.insert(Place(address: address, postcode: postcode, uprn: match.uprns.first ?? ""))
  }
  try eachPlacedRow(db) { row in
    if match.holds(row.words) { places.insert(row.words.place) }
  }
  return places.reduce(into: []) { $0.formUnion($1.dwellingTexts) }
}

private func note(_ db: Database, _ erasure: Erasure, rows: Int) throws {
  try db.execute(
    sql: "INSERT INTO erasure (id, at, prints, refuses, rows) VALUES (?, ?, ?, ?, ?)",
    arguments: [
      erasure.id, milliseconds(erasure.at), try json(erasure.prints), erasure.refuses, rows,
    ])
}

private func mayErase(_ db: Database, _ match: SubjectMatch, _ rows: SubjectRows) throws {
  if !match.severalUPRNs.isEmpty {
    throw ErasureRefusal.severalUPRNs(match.severalUPRNs.sorted())
  }
  var subjects = Set(match.identifiers)
  for row in try Row.fetchAll(
    db,
    sql: """
      SELECT feed.name, reference, address_key FROM job JOIN feed ON feed.id = job.feed
      WHERE job.id IN (SELECT value FROM json_each(?))
      """, arguments: [try json(rows.jobs.sorted())])
  {
    subjects.insert(SubjectMatch.identifier(JobRef(feed: row[0], reference: row[1])))
    if let key = row[2] as String? { subjects.insert(key) }
  }
  // With an opportunity of two households what is held of the other one goes too.
  subjects.formUnion(
    try String.fetchAll(
      db,
      sql: """
        SELECT address_key FROM opportunity WHERE id IN (SELECT value FROM json_each(?1))
        UNION SELECT address_key FROM second_household
          WHERE opportunity IN (SELECT value FROM json_each(?1))
        """, arguments: [try json(rows.opportunities.sorted())]))
  let reasons = try String.fetchAll(
    db,
    sql: "SELECT DISTINCT why FROM legal_hold WHERE subject IN (SELECT value FROM json_each(?))",
    arguments: [try json(subjects.sorted())])
  if !reasons.isEmpty { throw ErasureRefusal.held(reasons) }
  let isOut = try Bool.fetchOne(
    db,
    sql: """
      SELECT EXISTS (
        SELECT 1 FROM outing
        WHERE back_at IS NULL AND opportunity IN (SELECT value FROM json_each(?)))
      """, arguments: [try json(rows.opportunities.sorted())])!
  if isOut { throw ErasureRefusal.somebodyIsOut }
}
