import Foundation
import Testing

@testable import Web

@Suite("The date of an answer")
struct HTTPDateTests {
  @Test(
    "It is written as HTTP has it, whatever the locale and the time zone",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),  // RFC 9110's own example.
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_772_323_199, "Sat, 28 Feb 2026 23:59:59 GMT"),
      (1_835_452_800, "Tue, 29 Feb 2028 16:00:00 GMT"),
    ])
  func written(seconds: Int, text: String) {
    #expect(httpDate(seconds) == text)
  }

  @Test("Every day of a hundred years is as Foundation writes it")
  func everyDay() {
    let style = Date.VerbatimFormatStyle(
      format: """
        \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT
        """,
      locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt,
      calendar: Calendar(identifier: .gregorian))
    for day in 0..<36_525 {
      let seconds = day * 86_400 + day * 7919 % 86_400
      #expect(
        httpDate(seconds) == Date(timeIntervalSince1970: Double(seconds)).formatted(style))
    }
  }
}
