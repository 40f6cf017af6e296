import Foundation
import GRDB
import Triage

/// What a look at the whole chain of the audit shows.
package struct AuditCheck: Hashable, Sendable {
  /// Rows that fit, from where the chain begins.
  package var rows = 0
  /// The number and hash of the last of them; of an empty audit where the next one begins.
  package var head = Int64(0)
  package var hash: [UInt8] = AuditChain.beginning
  /// Rows that have gone with their time since there is a chain.
  package var purged = 0
  /// What does not fit; `nil`: everything does.
  package var fault: AuditFault?
  /// Whether the hash that was asked for is one of the chain; `nil`: none was.
  package var hasPinned: Bool?

  package init() {}
}

package enum AuditFault: Hashable, Sendable {
  /// This row, or what stood before it, is not as it was written.
  case row(Int64, at: Date)
  /// The chain does not begin where the last purge left it.
  case beginning
}

extension Store {
  /// Reckons the chain of the audit up anew, in parts, so that nobody waits for it long.
  ///
  /// Who can write the file can make a whole new chain, or leave rows out at its end: that shows only against a hash
  /// that was noted elsewhere.
  /// - Parameter pinned: the first digits of such a hash.
  package func verifyAudit(pinned: String? = nil) async throws -> AuditCheck {
    var check = AuditCheck()
    var found = false
    func look(_ hash: [UInt8]) {
      if let pinned, hexadecimal(hash).hasPrefix(pinned) { found = true }
    }
    let start = try await read { try auditBeginning($0) }
    (check.head, check.hash) = (start.through, start.hash)
    look(check.hash)
    var isFirst = true
    while true {
      let (from, before) = (check.head, check.hash)
      let part = try await read { try readAudit($0, after: from, before) }
      if let beginning = part.beginning {
        // A purge has come round meanwhile: it goes on from there.
        (check.head, check.hash) = (beginning.through, beginning.hash)
        continue
      }
      check.rows += part.fitting.count
      for row in part.fitting {
        (check.head, check.hash) = (row.id, row.hash)
        look(row.hash)
      }
      if isFirst { check.purged = part.purged }
      isFirst = false
      check.fault = part.fault
      if check.fault != nil || part.isLast { break }
    }
    if check.fault == nil, try await !read({ try beginsWhereItWasLeft($0) }) {
      check.fault = .beginning
    }
    if pinned != nil { check.hasPinned = found }
    return check
  }

  /// The hash of the last row of the audit.
  package func auditHead() async throws -> [UInt8] {
    try await read { try auditEnd($0).hash }
  }
}

private struct AuditPart {
  var fitting: [(id: Int64, hash: [UInt8])] = []
  var fault: AuditFault?
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
    let stored: Data? = Data.fromDatabaseValue(row["hash"])
    let hash = AuditChain.hash(after: previous, row)
    guard stored.map({ Array($0) }) == hash else {
      let at = Int64.fromDatabaseValue(row[1]) ?? 0
      part.fault = .row(Int64.fromDatabaseValue(row[0]) ?? 0, at: instant(at))
      return part
    }
    part.fitting.append((row[0], hash))
    previous = hash
  }
  part.isLast = count < rowsAtOnce
  return part
}

/// The newest row about a purge says where the chain begins since then; before the first it begins at nothing.
private func beginsWhereItWasLeft(_ db: Database) throws -> Bool {
  let beginning = try auditBeginning(db)
  let said = try String.fetchOne(
    db, sql: "SELECT result FROM audit WHERE action = ? ORDER BY id DESC LIMIT 1",
    arguments: [purgeOfAudit])
  guard let said else { return beginning.hash == AuditChain.beginning }
  return said == checkpointInWords(beginning.through, beginning.hash)
}
