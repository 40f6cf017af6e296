import FlareImport
import Foundation
import Testing
import Triage

/// Lists named for their flaw (Fixtures/flaws, written by Fixtures/make-flaws.py), each with the
/// behaviour that docs/import.md states (flaws/expected.json, written by hand).
@Suite("Lists named for their flaw")
struct FlawTests {
  static let folder = RealListTests.fixtures + "/flaws"

  static let expected: [Expected] = {
    let data = FileManager.default.contents(atPath: folder + "/expected.json") ?? Data()
    return (try? JSONDecoder().decode([Expected].self, from: data)) ?? []
  }()

  @Test("Each is read, or refused, as stated", arguments: expected)
  func each(_ expected: Expected) throws {
    let settings = FlawTests.settings(expected)
    let outcome = Result {
      try readExport(
        at: FlawTests.folder + "/" + expected.file, settings: settings,
        index: FlawTests.index(settings),
        projection: Projection(source: settings.crs) { GridPoint(x: $0, y: $1) },
        gazetteer: FlawTests.gazetteer, now: FlawTests.now)
    }
    switch outcome {
    case .failure(let error as ImportError):
      guard let words = expected.refused else {
        Issue.record("refused: \(error)")
        return
      }
      #expect(words.allSatisfy(error.why.contains), "\(error.why)")
      #expect(!error.next.isEmpty)
    case .failure(let error): Issue.record(error)
    case .success(let list):
      if expected.refused != nil {
        Issue.record("read: \(list.report.counts) \(list.report.problemCounts)")
        return
      }
      FlawTests.compare(list, expected)
    }
  }

