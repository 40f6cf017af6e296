import FlareImport
import Foundation
import Testing
import Triage

@testable import triaged

@Suite("Configuration")
struct ConfigurationTests {
  private func load(_ folder: String) -> LoadedConfiguration {
    loadConfiguration(folder: folder, state: folder + "/../state", now: .now)
  }

  @Test(
    "The example configurations have no error and no warning", arguments: ["", "/examples/boston"])
  func examples(folder: String) {
    let loaded = load(root + "/config" + folder)
    #expect(loaded.problems.map(\.description) == [])
    #expect(loaded.configuration != nil)
  }

  @Test(
    "Each mistake is told with its file and line and what was meant",
    arguments: [
      ("triaged.yaml", "grid: EPSG", "grdi: EPSG", "unknown key 'grdi', did you mean 'grid'?"),
      ("triaged.yaml", "port: 8480", "port: many", "'port' takes a whole number from 0 to 65535."),
      ("triaged.yaml", "lifetime: 14d", "lifetime: soon", "takes a length of time such as 30s"),
      ("triaged.yaml", "kind: maildir", "kind: pigeon", "'kind' takes one of: maildir, smtp, "),
      ("triaged.yaml", "Europe/London", "Europe/Lundon", "There is no time zone 'Europe/Lundon'"),
      (
        "triaged.yaml", "  from: triaged@example.org", "  from: nobody",
        "The sender is not a usable e-mail address."
      ),
      (
        "triaged.yaml", "http://127.0.0.1:8480", "our page", "'public_url' takes an address such as"
      ),
      (
        "team.yaml", "leaders: [ann]", "leaders: [anne]",
        "There is no member 'anne', did you mean 'ann'?"
      ),
      (
        "team.yaml", "channel: post}", "channel: past}",
        "There is no channel 'past', did you mean 'post'?"
      ),
      ("team.yaml", "email: ann", "e-mail: ann", "unknown key 'e-mail', did you mean 'email'?"),
      (
        "team.yaml", "area: new-cross", "area: new-crosss",
        "which no boundary file has; did you mean 'new-cross'?"
      ),
      ("rules.yaml", "points: 40", "points: 400", "'points' takes a whole number from 0 to 100."),
      (
        "rules.yaml", "offer: visit", "offer: letter",
        "'offer' takes one of: visit, call, none, safeguarding."
      ),
      (
        "rules.yaml", "opens: 24h, closes: 28d", "opens: 30d, closes: 28d", "closes before it opens"
      ),
      ("rules.yaml", "id: sharps", "id: garden", "The job type 'garden' stands twice."),
      ("rules.yaml", "2099-05-01", "next May", "'review_on' takes a date such as 2026-11-30."),
      ("rules.yaml", "bands:", "bands: {high: 50}\nbands:", "This is not YAML"),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "kind: photo",
        "'kind' takes one of: snapshot, updates."
      ),
      (
        "feeds/street-scene.yaml", "\"dd/MM/yyyy\"", "\"dd/QQ/yyyy\"",
        "The date format 'dd/QQ/yyyy' has 'QQ'"
      ),
      (
        "feeds/street-scene.yaml", "northing: Northing", "latitude: Lat",
        "names easting and northing, or longitude and latitude"
      ),
      (
        "feeds/street-scene.yaml", "carry: []", "carry: [health]",
        "'carry' takes notes and contact, not 'health'."
      ),
      ("feeds/street-scene.yaml", "max_size: 2GB", "max_size: huge", "takes a size such as 512KB"),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "format: xls",
        "'format' takes one of: detect, csv, xlsx, json, xml."
      ),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "header_row: 0",
        "'header_row' takes a whole number from 1 to 1000."
      ),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "max_ratio: some",
        "'max_ratio' takes a whole number from 1"
      ),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "date_in_name: jobs.csv",
        "needs one date in braces"
      ),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "zone_marks: wrong",
        "'zone_marks' takes one of: meant, local."
      ),
      ("feeds/street-scene.yaml", "kind: snapshot", "record: a", "did you mean 'records'?"),
      (
        "feeds/street-scene.yaml", "status: Status", "status: Health Status",
        "'Health Status' may hold a special category of personal data (health)"
      ),
      (
        "feeds/street-scene.yaml", "easting: Easting", "easting: Disability",
        "'Disability' may hold a special category of personal data (disability)"
      ),
      (
        "feeds/street-scene.yaml", "kind: snapshot", "refuse_columns: [due]",
        "'Due' may hold a special category of personal data (due)"
      ),
      ("triaged.yaml", "instance: ashfield", "instance: ashfield-", "Message-IDs is not a domain"),
      ("triaged.yaml", "lifetime: 14d", "lifetime: 2d", "Links end before a mail is given up"),
      (
        "triaged.yaml", "  id: id", "  id: id\n  margin: wide",
        "'margin' takes metres from 0 to 1000, such as 25."
      ),
      (
        "triaged.yaml", "  id: id", "  id: id\n  margin: 1001",
        "'margin' takes metres from 0 to 1000, such as 25."
      ),
      (
        "register.csv", "flag", "flags",
        "Column 4 of the contact register has a heading that has no meaning here: is 'flag' meant?"
      ),
      ("areas/new-cross.geojson", "\"id\"", "\"code\"", "id"),
    ])
  func mistakes(file: String, old: String, new: String, sentence: String) throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/" + file, old, new)
    let loaded = load(config)
    let found = loaded.problems.filter { $0.text.contains(sentence) }
    #expect(!found.isEmpty, "told: \(loaded.problems.map(\.description))")
    #expect(found.allSatisfy { $0.file == config + "/" + file })
    if file != "register.csv" {
      #expect(throws: ConfigurationError.self) { try loaded.usable() }
    }
  }

  @Test("A feed file says how its lists are written and named")
  func feedShape() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(
      config + "/feeds/street-scene.yaml", "kind: snapshot",
      """
      kind: updates
      format: xlsx
      sheet: Open jobs
      header_row: 4
      records: result.jobs
      member: "*.csv"
      max_ratio: 500
      date_in_name: "JOBS_{ddMMyyyy_HHmm}*"
      refuse_columns: [marker]
      zone_marks: local
      """)
    try edit(config + "/feeds/street-scene.yaml", "received: Recorded", "received: [Day, Time]")
    let settings = try #require(try load(config).usable().feeds.first).settings
    #expect(settings.format == .xlsx)
    #expect(
      settings.shape
        == ListShape(
          sheet: "Open jobs", headerRow: 4, records: "result.jobs", member: "*.csv",
          maxRatio: 500))
    #expect(settings.dateInName == "JOBS_{ddMMyyyy_HHmm}*")
    #expect(settings.refusedWords == ["marker"])
    #expect(settings.zoneMarksAreLocal)
    #expect(settings.columns.received == ["Day", "Time"])
    #expect(settings.problems().isEmpty)
  }

  @Test("Without a register the daemon may start: it announces nothing and says so")
  func startsWithoutRegister() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try FileManager.default.removeItem(atPath: config + "/register.csv")
    let loaded = load(config)
    #expect(loaded.problems.contains { $0.severity == .error })
    #expect(loaded.register.register == nil)
    #expect(try loaded.usable().registerFile == config + "/register.csv")
  }

  @Test("A problem names the line and column of the value")
  func position() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/team.yaml", "email: bob", "e-mail: bob")
    let problem = try #require(load(config).problems.first { $0.text.contains("e-mail") })
    let lines = try text(of: config + "/team.yaml").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[problem.line - 1].dropFirst(problem.column - 1).hasPrefix("e-mail"))
  }

  @Test("All problems of all files are told at once")
  func allAtOnce() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/triaged.yaml", "grid: EPSG", "grdi: EPSG")
    try edit(config + "/rules.yaml", "points: 40", "points: lots")
    try edit(config + "/team.yaml", "leaders: [ann]", "leaders: []")
    try FileManager.default.removeItem(atPath: config + "/register.csv")
    let files = Set(load(config).problems.filter { $0.severity == .error }.map(\.file))
    #expect(
      files
        == Set(
          ["triaged.yaml", "rules.yaml", "team.yaml", "register.csv"].map { config + "/" + $0 }))
  }

  @Test("Values stay as they are written: 010 is no 8 and a missing file says so")
  func plainValues() throws {
    let folder = try TemporaryFolder()
    let problems = ProblemList()
    try write("reference: 010\nanswer: yes\n", to: folder.path + "/a.yaml")
    let section = try #require(Section.read(folder.path + "/a.yaml", problems: problems))
    #expect(section.text("reference") == "010")
    #expect(section.bool("answer", default: false))
    section.finish()
    #expect(Section.read(folder.path + "/none.yaml", problems: problems) == nil)
    #expect(
      problems.problems.map(\.text) == [
        "The file cannot be read as UTF-8 text: is it there, and may this user read it?"
      ])
  }

  @Test("A file with nothing in it, and one that is far too large, are refused at their first line")
  func emptyAndHuge() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/a.yaml"
    let value = { "key: " + String(repeating: "x", count: (256 << 10) - $0) }
    for (text, problem) in [
      ("# nothing\n", "The file is empty."),
      (value(4), "The file has more than 256 KiB: is it the right file?"),
      (value(5), nil),
    ] {
      try write(text, to: file)
      let problems = ProblemList()
      #expect((Section.read(file, problems: problems) == nil) == (problem != nil))
      #expect(problems.problems.map(\.text) == (problem.map { [$0] } ?? []))
      #expect(problems.problems.allSatisfy { $0.line == 1 && $0.column == 1 })
    }
  }

  @Test(
    "A length of time", arguments: [("30s", 30), ("5m", 300), ("1.5h", 5400), ("2d", 172_800)])
  func durations(text: String, seconds: Double) {
    #expect(Section.seconds(text) == seconds)
  }

  @Test("What is no length of time", arguments: ["", "5", "m", "-1s", "infd", "5 apples"])
  func noDurations(text: String) {
    #expect(Section.seconds(text) == nil)
  }
}
