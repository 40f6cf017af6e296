import FlareImport
import Foundation
import Testing
import Triage

@testable import triaged

/// What `preview` says of a strange list, and what it keeps to itself; and that the feed file which it
/// writes means what was guessed.
@Suite("Words of a preview")
struct StrangerWordsTests {
  static let now = ISO8601DateFormatter().date(from: "2026-11-21T12:00:00Z")!

  private func preview(_ arguments: [String]) async throws -> String {
    let answer = try await runProgram(
      try triagedProgram, ["preview"] + arguments + ["--at", "2026-11-21T12:00:00Z"])
    #expect(answer.code == 0, "\(answer.errors)")
    return answer.output
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Two squares of a kilometre side by side, the second of them a kilometre further east.
  private func squares(in folder: String) throws -> (one: String, other: String) {
    func square(_ id: String, _ west: Double) -> String {
      let (east, south, north) = (west + 0.015, 53.12, 53.13)
      let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        .map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
      return "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
        + "{\"id\":\"\(id)\",\"name\":\"Area \(id)\"},\"geometry\":{\"type\":\"Polygon\","
        + "\"coordinates\":[[\(ring)]]}}]}"
    }
    try write(square("one", -1.27), to: folder + "/one.geojson")
    try write(square("other", -1.24), to: folder + "/other.geojson")
    return (folder + "/one.geojson", folder + "/other.geojson")
  }

  /// Twenty rows in the two squares; what two of them have as type and status is what somebody wrote.
  private func list(in folder: String) throws -> String {
    var rows = "Job Ref,Received,Type,Status,Address,Easting,Northing\n"
    for row in 0..<20 {
      let type =
        switch row {
        case 0: "Ann cannot reach her bin"
        case 1, 2: "Bob hurt his back"
        case 3...9: "Bulky waste quote"
        default: "Gutter survey"
        }
      let status = row == 4 ? "Charlie rang again" : "Open"
      // 453.1217, -1.2629 and 453.125, -1.233 or so.
      let east = row < 14 ? 449_300 + row : 451_300 + row
      rows += "R\(row),1\(row % 9)/11/2026,\(type),\(status),\(row + 1) Mill Lane,\(east),359000\n"
    }
    try write(rows, to: folder + "/list.csv")
    return folder + "/list.csv"
  }

  @Test("What stands in a row or two is counted, and named only by the first rows on the terminal")
  func seldomWords() async throws {
    let folder = try TemporaryFolder()
    let (areas, list) = (try squares(in: folder.path), try list(in: folder.path))
    let page = folder.path + "/page.html"
    let feed = folder.path + "/feed.yaml"
    let arguments = [list, "--area", areas.one, "--area", areas.other]
    let whole = try await preview(arguments + ["--html", page, "--write-feed", feed])
    // What is shown as it would be stored.
    let first = try #require(whole.range(of: "\nThe first 10 rows"))
    let after = try #require(whole[first.upperBound...].range(of: "\n\n"))
    #expect(whole[first.upperBound..<after.lowerBound].contains("Ann"))
    let terminal = String(whole[..<first.lowerBound] + whole[after.lowerBound...])
    let json = try await preview(arguments + ["--json"])
    let html = try text(of: page)
    let yaml = try text(of: feed)
    for secret in ["Ann", "bin", "Bob", "hurt", "Charlie", "rang"] {
      for (place, words) in [
        ("terminal", terminal), ("JSON", json), ("page", html), ("YAML", yaml),
      ] {
        #expect(!words.contains(secret), "\(secret) in \(place)")
      }
    }
    #expect(terminal.contains("  10 × Gutter survey\n  and 2 others met less often"))
    #expect(terminal.contains("  19 × Open\n  and 1 other met less often"))
    #expect(html.contains("Types that the built-in rules do not know, and 2 others met less often"))
    let day = try #require(object(json)["day"] as? [String: Any])
    #expect(day["types_not_in_table"] as? [String: Int] == ["Gutter survey": 10])
    #expect(day["other_types_not_in_table"] as? [String: Int] == ["types": 2, "jobs": 3])
  }

  @Test("Several areas are told each apart and all together, and the sums agree")
  func severalAreas() async throws {
    let folder = try TemporaryFolder()
    let (areas, list) = (try squares(in: folder.path), try list(in: folder.path))
    let page = folder.path + "/page.html"
    let arguments = [list, "--area", areas.one, "--area", areas.other]
    let day = try #require(
      object(try await preview(arguments + ["--json", "--html", page]))["day"] as? [String: Any])
    let parts = try #require(day["areas"] as? [[String: Any]])
    let together = try #require(day["together"] as? [String: Any])
    #expect(parts.map { $0["id"] as? String } == ["one", "other"])
    #expect(parts.map { $0["rows"] as? Int } == [14, 6])
    for key in [
      "rows", "opportunities", "jobs_in_opportunities", "jobs_without_reason",
      "jobs_of_unknown_type", "jobs_below_the_line", "replaced_rows",
    ] {
      let sum = parts.reduce(0) { $0 + ($1[key] as? Int ?? -1000) }
      #expect(together[key] as? Int == sum, "\(key)")
    }
    let counts = try #require(day["counts"] as? [String: Any])
    #expect(together["rows"] as? Int == counts["in_area"] as? Int)
    #expect(together["opportunities"] as? Int == 7)
    let terminal = try await preview(arguments)
    #expect(terminal.contains("  one, Area one, ") && terminal.contains("km²: 14 rows, "))
    #expect(terminal.contains("  All 2 areas together, ") && terminal.contains("km²: 20 rows, "))
    let html = try text(of: page)
    #expect(html.contains(">All together<"))
  }

