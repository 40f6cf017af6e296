import Foundation
import Logging
import Storage
import Triage

/// Holds the chain of the audit against itself, once a day and at every start, and remembers what that showed.
actor AuditWatch {
  private let store: Store
  private let logger: Logger
  private(set) var last: (check: AuditCheck, at: Date)?
  /// Where the last look that found it whole found it to end.
  private var seen: (head: Int64, hash: [UInt8])?

  init(_ store: Store, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  func round(now: Date) async throws {
    if let last, (0..<86_400).contains(now.timeIntervalSince(last.at)) { return }
    try await look(now: now)
  }

  @discardableResult
  func look(pinned: String? = nil, now: Date) async throws -> AuditCheck {
    let check = try await store.verifyAudit(pinned: pinned, seen: seen)
    last = (check, now)
    if check.fault == nil { seen = (check.head, check.hash) }
    // The journal stands elsewhere: what it has of the head shows whether the chain was made anew.
    let head = auditMark(check.hash)
    if let why = check.sentence {
      logger.error(
        "The audit has been tampered with, or its file is damaged.",
        metadata: ["why": "\(why)", "rows": "\(check.rows)", "head": "\(head)"])
    } else if check.acknowledged.isEmpty {
      logger.notice(
        "The audit is whole.", metadata: ["rows": "\(check.rows)", "head": "\(head)"])
    } else {
      logger.notice(
        "The audit is whole but for what was acknowledged.",
        metadata: [
          "rows": "\(check.rows)", "head": "\(head)", "acknowledged": "\(check.acknowledged.count)",
        ])
    }
    return check
  }
}

/// As people note the hash of the audit's last row: its first sixteen digits.
func auditMark(_ hash: [UInt8]) -> String { String(hexadecimal(hash).prefix(16)) }

extension AuditCheck {
  /// What does not fit and nobody has acknowledged, without personal data; `nil`: nothing.
  var sentence: String? {
    guard let fault else { return nil }
    let others = breaks.count - 1
    if others == 0 { return fault.sentence }
    return fault.sentence
      + " \(CivilWords.counted(others, "further place")) \(others == 1 ? "does" : "do") not fit either."
  }
}

extension AuditFault {
  /// Without personal data.
  var sentence: String {
    switch self {
    case .row(let id):
      "Row \(id) of the audit does not fit the one before it: one of the two was changed, or rows between them were "
        + "taken out."
    case .beginning:
      "The audit does not begin where the last purge left it: rows at its beginning were taken out."
    case .end(let id):
      "Row \(id) of the audit was written, and is missing or is another: rows at its end were taken out."
    }
  }
}

/// - Parameter check: the last one; `nil`: nobody has looked since the start.
func auditMatters(_ check: AuditCheck?) -> MatterLook {
  guard let check else { return MatterLook(unseen: [.audit]) }
  return MatterLook(check.sentence.map { [Matter(.audit, $0)] } ?? [])
}

/// What `status` tells of the audit.
struct AuditStanding: Codable, Hashable {
  /// The first sixteen digits of the hash of its last row.
  var head: String
  /// When the chain was held against itself last; `nil`: not since the start.
  var verified: Date?
  /// What did not fit then.
  var fault: String?
  /// At how many places it did not fit, and somebody has said that they know.
  var acknowledged = 0
}
