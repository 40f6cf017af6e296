import Foundation
import Testing
import Triage

@testable import triaged

@Suite("When areas are told: the settings")
struct AnnounceConfigurationTests {
  private func loaded(
    of area: String = "", team: String = ""
  ) throws -> (told: [String], configuration: Configuration?) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let file = config + "/team.yaml"
    if !area.isEmpty {
      try edit(file, "    weekly_capacity: 5", "    announce: \(area)\n    weekly_capacity: 5")
    }
    if !team.isEmpty { try edit(file, "agencies:\n", "announce: \(team)\nagencies:\n") }
    let loaded = loadConfiguration(folder: config, state: folder.path + "/state", now: .now)
    return (
      loaded.problems.map { $0.description.replacing(config + "/", with: "") },
      try? loaded.usable()
    )
  }

  @Test(
    "Times, days, a band from which nothing waits, quiet times; the others are told as the team is")
  func times() throws {
    let (told, configuration) = try loaded(
      of:
        "{times: [\"13:00\", \"08:30\"], at_once: high, quiet: {from: \"18:00\", to: \"08:00\"}, empty: no}",
      team: "{times: [\"09:00\"], days: daily, bank_holidays: yes}")
    #expect(told.isEmpty, "\(told)")
    let team = try #require(configuration?.team)
    let own = try #require(team.area("new-cross")?.announce)
    #expect(own.rhythm == .times([510, 780], days: Set(Weekday.allCases.prefix(5))))
    #expect(own.atOnce == .band("high") && !own.sendsEmpty && !own.keepsHolidays)
    #expect(own.quiet.hours == .init(from: 1080, to: 480))
    #expect(own.calendar.holidays.end(of: .englandAndWales) != nil)
    let inherited = try #require(team.area("stanton-hill")?.announce)
    #expect(inherited.rhythm == .times([540], days: Set(Weekday.allCases)))
    #expect(inherited.keepsHolidays && inherited.atOnce == .nothing)
    #expect(team.scheduledAreas == ["new-cross", "stanton-hill"])
  }

  @Test("A meeting; an area may be told at once in spite of the team's times; without any, at once")
  func meeting() throws {
    let (told, configuration) = try loaded(
      of: "{meeting: {on: 2026-11-24, at: \"10:00\", every: fortnight, before: 26h}}")
    #expect(told.isEmpty, "\(told)")
    let team = try #require(configuration?.team)
    #expect(
      team.area("new-cross")?.announce?.rhythm
        == .meeting(.init(on: CivilDay("2026-11-24")!, weeks: 2, begins: 600, ahead: 1560)))
    #expect(team.area("stanton-hill")?.announce == nil)
    let now = try Date("2026-11-21T12:00:00Z", strategy: .iso8601)
    #expect(
      team.area("stanton-hill")?.announceLine(name: "Stanton Hill", now: now)
        == "Stanton Hill: mails at once")
    #expect(
      team.area("new-cross")?.announceLine(name: "New Cross", now: now).hasSuffix(
        "; next Monday 23 November at 08:00") == true)
    let atOnce = try loaded(of: "{at_once: all}", team: "{times: [\"09:00\"]}")
    #expect(atOnce.told.isEmpty, "\(atOnce.told)")
    #expect(atOnce.configuration?.team.area("new-cross")?.announce?.atOnce == .everything)
  }

  @Test(
    "Every mistake is told in its place, with what was meant",
    arguments: [
      ("{times: [\"8.30\"]}", "'times' takes times of the day such as \"08:30\"."),
      ("{times: [\"08:30\", \"8:30\"]}", "'times' names 08:30 twice."),
      ("{times: []}", "'times' names no time."),
      ("{time: [\"08:30\"], at_once: all}", "unknown key 'time', did you mean 'times'?"),
      ("{times: [\"08:30\"], days: weekdays}", "'days' takes days such as mon-fri"),
      (
        "{times: [\"08:30\"], at_once: hihg}",
        "There is no band 'hihg' in the rules of 'new-cross', did you mean 'high'?"
      ),
      ("{at_once: high}", "Else nobody is ever told."),
      ("{days: mon-fri, at_once: all}", "'days' goes with 'times'."),
      (
        "{times: [\"08:30\"], meeting: {on: 2026-11-24, at: \"10:00\"}}",
        "one of 'times' and 'meeting'"
      ),
      ("{meeting: {on: tuesday, at: \"10:00\"}}", "'on' takes a date such as 2026-11-30."),
      ("{meeting: {on: 2026-11-24, at: ten}}", "'at' takes the time at which it begins"),
      ("{meeting: {on: 2026-11-24}}", "'at' is missing."),
      (
        "{meeting: {on: 2026-11-24, at: \"10:00\", every: month}}",
        "'every' takes one of: week, fortnight."
      ),
      (
        "{meeting: {on: 2026-11-24, at: \"10:00\", before: 20d}}", "'before' takes a length of time"
      ),
      (
        "{times: [\"19:00\"], quiet: {from: \"18:00\", to: \"08:00\"}}",
        "19:00 is in the quiet time"
      ),
      (
        "{times: [\"09:00\"], days: daily, quiet: {days: \"sat,sun\"}}",
        "Saturday and Sunday are in the quiet time"
      ),
      ("{times: [\"08:30\"], quiet: {outside_working_hours: yes}}", "08:30 is in the quiet time"),
      (
        "{times: [\"09:30\"], bank_holidays: yes, quiet: {bank_holidays: yes}}",
        "Bank holidays have digests"
      ),
      (
        "{times: [\"09:30\"], bank_holidays: yes, quiet: {outside_working_hours: yes}}",
        "Bank holidays have digests"
      ),
      (
        "{at_once: all, quiet: {outside_working_hours: yes, from: \"08:00\", to: \"18:00\"}}",
        "'quiet' would never end, so nobody would be told"
      ),
      ("{at_once: all, quiet: {days: daily}}", "'quiet' would never end, so nobody would be told"),
      (
        "{meeting: {on: 2026-11-23, at: \"10:00\", before: 1d}, quiet: {days: sun}}",
        "The pack, of Sunday at 10:00, is in the quiet time"
      ),
      ("{times: [\"08:30\"], quiet: {from: \"18:00\"}}", "'quiet' takes 'from' and 'to' together."),
      ("{times: [\"08:30\"], quiet: {from: \"18:00\", to: \"18:00\"}}", "'quiet' would never end"),
      ("{times: [\"08:30\"], quiet: {from: \"18:00\", till: \"08:00\"}}", "unknown key 'till'"),
    ])
  func mistakes(text: String, said: String) throws {
    let told = try loaded(of: text).told
    #expect(told.contains { $0.contains(said) }, "\(told)")
    #expect(told.allSatisfy { $0.hasPrefix("team.yaml:") }, "\(told)")
  }

  @Test("A band of the team's own setting is held against rules.yaml, once")
  func inheritedBand() throws {
    let told = try loaded(team: "{times: [\"09:00\"], at_once: hgih}").told
    #expect(
      told.contains { $0.contains("There is no band 'hgih' in rules.yaml, did you mean 'high'?") })
    #expect(told.count == 1, "\(told)")
  }
}