  @Test("Areas that no grid measures together, and one id twice, are refused with a sentence")
  func areasThatDoNotGoTogether() async throws {
    let folder = try TemporaryFolder()
    let (areas, list) = (try squares(in: folder.path), try list(in: folder.path))
    let boston = root + "/config/examples/boston/areas/dorchester.geojson"
    for (other, words) in [(boston, "too far apart"), (areas.one, "already taken")] {
      let answer = try await runProgram(
        try triagedProgram, ["preview", list, "--area", areas.one, "--area", other])
      #expect(answer.code == 1 && answer.errors.contains(words), "\(answer.errors)")
    }
  }

  @Test("Abroad it is said that what is British does not apply, and at home it is not")
  func abroad() async throws {
    let folder = try TemporaryFolder()
    let areas = root + "/config/examples/boston/areas/"
    let words = "What is British in the built-in rules"
    let boston = try await preview([
      root + "/Tests/FlareImportTests/Fixtures/real/boston311-100.csv", "--area",
      areas + "dorchester.geojson", "--area", areas + "roxbury.geojson", "--html",
      folder.path + "/page.html",
    ])
    #expect(boston.contains(words) && boston.contains("EPSG:32619"))
    let html = try text(of: folder.path + "/page.html")
    #expect(html.contains(words) && !html.contains(", 02<"))
    let home = try await preview([
      try list(in: folder.path), "--area", try squares(in: folder.path).one,
    ])
    #expect(!home.contains(words))
  }

  @Test("One row is one row")
  func plurals() async throws {
    let folder = try TemporaryFolder()
    let list = folder.path + "/one.csv"
    try write(
      "Job Ref,Received,Type,Status,Address,Easting,Northing\n"
        + "R1,20/11/2026,Bulky waste quote,Open,1 Mill Lane,449300,359000\n",
      to: list)
    let page = folder.path + "/page.html"
    let area = try squares(in: folder.path).one
    let terminal = try await preview([list, "--area", area, "--html", page])
    let told = terminal + (try text(of: page))
    #expect(terminal.contains("1 opportunity:") && terminal.contains("Read so: 1 row,"))
    for wrong in [
      "1 rows", "1 opportunities", "1 values", "1 pairs are", "1 days", "1 dates", "1 jobs",
      "1 columns", "1 areas",
    ] {
      let found = told.range(of: "(?<![0-9,.])" + wrong, options: .regularExpression)
      #expect(found == nil, "\(wrong)")
    }
  }

  @Test("JSON holds a heading as it is, and no raw control or mark of direction")
  func plainJSON() async throws {
    let folder = try TemporaryFolder()
    let heading = "Ward \u{9B}31m\u{202E}\u{200B}\u{7F} 🚮"
    try write(
      "Job Ref,Received,Easting,Northing,\(heading)\nR1,20/11/2026,449300,359000,x\n",
      to: folder.path + "/list.csv")
    let json = try await preview([folder.path + "/list.csv", "--json"])
    #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || isPlain($0) })
    let columns = try #require(object(json)["columns"] as? [[String: Any]])
    #expect(columns.last?["heading"] as? String == heading)
  }

