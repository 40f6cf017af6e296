import Foundation
import Logging
import Notify
import Storage
import Synchronization
import Triage

/// Takes what other systems say by mail of the messages that they could not deliver.
///
/// All of it is from outside. It is believed only of a message that was handed to a mail system through a channel of
/// this instance, and nothing of it is kept but a status and one cleaned line.
struct BounceDesk: Sendable {
  let configuration: Configuration
  let store: Store
  let tally: BounceTally
  let logger: Logger

  /// What came of one mail among the bounces.
  enum Result: Hashable {
    /// The message is a dead letter now.
    case failed(id: String)
    /// It is late, which is noted.
    case delayed(id: String)
    /// It had failed already, or is owed no more.
    case settled
    /// It says nothing to us. A sentence, without a word of what came.
    case notUnderstood(why: String)
  }

  /// - Parameter bytes: a whole mail; of one that is longer than ``Notify/mostBounceBytes`` its beginning, in which
  ///   reports say what they have to say.
  func take(_ bytes: [UInt8], now: Date) async throws -> Result {
    told(try await judge(Array(bytes.prefix(mostBounceBytes)), now: now))
  }

  /// What lies among the bounces and cannot be read.
  func unreadable() -> Result {
    told(.notUnderstood(why: "It is no file that the service's user may read."))
  }

  private func told(_ result: Result) -> Result {
    tally.count(result)
    if case .notUnderstood(let why) = result {
      logger.warning("A mail among the bounces is not understood.", metadata: ["why": "\(why)"])
    }
    return result
  }

  private func judge(_ bytes: [UInt8], now: Date) async throws -> Result {
    let bounce: Bounce
    do throws(BounceProblem) {
      bounce = try readBounce(bytes, domain: configuration.mail.messageIDDomain)
    } catch {
      return .notUnderstood(why: error.description)
    }
    for id in bounce.ids {
      let change = try await store.bounced(
        message: id, permanent: bounce.isPermanent, words: bounce.words,
        channels: configuration.mailChannels, now: now)
      switch change {
      case .unknown: continue
      case .refused(.failed), .refused(.withdrawn), .pointless: return .settled
      case .refused:
        return .notUnderstood(why: "The bounce is of a message that was not sent.")
      case .done:
        logger.warning(
          bounce.isPermanent
            ? "A mail that had been accepted came back; it is not tried again."
            : "A mail that had been accepted is late.",
          metadata: ["message": "\(id)", "why": "\(bounce.words)"])
        return bounce.isPermanent ? .failed(id: id) : .delayed(id: id)
      }
    }
    return .notUnderstood(why: "The bounce is of no message that is known here.")
  }
}

extension Configuration {
  /// The channels from which bounces can come.
  var mailChannels: Set<String> {
    Set(channels.filter { if case .smtp = $0.value { true } else { false } }.keys)
  }

  /// The Maildirs in which they arrive.
  var bounceMaildirs: [String] {
    let paths = channels.values.compactMap { channel -> String? in
      if case .smtp(let settings) = channel { settings.bounceMaildir } else { nil }
    }
    return Set(paths).sorted()
  }
}

/// What came among the bounces since the start, counted for monitors.
final class BounceTally: Sendable {
  struct Counts: Hashable, Sendable {
    var failed = 0
    var delayed = 0
    var settled = 0
    var notUnderstood = 0
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  func count(_ result: BounceDesk.Result) {
    state.withLock { counts in
      switch result {
      case .failed: counts.failed += 1
      case .delayed: counts.delayed += 1
      case .settled: counts.settled += 1
      case .notUnderstood: counts.notUnderstood += 1
      }
    }
  }
}
