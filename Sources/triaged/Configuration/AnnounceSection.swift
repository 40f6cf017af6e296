import Triage
import Yams

/// What `announce` is held against.
struct AnnounceGround {
  /// Zone, bank holidays and working hours of the instance.
  var calendar: WorkingTime
  /// Whose bands can be named; `nil`: they cannot be read, which is said elsewhere.
  var rules: Rules?

  func bands(in area: String?) -> [String]? {
    rules.map { rules in (area.map(rules.inForce)?.bands ?? rules.bands).map(\.name) }
  }

  /// Whether an area has the band from which it is told at once, if there is to be one.
  func hasBand(of schedule: AnnouncementSchedule, in area: String?) -> Bool {
    guard case .band(let band) = schedule.atOnce, let bands = bands(in: area) else { return true }
    return bands.contains(band)
  }
}

/// `announce` of an area of `team.yaml`, or of the whole file.
/// - Parameter area: whose bands are meant; `nil`: those of the agreed rules.
/// - Returns: `nil` where it is not there.
func readAnnounce(
  _ parent: Section, area: String?, _ ground: AnnounceGround
) -> AnnouncementSchedule? {
  guard let section = parent.section("announce") else { return nil }
  let rhythm = readRhythm(section)
  var schedule = AnnouncementSchedule(
    rhythm, atOnce: readAtOnce(section, rhythm), quiet: readQuiet(section),
    keepsHolidays: section.bool("bank_holidays", default: false),
    sendsEmpty: section.bool("empty", default: true), calendar: ground.calendar)
  if rhythm == .none, !section.has("meeting"), schedule.atOnce != .everything {
    section.problem(
      nil,
      "'announce' says when: 'times', a 'meeting', or 'at_once: all'. Else nobody is ever told.")
    schedule.atOnce = .everything
  }
  checkBand(of: schedule, in: area, section, ground)
  checkQuiet(schedule, section)
  section.finish()
  return schedule
}

/// That an area has the band from which it is told at once.
func checkBand(
  of schedule: AnnouncementSchedule, in area: String?, _ section: Section, _ ground: AnnounceGround
) {
  guard !ground.hasBand(of: schedule, in: area), case .band(let band) = schedule.atOnce,
    let bands = ground.bands(in: area)
  else { return }
  let known = bands + ["all", "nothing"]
  section.problem(
    at: "at_once",
    "There is no band '\(band)'"
      + (area.map { " in the rules of '\($0)'" } ?? " in rules.yaml")
      + "\(Section.suggestion(for: band, among: known)): 'at_once' takes \(known.joined(separator: ", "))."
  )
}

private func readRhythm(_ section: Section) -> AnnouncementSchedule.Rhythm {
  let days = section.text("days").map { readDays($0, section) ?? [] }
  if section.has("times"), section.has("meeting") {
    section.problem(at: "meeting", "'announce' takes one of 'times' and 'meeting'.")
  }
  if section.has("times") {
    return .times(readTimes(section), days: days ?? Set(Weekday.allCases.prefix(5)))
  }
  if section.has("days") {
    section.problem(at: "days", "'days' goes with 'times'.")
  }
  guard let meeting = section.section("meeting").flatMap(readMeeting) else {
    return AnnouncementSchedule.Rhythm.none
  }
  return .meeting(meeting)
}

private func readTimes(_ section: Section) -> [Int] {
  var times: [Int] = []
  for item in section.items("times") {
    guard let time = minutes(item.text, upTo: 1439) else {
      section.problem(item.node, "'times' takes times of the day such as \"08:30\".")
      continue
    }
    if times.contains(time) {
      section.problem(item.node, "'times' names \(clockText(time)) twice.")
    } else {
      times.append(time)
    }
  }
  if section.items("times").isEmpty { section.problem(at: "times", "'times' names no time.") }
  return times.sorted()
}

