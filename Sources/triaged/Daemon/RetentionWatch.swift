import Foundation
import Storage
import Triage

/// How what is kept stands against its days, for `status`, metrics and the matter. Looked at every ten minutes at most:
/// it takes a look at every row.
actor RetentionWatch {
  private let kept: KeptData
  private let seen: Remembered<Seen>
  private let hasPurged: @Sendable () -> Bool

  struct Seen {
    var standing: RetentionStanding
    var at: Date
    /// ``Configuration/fingerprint`` of the days by which it was seen.
    var configuration: String
  }

  private static let looksEvery = 600.0

  /// - Parameter hasPurged: whether this process has cleared away what was past its time when it began.
  init(
    _ configuration: Configuration, _ store: Store, seen: Remembered<Seen> = Remembered(),
    hasPurged: @escaping @Sendable () -> Bool = { true }
  ) {
    kept = KeptData(configuration: configuration, store: store)
    self.seen = seen
    self.hasPurged = hasPurged
  }

  /// After a week of standing still nobody is called because the first purge is still to come.
  func matters(now: Date) async throws -> MatterLook {
    guard hasPurged() else { return MatterLook(unseen: [.retention]) }
    return MatterLook(
      retentionMatters(try await look(now: now), zone: kept.configuration.timeZone, now: now))
  }

  func look(now: Date) async throws -> RetentionStanding {
    let last = try await kept.store.lastPurge()
    // A purge has changed it.
    if let seen = seen.value, seen.standing.lastPurge == last,
      seen.configuration == kept.configuration.fingerprint,
      (0..<RetentionWatch.looksEvery).contains(now.timeIntervalSince(seen.at))
    {
      return seen.standing
    }
    let ages = try await kept.ages(now: now)
    let standing = RetentionStanding(
      lastPurge: last,
      classes: DataClass.allCases.compactMap { dataClass in
        ages[dataClass].map {
          .init(dataClass: dataClass, oldest: $0.oldest, overdue: $0.overdue)
        }
      })
    seen.value = Seen(
      standing: standing, at: now, configuration: kept.configuration.fingerprint)
    return standing
  }
}

/// When the purge came round last, and what is left of what should have gone.
struct RetentionStanding: Codable, Hashable {
  /// `nil`: not yet.
  var lastPurge: Date?
  var classes: [ClassStanding]

  struct ClassStanding: Codable, Hashable {
    var dataClass: DataClass
    /// From when the days of the oldest are counted; `nil`: nothing of it ages.
    var oldest: Date?
    /// What should have gone two days ago.
    var overdue: Int
  }
}

/// Nobody would notice by themselves that nothing is deleted any more.
func retentionMatters(
  _ standing: RetentionStanding, zone: TimeZone, now: Date
) -> [Matter] {
  var sentences: [String] = []
  if let last = standing.lastPurge, now.timeIntervalSince(last) > 2 * 86_400 {
    let words = CivilWords(zone: zone, now: now)
    sentences.append(
      "What is past its time has not been cleared away since \(words.fullMoment(last)).")
  }
  let late = standing.classes.filter { $0.overdue > 0 }
  if !late.isEmpty {
    let parts = late.map { "\($0.dataClass.inWords) (\(CivilWords.grouped($0.overdue)))" }
    sentences.append(
      "More than two days past its time is still there: \(parts.joined(separator: "; ")).")
  }
  return sentences.isEmpty ? [] : [Matter(.retention, sentences.joined(separator: " "))]
}
