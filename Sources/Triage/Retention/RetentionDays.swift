import Foundation

/// For how many whole days each class of data is kept.
package struct RetentionDays: Hashable, Sendable {
  private var days: [DataClass: Int] = [:]

  /// The usual days of every class.
  package init() {}

  /// `nil`: no number of days ends it. Setting one of such a class does nothing.
  package subscript(_ dataClass: DataClass) -> Int? {
    get {
      guard case .days(let usual, _) = dataClass.keeping else { return nil }
      return days[dataClass] ?? usual
    }
    set { if case .days = dataClass.keeping { days[dataClass] = newValue } }
  }
}

/// Before which day something goes, by class. Something is kept on as many days as the settings say behind the one on
/// which they begin to count, and goes in the night behind the last of them.
package struct RetentionLimits: Hashable, Sendable {
  package struct Limit: Hashable, Sendable {
    /// The first day of which something is kept.
    package var day: CivilDay
    /// When it began.
    package var instant: Date

    package init(day: CivilDay, instant: Date) {
      self.day = day
      self.instant = instant
    }
  }

  private let limits: [DataClass: Limit]

  package init(_ limits: [DataClass: Limit]) { self.limits = limits }

  package init(_ days: RetentionDays, now: Date, zone: TimeZone) {
    let today = CivilDay(now, in: zone)
    var limits: [DataClass: Limit] = [:]
    for dataClass in DataClass.allCases {
      guard let count = days[dataClass] else { continue }
      let day = today.plus(-count)
      limits[dataClass] = Limit(day: day, instant: day.firstInstant(minutes: 0, in: zone))
    }
    self.limits = limits
  }

  /// `nil`: nothing of the class goes for its age.
  package subscript(_ dataClass: DataClass) -> Limit? { limits[dataClass] }
}
