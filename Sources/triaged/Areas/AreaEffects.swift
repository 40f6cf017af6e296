import Foundation
import Storage
import Triage

/// What an edit of the areas changes, by value: for `areas diff` before it, and for the mail after it.
///
/// No house number, name, note or reference is in it: an opportunity is named as a mail may name it
/// before anybody has claimed it. Instants are UTC.
struct AreaEffects: Codable, Sendable {
  var now: Date
  var timeZone: String
  /// All areas of the later set in its order, then those that only the earlier one has.
  var areas: [Area]
  /// `nil` where there is no database yet, and so nothing to count.
  var opportunities: [Movement]?
  var archive: ArchiveReach?
  /// By feed of updates: open jobs in the later areas that stand in older lists alone, so that nothing is
  /// known of them but by reading those again.
  var inOlderLists: [String: Int] = [:]
  /// An SVG of its own: the areas before and after, and the jobs.
  var picture: String?
  /// What the picture shows, in words.
  var pictureSays: String?

  struct Area: Codable, Sendable, Hashable {
    var id: String
    var name: String
    var change: Change
    /// `nil` where the area was or is not there.
    var squareMetresBefore: Double?
    var squareMetresAfter: Double?
    /// About how much ground came to it and went from it.
    var squareMetresGained: Double
    var squareMetresLost: Double
    /// What is different beside its boundary, in words of ``Geography/AreaChanges/Detail``.
    var differs: [String]
    /// The same in sentences.
    var says: [String]
    /// Whether it counts on the day of the edit, by its dates.
    var countsBefore: Bool
    var countsAfter: Bool
    /// Jobs received within ``AreaEffects/days`` days. Where areas overlap a job is the first one's.
    var jobsBefore: Int?
    var jobsAfter: Int?
    /// Jobs without a date received, or with one that is still to come.
    var undatedBefore: Int?
    var undatedAfter: Int?
  }

  enum Change: String, Codable, Sendable {
    case added, removed, changed, same
  }

  /// What becomes of one opportunity.
  struct Movement: Codable, Sendable, Hashable {
    var what: What
    /// `nil` where it could not be told without saying more.
    var street: String?
    var outwardCode: String
    var jobType: String
    /// For one that comes in: as it would be.
    var state: OpportunityState
    /// Ids of areas.
    var from: String?
    var to: String?
    /// Why it goes out.
    var why: String?
  }

  enum What: String, Codable, Sendable, CaseIterable {
    case out
    case moved
    case `in`
    /// It is claimed, and its place is in no area any more or in another one: it stays as it is with its
    /// holder.
    case kept
  }

  /// The days of which jobs are counted.
  static let days = 90

  /// Areas of which next to nothing would be left.
  var slips: [Area] {
    areas.filter { area in
      guard area.change == .changed, let before = area.squareMetresBefore else { return false }
      return isSlip(of: before, lost: area.squareMetresLost)
    }
  }

  /// Areas that would not count any more on the day of the edit, and do now.
  var stopped: [Area] {
    areas.filter { $0.change == .changed && $0.countsBefore && !$0.countsAfter }
  }

  func count(_ what: What) -> Int { (opportunities ?? []).count { $0.what == what } }

  /// Whether anything is different for this area.
  func isTouched(_ area: Area) -> Bool {
    area.change != .same || area.jobsBefore != area.jobsAfter
      || area.undatedBefore != area.undatedAfter
      || (opportunities ?? []).contains { $0.from == area.id || $0.to == area.id }
  }
}

/// How far the archive of exports reached when it was asked.
struct ArchiveReach: Codable, Hashable, Sendable {
  /// For which exports are kept; 0 keeps none.
  var days: Int
  /// Lists of configured feeds that were looked at, read or not.
  var lists = 0
  /// Of them those whose bytes were those of a later list, so that they said nothing more.
  var same = 0
  /// Of them those that cannot be read, or not any more.
  var unreadable = 0
  /// Of them those that wait for a person and of which nothing was taken.
  var held = 0
  /// Lists of feeds that are configured no more; not looked at.
  var ofOtherFeeds = 0
  /// Older lists that were not looked at, since that would have taken too long.
  var left = 0
  /// Whether some jobs were not counted, since there were too many.
  var isCut = false
  /// When the oldest list came that was read.
  var since: Date?
}
