import Foundation
import Testing
import Triage

@testable import triaged

@Suite("When lists are expected, as the configuration says it")
struct ExpectedTests {
  private func load(
    _ expected: String, holidays: String? = nil, now: Date = .now
  ) throws -> (Cadence?, [String], LoadedConfiguration) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let file = config + "/feeds/street-scene.yaml"
    try write(try text(of: file) + "\nexpected: \(expected)\n", to: file)
    if let holidays { try write(holidays, to: config + "/bank-holidays.json") }
    if holidays == "" { try FileManager.default.removeItem(atPath: config + "/bank-holidays.json") }
    let loaded = loadConfiguration(folder: config, state: folder.path + "/state", now: now)
    return (loaded.configuration?.feeds[0].expected, loaded.problems.map(\.text), loaded)
  }

  @Test("By times, and at intervals")
  func good() throws {
    let workingDays: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday]
    #expect(
      try load("{by: [\"13:00\", \"8:00\"]}").0
        == Cadence(
          rhythm: .by(minutes: [480, 780]), days: workingDays, holidays: .none, grace: 3600))
    #expect(
      try load("{every: 30m, hours: 07:00-24:00, days: \"sat-mon, wed\", grace: 5m}").0
        == Cadence(
          rhythm: .every(seconds: 1800, from: 420, to: 1440),
          days: [.saturday, .sunday, .monday, .wednesday], holidays: .none, grace: 300))
    #expect(try load("{every: 1d, days: daily}").0?.days == Set(Weekday.allCases))
  }

  @Test(
    "Each mistake is told",
    arguments: [
      ("{by: [\"25:00\"]}", "'by' takes times such as"),
      ("{by: [\"8\"]}", "'by' takes times such as"),
      ("{days: mon-fri}", "one of 'every'"), ("{by: \"08:00\", every: 1h}", "one of 'every'"),
      ("{every: 10s}", "'every' takes a length of time"),
      ("{every: 1h, hours: 19:00-07:00}", "'hours' takes two times"),
      ("{by: \"08:00\", hours: 07:00-19:00}", "'hours' goes with 'every'"),
      ("{by: \"08:00\", days: weekdays}", "'days' takes days such as mon-fri"),
      ("{by: \"08:00\", days: \"\"}", "'days' names no day"),
      ("{by: \"08:00\", holidays: wales}", "'holidays' takes one of: england-and-wales"),
      ("{by: \"08:00\", graze: 1h}", "unknown key 'graze', did you mean 'grace'?"),
    ])
  func mistakes(expected: String, said: String) throws {
    let (_, problems, loaded) = try load(expected)
    #expect(problems.contains { $0.contains(said) }, "\(problems)")
    #expect(loaded.configuration == nil)
  }

  @Test("A file of bank holidays that ends soon, lacks a division or is missing is a warning")
  func holidayWarnings() throws {
    let wish = "{by: \"08:00\", holidays: scotland}"
    let june = try Date("2026-06-01T12:00:00Z", strategy: .iso8601)
    func said(_ holidays: String?, _ now: Date, _ wish: String = wish) throws -> [String] {
      let (cadence, problems, _) = try load(wish, holidays: holidays, now: now)
      #expect(cadence != nil, "a warning stops no start")
      return problems.filter { $0.contains("bank") || $0.contains("It ends") }
    }
    #expect(try said(nil, june) == [])
    let late = try said(nil, try Date("2027-11-05T12:00:00Z", strategy: .iso8601))
    #expect(late.contains { $0.hasPrefix("It ends on 2027-12-28 for Scotland") })
    #expect(late.contains { $0.hasPrefix("It ends on 2027-12-28 for England and Wales") })
    #expect(try said("", june).first?.contains("is missing") == true)
    #expect(
      try said("{}", june) == [
        "It has no bank holidays of England and Wales, which the team keeps ('working_hours').",
        "It has no bank holidays of Scotland, which a feed keeps.",
      ])
    #expect(
      try said("", june, "{by: \"08:00\"}") == [
        "The file of bank holidays is missing: they are taken for working days."
      ])
    for broken in ["[]", "no JSON", "{\"scotland\":{\"events\":[{\"date\":\"2026-02-30\"}]}}"] {
      let (cadence, problems, _) = try load(wish, holidays: broken)
      #expect(cadence == nil && !problems.isEmpty)
    }
  }

  @Test("An admin needs an address and a channel that is there; without one check warns")
  func admin() throws {
    func problems(_ old: String, _ new: String) throws -> [String] {
      let folder = try TemporaryFolder()
      let config = try folder.exampleConfiguration()
      try edit(config + "/triaged.yaml", old, new)
      return loadConfiguration(folder: config, state: folder.path, now: .now).problems.map(
        \.description)
    }
    let section = "admin:\n  email: it-desk@example.org\n  channel: post\n  name: IT desk\n"
    #expect(
      try problems(section, "").first?.contains(
        "warning: 'admin' is missing: nobody is told when a feed is in trouble.") == true)
    #expect(try problems("email: it-desk@example.org", "email: desk").count == 1)
    #expect(
      try problems("example.org\n  channel: post", "example.org\n  channel: past").first?.contains(
        "did you mean 'post'?") == true)
    #expect(
      try problems(
        "# admin_socket: ${state}/admin.sock",
        "admin_socket: /\(String(repeating: "x", count: 120))"
      )
      .first?.contains("at most 107 bytes") == true)
  }

  @Test("The socket lies in the runtime folder where there is one, and commands find it there")
  func sockets() {
    let none: [String: String] = [:]
    #expect(adminSocketPath(state: "/s", runtime: nil, environment: none) == "/s/admin.sock")
    let systemd = ["RUNTIME_DIRECTORY": "/run/triaged/ashfield:/run/other"]
    #expect(
      adminSocketPath(state: "/s", runtime: nil, environment: systemd)
        == "/run/triaged/ashfield/admin.sock")
    #expect(adminSocketPath(state: "/s", runtime: "/r", environment: systemd) == "/r/admin.sock")
    let state = "/var/lib/triaged/ashfield"
    #expect(
      adminSocketCandidates(configured: state + "/admin.sock", state: state, runtime: nil)
        == [state + "/admin.sock", "/run/triaged/ashfield/admin.sock"])
    #expect(
      adminSocketCandidates(configured: "/x", state: state, runtime: "/r") == ["/r/admin.sock"])
  }
}

