/// Points for what the history at the address, and around it, says. Zero switches a signal off; none is
/// ever below zero, so that no signal lowers a score.
package struct Signals: Hashable, Sendable {
  /// More than one job at the address within 12 months.
  package var repeatWithinYear: Int
  /// Jobs of two or more types, or of two or more feeds, at the address within 12 months.
  package var secondKind: Int
  /// More jobs in the last 90 days than in the 90 before.
  package var moreOftenLately: Int
  /// Nothing else at the address in 12 months. Never more than ``repeatWithinYear``: a second job must
  /// not lower a score.
  package var firstInYear: Int
  /// Two or more of: repeat, second kind, more often lately, reciprocal, neighbours.
  package var several: Int
  package var reciprocal: Reciprocal?
  package var neighbours: Neighbours?

  package init(
    repeatWithinYear: Int = 0, secondKind: Int = 0, moreOftenLately: Int = 0, firstInYear: Int = 0,
    several: Int = 0, reciprocal: Reciprocal? = nil, neighbours: Neighbours? = nil
  ) {
    self.repeatWithinYear = repeatWithinYear
    self.secondKind = secondKind
    self.moreOftenLately = moreOftenLately
    self.firstInYear = firstInYear
    self.several = several
    self.reciprocal = reciprocal
    self.neighbours = neighbours
  }
}

/// Complaints both ways between two addresses: one joint opportunity, visited separately. Who complained
/// about whom is never said.
package struct Reciprocal: Hashable, Sendable {
  package var points: Int
  package var offer: OfferKind
  /// In plain words, in the place of a job type ("Complaints between two households").
  package var name: String
  package var reason: String
  /// Days between the two complaints, at most.
  package var withinDays: Int
  /// Counted from the newer complaint.
  package var window: Window

  package init(
    points: Int, offer: OfferKind = .visit, name: String, reason: String, withinDays: Int = 180,
    window: Window = Window()
  ) {
    self.points = points
    self.offer = offer
    self.name = name
    self.reason = reason
    self.withinDays = withinDays
    self.window = window
  }
}

/// Several complaints near an address, at two or more addresses.
package struct Neighbours: Hashable, Sendable {
  package var points: Int
  package var complaints: Int
  /// On the grid, between the places of two jobs.
  package var metres: Double
  package var withinDays: Int

  package init(points: Int, complaints: Int = 3, metres: Double = 50, withinDays: Int = 180) {
    self.points = points
    self.complaints = complaints
    self.metres = metres
    self.withinDays = withinDays
  }
}
