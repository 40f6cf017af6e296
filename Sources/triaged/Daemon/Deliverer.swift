import Foundation
import Logging
import Notify
import Storage
import Transfer
import Triage

/// The deliver loop's work: what is due → bundle → render → send → mark.
///
/// Marked as accepted only after the other side took it; a message that is sent again bears the
/// Message-ID of its first attempt.
struct Deliverer: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let transferrer: Transferrer
  let links: Links
  let logger: Logger
  var closed = ClosedChannels()

  /// - Parameter mayAnnounce: whether this process has judged what is known: until then what is owed may be of
  ///   what has ended, or went on trial, since it was written down.
  func round(now: Date, mayAnnounce: Bool = true) async throws {
    // A notice names no resident, so no register holds it up.
    try await NoticeDeliverer(
      configuration: configuration, store: store, transferrer: transferrer, links: links,
      logger: logger, closed: closed,
      lane: .ordinary(but: configuration.channels.keys.sorted())
    ).round(now: now)
    guard mayAnnounce, !configuration.rules.isShadow,
      let register = await live.inForce(now: now).register.register
    else { return }
    let links = links
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(try await store.pauses(), on: today)
    // A day may have ended a feed since it was judged last.
    let held = HeldBack(
      areas: team.pausedAreas.union(team.areas.filter(\.isShadow).map(\.area)),
      feeds: configuration.shadowFeeds.union(configuration.endedFeeds(on: today)))
    try await store.bundle(
      now: now, held: held, newID: { UUID().uuidString.lowercased() },
      link: { announcement, digest in
        Links.hash(links.token(announcement: announcement, digest: digest))
      },
      linkExpires: now.addingTimeInterval(configuration.linkLifetime))
    let due = try await store.dueDigests(now: now, held: held)
    // One slow or refusing mailbox holds up nobody else.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for digest in due {
        group.addTask { try await deliver(digest, register, now: now) }
      }
      try await group.waitForAll()
    }
  }

  private func deliver(_ due: DueDigest, _ register: Register, now: Date) async throws {
    let forbidden = due.items.filter { item in
      item.opportunity.flags(in: register).contains { $0.contains(.doNotContact) }
    }
    if !forbidden.isEmpty {
      try await store.withdraw(opportunities: forbidden.map(\.opportunity.id), now: now)
      // What was passed to somebody is held: theirs to end, and no mail offers it.
      try await store.withdraw(announcements: forbidden.map(\.announcement))
      logger.notice(
        "The register forbids what was owed; it is withdrawn.",
        metadata: ["count": "\(forbidden.count)"])
      return  // The next round bundles what is left.
    }
    guard let recipient = configuration.team.member(due.recipient),
      let channel = configuration.channels[due.channel]
    else {
      // Kept, so that a renamed channel or a returning member loses nothing.
      let why = "The recipient or the channel is not configured."
      try await notDelivered(due, DeliveryError(why: why, permanent: false), now: now)
      return
    }
    if let error = closed.error(due.channel) {
      return try await notDelivered(due, error, now: now)
    }
    let today = CivilDay(now, in: configuration.timeZone)
    let others = due.items.filter { item in
      let area = item.opportunity.opportunity.area
      // To whom it was passed, who held one there before, and who stands in need not lead the area.
      let people =
        item.cause == .offered
        ? configuration.team.leaders(of: area, on: today)
        : configuration.team.members(of: area, on: today)
          + configuration.team.leaders(of: area, on: today)
          + (item.cause == .deputy ? [recipient] : [])
      return !people.contains { $0.id == recipient.id }
    }
    if !others.isEmpty {
      // Whoever leads now is told by the next pass.
      let count = try await store.dismiss(announcements: others.map(\.announcement))
      logger.notice(
        "Somebody who does not lead the area any more is told nothing of it; it is withdrawn.",
        metadata: ["count": "\(count)"])
      return  // The next round bundles what is left.
    }
    let digest = Digest(
      id: due.id, recipient: recipient, channel: due.channel, created: due.created,
      attempts: due.attempts, items: await items(of: due, now: now))
    do {
      let delivery = Delivery(
        .digest(digest), identity: configuration.mail, wording: configuration.wording, now: now)
      // Noted before it is sent: where the disk takes no note, nothing goes out again and again.
      let pause = now.addingTimeInterval(configuration.retry.firstSeconds)
      guard try await store.attempting(digest: due.id, next: pause, now: now) else { return }
      try await channel.send(delivery, via: transferrer)
      try await store.accepted(digest: due.id, now: now)
      logger.notice(
        "Mail accepted.",
        metadata: [
          "digest": "\(due.id)", "items": "\(digest.items.count)", "channel": "\(due.channel)",
        ])
    } catch let error as DeliveryError {
      try await notDelivered(due, error, now: now)
    }
  }

  private func notDelivered(_ due: DueDigest, _ error: DeliveryError, now: Date) async throws {
    if error.disablesChannel { closed.close(due.channel) }
    let next = configuration.nextAttempt(
      through: due.channel, after: due.attempts + 1, created: due.created, now: now,
      retryAfter: error.retryAfter)
    if !error.permanent, let next {
      try await store.deferred(digest: due.id, until: next, why: error.why, now: now)
      logger.warning(
        "A mail was not accepted and is tried again.",
        metadata: [
          "digest": "\(due.id)", "why": "\(error.why)",
          "next": "\(next.formatted(.iso8601))",
        ])
    } else {
      try await store.failed(digest: due.id, why: error.why, now: now)
      logger.error(
        "A mail was refused for good and is not tried again.",
        metadata: ["digest": "\(due.id)", "why": "\(error.why)"])
    }
  }

  private func items(of due: DueDigest, now: Date) async -> [Digest.Item] {
    let areas = await live.inForce(now: now).areas
    return due.items.map { item in
      let opportunity = item.opportunity.opportunity
      return Digest.Item(
        opportunity: item.opportunity.id, area: opportunity.area,
        areaName: areas.first { $0.id == opportunity.area }?.name ?? opportunity.area,
        offer: opportunity.offer, jobType: opportunity.jobType,
        street: opportunity.street,
        outwardCode: opportunity.place.outwardCode, since: opportunity.since,
        score: opportunity.score, band: opportunity.band, isJoint: opportunity.second != nil,
        link: links.url(announcement: item.announcement, digest: due.id),
        linkExpires: item.linkExpires, note: note(item))
    }
  }

  /// Why somebody is told who would not be told otherwise.
  private func note(_ item: DueDigest.Item) -> String? {
    let by =
      item.causedBy.flatMap(configuration.team.member)?.name ?? "somebody who has left the team"
    return switch item.cause {
    case .offered: nil
    case .passed: "Passed to you by \(by): you hold it now"
    case .askedFirst: "You held one here before, so you are asked first"
    case .deputy: "Nobody has taken it yet, and you stand in for \(by)"
    }
  }
}