  private static func compare(_ list: ImportedList, _ expected: Expected) {
    let (report, counts) = (list.report, list.report.counts)
    #expect(
      [counts.rows, counts.outside, counts.inArea, counts.notLocated, counts.unreadable]
        == expected.counts ?? [])
    #expect(counts.addsUp)
    #expect(
      report.problemCounts == expected.problems ?? [:],
      "\(report.problems.map { "\($0.row): \($0.text)" })")
    #expect(report.format == expected.format ?? "csv")
    let mayBeAny = (expected.format ?? "csv") != "csv"
    #expect(report.encoding == expected.encoding ?? (mayBeAny ? report.encoding : "utf-8"))
    #expect(report.delimiter == expected.delimiter ?? (mayBeAny ? report.delimiter : "comma"))
    if let grades = expected.grades { #expect(report.byGrade == grades) }
    if let dated = expected.dated { #expect([report.dated, report.inFuture] == dated) }
    let jobs = list.jobs
    if let references = expected.references { #expect(list.references == references) }
    if let uprns = expected.uprns { #expect(jobs.map(\.place.uprn) == uprns) }
    if let notes = expected.notes { #expect(jobs.map(\.notes) == notes) }
    if let types = expected.types { #expect(jobs.map { "\($0.jobClass)/\($0.type)" } == types) }
    if let received = expected.received {
      #expect(jobs.map(\.received) == received.map { $0.map(MappingTests.date) })
    }
  }

  @Test("Every quirk of the checklist has a list, and there are more than sixty")
  func coverage() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: FlawTests.folder)
      .filter { $0 != "expected.json" }
    #expect(Set(files) == Set(FlawTests.expected.map(\.file)))
    #expect(files.count > 60)
    for quirk in 1...32 {
      let prefix = "q" + (quirk < 10 ? "0" : "") + "\(quirk)-"
      #expect(files.contains { $0.hasPrefix(prefix) }, "quirk \(quirk)")
    }
    #expect(FlawTests.expected.allSatisfy { $0.behaviour.count > 20 })
    #expect(FlawTests.expected.allSatisfy { ($0.counts == nil) != ($0.refused == nil) })
  }

  @Test("What a list alone cannot show has a test of its own, which is there")
  func pointers() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().path
    let files = FileManager.default.enumerator(atPath: tests)?.compactMap { $0 as? String } ?? []
    let sources = files.filter { $0.hasSuffix(".swift") }.compactMap {
      try? String(contentsOfFile: tests + "/" + $0, encoding: .utf8)
    }
    let names = FlawTests.expected.compactMap(\.see)
    #expect(names.count > 8 && sources.count > 50)
    for name in names { #expect(sources.contains { $0.contains("\"\(name)\"") }, "\(name)") }
  }

  @Test("A health column that is mapped refuses the list")
  func refusesMappedHealthColumn() throws {
    var settings = FlawTests.settings(Expected(file: "", behaviour: ""))
    settings.columns.notes = "Medical condition"
    #expect(settings.problems().contains { $0.problem.contains("Medical condition") })
  }

  // MARK: - What the lists are read with

  /// After both clock changes of 2026.
  static let now = MappingTests.date("2026-12-01T12:00:00Z")

  /// One premises, one postcode in the middle of the square and one at its edge.
  static let gazetteer = Gazetteer(
    point: { $0 == 10_001_234 ? GridPoint(x: 450_500, y: 359_500) : nil },
    centroid: {
      switch $0 {
      case "NG171AA": GridPoint(x: 450_500, y: 359_500)
      case "NG171AB": GridPoint(x: 450_050, y: 359_500)
      default: nil
      }
    })

  static func index(_ settings: FeedSettings) -> AreaIndex {
    settings.crs == "EPSG:27700"
      ? AreaIndex([square]) : RealListTests.box(-1.3 ... -1.2, 53.1...53.2)
  }

  static func settings(_ expected: Expected) -> FeedSettings {
    var settings = FeedSettings(
      name: "jobs", source: .file(path: ""),
      columns: ColumnMap(
        reference: "Ref", received: ["Received"], status: "Status", jobClass: "Class",
        type: "Type", address: ["Address"], postcode: "Postcode", uprn: "UPRN", x: "Easting",
        y: "Northing", notes: "Notes"),
      nullWords: ["N/A", "Unspecified"], closedWords: ["Closed*", "Cleared*"], carryNotes: true)
    switch expected.settings {
    case "cleansing":
      settings.columns = ColumnMap(
        reference: "CRNo", received: ["Recorded Date"], type: "Stage Desc.", x: "Easting",
        y: "Northing")
    case "degrees":
      settings.crs = "EPSG:4326"
      settings.columns = ColumnMap(
        reference: "id", received: ["opened"], type: "type", x: "longitude", y: "latitude")
    case "open311":
      settings.crs = "EPSG:4326"
      settings.columns = ColumnMap(
        reference: "service_request_id", received: ["requested_datetime"],
        updated: ["updated_datetime"], status: "status", type: "service_name",
        address: ["address"], postcode: "zipcode", x: "long", y: "lat")
    default: break
    }
    if let formats = expected.dateFormats { settings.dateFormats = formats }
    return settings
  }

  /// One line of the manifest.
  struct Expected: Decodable, Sendable, CustomTestStringConvertible {
    var file: String
    var behaviour: String
    /// Which map is meant, where it is not the usual one.
    var settings: String?
    var dateFormats: [String]?
    /// Words of the refusal; else the list is read.
    var refused: [String]?
    /// Rows, and of them outside, in area, not located, unreadable.
    var counts: [Int]?
    var problems: [String: Int]?
    var format: String?
    var encoding: String?
    var delimiter: String?
    var grades: [String: Int]?
    /// Rows with a date, and those in the future.
    var dated: [Int]?
    var references: [String]?
    var uprns: [String]?
    var notes: [String]?
    var types: [String]?
    var received: [String?]?
    /// The name of a test that shows what this list alone cannot.
    var see: String?

    var testDescription: String { file }

    init(file: String, behaviour: String) {
      (self.file, self.behaviour) = (file, behaviour)
    }

    private enum CodingKeys: String, CodingKey {
      case file, behaviour, settings, refused, counts, problems, format, encoding, delimiter
      case grades, dated, references, uprns, notes, types, received, see
      case dateFormats = "date_formats"
    }
  }
}
