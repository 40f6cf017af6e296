import Foundation

/// What two sets of rules would have made of the same days.
package struct Replay: Sendable {
  /// Best first within each kind.
  package var changes: [Change] = []
  /// By area, addresses that were above the line by both, with the same points and band.
  package var same: [String: Int] = [:]
  /// By week and area, in their order.
  package var weeks: [Week] = []
  /// Of the address that was asked for, by the rules in force and by the new ones; `nil` where none was, or
  /// no job is known at it.
  package var courses: (inForce: Course, new: Course)?

  package init() {}

  /// One address that is not above the line as it was.
  package struct Change: Hashable, Sendable {
    package enum What: String, Codable, CaseIterable, Sendable {
      /// Above the line by the new rules alone.
      case entered
      /// Above the line by the rules in force alone.
      case left
      case up
      case down
    }

    package var what: What
    package var address: AddressKey
    package var area: String
    package var place: Place
    package var jobType: String
    /// The most that it was worth on any day of the stretch.
    package var inForce: Peak?
    package var new: Peak?
  }

  package struct Peak: Hashable, Sendable, Codable {
    package var points: Int
    package var band: String

    package init(points: Int, band: String) {
      self.points = points
      self.band = band
    }
  }

  /// A week from Monday to Sunday, or as many of its days as were judged, in one area.
  package struct Week: Hashable, Sendable {
    package var monday: CivilDay
    package var days: Int
    package var area: String
    package var capacity: Int
    package var inForce: Count
    package var new: Count
  }

  package struct Count: Hashable, Sendable, Codable {
    /// Newly offered, drawn ones among them.
    package var offered = 0
    package var drawn = 0
    /// Above the line at the end of the week and not offered.
    package var waiting = 0

    package init() {}
  }

  /// What became of one address day by day.
  package struct Course: Hashable, Sendable {
    /// Complaints went both ways between it and another address: what it makes alone, and any complaint, would
    /// tell who complained and when. Its steps are those together with the other household, and no complaint is
    /// among its jobs.
    package var isPaired = false
    /// Days on which something changed, in their order.
    package var steps: [Step] = []
    /// How its jobs stood on the last day.
    package var jobs: [JobRef] = []
    package var standings: [JobStanding] = []

    package var firstAboveLine: Step? { steps.first { !$0.band.isEmpty } }
    package var firstOffered: Step? {
      steps.first { $0.standing == .offered || $0.standing == .drawn }
    }
  }

  package struct Step: Hashable, Sendable {
    package enum Standing: String, Codable, Sendable {
      case offered, drawn, waiting
      case belowTheLine = "below_the_line"
      case noReason = "no_reason"
      /// Not together with the other household (``Course/isPaired``): what it makes alone is not told.
      case notTold = "not_told"
    }

    package var day: CivilDay
    package var standing: Standing
    package var points: Int
    package var band: String
    /// Together with another household.
    package var isJoint: Bool
    package var reasons: [Reason]
  }
}

/// Judges a stretch of the past by two sets of rules, day by day, and tells what differs. Pure: nothing is
/// offered to anybody.
///
/// Both begin with nothing offered, and what is offered stays so until its reason is gone: whom the new rules
/// would have offered was not visited.
package func replay(_ input: ReplayInput) -> Replay {
  let book = JobsByAddress(input.jobs, without: input.shadowFeeds.union(input.endedFeeds))
  var runs: [ReplayRun?] = [nil, nil]
  runs.withUnsafeMutableBufferPointer { runs in
    // The two have nothing in common but what neither changes; each writes its own.
    nonisolated(unsafe) let runs = runs
    DispatchQueue.concurrentPerform(iterations: 2) { at in
      var run = ReplayRun(book, input, by: at == 0 ? input.inForce : input.new)
      run.run()
      runs[at] = run
    }
  }
  return compare(runs[0]!, runs[1]!, book, input)
}
