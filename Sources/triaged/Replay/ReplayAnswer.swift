import Foundation
import Triage

/// What other rules would have made of the last weeks, for a person at a terminal and for scripts. Of a place
/// it says what a mail may say before a claim; the one address that was asked for is not repeated.
struct ReplayAnswer: Codable, Hashable {
  /// Why the new rules cannot be used, with line and column; then nothing was replayed.
  var errors: [String] = []
  var warnings: [String] = []
  var told: Told?

  struct Told: Codable, Hashable {
    /// Versions.
    var inForce: String
    var new: String
    /// Civil days, `yyyy-MM-dd`.
    var from: String
    var until: String
    /// When on each day it was judged, such as "14:05".
    var clock: String
    /// The one area that was asked for.
    var area: String?
    var jobs: Int
    /// Of these, closed or taken off the list within the stretch: of them the words of earlier days are not
    /// known.
    var closed: Int
    var hasRegister: Bool
    var counts: [String: Int]
    var same: Int
    /// The best of each kind.
    var changes: [Change]
    var weeks: [Week]
    /// `nil` where no address was asked for.
    var course: Courses?
  }

  struct Change: Codable, Hashable {
    var what: Replay.Change.What
    var area: String
    var whereabouts: String
    var jobType: String
    var inForce: Replay.Peak?
    var new: Replay.Peak?
  }

  struct Week: Codable, Hashable {
    var monday: String
    var days: Int
    var area: String
    var capacity: Int
    var inForce: Replay.Count
    var new: Replay.Count
  }

  struct Courses: Codable, Hashable {
    var inForce: Course
    var new: Course
  }

  /// One address by one set of rules.
  struct Course: Codable, Hashable {
    /// Complaints went both ways: only what the two households make together is told.
    var isPaired: Bool
    var firstAboveLine: String?
    var firstOffered: String?
    /// The sentence of the rule by which it was first offered.
    var by: String?
    var steps: [Step]
    var jobs: [JobLine]
  }

  struct Step: Codable, Hashable {
    var day: String
    var standing: Replay.Step.Standing
    var points: Int
    var band: String
    var isJoint: Bool
    var reasons: [Reason]
  }

  struct JobLine: Codable, Hashable {
    var feed: String
    var reference: String
    var standing: String
  }

  /// Changes of one kind that are told.
  static let most = 200
}

/// What is asked for with `triaged replay`.
struct ReplayRulesWish: Codable {
  /// The text of a rules file, and how its problems call it.
  var rules: String
  var file: String
  var days: Int
  var area: String?
  var address: String?
  var uprn: String?

  /// Bytes that a question may have: a rules file of a partnership has some thousand.
  static let mostBytes = 4 << 20
  static let mostDays = 366
}

extension ReplayAnswer.Course {
  init(_ course: Replay.Course) {
    let first = course.firstOffered
    self.init(
      isPaired: course.isPaired,
      firstAboveLine: course.firstAboveLine?.day.description,
      firstOffered: first?.day.description, by: first?.reasons.first?.sentence,
      steps: course.steps.map {
        .init(
          day: $0.day.description, standing: $0.standing, points: $0.points, band: $0.band,
          isJoint: $0.isJoint, reasons: $0.reasons)
      },
      jobs: zip(course.jobs, course.standings).map {
        .init(feed: $0.feed, reference: $0.reference, standing: $1.sentence)
      })
  }
}
