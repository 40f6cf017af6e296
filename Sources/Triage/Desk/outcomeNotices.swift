import Foundation

/// Says that outcomes are missing: to whoever holds the claims, and once a week to those who lead the area. Names of
/// colleagues stand in the words, never in a subject line; no street, no name of a resident.
package struct OutcomeNotices: Sendable {
  package var instance: String
  package var words: CivilWords
  /// Where the board is: an address that opens nothing for whoever is not signed in.
  package var board: String
  /// Fresh UUIDs in lower case.
  package var newID: @Sendable () -> String

  package init(
    instance: String, words: CivilWords, board: String, newID: @escaping @Sendable () -> String
  ) {
    self.instance = instance
    self.words = words
    self.board = board
    self.newID = newID
  }

  /// One outcome that is missing.
  package struct Missing: Hashable, Sendable {
    package var item: DeskItem
    package var since: CivilDay
    package var cause: UnrecordedClaim.Cause
    /// A name, or "somebody who has left the team".
    package var holder: String

    package init(
      item: DeskItem, since: CivilDay, cause: UnrecordedClaim.Cause, holder: String
    ) {
      self.item = item
      self.since = since
      self.cause = cause
      self.holder = holder
    }
  }

  /// What is missing in one area.
  package struct AreaList: Hashable, Sendable {
    package var name: String
    package var missing: [Missing]

    package init(name: String, missing: [Missing]) {
      self.name = name
      self.missing = missing
    }
  }

  /// Lines of one area in the mail to its leaders; how many there are beyond them is said.
  package static let mostLines = 20

  /// To whoever holds these, or held them until they went back.
  package func missing(_ missing: [Missing], to holder: Member) -> Notice {
    var paragraphs = ["Nothing is recorded yet of what you took on:"]
    paragraphs += missing.map { "\($0.item.line(words.zone)) \(toHolder($0))" }
    if missing.contains(where: { $0.cause != .lapsed }) {
      paragraphs.append(
        "What you hold: open your link and record what came of it. If nobody was there yet, plan another day or "
          + "give it back. What you hold is on the board too: \(board). If you cannot open it either, ask somebody "
          + "who leads the area.")
    }
    if missing.contains(where: { $0.cause == .lapsed }) {
      paragraphs.append(
        "What went back: if you were there, claim it again with your link and record what came of it. If you were "
          + "not, there is nothing to do.")
    }
    return notice(
      to: holder,
      missing.count == 1
        ? "an outcome in \(missing[0].item.areaName) is missing"
        : "\(missing.count) outcomes are missing",
      paragraphs + ["You are reminded once of each."])
  }

  private func toHolder(_ one: Missing) -> String {
    let day = one.since.inWords
    return switch one.cause {
    case .planned: "It was planned for \(day)."
    case .setOut: "You set out on \(day)."
    case .lapsed: "It went back for others on \(day)."
    }
  }

  /// To somebody who leads these areas, once a week.
  package func week(_ areas: [AreaList], to leader: Member) -> Notice {
    let count = areas.reduce(0) { $0 + $1.missing.count }
    return notice(
      to: leader, count == 1 ? "an outcome is missing" : "\(count) outcomes are missing",
      areas.flatMap(paragraphs) + [
        "Please ask them. They record it with their links; what is held can be taken back or passed on on the board: "
          + board,
        "This list comes once a week, on its first working day, and only where something is missing.",
      ])
  }

  private func paragraphs(_ area: AreaList) -> [String] {
    let count = area.missing.count
    let byHolder = Dictionary(grouping: area.missing, by: \.holder).mapValues(\.count)
    let shares = byHolder.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
    let missing = count == 1 ? "one outcome is missing" : "\(count) outcomes are missing"
    var paragraphs = ["In \(area.name) \(missing): \(shares)."]
    paragraphs += area.missing.prefix(OutcomeNotices.mostLines).map {
      "\($0.item.line(words.zone)) \(toLeader($0))"
    }
    let more = count - OutcomeNotices.mostLines
    if more > 0 { paragraphs.append("And \(more) more.") }
    return paragraphs
  }

  private func toLeader(_ one: Missing) -> String {
    let day = one.since.inWords
    return switch one.cause {
    case .planned: "\(one.holder) had planned it for \(day)."
    case .setOut: "\(one.holder) set out on \(day)."
    case .lapsed: "It went back from \(one.holder) on \(day)."
    }
  }

  private func notice(to member: Member, _ subject: String, _ paragraphs: [String]) -> Notice {
    Notice(
      id: newID(), recipient: member.email, channel: member.channel,
      subject: "\(instance): \(subject)", paragraphs: paragraphs, created: words.now)
  }
}
