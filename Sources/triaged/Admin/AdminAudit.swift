import Foundation
import Storage
import Triage

/// What is asked for with `audit verify`.
struct AuditVerifyWish: Codable {
  /// The first digits of a hash that was noted elsewhere.
  var head: String?
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
    let check =
      if let audit {
        try await audit.look(pinned: pinned, now: now)
      } else {
        try await store.verifyAudit(pinned: pinned)
      }
    return AuditReport(
      rows: check.rows, purged: check.purged, head: hexadecimal(check.hash), last: check.head,
      fault: check.fault?.sentence, hasPinned: check.hasPinned)
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
      fault: last?.check.fault?.sentence)
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
