import Foundation
import GRDB
import Triage

package enum AuditFault: Hashable, Sendable {
  /// This row, or what stood before it, is not as it was written.
  case row(Int64)
  /// The chain does not begin where the last purge left it.
  case beginning
  /// This row was written, and is missing or is another: rows at the end were taken out.
  case end(Int64)
}

/// A place at which the chain of the audit does not fit.
package struct AuditBreak: Hashable, Sendable {
  package var fault: AuditFault
  /// What stands there, and what would fit: another change at the same place is another break.
  var words: String

  package init(row: Int64, bears: [UInt8], fits: [UInt8]) {
    fault = .row(row)
    words = "row \(row) bears \(hexadecimal(bears)) fits \(hexadecimal(fits))"
  }

  /// - Parameter beginning: where the chain is said to begin.
  init(beginning: String) {
    fault = .beginning
    words = "beginning \(beginning)"
  }

  /// - Parameter end: a row that was written, with its hash where that is known.
  init(end: Int64, hash: [UInt8]? = nil) {
    fault = .end(end)
    words = Self.end + "\(end)" + (hash.map { " " + hexadecimal($0) } ?? "")
  }

  fileprivate static let end = "end "
}

/// A row that says that a person knows of a break. It is a link of the chain itself, and goes after what it speaks of.
package struct AuditAcknowledgement: Hashable, Sendable {
  package var fault: AuditFault
  package var at: Date
  /// Through which command, by whom.
  package var via: String
  package var note: String
}

extension Store {
  /// Writes down that a person knows of breaks, one row for each: they are told in every check as such, and nobody is
  /// alarmed by them any more.
  package func acknowledge(
    _ breaks: [AuditBreak], note: String, actor: String, mark: AuditMark, now: Date
  ) async throws {
    try await write { db in
      for found in breaks {
        try writeAudit(
          db,
          AuditRow(
            at: now, actor: actor, mark: mark, action: acknowledgementOfBreak, opportunity: nil,
            result: found.words + separator + note))
      }
    }
  }
}

/// The action of a row that says that somebody knows of a break.
private let acknowledgementOfBreak = "acknowledge-audit"
private let separator = ": "

/// By the ``AuditBreak/words`` of the break.
func auditAcknowledgements(_ db: Database) throws -> [String: AuditAcknowledgement] {
  var known: [String: AuditAcknowledgement] = [:]
  for row in try Row.fetchAll(
    db, sql: "SELECT at, via, result FROM audit WHERE action = ? ORDER BY id",
    arguments: [acknowledgementOfBreak])
  {
    let result: String = row["result"]
    guard let end = result.range(of: separator) else { continue }
    let words = String(result[..<end.lowerBound])
    let number = words.split(separator: " ").dropFirst().first.flatMap { Int64($0) }
    let place = words.hasPrefix(AuditBreak.end) ? AuditFault.end : AuditFault.row
    known[words] = AuditAcknowledgement(
      fault: number.map(place) ?? .beginning, at: instant(row["at"]), via: row["via"],
      note: String(result[end.upperBound...]))
  }
  return known
}
