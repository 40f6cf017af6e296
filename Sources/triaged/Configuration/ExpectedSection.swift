import FlareImport
import Foundation
import Triage

/// `expected:` of a feed's file: when lists should come, in the feed's time zone.
/// - Returns: `nil` where the file says nothing: the feed is then never late.
func readExpected(_ file: Section) -> Cadence? {
  guard let section = file.section("expected") else { return nil }
  defer { section.finish() }
  let day = 86_400.0
  let seconds = section.duration("every", default: 0, in: 60...31 * day)
  let times = section.list("by").compactMap { text in
    minutes(text, upTo: 1439) ?? wrong(section, "by", "'by' takes times such as \"08:00\".")
  }
  let hours = section.text("hours").flatMap { readHours($0, section) }
  let days = section.text("days").flatMap { readDays($0, section) }
  let holidays: HolidayDivision = section.choice("holidays", default: .none)
  let grace = section.duration("grace", default: 3600, in: 0...7 * day)
  if section.has("every") == section.has("by") {
    section.problem(
      nil, "'expected' says one of 'every' (a length of time) and 'by' (times of the day).")
  }
  if section.has("hours"), !section.has("every") {
    section.problem(at: "hours", "'hours' goes with 'every'.")
  }
  let rhythm: Cadence.Rhythm =
    section.has("by")
    ? .by(minutes: Set(times).sorted())
    : .every(seconds: seconds, from: hours?.from ?? 0, to: hours?.to ?? 1440)
  return Cadence(
    rhythm: rhythm, days: days ?? Set(Weekday.allCases.prefix(5)), holidays: holidays, grace: grace)
}

private func wrong<Value>(_ section: Section, _ key: String, _ text: String) -> Value? {
  section.problem(at: key, text)
  return nil
}

/// "08:00" as minutes after midnight; "24:00" where the limit allows it.
func minutes(_ text: some StringProtocol, upTo most: Int) -> Int? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
    parts.allSatisfy({ isDigits($0) }),
    let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= most
  else { return nil }
  return hour * 60 + minute
}

/// "07:00-19:00".
private func readHours(_ text: String, _ section: Section) -> (from: Int, to: Int)? {
  let parts = text.split(separator: "-").map { $0.trimmingCharacters(in: .whitespaces) }
  guard parts.count == 2, let from = minutes(parts[0], upTo: 1439),
    let to = minutes(parts[1], upTo: 1440), from < to
  else { return wrong(section, "hours", "'hours' takes two times such as 07:00-19:00.") }
  return (from, to)
}

/// "mon-fri", "sat", "mon,wed,fri", "daily"; a range may pass the week's end ("sat-mon").
func readDays(_ text: String, _ section: Section) -> Set<Weekday>? {
  let all = Weekday.allCases
  if text == "daily" { return Set(all) }
  var days: Set<Weekday> = []
  for part in text.split(separator: ",") {
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
      Weekday(rawValue: $0.trimmingCharacters(in: .whitespaces).lowercased())
    }
    guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil,
      var at = all.firstIndex(of: first)
    else {
      return wrong(section, "days", "'days' takes days such as mon-fri, or mon,wed, or daily.")
    }
    while true {
      days.insert(all[at])
      if all[at] == last { break }
      at = (at + 1) % all.count
    }
  }
  if days.isEmpty { section.problem(at: "days", "'days' names no day.") }
  return days
}

extension Feed {
  /// Why its lists cannot be held against the times at which they are expected; `nil` where they can.
  var unmeasurable: String? {
    guard let expected, let date = settings.dateInName, !date.contains("H") else { return nil }
    let isOnceADay =
      switch expected.rhythm {
      case .by(let times): times.count == 1
      case .every(let seconds, _, _): seconds >= 86_400
      }
    return isOnceADay
      ? nil
      : "The date in the lists' names has no hour, so each is of midnight: more than one list a day "
        + "cannot be expected."
  }
}