@Suite("Bank holidays")
struct BankHolidayTests {
  private struct Rule {
    var holidays: Set<CivilDay> = []

    /// A fixed date, or the next working day that is not taken.
    mutating func fix(_ year: Int, _ month: Int, _ day: Int) throws {
      var at = try #require(CivilDay(year: year, month: month, day: day))
      while [.saturday, .sunday].contains(at.weekday) || holidays.contains(at) { at = at.plus(1) }
      holidays.insert(at)
    }

    mutating func firstMonday(_ year: Int, _ month: Int) throws {
      var at = try #require(CivilDay(year: year, month: month, day: 1))
      while at.weekday != .monday { at = at.plus(1) }
      holidays.insert(at)
    }

    mutating func lastMonday(_ year: Int, _ month: Int) throws {
      var at = try #require(CivilDay(year: year, month: month, day: 31))
      while at.weekday != .monday { at = at.plus(-1) }
      holidays.insert(at)
    }
  }

  /// Western Easter by the tables of the Book of Common Prayer: the Sunday after the paschal full moon.
  private func easter(_ year: Int) throws -> CivilDay {
    let golden = year % 19 + 1
    // The full moons of 1900 to 2199, by golden number, as days of March: 14 April is 45.
    let moons = [45, 34, 23, 42, 31, 49, 39, 28, 47, 36, 25, 44, 33, 22, 41, 30, 48, 38, 27]
    let first = try #require(CivilDay(year: year, month: 3, day: 1))
    // Easter is later than the full moon, also where that is a Sunday.
    var sunday = first.plus(moons[golden - 1])
    while sunday.weekday != .sunday { sunday = sunday.plus(1) }
    return sunday
  }

  @Test("Those of the example file are those of the rules", arguments: [2026, 2027])
  func byRule(year: Int) throws {
    let problems = ProblemList()
    let file = readBankHolidays(
      root + "/config/bank-holidays.json", neededBy: [], team: nil, now: .now, problems: problems)
    #expect(problems.problems.isEmpty)
    let easter = try easter(year)
    for division in [HolidayDivision.englandAndWales, .scotland, .northernIreland] {
      var rule = Rule()
      // Dates that never move come first, so that a substitute goes past them.
      if division == .scotland {
        try rule.fix(year, 1, 1)
        try rule.fix(year, 1, 2)
        try rule.fix(year, 11, 30)
        try rule.firstMonday(year, 8)
        // Once, by proclamation: the World Cup.
        if year == 2026 { rule.holidays.insert(try #require(CivilDay("2026-06-15"))) }
      } else {
        try rule.fix(year, 1, 1)
        rule.holidays.insert(easter.plus(1))
        try rule.lastMonday(year, 8)
      }
      if division == .northernIreland {
        try rule.fix(year, 3, 17)
        try rule.fix(year, 7, 12)
      }
      rule.holidays.insert(easter.plus(-2))
      try rule.firstMonday(year, 5)
      try rule.lastMonday(year, 5)
      try rule.fix(year, 12, 25)
      try rule.fix(year, 12, 26)
      let known = (file.divisions[division] ?? []).filter { $0.parts.year == year }
      #expect(Set(known) == rule.holidays, "\(division)")
    }
  }
}
