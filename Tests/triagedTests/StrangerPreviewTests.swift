import FlareImport
import Foundation
import Geography
import Testing
import Triage

@testable import triaged

/// `preview` of a list that no feed file describes: the guess written down, and the first day's page.
@Suite("Preview of a stranger")
struct StrangerPreviewTests {
  static let lists = root + "/Tests/FlareImportTests/Fixtures"
  static let at = ["--at", "2026-11-21T12:00:00Z"]

  private func preview(_ arguments: [String]) async throws -> (
    code: Int32, output: String, errors: String
  ) {
    try await runProgram(try triagedProgram, ["preview"] + arguments + StrangerPreviewTests.at)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("The built-in rules are the example's, word for word, and can be read")
  func rules() throws {
    #expect(builtInRulesText == (try text(of: root + "/config/rules.yaml")))
    #expect(builtInRules().types.count == 19)
    #expect(builtInRules().bands.map(\.name) == ["high", "medium"])
  }

  @Test(
    "A feed file that is written is accepted by check, and reads the list as the guess did",
    arguments: [
      "guess/flare-report.csv", "guess/symology.csv", "guess/bartec.csv", "guess/confirm.csv",
      "guess/fixmystreet.csv", "guess/noiseworks.csv", "guess/alloy.json",
      "guess/jadu.csv",
      "real/adur-public-toilets.csv", "guess/titles-and-totals.csv",
      "guess/easting-northing-swapped.csv",
    ])
  func writeFeed(list: String) async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    for feed in try FileManager.default.contentsOfDirectory(atPath: config + "/feeds") {
      try FileManager.default.removeItem(atPath: config + "/feeds/" + feed)
    }
    let path = StrangerPreviewTests.lists + "/" + list
    let feed = config + "/feeds/guessed.yaml"
    let first = try await preview([path, "--write-feed", feed, "--json"])
    let guessed = try object(first.output)
    let problems = (guessed["warnings"] as? [[String: Any]] ?? []).filter {
      $0["is_problem"] as? Bool == true
    }
    #expect(first.code == (problems.isEmpty ? 0 : 1), "\(first.errors)")

    let check = try await runProgram(
      try triagedProgram, ["check", "--config", config, "--state", folder.path])
    let yaml = try text(of: feed)
    #expect(check.code == 0, "\(check.output)\(yaml)")

    // The feed bears the name of its file.
    let name = "guessed"
    let again = try await preview([
      path, "--feed", name, "--config", config, "--state", folder.path, "--json",
    ])
    #expect(again.code == 0, "\(again.errors)")
    let counts = try #require(object(again.output)["counts"] as? [String: Any])
    let before = try #require(guessed["counts"] as? [String: Any])
    for key in ["rows", "unreadable"] {
      #expect(counts[key] as? Int == before[key] as? Int, "\(list): \(key)")
    }
    let hasCoordinates = guessed["coordinates"] is String
    if hasCoordinates {
      #expect(counts["not_located"] as? Int == before["not_located"] as? Int, "\(list)")
    }
  }

