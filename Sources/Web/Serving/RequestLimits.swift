import Crypto
import Foundation
import Synchronization

/// How much may be asked in a minute; as much may come at once. 0: as much as anybody likes.
package struct RequestLimits: Hashable, Sendable {
  package var perLink: Int
  /// From one address; of version 6 from one network (/64).
  package var perAddress: Int
  /// Links that there are not, from one address: whoever guesses gets no further.
  package var unknown: Int
  /// Of everybody together.
  package var all: Int

  package init(
    perLink: Int = 300, perAddress: Int = 600, unknown: Int = 10, all: Int = 12_000
  ) {
    self.perLink = perLink
    self.perAddress = perAddress
    self.unknown = unknown
    self.all = all
  }
}

/// Token buckets over what is asked, in bounded memory.
///
/// A bucket that is full again is forgotten. Where there are too many that are not, those that come then share one,
/// so that many addresses at once cannot make it forget the few.
final class Limiter: Sendable {
  private let limits: RequestLimits
  /// Seconds of a clock that is never set.
  private let ticks: @Sendable () -> Double
  private let state: Mutex<State>

  init(_ limits: RequestLimits, ticks: @escaping @Sendable () -> Double, most: Int = 10_000) {
    self.limits = limits
    self.ticks = ticks
    state = Mutex(State(most: most))
  }

  /// Takes one question in.
  /// - Returns: in how many seconds to ask again, where it is one too many.
  func admit(_ address: NetworkAddress?, link: String?) -> Int? {
    let now = ticks()
    let from = address?.prefix ?? []
    return state.withLock { state in
      var wait = state.take(.all, limits.all, now)
      wait = max(wait, state.take(.address(from), limits.perAddress, now))
      if let link {
        let key = Self.digest(link)
        wait = max(wait, state.take(.link(key), limits.perLink, now))
        // What was opened well is not held up by the guessing of a neighbour.
        if !state.opened.contains(key) {
          wait = max(wait, state.wait(.unknown(from), limits.unknown, now))
        }
      }
      return wait > 0 ? Int(wait.rounded(.up)) : nil
    }
  }

  /// Tells what came of a link.
  func found(_ address: NetworkAddress?, link: String, isKnown: Bool) {
    let now = ticks()
    state.withLock { state in
      if isKnown {
        if state.opened.count >= state.most { state.opened.removeAll() }
        state.opened.insert(Self.digest(link))
      } else {
        _ = state.take(.unknown(address?.prefix ?? []), limits.unknown, now)
      }
    }
  }

  private static func digest(_ link: String) -> [UInt8] {
    Array(SHA256.hash(data: Data(link.utf8)).prefix(16))
  }

  var count: Int { state.withLock { $0.buckets.count } }

  private enum Key: Hashable {
    case all
    case address([UInt8])
    case unknown([UInt8])
    case link([UInt8])

    /// What it shares once there are too many.
    var crowd: Key {
      switch self {
      case .all: .all
      case .address: .address([0])
      case .unknown: .unknown([0])
      case .link: .link([])
      }
    }
  }

  private struct State {
    let most: Int
    var buckets: [Key: (left: Double, at: Double)] = [:]
    var opened: Set<[UInt8]> = []
    private var nextSweep = 0.0

    init(most: Int) { self.most = most }

    /// Seconds until there is something in the bucket again; 0: now.
    func wait(_ key: Key, _ perMinute: Int, _ now: Double) -> Double {
      guard perMinute > 0 else { return 0 }
      let left = left(key, perMinute, now)
      return left >= 1 ? 0 : (1 - left) * 60 / Double(perMinute)
    }

    private func left(_ key: Key, _ perMinute: Int, _ now: Double) -> Double {
      let most = Double(perMinute)
      guard let bucket = buckets[key] else { return most }
      return min(most, bucket.left + max(0, now - bucket.at) * most / 60)
    }

    mutating func take(_ key: Key, _ perMinute: Int, _ now: Double) -> Double {
      guard perMinute > 0 else { return 0 }
      var key = key
      if buckets[key] == nil, buckets.count >= most {
        sweep(now)
        if buckets.count >= most { key = key.crowd }
      }
      let wait = wait(key, perMinute, now)
      // What is refused takes nothing, so that whoever waits as told gets through.
      if wait == 0 { buckets[key] = (left(key, perMinute, now) - 1, now) }
      return wait
    }

    /// Forgets what a minute has filled again. Not more than once a second, since it looks at all.
    private mutating func sweep(_ now: Double) {
      guard now >= nextSweep else { return }
      nextSweep = now + 1
      buckets = buckets.filter { now - $0.value.at < 60 }
    }
  }
}
