import Foundation
import Triage

/// What a wording may speak of, by these names. All values are one line.
struct DigestFields {
  /// The service's name.
  let service: String
  /// The recipient's own name.
  let recipient: String
  let count: Int
  let isNone: Bool
  let isOne: Bool
  let isSeveral: Bool
  /// "New Cross", "New Cross and Old Town", or "4 areas".
  let area: String
  /// Of the digest: "Saturday 21 November 2026".
  let date: String
  let items: [Item]
  /// It is of a set time, and says how the areas stand.
  let hasFacts: Bool
  let facts: [AreaFacts]
  /// It comes before a meeting: "10:00 on Tuesday 24 November".
  let isPack: Bool
  let meeting: String
  /// When the next one comes, in the same words.
  let hasNext: Bool
  let next: String
  /// How many are not among ``items``, for want of room; only in HTML.
  let more: Int
  let hasMore: Bool
  let hasReplyTo: Bool
  let replyTo: String
  let publicURL: String

  struct Item {
    let number: Int
    /// "Mill Lane, NG17".
    let place: String
    let area: String
    /// "Bulky waste quote".
    let jobType: String
    /// "today", "yesterday", "3 days ago".
    let age: String
    /// "18 November".
    let received: String
    let band: String
    /// Two households, visited separately.
    let isJoint: Bool
    let isVisit: Bool
    let isCall: Bool
    /// Why this reader is told who does not lead the area.
    let hasNote: Bool
    let note: String
    let reasons: [Reason]
    let link: String
    /// Differs from link to link: "Look at 1: Mill Lane, NG17".
    let linkText: String
    /// "Saturday 28 November 2026, 12:00".
    let linkExpires: String
  }

  struct Reason {
    let sentence: String
    /// "20 points", "1 point".
    let points: String
  }

  /// - Parameter shown: how many items it may hold; the others are counted in ``more``.
  init(_ digest: Digest, _ identity: MailIdentity, _ time: CivilDates, shown: Int) {
    service = oneLine(identity.serviceName)
    recipient = oneLine(digest.recipient.name)
    count = digest.items.count
    (isNone, isOne, isSeveral) = (count == 0, count == 1, count > 1)
    area = Self.areas(digest)
    date = time.longDate(digest.created)
    items = digest.items.prefix(shown).enumerated().map { at, item in
      Item(item, number: at + 1, created: digest.created, time)
    }
    let words = CivilWords(zone: time.zone, now: digest.created)
    facts = digest.facts?.areas.map { AreaFacts($0, words) } ?? []
    hasFacts = !facts.isEmpty
    isPack = digest.facts?.meeting != nil
    meeting = digest.facts?.meeting.map(words.moment) ?? ""
    hasNext = digest.facts?.next != nil
    next = digest.facts?.next.map(words.moment) ?? ""
    more = count - items.count
    hasMore = more > 0
    hasReplyTo = identity.replyTo != nil
    replyTo = identity.replyTo ?? ""
    publicURL = identity.publicURL
  }

  /// How an area stands, in sentences.
  struct AreaFacts {
    let name: String
    let hasHeld: Bool
    /// "2 are held".
    let heldCount: String
    let held: [Fact]
    let hasOpen: Bool
    /// "1 offered before is still open".
    let openCount: String
    let open: [Fact]
    /// "2 wait for a place in the week; 14 are below the line."
    let waiting: String
    /// "The list came at 07:55 today: 312 rows, 14 in New Cross, 2 not located."
    let lists: [Fact]
  }

  struct Fact {
    let line: String
  }

  private static func areas(_ digest: Digest) -> String {
    var names: [String] = []
    for area in digest.areas where !names.contains(area.name) { names.append(area.name) }
    return oneLine(names.count > 2 ? "\(names.count) areas" : names.joined(separator: " and "))
  }
}

extension DigestFields.Item {
  fileprivate init(_ item: Digest.Item, number: Int, created: Date, _ time: CivilDates) {
    self.number = number
    place = oneLine(item.whereabouts)
    area = oneLine(item.areaName)
    jobType = oneLine(item.jobType)
    age = time.age(of: item.since, at: created)
    received = time.shortDate(item.since)
    band = oneLine(bandWords(item.band))
    isJoint = item.isJoint
    switch item.offer {
    case .visit: (isVisit, isCall) = (true, false)
    case .call: (isVisit, isCall) = (false, true)
    }
    hasNote = item.note != nil
    note = oneLine(item.note ?? "")
    reasons = item.score.reasons.map { reason in
      DigestFields.Reason(
        sentence: oneLine(reason.sentence),
        points: abs(reason.points) == 1 ? "\(reason.points) point" : "\(reason.points) points")
    }
    link = oneLine(item.link)
    linkText = "Look at \(number): \(place)"
    linkExpires = "\(time.longDate(item.linkExpires)), \(time.clock(item.linkExpires))"
  }
}
