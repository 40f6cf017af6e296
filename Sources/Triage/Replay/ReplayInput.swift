import Foundation

/// A stretch of the past, to be judged by two sets of rules day by day.
package struct ReplayInput: Sendable {
  /// All that is known of the stretch and of the 12 months before it. What a list said earlier of a job (its
  /// status, its type) the mirror does not keep: each job is taken with its words of today.
  package var jobs: [Job]
  package var inForce: Rules
  package var new: Rules
  package var register: Register
  /// Its capacities hold on every day; pauses and trials are not looked at.
  package var team: Team
  /// In their order, each with the moment at which it is judged.
  package var days: [Day]
  /// Outcomes count from their day on, by either rules.
  package var answered: [JobRef: Answer]
  /// Their jobs are left out.
  package var shadowFeeds: Set<String>
  package var endedFeeds: Set<String>
  /// The address of which the course is told.
  package var asked: AddressKey?

  package struct Day: Hashable, Sendable {
    package var day: CivilDay
    package var moment: Date

    package init(day: CivilDay, moment: Date) {
      self.day = day
      self.moment = moment
    }
  }

  package init(
    jobs: [Job], inForce: Rules, new: Rules, register: Register, team: Team, days: [Day],
    answered: [JobRef: Answer] = [:], shadowFeeds: Set<String> = [],
    endedFeeds: Set<String> = [], asked: AddressKey? = nil
  ) {
    self.jobs = jobs
    self.inForce = inForce
    self.new = new
    self.register = register
    self.team = team
    self.days = days
    self.answered = answered
    self.shadowFeeds = shadowFeeds
    self.endedFeeds = endedFeeds
    self.asked = asked
  }

  /// What is judged by, by one set of rules. Whatever is on trial runs as if it were not: that is what a
  /// replay asks.
  func triage(by rules: Rules) -> TriageInput {
    var (rules, team) = (rules, team)
    rules.isShadow = false
    for at in team.areas.indices {
      team.areas[at].isShadow = false
      team.areas[at].paused = nil
    }
    let last = days.last ?? Day(day: CivilDay(number: 0), moment: .distantPast)
    return TriageInput(
      jobs: [], rules: rules, register: register, team: team, now: last.moment, today: last.day,
      past: PastOffers(answered: answered), shadowFeeds: shadowFeeds, endedFeeds: endedFeeds)
  }
}
