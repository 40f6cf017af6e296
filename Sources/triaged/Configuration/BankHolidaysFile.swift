import Foundation
import Transfer
import Triage

/// `bank-holidays.json`, in the shape of https://www.gov.uk/bank-holidays.json: a newer one from there
/// can be put in its place as it is.
///
/// What it lacks is a warning and stops no start: on a holiday that is not known of a list is missed, the admin
/// gets a mail too many, and a lease may end on it.
func readBankHolidays(
  _ path: String, neededBy feeds: [Feed], team: HolidayDivision?, now: Date,
  problems: ProblemList
) -> BankHolidays {
  let ofFeeds = Set(feeds.compactMap(\.expected?.holidays))
  let needed = ofFeeds.union(team.map { [$0] } ?? []).subtracting([.none])
  func warn(_ text: String) { problems.add(path, severity: .warning, text) }
  let data: Data
  do {
    data = try configurationData(at: path)
  } catch .tooLarge {
    problems.add(path, line: 1, column: 1, "The file \(ConfigurationUnreadable.tooLarge.what)")
    return BankHolidays()
  } catch {
    if !needed.isEmpty {
      warn(
        ofFeeds.subtracting([.none]).isEmpty
          ? "The file of bank holidays is missing: they are taken for working days."
          : "The file of bank holidays is missing: feeds are expected to deliver on them.")
    }
    return BankHolidays()
  }
  guard let file = try? JSONDecoder().decode([String: Division].self, from: data) else {
    // JSON is YAML, whose reader knows where it stops to be any.
    let reading = ProblemList()
    _ = Section.parse(String(decoding: data, as: UTF8.self), file: path, problems: reading)
    let place = reading.problems.first
    problems.add(
      path, line: max(1, place?.line ?? 1), column: max(1, place?.column ?? 1),
      "This is not the JSON of https://www.gov.uk/bank-holidays.json: put that file here.")
    return BankHolidays()
  }
  var holidays = BankHolidays()
  for (name, division) in file.sorted(by: { $0.key < $1.key }) {
    guard let known = HolidayDivision(rawValue: name) else { continue }
    for event in division.events {
      guard let day = CivilDay(event.date) else {
        let before = String(decoding: data, as: UTF8.self)
          .components(separatedBy: "\"\(event.date)\"")[0]
        problems.add(
          path, line: before.components(separatedBy: "\n").count, column: 1,
          "'\(name)' has a date that is no day such as 2026-12-25.")
        continue
      }
      holidays.divisions[known, default: []].insert(day)
    }
  }
  for division in needed.sorted(by: { $0.rawValue < $1.rawValue }) {
    guard let end = holidays.end(of: division) else {
      warn(
        "It has no bank holidays of \(division.name), which "
          + (ofFeeds.contains(division) ? "a feed keeps." : "the team keeps ('working_hours')."))
      continue
    }
    if end < CivilDay(now, in: .gmt).plus(60) {
      warn(
        "It ends on \(end) for \(division.name): fetch https://www.gov.uk/bank-holidays.json anew.")
    }
  }
  return holidays
}

private struct Division: Decodable {
  var events: [Event]

  struct Event: Decodable {
    var date: String
  }
}
