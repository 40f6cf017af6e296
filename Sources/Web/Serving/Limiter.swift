import Crypto
import Foundation
import Synchronization

/// Token buckets over what is asked, in bounded memory.
///
/// A bucket that is full again is forgotten. Where there are too many that are not, those that come then share a few by
/// the network that they are of, so that many addresses at once cannot make it forget the few, and a newcomer shares
/// with those next door and not with whoever floods.
///
/// What is refused takes nothing: whoever waits as told gets through, and one who is refused by their own bound uses up
/// nothing of the others'.
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

  enum Subject {
    case page
    /// A page behind a token that may be a guess.
    case link(String)
    /// Held up as guessing is.
    case askingForLinks
  }

  /// What came of a question at the door.
  struct Admission: Sendable {
    /// In how many seconds to ask again, where it is one too many.
    fileprivate(set) var wait: Int?
    fileprivate var link: [UInt8]?
    /// Which bucket it counts in as a guess until the link is known.
    fileprivate var guess: Key?
  }

  /// Takes one question in. One for a link that nobody has opened yet counts as a guess from the first moment, so that
  /// many at once are no more than one after the other; ``found(_:isKnown:)`` gives it back.
  func admit(_ address: NetworkAddress?, _ subject: Subject) -> Admission {
    let now = ticks()
    let from = address?.prefix ?? []
    return state.withLock { state in
      var admission = Admission()
      var asked = [(key: state.place(.address(from), now), perMinute: limits.perAddress)]
      switch subject {
      case .page: break
      case .askingForLinks:
        asked.append((state.place(.unknown(from), now), limits.unknown))
      case .link(let token):
        let link = Array(SHA256.hash(data: Data(token.utf8)).prefix(16))
        admission.link = link
        // What was opened well is not held up by the guessing of a neighbour, and only that has a bucket of its own.
        if state.opened.contains(link) {
          asked.append((state.place(.link(link), now), limits.perLink))
        } else {
          let guess = state.place(.unknown(from), now)
          admission.guess = guess
          asked.append((guess, limits.unknown))
        }
      }
      // Of everybody only what is within its own bounds.
      asked.append((.all, limits.all))
      for (key, perMinute) in asked {
        let wait = state.wait(key, perMinute, now)
        guard wait == 0 else { return Admission(wait: Int(wait.rounded(.up))) }
      }
      for (key, perMinute) in asked { state.take(key, perMinute, now) }
      return admission
    }
  }

  /// Tells what came of a link, once the desk was asked for it; where it was not, nothing is to be told.
  func found(_ admission: Admission, isKnown: Bool) {
    guard let link = admission.link else { return }
    let now = ticks()
    state.withLock { state in
      guard isKnown else {
        state.opened.remove(link)
        return
      }
      if state.opened.count >= state.most { state.opened.removeAll() }
      state.opened.insert(link)
      guard let guess = admission.guess else { return }
      state.giveBack(guess, limits.unknown, now)
      state.take(state.place(.link(link), now), limits.perLink, now)
    }
  }

  var count: Int { state.withLock { $0.buckets.count } }

  fileprivate enum Key: Hashable {
    case all
    case address([UInt8])
    case unknown([UInt8])
    case link([UInt8])
    /// What those share for whom there is no room: of the kind, and of a group of networks.
    case crowd(kind: UInt8, slot: Int)

    static let slots = 256

    var crowd: Key {
      switch self {
      case .all, .crowd: self
      case .address(let from): .crowd(kind: 0, slot: Self.slot(from))
      case .unknown(let from): .crowd(kind: 1, slot: Self.slot(from))
      case .link(let link): .crowd(kind: 2, slot: Self.slot(link))
      }
    }

    /// By what one party commonly has: of version 4 a /16, of version 6 a /48. Swift hashes by a seed of the process, so
    /// nobody can choose whom to share with.
    private static func slot(_ from: [UInt8]) -> Int {
      var hasher = Hasher()
      hasher.combine(from.count == 4 ? Array(from.prefix(2)) : Array(from.prefix(6)))
      return Int(UInt(bitPattern: hasher.finalize()) % UInt(slots))
    }
  }

  private struct State {
    let most: Int
    var buckets: [Key: (left: Double, at: Double)] = [:]
    /// Links that the desk knows.
    var opened: Set<[UInt8]> = []
    private var nextSweep = 0.0

    init(most: Int) { self.most = most }

    /// Where it is counted: in a bucket of its own, or where there is no room for one, in one that it shares.
    mutating func place(_ key: Key, _ now: Double) -> Key {
      guard buckets[key] == nil, buckets.count >= most else { return key }
      sweep(now)
      return buckets.count >= most ? key.crowd : key
    }

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

    mutating func take(_ key: Key, _ perMinute: Int, _ now: Double) {
      guard perMinute > 0 else { return }
      buckets[key] = (max(0, left(key, perMinute, now) - 1), now)
    }

    mutating func giveBack(_ key: Key, _ perMinute: Int, _ now: Double) {
      guard perMinute > 0, buckets[key] != nil else { return }
      buckets[key] = (min(Double(perMinute), left(key, perMinute, now) + 1), now)
    }

    /// Forgets what a minute has filled again. Not more than once a second, since it looks at all.
    private mutating func sweep(_ now: Double) {
      guard now >= nextSweep else { return }
      nextSweep = now + 1
      buckets = buckets.filter { now - $0.value.at < 60 }
    }
  }
}
