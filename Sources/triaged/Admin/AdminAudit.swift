import Foundation
import Storage
import Triage

/// What is asked for with `audit verify`.
struct AuditVerifyWish: Codable {
  /// The first digits of a hash that was noted elsewhere.
  var head: String?
}

/// What is asked for with `audit acknowledge`.
struct AuditAcknowledgeWish: Codable {
  /// The row that `audit verify` names; 0: the beginning.
  var row: Int64
  var note: String
  /// The name of the machine's user.
  var by: String

  /// Characters that a note has at most.
  static let longest = 500
}

/// What is asked for with `audit list`.
struct AuditListWish: Codable {
  var opportunity: Int64?
  /// The first civil day, `yyyy-MM-dd`.
  var since: String?
}

extension AdminOffice {
  func verifyAudit(_ wish: AuditVerifyWish, now: Date) async throws -> AuditReport {
    let pinned = try wish.head.map(pinnedHash)
    return auditReport(try await checkAudit(pinned: pinned, now: now))
  }

  /// Writes down that somebody knows of what does not fit, and what came of it: of that nobody is told any more.
  func acknowledgeAudit(_ wish: AuditAcknowledgeWish, now: Date) async throws -> AuditReport {
    let note = plainLine(wish.note).trimmingCharacters(in: .whitespaces)
    guard (1...AuditAcknowledgeWish.longest).contains(note.count) else {
      throw AdminRefusal(
        .misuse, "The note has 1 to \(AuditAcknowledgeWish.longest) characters: --note \"…\".")
    }
    let check = try await checkAudit(now: now)
    guard let first = check.fault else {
      throw AdminRefusal(.conflict, "Nothing of the audit is without an acknowledgement.")
    }
    guard first.row == wish.row else {
      throw AdminRefusal(
        .conflict,
        "Nothing was acknowledged: \(first.sentence) Acknowledge it by --row \(first.row), if it is that one."
      )
    }
    let name = plainLine(String(wish.by.prefix(100)))
    try await store.acknowledge(
      check.breaks, note: note, actor: SignedIn.admin,
      mark: AuditMark(via: "command by \(name)"), now: now)
    return auditReport(try await checkAudit(now: now))
  }

  private func checkAudit(pinned: String? = nil, now: Date) async throws -> AuditCheck {
    guard let audit else { return try await store.verifyAudit(pinned: pinned) }
    return try await audit.look(pinned: pinned, now: now)
  }

  private func auditReport(_ check: AuditCheck) -> AuditReport {
    AuditReport(
      timeZone: configuration.timeZone.identifier, rows: check.rows, purged: check.purged,
      head: hexadecimal(check.hash), last: check.head, fault: check.sentence,
      acknowledged: check.acknowledged.map {
        AuditReport.Acknowledged(row: $0.fault.row, at: $0.at, via: $0.via, note: $0.note)
      }, hasPinned: check.hasPinned)
  }

  /// The newest rows; with neither an opportunity nor a day no more than ``AuditListing/usual``.
  func listAudit(_ wish: AuditListWish, now: Date) async throws -> AuditListing {
    var since: Date?
    if let text = wish.since {
      guard let day = CivilDay(text) else {
        throw AdminRefusal(.misuse, "'\(plainLine(text))' is no date; write it as 2026-12-01.")
      }
      since = day.firstInstant(minutes: 0, in: configuration.timeZone)
    }
    let isBounded = wish.opportunity == nil && since == nil
    let most = isBounded ? AuditListing.usual : AuditListing.most
    let rows = try await store.auditRows(of: wish.opportunity, since: since, limit: most + 1)
    return AuditListing(
      timeZone: configuration.timeZone.identifier, now: now, isCut: rows.count > most,
      rows: rows.suffix(most).map { AuditListing.Line($0) })
  }

  func auditStanding() async throws -> AuditStanding {
    let last = await audit?.last
    return AuditStanding(
      head: auditMark(try await store.auditHead()), verified: last?.at,
      fault: last?.check.sentence, acknowledged: last?.check.acknowledged.count ?? 0)
  }

  private func pinnedHash(_ text: String) throws -> String {
    let digits = text.lowercased()
    guard (16...64).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit) else {
      throw AdminRefusal(
        .misuse,
        "The hash that was noted has 16 to 64 digits of 0-9 and a-f, as 'triaged status' prints them."
      )
    }
    return digits
  }
}

extension AuditFault {
  /// As `audit acknowledge` calls it.
  fileprivate var row: Int64 {
    switch self {
    case .row(let row), .end(let row): row
    case .beginning: 0
    }
  }
}
