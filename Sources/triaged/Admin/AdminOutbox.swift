import Foundation
import Storage
import Triage

/// What a person can have done to a message of the outbox.
enum OutboxVerb: String, Codable, CaseIterable {
  case retry, drop
}

/// What is asked for with `outbox retry` and `outbox drop`.
struct OutboxWish: Codable {
  /// Who asks, for the audit: a user's name on the daemon's machine.
  var by: String
}

extension AdminOffice {
  /// What is owed and what has failed for good.
  func outbox(now: Date) async throws -> OutboxReport {
    let counts = try await store.outboxCounts()
    return OutboxReport(
      timeZone: configuration.timeZone.identifier, now: now,
      states: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }),
      messages: try await store.outbox().map { OutboxReport.Line($0, configuration) })
  }

  /// Every attempt at one message.
  func outboxAttempts(_ id: String, now: Date) async throws -> OutboxAttempts {
    guard let attempts = try await store.attempts(at: id) else { throw unknown(message: id) }
    return OutboxAttempts(
      id: id, timeZone: configuration.timeZone.identifier, now: now,
      attempts: attempts.map(OutboxReport.Answer.init))
  }

  /// - Parameter name: who asks.
  func change(_ id: String, _ verb: OutboxVerb, by name: String, now: Date) async throws -> Done {
    let audit = AuditRow(
      at: now, actor: SignedIn.admin, mark: AuditMark(command: name),
      action: "outbox \(verb.rawValue) \(plainLine(String(id.prefix(100))))", opportunity: nil)
    let change =
      switch verb {
      case .retry: try await store.retry(message: id, audit: audit, now: now)
      case .drop: try await store.drop(message: id, audit: audit, now: now)
      }
    switch (change, verb) {
    case (.done, .retry): return Done(done: "\(id) is tried again at the next round.")
    case (.done, .drop): return Done(done: "\(id) is dropped: it is not tried again.")
    case (.pointless, _):
      return Done(done: "Nothing of what \(id) carries can be claimed any more; it is withdrawn.")
    case (.refused(let state), _): throw AdminRefusal(.conflict, refusal(id, state))
    case (.unknown, _): throw unknown(message: id)
    }
  }

  /// Takes a mail from the mailbox of bounces. What is not understood is counted, and taken all the same: handed over
  /// again it would be no better.
  func take(bounce bytes: [UInt8], now: Date) async throws -> Done {
    guard let bounces else { throw AdminRefusal(.conflict, "No daemon runs that takes bounces.") }
    return switch try await bounces.take(bytes, now: now) {
    case .failed(let id): Done(done: "\(id) was not delivered; it is a dead letter now.")
    case .delayed(let id): Done(done: "\(id) is late; that is noted.")
    case .settled: Done(done: "That was known, or nobody needs the message any more.")
    case .notUnderstood(let why): Done(done: "Nothing was done. \(why)")
    }
  }

  private func refusal(_ id: String, _ state: OutboxMessage.State) -> String {
    switch state {
    case .accepted: "\(id) was accepted: there is nothing to do."
    case .withdrawn: "\(id) was withdrawn: nobody needs it any more."
    case .sending: "\(id) is being sent just now; look again in a minute."
    case .pending, .deferred, .failed: "\(id) cannot be changed."
    }
  }

  private func unknown(message id: String) -> AdminRefusal {
    AdminRefusal(
      .unknown,
      "There is no message '\(plainLine(id))'. To see those that wait: triaged outbox list")
  }
}
