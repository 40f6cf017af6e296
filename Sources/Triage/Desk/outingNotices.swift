import Foundation

/// Who is told when those who are out on a visit are late, and what.
package struct OutingNotices: Sendable {
  package var instance: String
  package var words: CivilWords
  package var team: Team
  package var today: CivilDay
  /// Fresh UUIDs in lower case.
  package var newID: @Sendable () -> String

  package init(
    instance: String, words: CivilWords, team: Team, today: CivilDay,
    newID: @escaping @Sendable () -> String
  ) {
    self.instance = instance
    self.words = words
    self.team = team
    self.today = today
    self.newID = newID
  }

  /// Those who lead the area and are not out themselves, on their alarm channels too.
  package func late(_ outing: Outing, area: String) -> [Notice] {
    leaders(outing).flatMap { leader in
      channels(leader).map { channel in
        notice(
          leader.email, channel, "a visit in \(area) is late", lateWords(outing, area) + [press])
      }
    }
  }

  /// The end of the line; empty: there is none.
  package func lateForDuty(_ outing: Outing, area: String) -> [Notice] {
    guard let duty = duty(outing) else { return [] }
    let names = leaders(outing).map(\.name)
    return [
      notice(
        duty.email, duty.channel,
        "a visit in \(area) is late, and nobody has said that they are back",
        lateWords(outing, area) + [
          names.isEmpty
            ? "Nobody else could be told: this mailbox is the only one."
            : "\(list(names)) \(names.count == 1 ? "was" : "were") told before."
        ])
    ]
  }

  /// To an address that was told that they are late, by the same channel.
  package func later(
    _ outing: Outing, area: String, to email: String, by channel: String
  ) -> Notice {
    notice(
      email, channel, "a visit in \(area) takes longer",
      [
        "\(people(outing)) \(isOne(outing) ? "has" : "have") given another time: back by "
          + "\(words.moment(outing.backBy)). There is nothing to do now."
      ])
  }

  /// The same: they are back.
  package func back(
    _ outing: Outing, area: String, to email: String, by channel: String
  ) -> Notice {
    notice(
      email, channel, "a visit in \(area) is over",
      [
        "\(people(outing)) \(isOne(outing) ? "is" : "are") back, it was said at "
          + "\(words.moment(outing.backAt ?? words.now)). There is nothing to do."
      ])
  }

  // MARK: - To whom

  private func leaders(_ outing: Outing) -> [Member] {
    team.leaders(of: outing.area, on: today).filter { !outing.people.contains($0.id) }
  }

  private func channels(_ member: Member) -> [String] {
    [member.channel] + (member.alarmChannel.flatMap { $0 == member.channel ? nil : [$0] } ?? [])
  }

  private func duty(_ outing: Outing) -> Team.DutyMailbox? {
    team.area(outing.area)?.duty ?? team.duty
  }

  // MARK: - Words

  private func lateWords(_ outing: Outing, _ area: String) -> [String] {
    [
      "\(people(outing)) set out on a visit in \(area) at \(words.moment(outing.since)) and wanted to be back by "
        + "\(words.moment(outing.backBy)). Nobody has said since that they are.",
      "Ring them now. If you do not reach them, do what your rules for working alone say.",
      "It is number \(outing.opportunity) on the board, which has the street. Whoever holds the link sees the address.",
    ]
  }

  private var press: String {
    "Once you have spoken with them, say so on the board (\"They are back\"), or have them do it. Otherwise the "
      + "duty mailbox is told a quarter of an hour after the time."
  }

  private func people(_ outing: Outing) -> String {
    list(outing.people.map { team.member($0)?.name ?? "somebody who has left the team" })
  }

  private func isOne(_ outing: Outing) -> Bool { outing.people.count == 1 }

  private func list(_ names: [String]) -> String {
    names.count < 2
      ? names.first ?? "" : names.dropLast().joined(separator: ", ") + " and " + names.last!
  }

  private func notice(
    _ email: String, _ channel: String, _ subject: String, _ paragraphs: [String]
  ) -> Notice {
    Notice(
      id: newID(), recipient: email, channel: channel, subject: "\(instance): \(subject)",
      paragraphs: paragraphs, created: words.now)
  }
}