/// `{on: 2026-11-24, at: "10:00", every: fortnight, before: 1d}`.
private func readMeeting(_ section: Section) -> AnnouncementSchedule.Meeting? {
  let on = section.requiredCivilDay("on")
  let text = section.requiredText("at")
  let at = minutes(text, upTo: 1439)
  if at == nil, !text.isEmpty {
    section.problem(at: "at", "'at' takes the time at which it begins, such as \"10:00\".")
  }
  let every = section.choice("every", default: "week", among: ["week", "fortnight"])
  let ahead = section.duration("before", default: 86_400, in: 60...14 * 86_400)
  section.finish()
  guard let on, let at else { return nil }
  return AnnouncementSchedule.Meeting(
    on: on, weeks: every == "week" ? 1 : 2, begins: at, ahead: Int(ahead / 60))
}

private func readAtOnce(
  _ section: Section, _ rhythm: AnnouncementSchedule.Rhythm
) -> AnnouncementSchedule.AtOnce {
  switch section.text("at_once") {
  case nil: rhythm == .none && !section.has("meeting") ? .everything : .nothing
  case "all": .everything
  case "nothing": .nothing
  case .some(let band): .band(band)
  }
}

/// `{from: "18:00", to: "08:00", days: "sat,sun", bank_holidays: true}` or `{outside_working_hours: true}`.
private func readQuiet(_ parent: Section) -> AnnouncementSchedule.Quiet {
  var quiet = AnnouncementSchedule.Quiet()
  guard let section = parent.section("quiet") else { return quiet }
  func time(_ key: String) -> Int? {
    guard let text = section.text(key) else { return nil }
    if let time = minutes(text, upTo: 1439) { return time }
    section.problem(at: key, "'\(key)' takes a time such as \"18:00\".")
    return nil
  }
  let (from, to) = (time("from"), time("to"))
  if section.has("from") != section.has("to") {
    section.problem(nil, "'quiet' takes 'from' and 'to' together.")
  } else if let from, let to {
    if from == to {
      section.problem(at: "to", "'quiet' would never end: 'to' is another time than 'from'.")
    } else {
      quiet.hours = .init(from: from, to: to)
    }
  }
  quiet.days = section.text("days").flatMap { readDays($0, section) } ?? []
  quiet.isOnHolidays = section.bool("bank_holidays", default: false)
  quiet.isOutsideWorkingHours = section.bool("outside_working_hours", default: false)
  section.finish()
  return quiet
}

/// In a quiet time nothing is told, so a slot in one would never be.
private func checkQuiet(_ schedule: AnnouncementSchedule, _ section: Section) {
  let calendar = schedule.calendar
  func isSilent(_ minutes: Int) -> Bool {
    schedule.quiet.hours?.contains(minutes) == true
      || (schedule.quiet.isOutsideWorkingHours && !calendar.hours.contains(minutes))
  }
  func isSilent(_ day: Weekday) -> Bool {
    schedule.quiet.days.contains(day)
      || (schedule.quiet.isOutsideWorkingHours && !calendar.days.contains(day))
  }
  func refuse(_ key: String, _ what: String) {
    section.problem(at: key, "\(what) in the quiet time of 'quiet', so nobody would be told.")
  }
  if Weekday.allCases.allSatisfy({ isSilent($0) || (0..<1440).allSatisfy(isSilent) }) {
    section.problem(at: "quiet", "'quiet' would never end, so nobody would be told.")
    return
  }
  let isQuietOnHolidays = schedule.quiet.isOnHolidays || schedule.quiet.isOutsideWorkingHours
  if isQuietOnHolidays, schedule.keepsHolidays, schedule.rhythm != .none {
    refuse("bank_holidays", "Bank holidays have digests, and are")
  }
  switch schedule.rhythm {
  case .none: return
  case .times(let times, let days):
    for time in times where isSilent(time) { refuse("times", "\(clockText(time)) is") }
    let silent = Weekday.allCases.filter { days.contains($0) && isSilent($0) }
    if !silent.isEmpty {
      refuse(
        section.has("days") ? "days" : "times",
        "\(enumerated(silent.map(\.name))) \(silent.count == 1 ? "is" : "are")")
    }
  case .meeting(let meeting):
    let time = ((meeting.begins - meeting.ahead) % 1440 + 1440) % 1440
    let day = meeting.on.plus((meeting.begins - meeting.ahead - time) / 1440).weekday
    if isSilent(time) || isSilent(day) {
      refuse("meeting", "The pack, of \(day.name) at \(clockText(time)), is")
    }
  }
}
