import Foundation

/// Somebody has switched the offers off for a while: nothing new is offered or announced. What is claimed stays
/// claimed, and what is offered can be claimed.
package struct Pause: Hashable, Sendable, Codable {
  /// `nil`: every area.
  package var area: String?
  package var why: String
  /// Who said so, as the command line knew them.
  package var by: String
  package var began: Date
  /// The civil day on which offers go on by themselves; `nil`: until somebody says so.
  package var until: String?

  package init(area: String?, why: String, by: String, began: Date, until: CivilDay?) {
    self.area = area
    self.why = why
    self.by = by
    self.began = began
    self.until = until?.description
  }

  package func isInForce(on day: CivilDay) -> Bool {
    until.flatMap { CivilDay($0) }.map { day < $0 } ?? true
  }
}

extension Team {
  /// The team with what is paused on a day. A reason in the team file itself goes before.
  package func paused(_ pauses: [Pause], on day: CivilDay) -> Team {
    let pauses = pauses.filter { $0.isInForce(on: day) }
    guard !pauses.isEmpty else { return self }
    var team = self
    for at in team.areas.indices where team.areas[at].paused == nil {
      let area = team.areas[at].area
      let pause = pauses.first { $0.area == area } ?? pauses.first { $0.area == nil }
      team.areas[at].paused = pause?.why
    }
    return team
  }

  /// The ids of the areas in which nothing is offered at the moment.
  package var pausedAreas: Set<String> {
    Set(areas.filter { $0.paused != nil }.map(\.area))
  }
}
