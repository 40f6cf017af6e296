import Foundation
import Logging
import Notify
import Storage
import Transfer
import Triage

/// Sends the notices that the admin and leaders are owed, with the same discipline as digests: noted before it is
/// sent, accepted only when the other side took it, the same Message-ID on every attempt.
struct NoticeDeliverer: Sendable {
  let configuration: Configuration
  let store: Store
  let transferrer: Transferrer
  let links: Links
  let logger: Logger
  let closed: ClosedChannels
  var sent = Tally<DeliveryCount>()
  var lane = NoticeLane.all
  /// Told of each mail that was taken or refused: a round of many goes on.
  var step: @Sendable () -> Void = {}

  /// - Returns: the channels that took something.
  func round(now: Date) async throws -> Set<String> {
    var due = try await store.dueNotices(now: now, in: lane)
    if !due.isEmpty { due = try await withoutFormerLeaders(due, now: now) }
    return try await withThrowingTaskGroup(of: String?.self) { [due] group in
      for notice in due {
        group.addTask {
          defer { step() }
          return try await deliver(notice, now: now) ? notice.channel : nil
        }
      }
      return try await group.reduce(into: []) { took, channel in
        if let channel { took.insert(channel) }
      }
    }
  }

  /// A mail about jobs that may be for safeguarding goes to nobody who leads the area no more: the poll loop
  /// tells those who do.
  private func withoutFormerLeaders(_ due: [Notice], now: Date) async throws -> [Notice] {
    let areas = try await store.otherDoorAreas()
    let today = CivilDay(now, in: configuration.timeZone)
    var left: [Notice] = []
    for notice in due {
      let leaders = areas[notice.id].map { configuration.team.leaders(of: $0, on: today) }
      if let leaders, !leaders.contains(where: { $0.email == notice.recipient }) {
        try await store.withdrawOtherDoor(notice: notice.id)
        logger.notice(
          "A safeguarding notice was for somebody who leads the area no more; those who do are told.",
          metadata: ["notice": "\(notice.id)"])
      } else {
        left.append(notice)
      }
    }
    return left
  }

  /// - Returns: whether the other side has taken it.
  private func deliver(_ notice: Notice, now: Date) async throws -> Bool {
    guard let channel = configuration.channels[notice.channel] else {
      // Kept, so that a channel that was renamed loses nothing.
      let why = "The channel is not configured."
      return try await notTried(notice, DeliveryError(why: why, permanent: false), now: now)
    }
    if let error = closed.error(notice.channel) {
      return try await notTried(notice, error, now: now)
    }
    do {
      guard let notice = try await withLink(notice, now: now) else { return false }
      let delivery = Delivery(
        .notice(notice, isToAdmin: notice.recipient == configuration.admin?.email),
        identity: configuration.mail, wording: configuration.wording, now: now,
        member: configuration.team.members.first { $0.email == notice.recipient })
      let pause = now.addingTimeInterval(firstPause)
      guard try await store.noticeAttempting(id: notice.id, next: pause, now: now) else {
        return false
      }
      let receipt = try await channel.send(delivery, via: transferrer)
      try await store.noticeAccepted(
        id: notice.id, code: receipt.code, words: receipt.words, now: now)
      sent.count(DeliveryCount(channel: notice.channel, result: .accepted))
      logger.notice(
        "A notice was accepted.",
        metadata: ["notice": "\(notice.id)", "channel": "\(notice.channel)"])
      return true
    } catch let error as DeliveryError {
      try await notDelivered(notice, error, now: now)
      return false
    }
  }

  /// A link to sign in is put in here and nowhere before, so that it is not in the database.
  /// - Returns: `nil` where the link has ended or was made useless: the mail would help nobody, and is owed no more.
  private func withLink(_ notice: Notice, now: Date) async throws -> Notice? {
    guard let signIn = try await store.signIn(notice: notice.id) else { return notice }
    guard signIn.isGood(at: now) else {
      try await store.withdrawSignIn(notice: notice.id)
      logger.notice(
        "A link to sign in has ended before its mail could be sent; the mail is withdrawn.",
        metadata: ["notice": "\(notice.id)"])
      return nil
    }
    var notice = notice
    notice.link = Notice.Link(words: "Sign in", url: links.signInURL(notice: notice.id))
    return notice
  }

  /// Counts as an attempt, so that the pauses grow, and what lasts is told as a matter.
  private func notTried(
    _ notice: Notice, _ error: DeliveryError, now: Date
  ) async throws -> Bool {
    if try await store.noticeAttempting(id: notice.id, next: now, now: now) {
      try await notDelivered(notice, error, now: now)
    }
    return false
  }

  private func notDelivered(_ notice: Notice, _ error: DeliveryError, now: Date) async throws {
    if error.disablesChannel { closed.close(notice.channel) }
    let next = nextAttempt(notice, error, now: now)
    if !error.permanent, let next {
      try await store.noticeDeferred(
        id: notice.id, until: next, why: error.why, code: error.code, now: now)
      sent.count(DeliveryCount(channel: notice.channel, result: .deferred))
      logger.warning(
        "A notice was not accepted and is tried again.",
        metadata: [
          "notice": "\(notice.id)", "why": "\(error.why)", "next": "\(next.formatted(.iso8601))",
        ])
    } else {
      try await store.noticeFailed(
        id: notice.id, why: error.why, code: error.code, givenUp: !error.permanent, now: now)
      sent.count(DeliveryCount(channel: notice.channel, result: .failed))
      logger.error(
        error.permanent
          ? "A notice was refused for good and is not tried again."
          : "A notice was not accepted in all its time and is not tried again.",
        metadata: ["notice": "\(notice.id)", "why": "\(error.why)"])
    }
  }
}
