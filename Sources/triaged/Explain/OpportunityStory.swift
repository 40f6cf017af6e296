import Foundation
import Triage

/// The whole story of one opportunity: rows, reasons that counted and that did not, register, pacing, who was
/// told, who held it. Of its place it says street and outward code. Where it joins two households, nothing in
/// it tells one from the other or who complained about whom.
struct OpportunityStory: Codable, Hashable {
  var id: Int64
  var now: Date
  /// IANA id of the zone of civil times.
  var timeZone: String
  var state: OpportunityState
  var area: String
  var areaName: String
  var whereabouts: String
  var offer: OfferKind
  var jobType: String
  var isJoint: Bool
  /// When the job that makes it was received; `nil` of a complaint among those that went both ways.
  var since: Date?
  var points: Int
  var band: String
  /// Of the rules that judged it last.
  var rulesVersion: String
  /// As it was judged last; what is claimed or has ended is not judged any more.
  var reasons: [ReasonLine]
  /// What does not count now, and why; empty once it has ended.
  var notCounted: [ReasonLine]
  /// What a pass would make of it now, where that is not what is stored.
  var wouldBe: String?
  var jobs: [Row]
  /// What is said in the place of rows that are left out.
  var leftOut: String?
  /// What the contact register says: flags only, or that it is not in force.
  var register: [String]
  var pacing: [String]
  var tellings: [Telling]
  var claims: [Holding]

  /// One line of the score, or one that did not come into it.
  struct ReasonLine: Codable, Hashable {
    var code: String
    /// The code in plain words.
    var name: String
    var points: Int
    var sentence: String
  }

  struct Row: Codable, Hashable {
    var feed: String
    var reference: String
    var type: String
    var received: Date?
    var closed: Date?
    var sentence: String
  }

  struct Telling: Codable, Hashable {
    var recipient: String
    var channel: String
    var owedAt: Date
    var acceptedAt: Date?
    var sentence: String
  }

  struct Holding: Codable, Hashable {
    var holder: String
    var claimedAt: Date
    var endedAt: Date?
    var sentence: String
  }
}

extension OpportunityStory {
  var page: PlainPage {
    let words = words(of: timeZone, at: now)
    var page = PlainPage(title: "Opportunity \(id): \(jobType), \(whereabouts)")
    page.lead = [
      .facts([
        ("State", state.rawValue), ("Area", areaName), ("Invites to a", offer.inWords),
        ("Score", "\(points) points, \(band.isEmpty ? "below the line" : band)"),
        ("Received", since.map(words.fullMoment) ?? "not told"), ("Rules", rulesVersion),
        ("This page is of", words.fullMoment(now)),
      ])
    ]
    if isJoint { page.lead.append(.text("Two households, visit separately.")) }
    if let wouldBe { page.lead.append(.text(wouldBe)) }
    page.sections = [
      PlainPage.Section("What counted", [reasonTable(reasons)]),
      PlainPage.Section(
        "The rows of the lists",
        (jobs.isEmpty ? [] : [rowTable(words)]) + (leftOut.map { [.text($0)] } ?? [])),
      PlainPage.Section("The contact register", [.list(register)]),
      PlainPage.Section("Its turn", [.list(pacing)]),
      PlainPage.Section("Who was told", tellingBlocks(words)),
      PlainPage.Section("Claims and outcome", claimBlocks(words)),
    ]
    if !notCounted.isEmpty {
      page.sections.insert(
        PlainPage.Section("What did not count", [reasonTable(notCounted)]), at: 1)
    }
    return page
  }

  private func reasonTable(_ reasons: [ReasonLine]) -> PlainPage.Block {
    .table(
      PlainPage.Table(
        columns: [.init("Reason"), .init("Points", .number), .init("Sentence", .long)],
        rows: reasons.map { [$0.name, "\($0.points)", $0.sentence] }))
  }

  private func rowTable(_ words: CivilWords) -> PlainPage.Block {
    let dates = CivilDates(zone: words.zone)
    return .table(
      PlainPage.Table(
        columns: [
          .init("Row"), .init("Kind"), .init("Received", .date), .init("Closed", .date),
          .init("What became of it", .long),
        ],
        rows: jobs.map { row in
          [
            "\(row.feed) \(row.reference)", row.type,
            row.received.map(dates.shortDay) ?? "no date", row.closed.map(dates.shortDay) ?? "open",
            row.sentence,
          ]
        }))
  }

  private func tellingBlocks(_ words: CivilWords) -> [PlainPage.Block] {
    if tellings.isEmpty { return [.text("Nobody was told, or it is not kept any more.")] }
    return [
      .table(
        PlainPage.Table(
          columns: [
            .init("Who"), .init("By"), .init("Owed since"), .init("What became of it", .long),
          ],
          rows: tellings.map {
            [$0.recipient, $0.channel, words.fullMoment($0.owedAt), $0.sentence]
          }))
    ]
  }

  private func claimBlocks(_ words: CivilWords) -> [PlainPage.Block] {
    if claims.isEmpty { return [.text("Nobody has claimed it.")] }
    return [
      .table(
        PlainPage.Table(
          columns: [.init("Who"), .init("Claimed"), .init("How it ended", .long)],
          rows: claims.map { [$0.holder, words.fullMoment($0.claimedAt), $0.sentence] }))
    ]
  }
}
