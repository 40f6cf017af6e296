import Foundation

/// The instant at which the calendar week of `date` began: Monday, midnight, civil time.
func weekStart(of date: Date, in zone: TimeZone) -> Date {
  var calendar = Calendar(identifier: .iso8601)
  calendar.timeZone = zone
  return calendar.dateInterval(of: .weekOfYear, for: date)?.start ?? date
}
