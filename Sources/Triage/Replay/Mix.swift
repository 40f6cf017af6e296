/// What the opportunities of the last weeks are made of, against those of the weeks before: a list whose codes
/// change, or a rule that takes in more than was meant, shows here before anybody wonders.
package struct Mix: Hashable, Sendable {
  /// Opportunities of the last ``days``, and of the ``daysBefore`` before them.
  package struct Count: Hashable, Sendable {
    package var lately: Int
    package var before: Int

    package init(lately: Int = 0, before: Int = 0) {
      self.lately = lately
      self.before = before
    }
  }

  /// A share that moved by more than ``points``.
  package struct Move: Hashable, Sendable {
    package enum Of: String, Hashable, Sendable {
      case jobType = "job-type"
      case feed
    }

    package var of: Of
    package var name: String
    /// Per cent, rounded.
    package var lately: Int
    package var before: Int

    package var sentence: String {
      let what =
        switch of {
        case .jobType: "“\(plainLine(name))” makes"
        case .feed: "The list \(plainLine(name)) makes"
        }
      return "\(what) \(lately) % of the opportunities of the last \(Mix.days) days; in the "
        + "\(Mix.daysBefore / 7) weeks before it was \(before) %."
    }
  }

  /// By the type's plain words.
  package var jobTypes: [String: Count]
  package var feeds: [String: Count]

  package init(jobTypes: [String: Count] = [:], feeds: [String: Count] = [:]) {
    self.jobTypes = jobTypes
    self.feeds = feeds
  }

  /// Four weeks, and a quarter of a year.
  package static let days = 28
  package static let daysBefore = 91
  /// Percentage points that a share may move without a word.
  package static let points = 20
  /// A share that has moved is one that has come back only within so many: one that hovers is told once.
  package static let pointsBack = 15
  /// Opportunities that each of the two periods must have: a share of few is chance.
  package static let least = 10

  /// The largest first; none where one of the periods has too few opportunities to say.
  package var moves: [Move] { moves(beyond: Mix.points) }

  /// Those by more than so many percentage points.
  package func moves(beyond points: Int) -> [Move] {
    (moves(.jobType, jobTypes, points) + moves(.feed, feeds, points)).sorted { one, other in
      let sizes = (abs(one.lately - one.before), abs(other.lately - other.before))
      if sizes.0 != sizes.1 { return sizes.0 > sizes.1 }
      return (one.of.rawValue, one.name) < (other.of.rawValue, other.name)
    }
  }

  private func moves(_ of: Move.Of, _ counts: [String: Count], _ points: Int) -> [Move] {
    let lately = counts.values.reduce(0) { $0 + $1.lately }
    let before = counts.values.reduce(0) { $0 + $1.before }
    guard lately >= Mix.least, before >= Mix.least else { return [] }
    return counts.compactMap { name, count in
      // In whole numbers: exactly so many points are no move.
      let moved = abs(count.lately * before - count.before * lately) * 100
      guard moved > points * lately * before else { return nil }
      return Move(
        of: of, name: name, lately: percent(count.lately, of: lately),
        before: percent(count.before, of: before))
    }
  }

  private func percent(_ part: Int, of whole: Int) -> Int { (200 * part + whole) / (2 * whole) }
}
