import Foundation
import Triage

/// What a wording is tried out with.
enum SampleKind: CaseIterable {
  /// Two items, a visit and a call, and how two areas stand, before a meeting.
  case pack
  /// The same, of a set time.
  case setTime
  /// The same items, told at once.
  case atOnce
  /// One item, told at once.
  case one
  /// Of a set time at which nothing is new.
  case empty

  var words: String {
    switch self {
    case .pack: "before a meeting"
    case .setTime: "at a set time"
    case .atOnce: "of what is told at once"
    case .one: "where there is only one"
    case .empty: "where nothing is new"
    }
  }
}

func sampleFields(_ kind: SampleKind) -> DigestFields {
  let created = Date(timeIntervalSince1970: 1_795_250_000)
  var digest = inventedDigest(
    to: Member(
      id: "ann", name: "Ann", agency: "Sample Agency", email: "ann@team.example",
      channel: "mail"),
    channel: "mail", id: "sample", link: "https://desk.example/c/sample-", now: created)
  switch kind {
  case .pack: break
  case .setTime: digest.facts?.meeting = nil
  case .atOnce: digest.facts = nil
  case .one:
    digest.facts = nil
    digest.items.removeLast()
  case .empty:
    digest.items = []
    digest.facts?.meeting = nil
  }
  let identity = MailIdentity(
    from: "desk@desk.example", displayName: "Desk", messageIDDomain: "desk.example",
    serviceName: "Desk", publicURL: "https://desk.example")
  return DigestFields(digest, identity, CivilDates(zone: .gmt), shown: digest.items.count)
}

/// A digest of invented content, for trying out what a wording or a channel makes of it.
/// - Parameter link: what its links begin with; their number follows.
package func inventedDigest(
  to recipient: Member, channel: String, id: String, link: String, now: Date
) -> Digest {
  let day = 86_400.0
  let area = "Sample Area"
  let score = Score(reasons: [Reason(code: "sample", points: 5, sentence: "A sample reason.")])
  func item(_ number: Int64, _ offer: OfferKind, _ street: String) -> Digest.Item {
    Digest.Item(
      opportunity: number, area: "sample", areaName: area, offer: offer,
      jobType: "Sample job", street: street, outwardCode: "ZZ9", since: now - day,
      score: score, band: "high", link: "\(link)\(number)", linkExpires: now + 7 * day)
  }
  let facts = DigestFacts(
    slot: "2026-11-23 08:30", meeting: now + day, next: now + 2 * day,
    areas: [
      DigestFacts.Area(
        id: "sample", name: area,
        held: [
          DigestFacts.Held(
            opportunity: 4, whereabouts: "Invented Road, ZZ9", jobType: "Sample job", holder: "Bob",
            since: now - day, until: now + day)
        ],
        open: [
          DigestFacts.Open(
            opportunity: 3, whereabouts: "Example Close, ZZ9", jobType: "Sample job",
            since: now - 2 * day)
        ],
        waiting: 2, belowTheLine: 14,
        lists: [
          FeedLine(
            name: "sample-list", cameAt: now - 2100, rows: 312, inArea: 14, notLocated: 2,
            unreadable: 0, troubles: [])
        ])
    ])
  return Digest(
    id: id, recipient: recipient, channel: channel, created: now, attempts: 0,
    items: [item(1, .visit, "Sample Street"), item(2, .call, "Example Lane")], facts: facts)
}
