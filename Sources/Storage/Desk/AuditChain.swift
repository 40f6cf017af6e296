import Crypto
import Foundation
import GRDB
import Triage

/// How the rows of the audit hang together: the hash of each is the SHA-256 of a name, of the hash before it and of
/// the row's own fields, so that no row can be changed, taken out or moved without every later hash being another.
///
/// Each field is written as what it is (nothing, a number, a text) with its length, so that no two rows are written
/// alike. What is written here is never changed: what is stored rests on it.
enum AuditChain {
  /// Before the first row.
  static let beginning = [UInt8](repeating: 0, count: 32)

  /// What a row is read by. Texts come as bytes: whatever was put into the file is seen whole.
  static let columns = """
    id, at, CAST(actor AS BLOB), CAST(via AS BLOB), CAST(action AS BLOB), opportunity, generation,
    CAST(result AS BLOB), CAST(network AS BLOB), CAST(agency AS BLOB)
    """
  private static let fields = 10

  enum Field {
    case nothing
    case number(Int64)
    case text([UInt8])

    init(_ text: String?) { self = text.map { Field.text(Array($0.utf8)) } ?? .nothing }
    init(_ number: Int64?) { self = number.map { Field.number($0) } ?? .nothing }
  }

  static func hash(after previous: [UInt8], _ fields: [Field]) -> [UInt8] {
    var sha = SHA256()
    sha.update(data: Array("triaged audit 1".utf8))
    sha.update(data: previous)
    for field in fields {
      switch field {
      case .nothing: sha.update(data: [UInt8(0)])
      case .number(let number):
        sha.update(data: [UInt8(1)])
        sha.update(data: bytes(number))
      case .text(let text):
        sha.update(data: [UInt8(2)])
        sha.update(data: bytes(Int64(text.count)))
        sha.update(data: text)
      }
    }
    return Array(sha.finalize())
  }

  /// Of a row that begins with ``columns``.
  static func hash(after previous: [UInt8], _ row: Row) -> [UInt8] {
    hash(
      after: previous,
      (0..<fields).map { column -> Field in
        switch (row[column] as DatabaseValue).storage {
        case .null: .nothing
        case .int64(let number): .number(number)
        // No field is a number with a fraction; one that somebody has put there fits nothing.
        case .double(let number): .text(Array("\(number)".utf8))
        case .string(let text): .text(Array(text.utf8))
        case .blob(let data): .text(Array(data))
        }
      })
  }

  private static func bytes(_ number: Int64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}

/// The last row of the audit and its hash; where there is none, where the next one begins.
func auditEnd(_ db: Database) throws -> (id: Int64, hash: [UInt8]) {
  let row =
    try Row.fetchOne(db, kept(sql: "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1"))
    ?? Row.fetchOne(db, kept(sql: "SELECT through, hash FROM audit_checkpoint"))
  guard let row else { throw damage("audit_checkpoint is empty") }
  let hash: Data = row[1]
  return (row[0], Array(hash))
}

func writeAudit(_ db: Database, _ row: AuditRow) throws {
  let end = try auditEnd(db)
  // SQLite would keep a text up to its first NUL alone.
  func stored(_ text: String) -> String { String(text.prefix { $0 != "\0" }) }
  let (actor, via, action) = (stored(row.actor), stored(row.mark.via), stored(row.action))
  let (result, network) = (stored(row.result), stored(row.mark.network))
  let agency = row.agency.map(stored)
  let hash = AuditChain.hash(
    after: end.hash,
    [
      .number(end.id + 1), .number(milliseconds(row.at)), .init(actor), .init(via), .init(action),
      .init(row.opportunity), .init(row.generation.map { Int64($0) }), .init(result),
      .init(network),
      .init(agency),
    ])
  try db.execute(
    sql: """
      INSERT INTO audit
        (id, at, actor, via, action, opportunity, generation, result, network, agency, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
    arguments: [
      end.id + 1, milliseconds(row.at), actor, via, action, row.opportunity, row.generation, result,
      network, agency, Data(hash),
    ])
}

/// Deletes rows older than that from the beginning of the chain, past the trigger that keeps all others, and moves the
/// place at which it begins; a row of its own says so, within the chain.
///
/// A row goes only with all before it. One that bears a time that is still to come (the clock was wrong) goes with
/// those around it. - Returns: how many.
func purgeAudit(_ db: Database, before: Int64, now: Date) throws -> Int {
  let at = milliseconds(now)
  let through = try Int64.fetchOne(
    db,
    sql: """
      SELECT id FROM audit WHERE at < ?1 AND id < ifnull(
        (SELECT id FROM audit WHERE at BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1), \(Int64.max))
      ORDER BY id DESC LIMIT 1
      """, arguments: [before, at])
  guard let through,
    let hash = try Data.fetchOne(
      db, sql: "SELECT hash FROM audit WHERE id = ?", arguments: [through])
  else { return 0 }
  try db.execute(
    sql: "INSERT OR REPLACE INTO audit_purge (id, before, now, through) VALUES (1, ?, ?, ?)",
    arguments: [before, at, through])
  // With the last row the end of the chain goes, which the checkpoint then has.
  try db.execute(sql: "DELETE FROM audit WHERE id <= ?", arguments: [through])
  let count = db.changesCount
  try db.execute(
    sql: "UPDATE audit_checkpoint SET through = ?, hash = ?, purged = purged + ?",
    arguments: [through, hash, count])
  try db.execute(sql: "DELETE FROM audit_purge")
  try writeAudit(
    db,
    AuditRow(
      at: now, actor: "", mark: AuditMark(), action: purgeOfAudit, opportunity: nil,
      result: checkpointInWords(through, Array(hash))))
  return count
}

/// The action of a row that says that others before it have gone.
let purgeOfAudit = "purge-audit"

/// As such a row has it.
func checkpointInWords(_ through: Int64, _ hash: [UInt8]) -> String {
  "through \(through) \(hexadecimal(hash))"
}
