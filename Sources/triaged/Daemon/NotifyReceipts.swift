import Foundation
import Logging
import Notify
import Storage
import Transfer
import Triage

/// Asks GOV.UK Notify what became of the mails that it has taken, which says more than that it has taken them: an
/// address that does not exist is a dead letter, and what could not be sent is sent again.
actor NotifyReceipts {
  private let configuration: Configuration
  private let store: Store
  private let transferrer: Transferrer
  private let logger: Logger
  /// Channels whose other side does not answer, and until when they are not asked.
  private var rests: [String: Date] = [:]

  /// Seconds after it was taken at which it is asked what became of a mail; Notify itself tries for 72 hours.
  static let questions: [Double] = [300, 3600, 6 * 3600, 86_400, 3 * 86_400]
  /// Seconds for which Notify knows of a mail.
  private static let known = 7 * 86_400.0
  private static let mostInARound = 20
  /// Seconds without a question after one that was not answered, if the other side wishes for no more.
  private static let rest = 900.0

  init(
    _ configuration: Configuration, store: Store, transferrer: Transferrer, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.transferrer = transferrer
    self.logger = logger
  }

  func round(now: Date) async throws {
    rests = rests.filter { $0.value > now }
    var channels: [String: GOVUKNotifySettings] = [:]
    for case (let name, .govukNotify(let settings)) in configuration.channels
    where rests[name] == nil {
      channels[name] = settings
    }
    if channels.isEmpty { return }
    let due = try await store.receiptsToAsk(
      channels: channels.keys.sorted(), first: NotifyReceipts.questions[0],
      since: now.addingTimeInterval(-NotifyReceipts.known), now: now,
      most: NotifyReceipts.mostInARound)
    for check in due {
      guard let settings = channels[check.channel], rests[check.channel] == nil else { continue }
      let status: GOVUKNotifyStatus?
      do throws(DeliveryError) {
        status = try await govukNotifyStatus(of: check.id, settings, via: transferrer)
      } catch {
        let rest = max(error.retryAfter ?? 0, NotifyReceipts.rest)
        rests[check.channel] = now.addingTimeInterval(rest)
        logger.warning(
          "What became of mails is not known now and is asked again later.",
          metadata: ["channel": "\(check.channel)", "why": "\(error.why)"])
        continue
      }
      try await take(status, check, now: now)
    }
  }

  private func take(
    _ status: GOVUKNotifyStatus?, _ check: ReceiptCheck, now: Date
  ) async throws {
    switch status {
    case .delivered?: try await store.receiptDelivered(check, words: "It was delivered.")
    case .permanentFailure?: try await lose(check, .permanentFailure, now: now)
    case .temporaryFailure?: try await sendAgain(check, .temporaryFailure, now: now)
    case .technicalFailure?: try await sendAgain(check, .technicalFailure, now: now)
    case .created?, .sending?, nil:
      let next = NotifyReceipts.questions.dropFirst(check.checks + 1).first.map {
        max(check.accepted.addingTimeInterval($0), now)
      }
      try await store.receiptAsked(check, next: next)
    }
  }

  private func lose(
    _ check: ReceiptCheck, _ status: GOVUKNotifyStatus, now: Date
  ) async throws {
    let change = try await store.bounced(
      message: check.id, permanent: true, words: status.sentence, now: now)
    // Else it has failed or been withdrawn since it was asked for.
    guard change == .done else { return }
    logger.error(
      "A mail that was taken could not be delivered and is not tried again.",
      metadata: [check.kind.rawValue: "\(check.id)", "why": "\(status.sentence)"])
  }

  private func sendAgain(
    _ check: ReceiptCheck, _ status: GOVUKNotifyStatus, now: Date
  ) async throws {
    let next = configuration.nextAttempt(
      through: check.channel, after: check.attempts, created: check.created, now: now,
      retryAfter: nil)
    guard let next else { return try await lose(check, status, now: now) }
    guard
      try await store.receiptReturned(check, until: next, why: status.sentence, now: now)
    else {
      // Nobody needs it any more, or it has become of it what a person decided.
      return try await store.receiptAsked(check, next: nil)
    }
    logger.warning(
      "A mail that was taken has not arrived and is sent again.",
      metadata: [
        check.kind.rawValue: "\(check.id)", "why": "\(status.sentence)",
        "next": "\(next.formatted(.iso8601))",
      ])
  }
}