  @Test("A configured feed's list is told in the words of its format", arguments: ["csv", "json"])
  func formats(format: String) async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let path =
      root + "/Tests/FlareImportTests/Fixtures/guess/"
      + (format == "csv" ? "symology.csv" : "alloy.json")
    _ = try await preview([path, "--write-feed", config + "/feeds/guessed.yaml"])
    let told = try await preview([
      path, "--feed", "guessed", "--config", config, "--state", folder.path,
    ])
    let line = try #require(told.split(separator: "\n").first)
    #expect(
      line.hasSuffix(
        format == "csv" ? ": CSV in utf-8 with a comma between the columns" : ": JSON"),
      "\(line)")
  }

  @Test("Everything that a feed file says reads back as it was guessed", arguments: [true, false])
  func readBack(isHostile: Bool) throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    for feed in try FileManager.default.contentsOfDirectory(atPath: config + "/feeds") {
      try FileManager.default.removeItem(atPath: config + "/feeds/" + feed)
    }
    var paths = [
      "flare-report.csv", "symology.csv", "bartec.csv", "alloy.json", "zeros-and-blanks.csv",
      "references-repeat.csv", "titles-and-totals.csv", "irish.csv", "wkt.csv",
    ].map { root + "/Tests/FlareImportTests/Fixtures/guess/" + $0 }
    if isHostile {
      // Each heading is what its words say, and what YAML could take for something else.
      let headings = [
        "Job Ref: #1", "Received # date", "- Type", "{Status}: [x]", "&Easting", "*Northing",
        "Postcode\u{202E}\u{200B} ${state}", "!Address | > %", "\"UPRN\" \\n 'x' \u{85}\u{FEFF}🚮",
        "Notes\u{9B}31m", "Contact Tel: \"x\"\n# y: z",
      ]
      var text = headings.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
      for row in 0..<20 {
        text +=
          "\nR\(row),1\(row % 9)/11/2026,Bulky: #quote,# Closed: yes,449\(300 + row),359000,"
          + "NG17 1AA,\(row) Mill Lane,10003120\(1000 + row),null,01632 960\(100 + row)"
      }
      paths = [folder.path + "/a: #b.c*v"]
      try write(text + "\n", to: paths[0])
    }
    for path in paths {
      let guess = try previewStranger(path, now: StrangerWordsTests.now).guess
      let name = feedName(from: path)
      let yaml = try #require(feedFileText(guess, name: name, file: path))
      try write(yaml, to: config + "/feeds/guessed.yaml")
      let problems = ProblemList()
      let feeds = readFeeds(
        PathRules(folder: config, state: folder.path), grid: .britishNational,
        today: CivilDay("2026-11-21")!, problems: problems)
      // Nobody can guess at the agreement, which is a warning.
      #expect(!problems.hasErrors, "\(problems.problems)\n\(yaml)")
      let read = try #require(feeds.first?.settings)
      let meant = try #require(guess.settings(name: name, path: path))
      #expect(read.name == name && read.columns == meant.columns, "\(yaml)")
      #expect(read.kind == meant.kind && read.crs == meant.crs && read.timeZone == meant.timeZone)
      #expect(read.nullWords == meant.nullWords && read.closedWords == meant.closedWords)
      #expect(read.dateFormats == meant.dateFormats)
      #expect(!read.carryNotes && !read.carryContact)
      // Every line is a comment, empty, or within the reach of one key; no comment is left hanging.
      let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
      for (line, next) in zip(lines, lines.dropFirst()) {
        #expect(!line.unicodeScalars.contains { !isPlain($0) })
        if line.hasPrefix("#"), next.hasPrefix("  #") { Issue.record("a comment drifts: \(line)") }
      }
    }
  }

  @Test("A commented column of a feed file can be mapped by taking its mark away")
  func uncommented() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let path = root + "/Tests/FlareImportTests/Fixtures/guess/flare-report.csv"
    let guess = try previewStranger(path, now: StrangerWordsTests.now).guess
    let yaml = try #require(feedFileText(guess, name: "report", file: path))
    try write(
      yaml.replacing("  # notes: ", with: "  notes: ").replacing(
        "carry: []", with: "carry: [notes]"),
      to: config + "/feeds/report.yaml")
    let problems = ProblemList()
    let feeds = readFeeds(
      PathRules(folder: config, state: folder.path), grid: .britishNational,
      today: CivilDay("2026-11-21")!, problems: problems)
    #expect(!problems.hasErrors, "\(problems.problems)")
    let settings = try #require(feeds.first { $0.name == "report" }?.settings)
    #expect(settings.columns.notes == "Job Notes" && settings.carryNotes)
  }
}
