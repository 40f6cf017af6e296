import Foundation
import Triage

/// How one language says days, moments and ages on the pages, in the civil time of one zone.
struct Speech: Sendable {
  let words: Words
  let zone: TimeZone

  /// "Thursday 19 November, 14:05".
  func moment(_ instant: Date) -> String {
    let day = CivilDay(instant, in: zone)
    return words.filled(
      .dateMoment,
      [
        "weekday": words[.weekday, day.weekday.rawValue], "day": "\(day.parts.day)",
        "month": words[.month, "\(day.month)"], "clock": clock(instant),
      ])
  }

  /// "Tuesday 24 November".
  func weekday(_ day: CivilDay) -> String {
    words.filled(
      .dateWeekday,
      [
        "weekday": words[.weekday, day.weekday.rawValue], "day": "\(day.parts.day)",
        "month": words[.month, "\(day.month)"],
      ])
  }

  func day(_ day: CivilDay) -> String { self.day(day, .month) }

  /// How a claim of the past ended.
  func ending(_ ending: HolderLine.Ending) -> String {
    let member =
      switch ending {
      case .givenBack: "given_back"
      case .lapsed: "lapsed"
      case .passedOn: "passed_on"
      case .takenOver: "taken_over"
      case .declined, .outcome(.declined, _): "declined"
      // Without consent it stays with who heard it.
      case .outcome(.accepted, let consent) where consent != true: "recorded"
      case .outcome(let kind, _): kind.rawValue
      }
    return words[.ending, member]
  }

  /// "14:05".
  func clock(_ instant: Date) -> String { CivilDates(zone: zone).clock(instant) }

  /// "19 November 2026".
  func day(_ instant: Date) -> String { day(CivilDay(instant, in: zone), .month) }

  /// "19 Nov 2026", for tables.
  func shortDay(_ instant: Date) -> String { day(CivilDay(instant, in: zone), .shortMonth) }

  private func day(_ day: CivilDay, _ months: WordFamily) -> String {
    words.filled(
      .dateDay,
      [
        "day": "\(day.parts.day)", "month": words[months, "\(day.month)"],
        "year": "\(day.parts.year)",
      ])
  }

  /// "today", "yesterday" or "3 days ago", by midnights; what is in the future is "today".
  func age(of earlier: Date, at now: Date) -> String {
    switch CivilDay(now, in: zone).number - CivilDay(earlier, in: zone).number {
    case ...0: words[.ageToday]
    case 1: words[.ageYesterday]
    case let days: words.counted(days, .ageDays)
    }
  }
}
