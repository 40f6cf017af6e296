import Foundation
import Storage
import Synchronization
import Triage

/// How the wishes to read the configuration again went: kept over reloads, and asked by status and monitors.
final class Reloads: Sendable {
  /// Why the files as they are may not be put in force.
  struct Refusal: Codable, Hashable, Sendable {
    /// When a wish was refused first, since which none was granted.
    var since: Date
    /// As `check` prints them.
    var problems: [String]
  }

  typealias Ask = @Sendable (_ now: Date) async -> ReloadAnswer

  private struct State {
    var since: Date?
    var refusal: Refusal?
    var ask: Ask?
  }

  private let state = Mutex(State())

  /// When the configuration was put in force.
  var since: Date? { state.withLock { $0.since } }
  var refusal: Refusal? { state.withLock { $0.refusal } }

  func begin(at now: Date, ask: Ask?) { state.withLock { ($0.since, $0.ask) = (now, ask) } }

  /// Nobody can be asked any more.
  func end() { state.withLock { $0.ask = nil } }

  func granted(at now: Date) { state.withLock { ($0.since, $0.refusal) = (now, nil) } }

  func refused(_ problems: [String], at now: Date) {
    state.withLock {
      $0.refusal = Refusal(since: $0.refusal?.since ?? now, problems: problems)
    }
  }

  /// Asks for a reload; `nil` where this process cannot do it.
  func ask(now: Date) async -> ReloadAnswer? {
    guard let ask = state.withLock({ $0.ask }) else { return nil }
    return await ask(now)
  }

  /// What is the matter with the files, for the admin.
  var matters: [Matter] {
    guard let refusal, let first = refusal.problems.first else { return [] }
    let more = refusal.problems.count - 1
    let others = more > 0 ? " There \(more == 1 ? "is 1 other" : "are \(more) others")." : ""
    return [
      Matter(
        .configuration,
        "The configuration on the disk is refused, and the earlier one stays in force. \(first)\(others)"
      )
    ]
  }
}

/// What became of one wish to read the configuration again.
struct ReloadAnswer: Codable, Hashable, Sendable {
  var isInForce: Bool
  var sentence: String
  /// Of the configuration that is in force now.
  var fingerprint: String
  /// Errors first; warnings of a configuration that is in force.
  var problems: [String]
}
