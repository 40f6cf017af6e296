import Foundation

/// An instant as the database has it: whole milliseconds since 1970-01-01 UTC.
func milliseconds(_ date: Date) -> Int64 {
  Int64((date.timeIntervalSince1970 * 1000).rounded())
}

/// The instant of a number that ``milliseconds(_:)`` made.
func instant(_ milliseconds: Int64) -> Date {
  Date(timeIntervalSince1970: Double(milliseconds) / 1000)
}
