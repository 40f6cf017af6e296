import Foundation
import GRDB
import Triage

/// What a look at the whole chain of the audit shows.
package struct AuditCheck: Hashable, Sendable {
  /// Rows that fit, from where the chain begins to the first break.
  package var rows = 0
  /// The number and hash of the last of them; of an empty audit where the next one begins.
  package var head = Int64(0)
  package var hash: [UInt8] = AuditChain.beginning
  /// Rows that have gone with their time since there is a chain.
  package var purged = 0
  /// What does not fit and nobody has acknowledged, in the order of the chain.
  package var breaks: [AuditBreak] = []
  /// What does not fit, and a person has said that they know of it.
  package var acknowledged: [AuditAcknowledgement] = []
  /// Whether the hash that was asked for is one of the chain; `nil`: none was.
  package var hasPinned: Bool?

  package init() {}

  /// The first of ``breaks``.
  package var fault: AuditFault? { breaks.first?.fault }
}

extension Store {
  /// Reckons the chain of the audit up anew, in parts, so that nobody waits for it long.
  ///
  /// That rows were left out at its end shows by the number that SQLite gave last. Who can write the file and knows of
  /// that can change it too, or make a whole new chain: that shows only against a hash that was noted elsewhere.
  /// - Parameters:
  ///   - pinned: the first digits of such a hash.
  ///   - seen: where an earlier look found it to end.
  package func verifyAudit(
    pinned: String? = nil, seen: (head: Int64, hash: [UInt8])? = nil
  ) async throws -> AuditCheck {
    let (start, acknowledgements) = try await read {
      (try auditBeginning($0), try auditAcknowledgements($0))
    }
    var check = AuditCheck()
    var hasPinned = false
    var hasSeen = seen == nil
    func look(_ hash: [UInt8]) {
      if let seen, hash == seen.hash { hasSeen = true }
      if let pinned, hexadecimal(hash).hasPrefix(pinned) { hasPinned = true }
    }
    func note(_ found: AuditBreak) {
      if let known = acknowledgements[found.words] {
        check.acknowledged.append(known)
      } else {
        check.breaks.append(found)
      }
    }
    var at = start
    (check.head, check.hash) = at
    look(check.hash)
    var isFirst = true
    while true {
      let from = at
      let part = try await read { try readAudit($0, after: from.through, from.hash) }
      if let beginning = part.beginning {
        // A purge has come round meanwhile: it goes on from there.
        at = beginning
        if check.breaks.isEmpty { (check.head, check.hash) = at }
        continue
      }
      for row in part.rows {
        at = (row.id, row.hash)
        if let found = row.found { note(found) }
        guard check.breaks.isEmpty else { continue }
        if row.found == nil { check.rows += 1 }
        (check.head, check.hash) = at
        look(row.hash)
      }
      if isFirst { check.purged = part.purged }
      isFirst = false
      if part.isLast { break }
    }
    if let found = try await read({ try breakAtBeginning($0) }) { note(found) }
    if let found = try await read({ try breakAtEnd($0) }) {
      note(found)
    } else if let seen, !hasSeen, check.breaks.isEmpty,
      // Else it has gone with its time.
      try await read({ try auditBeginning($0).through }) < seen.head
    {
      note(AuditBreak(end: seen.head, hash: seen.hash))
    }
    if pinned != nil { check.hasPinned = hasPinned }
    return check
  }

  /// The hash of the last row of the audit.
  package func auditHead() async throws -> [UInt8] {
    try await read { try auditEnd($0).hash }
  }
}

private struct AuditPart {
  /// With the hash that each bears, and what does not fit there.
  var rows: [(id: Int64, hash: [UInt8], found: AuditBreak?)] = []
  var isLast = false
  var purged = 0
  /// Where the chain begins now, where that is behind what was to be read.
  var beginning: (through: Int64, hash: [UInt8])?
}

/// Rows that are read at a time.
private let rowsAtOnce = 2000

private func auditBeginning(_ db: Database) throws -> (through: Int64, hash: [UInt8]) {
  guard
    let row = try Row.fetchOne(db, sql: "SELECT through, hash FROM audit_checkpoint WHERE id = 1")
  else { throw damage("audit_checkpoint is empty") }
  let hash: Data = row[1]
  return (row[0], Array(hash))
}

private func readAudit(
  _ db: Database, after id: Int64, _ previous: [UInt8]
) throws -> AuditPart {
  var part = AuditPart()
  let beginning = try auditBeginning(db)
  if beginning.through > id {
    part.beginning = beginning
    return part
  }
  part.purged = try Int.fetchOne(db, sql: "SELECT purged FROM audit_checkpoint") ?? 0
  let rows = try Row.fetchCursor(
    db,
    sql: """
      SELECT \(AuditChain.columns), hash FROM audit WHERE id > ? ORDER BY id LIMIT \(rowsAtOnce)
      """, arguments: [id])
  var previous = previous
  var count = 0
  while let row = try rows.next() {
    count += 1
    let stored = Data.fromDatabaseValue(row["hash"]).map { Array($0) } ?? []
    let hash = AuditChain.hash(after: previous, row)
    let id = Int64.fromDatabaseValue(row[0]) ?? 0
    part.rows.append(
      (id, stored, stored == hash ? nil : AuditBreak(row: id, bears: stored, fits: hash)))
    // What was written behind a break rests on what stands there.
    previous = stored
  }
  part.isLast = count < rowsAtOnce
  return part
}

/// SQLite remembers the number of the last row that was ever written.
private func breakAtEnd(_ db: Database) throws -> AuditBreak? {
  let written =
    try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
  return try auditEnd(db).id < written ? AuditBreak(end: written) : nil
}

/// The newest row about a purge says where the chain begins since then; before the first it begins at nothing.
private func breakAtBeginning(_ db: Database) throws -> AuditBreak? {
  let beginning = try auditBeginning(db)
  let said = try String.fetchOne(
    db, sql: "SELECT result FROM audit WHERE action = ? ORDER BY id DESC LIMIT 1",
    arguments: [purgeOfAudit])
  let words = checkpointInWords(beginning.through, beginning.hash)
  let fits = said.map { $0 == words } ?? (beginning.hash == AuditChain.beginning)
  return fits ? nil : AuditBreak(beginning: words)
}
