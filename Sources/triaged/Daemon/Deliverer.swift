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
  /// Told of each message that was taken or refused: a round of many goes on.
  var step: @Sendable () -> Void = {}
  /// Of the disk; if left out, of the one that the state folder is on.
  var floor: DiskFloor?
  var sent = Tally<DeliveryCount>()
  /// How areas stand, for the digests of a set time.
  let facts: @Sendable (_ areas: Set<String>, _ now: Date) async throws -> [DigestFacts.Area]

  /// - Parameter mayAnnounce: whether this process has judged what is known: until then what is owed may be of
  ///   what has ended, or went on trial, since it was written down.
  func round(now: Date, mayAnnounce: Bool = true) async throws {
    // A notice names no resident, so no register holds it up.
    let took = try await NoticeDeliverer(
      configuration: configuration, store: store, transferrer: transferrer, links: links,
      logger: logger, closed: closed, sent: sent,
      lane: .ordinary(but: configuration.channels.keys.sorted()), step: step
    ).round(now: now)
    try await renewGivenUp(took.union(try await digests(now: now, mayAnnounce)), now: now)
  }

  /// - Returns: the channels that took something.
  private func digests(now: Date, _ mayAnnounce: Bool) async throws -> Set<String> {
    guard mayAnnounce, !configuration.rules.isShadow else { return [] }
    // What has gone out must be marked, and what it offers must be there to be claimed.
    guard !(floor ?? DiskFloor(folder: configuration.state)).isReached else { return [] }
    let inForce = await live.inForce(now: now)
    guard let register = inForce.register.register else { return [] }
    let links = links
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(try await store.pauses(), on: today)
    // A day may have ended a feed since it was judged last.
    let held = HeldBack(
      areas: team.pausedAreas.union(team.areas.filter(\.isShadow).map(\.area)),
      feeds: configuration.shadowFeeds.union(configuration.endedFeeds(on: today)))
    let plan = try await AnnouncementPlanner(
      configuration: configuration, store: store, facts: facts
    ).plan(held: held, areas: inForce.areas, now: now)
    try await store.bundle(
      now: now, held: held, plan: plan, newID: { UUID().uuidString.lowercased() },
      link: { announcement, digest in
        Links.hash(links.token(announcement: announcement, digest: digest))
      },
      linkExpires: now.addingTimeInterval(configuration.linkLifetime))
    let due = try await store.dueDigests(now: now, held: held).filter { !plan.isQuiet($0) }
    // One slow or refusing mailbox holds up nobody else.
    return try await withThrowingTaskGroup(of: String?.self) { group in
      for digest in due {
        group.addTask {
          defer { step() }
          return try await deliver(digest, register, held, now: now) ? digest.channel : nil
        }
      }
      return try await group.reduce(into: []) { took, channel in
        if let channel { took.insert(channel) }
      }
    }
  }

  /// What was given up for a channel's trouble is owed again once the channel takes something.
  private func renewGivenUp(_ channels: Set<String>, now: Date) async throws {
    for channel in channels.sorted() {
      let count = try await store.renewGivenUp(channel: channel, now: now)
      guard count > 0 else { continue }
      logger.notice(
        "A channel takes messages again; what was given up meanwhile is owed anew.",
        metadata: ["channel": "\(channel)", "count": "\(count)"])
    }
  }

  /// - Returns: whether the other side has taken it.
  private func deliver(
    _ due: DueDigest, _ register: Register, _ held: HeldBack, now: Date
  ) async throws -> Bool {
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
      return false  // The next round bundles what is left.
    }
    guard let recipient = configuration.team.member(due.recipient),
      let channel = configuration.channels[due.channel]
    else {
      // Kept, so that a renamed channel or a returning member loses nothing.
      let why = "The recipient or the channel is not configured."
      return try await notTried(due, DeliveryError(why: why, permanent: false), now: now)
    }
    if let error = closed.error(due.channel) { return try await notTried(due, error, now: now) }
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
      return false  // The next round bundles what is left.
    }
    let ledFacts = factsToTell(due, to: recipient, now: now)
    if due.items.isEmpty, ledFacts == nil {
      try await store.withdraw(digest: due.id)
      logger.notice(
        "A digest without an offer is too late, or for somebody who leads its areas no more; it is withdrawn.",
        metadata: ["digest": "\(due.id)"])
      return false
    }
    let facts = try await factsInForce(ledFacts, register, held)
    // Made before its areas were held back: it waits, as long as it is useful.
    if due.items.isEmpty, facts == nil { return false }
    let digest = Digest(
      id: due.id, recipient: recipient, channel: due.channel, created: due.created,
      attempts: due.attempts, items: await items(of: due, now: now), facts: facts)
    do {
      let delivery = Delivery(
        .digest(digest), identity: configuration.mail, wording: configuration.wording, now: now)
      // Noted before it is sent: where the disk takes no note, nothing goes out again and again.
      let pause = now.addingTimeInterval(configuration.retry.firstSeconds)
      guard try await store.attempting(digest: due.id, next: pause, now: now) else {
        return false
      }
      let receipt = try await channel.send(delivery, via: transferrer)
      try await store.accepted(digest: due.id, code: receipt.code, words: receipt.words, now: now)
      sent.count(DeliveryCount(channel: due.channel, result: .accepted))
      logger.notice(
        "Mail accepted.",
        metadata: [
          "digest": "\(due.id)", "items": "\(digest.items.count)", "channel": "\(due.channel)",
        ])
      return true
    } catch let error as DeliveryError {
      try await notDelivered(due, error, now: now)
      return false
    }
  }

  /// Counts as an attempt, so that the pauses grow, and what lasts is told as a matter.
  private func notTried(
    _ due: DueDigest, _ error: DeliveryError, now: Date
  ) async throws -> Bool {
    if try await store.attempting(digest: due.id, next: now, now: now) {
      try await notDelivered(due, error, now: now)
    }
    return false
  }

  /// Without the areas that the recipient does not lead any more; `nil` where they are too late to be told.
  private func factsToTell(
    _ due: DueDigest, to recipient: Member, now: Date
  ) -> DigestFacts? {
    guard var facts = due.facts, (facts.usefulUntil ?? .distantFuture) > now else { return nil }
    let today = CivilDay(now, in: configuration.timeZone)
    facts.areas.removeAll { area in
      !configuration.team.leaders(of: area.id, on: today).contains { $0.id == recipient.id }
    }
    return facts.areas.isEmpty ? nil : facts
  }

  /// Without the areas that are held back, and without what was on offer or held when the digest was made and is not
  /// any more, or may not be told any more.
  private func factsInForce(
    _ facts: DigestFacts?, _ register: Register, _ held: HeldBack
  ) async throws -> DigestFacts? {
    guard var facts else { return nil }
    facts.areas.removeAll { held.areas.contains($0.id) }
    for at in facts.areas.indices {
      var left: [OpportunityState: Set<Int64>] = [.offered: [], .claimed: []]
      let told = facts.areas[at].open.map(\.opportunity) + facts.areas[at].held.map(\.opportunity)
      for id in told {
        guard let stored = try await store.opportunity(id), !stored.opportunity.isShadow,
          !held.feeds.contains(stored.opportunity.trigger.feed),
          !stored.flags(in: register).contains(where: { $0.contains(.doNotContact) })
        else { continue }
        left[stored.state]?.insert(id)
      }
      facts.areas[at].open.removeAll { !left[.offered, default: []].contains($0.opportunity) }
      facts.areas[at].held.removeAll { !left[.claimed, default: []].contains($0.opportunity) }
    }
    return facts.areas.isEmpty ? nil : facts
  }

  private func notDelivered(_ due: DueDigest, _ error: DeliveryError, now: Date) async throws {
    if error.disablesChannel { closed.close(due.channel) }
    let next = configuration.nextAttempt(
      through: due.channel, after: due.attempts + 1, created: due.triedSince ?? due.created,
      now: now,
      retryAfter: error.retryAfter)
    if !error.permanent, let next {
      try await store.deferred(
        digest: due.id, until: next, why: error.why, code: error.code, now: now)
      sent.count(DeliveryCount(channel: due.channel, result: .deferred))
      logger.warning(
        "A mail was not accepted and is tried again.",
        metadata: [
          "digest": "\(due.id)", "why": "\(error.why)",
          "next": "\(next.formatted(.iso8601))",
        ])
    } else {
      try await store.failed(
        digest: due.id, why: error.why, code: error.code, givenUp: !error.permanent, now: now)
      sent.count(DeliveryCount(channel: due.channel, result: .failed))
      logger.error(
        error.permanent
          ? "A mail was refused for good and is not tried again."
          : "A mail was not accepted in all its time and is not tried again.",
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