  @Test("A list without coordinates is said to need a gazetteer, by the guess and by check")
  func withoutCoordinates() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let answer = try await preview([
      StrangerPreviewTests.lists + "/guess/whitespace.csv", "--write-feed",
      config + "/feeds/whitespace.yaml",
    ])
    #expect(answer.code == 0 && answer.output.contains("needs a gazetteer"))
    let check = try await runProgram(
      try triagedProgram, ["check", "--config", config, "--state", folder.path])
    #expect(check.code == 1 && check.output.contains("The feed 'whitespace' has no coordinates"))
    #expect(check.output.contains("1 error."))
  }

  @Test("What is commented out under the columns can be let in where it stands")
  func letIn() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let list = folder.path + "/titles.csv"
    let rows = (1...20).map {
      "R\($0),1\($0 % 9 + 1)/11/2026 10:00,Bulky,4501\($0 + 50),3589\($0 + 50),It is by the gate no \($0),"
        + "0115 496 0\($0 + 100)\n"
    }
    try write(
      "Job Ref,Received,Type,Easting,Northing,Notes,Contact Phone\n" + rows.joined(), to: list)
    let feed = config + "/feeds/street-jobs.yaml"
    _ = try await preview([list, "--write-feed", feed])
    let yaml = try text(of: feed)
    #expect(yaml.contains("\nname: \"street-jobs\"\n"), "\(yaml)")
    let opened = yaml.replacingOccurrences(of: "\n  # notes: ", with: "\n  notes: ")
      .replacingOccurrences(of: "\n  # contact: ", with: "\n  contact: ")
      .replacingOccurrences(of: "carry: []", with: "carry: [notes, contact]")
    #expect(
      opened.contains("\n  notes: \"Notes\"\n") && opened.contains("\n  contact: "), "\(yaml)")
    try write(opened, to: feed)
    let check = try await runProgram(
      try triagedProgram, ["check", "--config", config, "--state", folder.path])
    #expect(check.code == 0, "\(check.output)\(opened)")
  }

  @Test("A feed file that is there is not overwritten")
  func noOverwriting() async throws {
    let folder = try TemporaryFolder()
    let feed = folder.path + "/feed.yaml"
    try write("mine", to: feed)
    let answer = try await preview([
      StrangerPreviewTests.lists + "/guess/symology.csv", "--write-feed", feed,
    ])
    #expect(answer.code == 1 && answer.errors.contains("was not overwritten"))
    let kept = try text(of: feed)
    #expect(kept == "mine")
  }

  @Test("Doubts stand as comments in the feed file, and what is headed is mapped as headed")
  func comments() async throws {
    let folder = try TemporaryFolder()
    let feed = folder.path + "/feed.yaml"
    let answer = try await preview([
      StrangerPreviewTests.lists + "/guess/easting-northing-swapped.csv", "--write-feed", feed,
    ])
    #expect(answer.code == 1 && answer.output.contains("look swapped"))
    let yaml = try text(of: feed)
    #expect(yaml.contains("\n  easting: \"Easting\""))
    #expect(yaml.contains("\n  # easting: \"Northing\"\n  # northing: \"Easting\"\n"))
  }

  @Test("A heading cannot break out of the feed file, the terminal or the page")
  func hostileHeadings() async throws {
    let folder = try TemporaryFolder()
    let list = folder.path + "/<script>.csv"
    let evil = "\"Ward <script>alert(1)</script> \"\"x\nname: pwned\r\u{1B}[2J\""
    var rows = "Job Ref,Received,Type,Easting,Northing,Postcode,\(evil)\n"
    for row in 0..<20 {
      rows +=
        "J\(row),2\(row % 9)/10/2026,<b>Bulky</b> collection,449\(500 + row),359000,NG17 1AA,x\n"
    }
    try write(rows, to: list)
    let feed = folder.path + "/feed.yaml"
    let page = folder.path + "/page.html"
    let answer = try await preview([
      list, "--write-feed", feed, "--area", root + "/config/areas/new-cross.geojson", "--html",
      page,
    ])
    #expect(answer.code == 0, "\(answer.errors)")
    #expect(!answer.output.contains("\u{1B}"))
    let yaml = try text(of: feed)
    #expect(!yaml.contains("\nname: pwned"))
    let html = try text(of: page)
    #expect(!html.contains("<script") && !html.contains("<b>"))
    #expect(html.contains("Ward &lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  @Test("A list without headings ends with 1 and a sentence")
  func headerless() async throws {
    let answer = try await preview([StrangerPreviewTests.lists + "/guess/no-header.csv"])
    #expect(answer.code == 1 && answer.output.contains("The list has no headings"))
  }

  @Test("What is no list ends with 1 and says why")
  func noList() async throws {
    let answer = try await preview([StrangerPreviewTests.lists + "/broken/not-a-csv.csv"])
    #expect(answer.code == 1 && answer.errors.contains("ZIP"))
  }

  @Test(
    "Options that do not go together are misuse",
    arguments: [["--feed", "x", "--area", "a.geojson"], ["--html", "x.html"]])
  func misuse(arguments: [String]) async throws {
    let answer = try await preview(["list.csv"] + arguments)
    #expect(answer.code == 2)
  }

  @Test("Boston's first day needs no configuration, and its grid is chosen")
  func boston() async throws {
    let folder = try TemporaryFolder()
    let page = folder.path + "/boston.html"
    let answer = try await runProgram(
      try triagedProgram,
      [
        "preview", StrangerPreviewTests.lists + "/real/boston311-100.csv", "--area",
        root + "/config/examples/boston/areas/dorchester.geojson", "--html", page, "--json", "--at",
        "2022-02-01T12:00:00Z",
      ])
    #expect(answer.code == 0, "\(answer.errors)")
    let day = try #require(object(answer.output)["day"] as? [String: Any])
    #expect(day["grid"] as? String == "EPSG:32619")
    let counts = try #require(day["counts"] as? [String: Any])
    #expect(counts["rows"] as? Int == 100 && counts["in_area"] as? Int == 7)
    let html = try text(of: page)
    #expect(html.hasPrefix(reportPageStart))
    #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("href="))
    // An earlier page is overwritten.
    let again = try await preview([
      StrangerPreviewTests.lists + "/real/boston311-100.csv", "--area",
      root + "/config/examples/boston/areas/dorchester.geojson", "--html", page,
    ])
    #expect(again.code == 0 && again.output.contains("with --at 2022-"), "\(again.errors)")
    let rewritten = try text(of: page)
    #expect(rewritten != html)
  }

  @Test("The page names streets and no house, reference, name, note or point")
  func page() async throws {
    let folder = try TemporaryFolder()
    let list = folder.path + "/list.csv"
    var rows =
      "Job Ref,Received,Type,Status,Address,Postcode,UPRN,Customer Name,Notes,Easting,Northing\n"
    for row in 0..<12 {
      rows +=
        "REF\(700 + row),18/11/2026 10:00,Bulky waste quote,Open,\"\(31 + row) Mill Lane\",NG17 1AA,"
        + "10003120\(1000 + row),Charlie Example,Beware of the canary,\(449_333 + row),359222\n"
    }
    try write(rows, to: list)
    let square = """
      {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","name":"A & B"},
      "geometry":{"type":"Polygon","coordinates":[[[-1.30,53.10],[-1.22,53.10],[-1.22,53.15],
      [-1.30,53.15],[-1.30,53.10]]]}}]}
      """
    try write(square, to: folder.path + "/a.geojson")
    let page = folder.path + "/page.html"
    let answer = try await preview([list, "--area", folder.path + "/a.geojson", "--html", page])
    #expect(answer.code == 0, "\(answer.errors)")
    let html = try text(of: page)
    #expect(html.contains("Mill Lane, NG17") && html.contains("A &amp; B"))
    #expect(html.contains("Bulky waste quote") && html.contains(">3 days<"))
    for secret in [
      "REF7", "31 Mill", "NG17 1AA", "1AA", "Charlie", "canary", "10003120", "449333", "359222",
    ] {
      #expect(!html.contains(secret), "\(secret)")
    }
    // What the terminal shows of the rows has no name and no note either.
    #expect(!answer.output.contains("Charlie") && !answer.output.contains("canary"))
  }

  @Test("The page is well-formed and has its headings, captions and descriptions")
  func wellFormed() async throws {
    let folder = try TemporaryFolder()
    let page = folder.path + "/page.html"
    _ = try await preview([
      StrangerPreviewTests.lists + "/guess/flare-report.csv", "--area",
      root + "/config/areas/new-cross.geojson", "--html", page,
    ])
    let script = """
      import sys
      from html.parser import HTMLParser
      void = {'meta', 'br', 'img', 'link', 'input'}
      class Reader(HTMLParser):
          stack, faults, seen = [], [], []
          def handle_starttag(self, tag, attributes):
              self.seen.append(tag)
              if tag not in void: self.stack.append(tag)
              for name, value in attributes:
                  if name in ('src', 'href', 'style') or name.startswith('on'): self.faults.append(name)
          def handle_startendtag(self, tag, attributes): self.seen.append(tag)
          def handle_endtag(self, tag):
              if not self.stack or self.stack.pop() != tag: self.faults.append('</%s>' % tag)
      reader = Reader()
      reader.feed(open(sys.argv[1], encoding='utf-8').read())
      faults = reader.faults + reader.stack
      assert not faults, faults
      tables, captions = reader.seen.count('table'), reader.seen.count('caption')
      assert tables == captions >= 3, (tables, captions)
      assert reader.seen.count('h1') == 1 and reader.seen.count('desc') == 1
      assert 'script' not in reader.seen
      print('fine')
      """
    let answer = try await runProgram(try python, ["-c", script, page])
    #expect(answer.output == "fine\n", "\(answer.errors)")
  }

  @Test(
    "The grid is Britain's in Britain and the UTM zone of the area elsewhere",
    arguments: [
      ("-1.26,53.12", "EPSG:27700"), ("-71.06,42.3", "EPSG:32619"), ("151.2,-33.9", "EPSG:32756"),
      ("450000,359000", "EPSG:27700"), ("179.9,10", "EPSG:32660"),
    ])
  func grids(point: String, grid: String) throws {
    let json = "{\"type\":\"Polygon\",\"coordinates\":[[[\(point)],[\(point)],[\(point)]]]}"
    #expect(try chooseGrid(for: [("here.geojson", Array(json.utf8))]).grid.crs == grid)
    guard !point.hasPrefix("450000") else { return }
    let ring = "<LinearRing><coordinates>\(point) \(point) \(point)</coordinates></LinearRing>"
    let kml =
      "<kml><Placemark><Polygon><outerBoundaryIs>\(ring)</outerBoundaryIs></Polygon></Placemark></kml>"
    #expect(try chooseGrid(for: [("here.kml", Array(kml.utf8))]).grid.crs == grid)
  }
}
