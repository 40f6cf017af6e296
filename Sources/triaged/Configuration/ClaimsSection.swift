import Foundation
import Triage

private let day = 86_400.0

/// `working_hours` of triaged.yaml: when a team works, in civil time. Its bank holidays are read later.
func readWorkingHours(_ file: Section, zone: TimeZone) -> WorkingTime {
  var working = WorkingTime(zone: zone)
  guard let section = file.section("working_hours") else { return working }
  if let text = section.text("days"), let days = readDays(text, section), !days.isEmpty {
    working.days = days
  }
  let from = clock("from", section) ?? working.hours.lowerBound
  let to = clock("to", section) ?? working.hours.upperBound
  if from < to {
    working.hours = from..<to
  } else {
    section.problem(at: "to", "'working_hours' ends before it begins: 'to' is later than 'from'.")
  }
  working.division = section.choice("holidays", default: .englandAndWales)
  section.finish()
  return working
}

private func clock(_ key: String, _ section: Section) -> Int? {
  guard let text = section.text(key) else { return nil }
  if let minutes = minutes(text, upTo: 1440) { return minutes }
  section.problem(at: key, "'\(key)' takes a time such as \"09:00\".")
  return nil
}

/// `claims` of triaged.yaml.
func readClaims(_ file: Section, working: WorkingTime) -> DeskRules {
  var rules = DeskRules(working: working)
  guard let section = file.section("claims") else { return rules }
  rules.undo = section.duration("undo", default: rules.undo, in: 0...day)
  rules.remindBefore = section.duration("remind_before", default: rules.remindBefore, in: 0...day)
  rules.passes = section.int("passes", default: rules.passes, in: 0...20)
  rules.tries = section.int("tries", default: rules.tries, in: 1...10)
  rules.againAfterDays = section.days("again_after", default: rules.againAfterDays, in: 1...90)
  rules.furthestDays = section.days("furthest", default: rules.furthestDays, in: 1...365)
  if rules.furthestDays < rules.againAfterDays {
    section.problem(
      at: "furthest", "'furthest' is less than 'again_after': another visit could never be planned."
    )
  }
  if let part = section.section("escalate") {
    let usual = DeskRules.Escalation()
    rules.escalate = DeskRules.Escalation(
      remind: part.duration("remind", default: usual.remind, in: 60...400 * 3600),
      deputy: part.duration("deputy", default: usual.deputy, in: 60...400 * 3600),
      duty: part.duration("duty", default: usual.duty, in: 60...400 * 3600))
    let steps = rules.escalate
    if !(steps.remind <= steps.deputy && steps.deputy <= steps.duty) {
      part.problem(
        nil,
        "'escalate' goes up: 'remind' before 'deputy', 'deputy' before 'duty', in working time.")
    }
    part.finish()
  }
  if section.has("lifetime") {
    section.problem(
      at: "lifetime", severity: .warning,
      "'lifetime' does nothing any more: a claim is held until the end of the next working day "
        + "('working_hours'), and can be held for longer (docs/claims.md). Take the line out.")
  }
  section.finish()
  return rules
}
