import Foundation

/// An opportunity as far as a mail of words alone may tell of it: no street, no name of a resident.
package struct DeskItem: Hashable, Sendable {
  package var opportunity: Int64
  package var areaName: String
  package var jobType: String
  package var offer: OfferKind
  /// When the job was received.
  package var since: Date

  package init(
    opportunity: Int64, areaName: String, jobType: String, offer: OfferKind, since: Date
  ) {
    self.opportunity = opportunity
    self.areaName = areaName
    self.jobType = jobType
    self.offer = offer
    self.since = since
  }

  /// "Number 12: Bulky waste collection, a visit, received 18 November."
  package func line(_ zone: TimeZone) -> String {
    "Number \(opportunity): \(jobType), a \(offer.rawValue), received "
      + "\(CivilDay(since, in: zone).inWords)."
  }
}

/// What the desk tells by itself. Names of colleagues stand in the words, never in a subject line.
package struct DeskNotices: Sendable {
  package var instance: String
  package var words: CivilWords
  /// Fresh UUIDs in lower case.
  package var newID: @Sendable () -> String

  package init(
    instance: String, words: CivilWords, newID: @escaping @Sendable () -> String
  ) {
    self.instance = instance
    self.words = words
    self.newID = newID
  }

  private func notice(
    to member: (email: String, channel: String), _ subject: String, _ paragraphs: [String]
  ) -> Notice {
    Notice(
      id: newID(), recipient: member.email, channel: member.channel,
      subject: "\(instance): \(subject)", paragraphs: paragraphs, created: words.now)
  }

  /// To somebody who leads the area: nobody holds these any more.
  package func lapsed(
    _ items: [(item: DeskItem, holder: String)], area: String, to leader: Member
  ) -> Notice {
    openAgain(
      items, area, leader,
      "Nothing was heard of what was held until now, so it is open again for others:",
      linksAfterwards)
  }

  /// To somebody who leads the area: those who held these have gone.
  package func left(
    _ items: [(item: DeskItem, holder: String)], area: String, to leader: Member
  ) -> Notice {
    openAgain(
      items, area, leader,
      "Who held these is not in the team any more, so they are open again for others:",
      "If a visit was agreed with the resident, somebody else has to make it. " + linksAfterwards)
  }

  private func openAgain(
    _ items: [(item: DeskItem, holder: String)], _ area: String, _ leader: Member, _ why: String,
    _ next: String
  ) -> Notice {
    notice(
      to: (leader.email, leader.channel),
      items.count == 1
        ? "an offer in \(area) is open again" : "\(items.count) offers in \(area) are open again",
      [why] + items.map { "\($0.item.line(words.zone)) \($0.holder) held it." } + [next])
  }

  private var linksAfterwards: String {
    "The links that you have work as before; where one has ended, another comes in a mail of its own. "
      + "There is one mail about it."
  }

  /// To whoever held it until now.
  package func takenOver(
    _ item: DeskItem, by colleague: String, why: TakeOverReason, to holder: Member
  ) -> Notice {
    notice(
      to: (holder.email, holder.channel), "an offer in \(item.areaName) was taken over",
      [
        "\(colleague) has taken over what you held in \(item.areaName): \(why.inWords).",
        item.line(words.zone),
        "It is theirs now, and there is nothing for you to do. If that is a mistake, speak with them: each of "
          + "you can take it over from the other.",
      ])
  }

  /// - Parameter missing: since when an outcome of it is missing, and why.
  package func leaseEnds(
    _ item: DeskItem, at end: Date,
    missing: (since: CivilDay, cause: UnrecordedClaim.Cause)? = nil, to holder: Member
  ) -> Notice {
    let unrecorded = missing.map { missing in
      missing.cause == .setOut
        ? " You set out on \(missing.since.inWords), and nothing is recorded of it yet."
        : " It was planned for \(missing.since.inWords), and nothing is recorded of it yet."
    }
    return notice(
      to: (holder.email, holder.channel), "what you hold in \(item.areaName) goes back soon",
      [
        "You hold an offer in \(item.areaName) until \(words.moment(end)). Then it goes back for others to take.",
        item.line(words.zone) + (unrecorded ?? ""),
        "What to do: open your link, and record what came of it, hold it for longer, put it off to a day, or "
          + "pass it on.",
      ])
  }

  package func closedByCouncil(_ item: DeskItem, on day: CivilDay, to holder: Member) -> Notice {
    notice(
      to: (holder.email, holder.channel), "a job in \(item.areaName) was closed",
      [
        "The council has closed the job behind an offer that you hold in \(item.areaName), on "
          + "\(day.inWords).",
        item.line(words.zone),
        "It stays yours until you say otherwise. Open your link to say that you go on, or to give it back.",
      ])
  }

  /// The contact register has come to forbid the address of what somebody holds.
  package func forbidden(_ item: DeskItem, to holder: Member) -> Notice {
    notice(
      to: (holder.email, holder.channel),
      "what you hold in \(item.areaName) is not to be contacted",
      [
        "The contact register says by now that nobody is to contact an address that you hold in "
          + "\(item.areaName). Do not go there, do not ring and do not write.",
        item.line(words.zone),
        "What to do: open your link and decline it, give it back, or record what came of it before. If you have no "
          + "link of your own, ask somebody who leads the area. Nobody can take it over from you.",
      ])
  }

  package func notSafe(_ item: DeskItem, declinedBy holder: String, to leader: Member) -> Notice {
    notice(
      to: (leader.email, leader.channel), "a visit in \(item.areaName) was declined as not safe",
      [
        "\(holder) has declined an offer in \(item.areaName) because it is not safe.",
        item.line(words.zone),
        "Please speak with them today. If others should not go alone or at all, that belongs in the contact "
          + "register.",
      ])
  }

  /// Nobody has claimed it: to a leader again.
  package func stillOpen(_ item: DeskItem, since: Date, to leader: Member) -> Notice {
    notice(
      to: (leader.email, leader.channel), "an offer in \(item.areaName) waits",
      [
        "Nobody has claimed an offer in \(item.areaName) since \(words.moment(since)).",
        item.line(words.zone),
        "The link in your last mail about it works. If nobody acts, whoever stands in for you is asked, then the duty "
          + "mailbox.",
      ])
  }

  /// The end of the line.
  package func forDuty(
    _ item: DeskItem, since: Date, leaders: [String], to duty: Team.DutyMailbox
  ) -> Notice {
    notice(
      to: (duty.email, duty.channel), "an offer in \(item.areaName) waits, and nobody acts",
      [
        "Nobody has claimed an offer in \(item.areaName) since \(words.moment(since)), and the leaders were "
          + "asked again.",
        item.line(words.zone),
        leaders.isEmpty
          ? "Nobody leads the area today: the team file needs somebody."
          : "It can be claimed with the links of \(leaders.joined(separator: ", ")). Please ring them.",
        "This mailbox is the end of the line: nobody else is asked.",
      ])
  }

  /// Takes back what another mail has told.
  package func takenBack(_ told: Notice) -> Notice {
    let subject =
      told.subject.hasPrefix(instance + ": ")
      ? String(told.subject.dropFirst(instance.count + 2)) : told.subject
    return notice(
      to: (told.recipient, told.channel), "taken back: \(subject)",
      [
        "What the mail of \(words.moment(told.created)) told you was taken back a little later, as if it had not "
          + "been. There is nothing to do.",
        "That mail's subject was: \(subject).",
      ])
  }

  package func passTakenBack(_ item: DeskItem, to member: Member) -> Notice {
    notice(
      to: (member.email, member.channel), "an offer in \(item.areaName) was not passed to you",
      [
        "An offer in \(item.areaName) had been passed to you, and that was taken back a little later. It is not "
          + "yours, and there is nothing to do.",
        item.line(words.zone),
      ])
  }

  /// A leader has taken it from its holder, on the board.
  package func takenFromYou(_ item: DeskItem, by leader: String, to holder: Member) -> Notice {
    notice(
      to: (holder.email, holder.channel), "an offer in \(item.areaName) is not yours any more",
      [
        "\(leader) has taken back what you held in \(item.areaName); it is open again for others, or somebody "
          + "else's.",
        item.line(words.zone), "There is nothing for you to do.",
      ])
  }
}
