import Foundation

/// Somebody is out on a visit, with whoever goes along, and has said when they will be back.
package struct Outing: Hashable, Sendable, Identifiable {
  package var id: Int64
  package var opportunity: Int64
  package var area: String
  /// Members' ids.
  package var member: String
  package var second: String?
  package var since: Date
  package var backBy: Date
  /// `nil`: not back yet, as far as is known.
  package var backAt: Date?
  package var told: Told
  /// The ``backBy`` of which they were told that it is over; `nil`: nobody has been told.
  package var toldBackBy: Date?

  /// Who has been told that they are not back.
  package enum Told: Int, Hashable, Sendable {
    case nobody, leaders, duty
  }

  package init(
    id: Int64, opportunity: Int64, area: String, member: String, second: String?, since: Date,
    backBy: Date, backAt: Date? = nil, told: Told = .nobody, toldBackBy: Date? = nil
  ) {
    self.toldBackBy = toldBackBy
    self.id = id
    self.opportunity = opportunity
    self.area = area
    self.member = member
    self.second = second
    self.since = since
    self.backBy = backBy
    self.backAt = backAt
    self.told = told
  }

  /// In how many minutes somebody may say that they will be back.
  package static let minutes = [30, 60, 90, 120, 180, 240]

  /// Seconds after the leaders at which the duty mailbox is told too.
  package static let untilDuty = 900.0

  /// Who goes there.
  package var people: [String] { [member] + (second.map { [$0] } ?? []) }

  /// Whether somebody has been told that they are not back by this very time.
  package var isTold: Bool { told != .nobody && toldBackBy == backBy }

  /// What is to be told by now that has not been told.
  ///
  /// That they have given another time is told by the time that was told before, never by a clock: one that was put
  /// right, or a restart that has forgotten the machine's, must not take an alarm back.
  /// - Parameter isLate: whether the time is over at which they wanted to be back, and `isVeryLate` whether
  ///   ``untilDuty`` is over behind it: by whatever clock says so first.
  package func news(isLate: Bool, isVeryLate: Bool) -> News? {
    if told != .nobody {
      if backAt != nil { return .back }
      if !isTold, !isLate { return .later }
    }
    if backAt != nil { return nil }
    if isVeryLate { return isTold && told == .duty ? nil : .late(.duty) }
    guard isLate, !isTold else { return nil }
    return .late(told == .duty ? .duty : .leaders)
  }

  package enum News: Hashable, Sendable {
    case late(Told)
    /// They gave another time after somebody had been told.
    case later
    /// They are back after somebody had been told.
    case back
  }
}

/// As much of an ``Outing`` as whoever is out needs to say that they are back.
package struct OpenOuting: Hashable, Sendable, Identifiable {
  package var id: Int64
  package var backBy: Date

  package init(id: Int64, backBy: Date) {
    self.id = id
    self.backBy = backBy
  }
}
