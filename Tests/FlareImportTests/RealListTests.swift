import FlareImport
import Foundation
import Testing
import Triage

/// Real files (Fixtures/README.md); what is expected was counted with Python's csv module.
@Suite("Real lists")
struct RealListTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  static func box(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> AreaIndex {
    AreaIndex([
      PilotArea(
        id: "box", name: "Box",
        polygons: [
          Polygon(outer: [
            GridPoint(x: x.lowerBound, y: y.lowerBound),
            GridPoint(x: x.upperBound, y: y.lowerBound),
            GridPoint(x: x.upperBound, y: y.upperBound),
            GridPoint(x: x.lowerBound, y: y.upperBound),
          ])
        ])
    ])
  }

  static func read(_ file: String, _ settings: FeedSettings, _ index: AreaIndex) throws
    -> ImportedList
  {
    // Degrees serve as a grid here: what is tested is the reading.
    try readExport(
      at: fixtures + "/" + file, settings: settings, index: index,
      projection: Projection(source: settings.crs) { GridPoint(x: $0, y: $1) })
  }

  @Test("Boston: a hundred requests in degrees, blanks written as one space")
  func boston() throws {
    let settings = FeedSettings(
      name: "boston", source: .file(path: ""),
      columns: ColumnMap(
        reference: "case_enquiry_id", received: ["open_dt"], due: ["target_dt"],
        closed: ["closed_dt"],
        status: "case_status", jobClass: "reason", type: "type", address: ["location"],
        postcode: "location_zipcode", x: "longitude", y: "latitude", callerType: "source"),
      crs: "EPSG:4326", dateFormats: ["yyyy-MM-dd HH:mm:ss"], timeZone: "America/New_York")
    let list = try RealListTests.read(
      "real/boston311-100.csv", settings, RealListTests.box(-71.07 ... -71.05, 42.33...42.36))
    #expect(list.report.counts.rows == 100)
    #expect(list.report.counts.inArea == 29)
    #expect(list.report.counts.outside == 71)
    #expect(list.report.problems.isEmpty)
    #expect(list.jobs.count { $0.closed != nil } == 25)
    #expect(list.jobs.count { $0.due == nil } == 2)
    #expect(list.references.min() == "101004113298")
    let needle = try #require(list.jobs.first { $0.id.reference == "101004113298" })
    #expect(needle.received != nil && !needle.type.isEmpty)
  }

  @Test("New York: 41 columns, times with AM and PM, one row without coordinates")
  func newYork() throws {
    let settings = FeedSettings(
      name: "nyc", source: .file(path: ""),
      columns: ColumnMap(
        reference: "Unique Key", received: ["Created Date"], due: ["Due Date"],
        closed: ["Closed Date"],
        status: "Status", type: "Complaint Type", address: ["Incident Address", "City"],
        postcode: "Incident Zip", x: "Longitude", y: "Latitude", callerType: "Address Type"),
      crs: "EPSG:4326", nullWords: ["Unspecified", "N/A"],
      dateFormats: ["MM/dd/yyyy hh:mm:ss a"], timeZone: "America/New_York")
    let list = try RealListTests.read(
      "real/NYC311-5.csv", settings, RealListTests.box(-75 ... -73, 40...41))
    #expect(list.report.counts.inArea == 4)
    #expect(list.noted == ["notLocated 4"])
    let noise = try #require(list.jobs.first { $0.id.reference == "42096612" })
    #expect(noise.received == MappingTests.date("2019-03-30T08:06:23Z"))
    #expect(noise.due == MappingTests.date("2019-03-30T16:06:23Z"))
    let water = try #require(list.jobs.first { $0.id.reference == "47976463" })
    #expect(water.place.point == GridPoint(x: -73.93972316718485, y: 40.85001341890072))
  }

  @Test("Adur: the British grid, and two ways to write a date in one column")
  func adur() throws {
    let settings = FeedSettings(
      name: "adur", source: .file(path: ""),
      columns: ColumnMap(
        reference: "UPRN", received: ["ExtractDate"], type: "ServiceTypeLabel",
        address: ["StreetAddress"], postcode: "Postcode", uprn: "UPRN", x: "GeoX", y: "GeoY"),
      nullWords: ["None"])
    let list = try RealListTests.read(
      "real/adur-public-toilets.csv", settings,
      RealListTests.box(518_000...519_000, 103_000...105_000))
    #expect(list.report.counts.rows == 15)
    #expect(list.references == ["60001449", "60002210", "60007428", "60008859"])
    let midnight = MappingTests.date("2014-07-06T23:00:00Z")
    #expect(list.jobs.map(\.received) == [nil, midnight, midnight, midnight])
    #expect(list.report.problems.isEmpty)
  }

  /// The map of the Xpress polling-station lists, whose houses have no coordinates.
  static let xpress = FeedSettings(
    name: "xpress", source: .file(path: ""),
    columns: ColumnMap(
      reference: "Property_URN", received: ["ElectionDate"], address: ["AddressLine1"],
      x: "Polling_Place_Easting", y: "Polling_Place_Northing"),
    dateFormats: ["dd/MM/yy"])

  @Test(
    "Broken lists of other councils are read as far as they are whole",
    arguments: [
      ("encoding-windows1252.tsv", "windows-1252", "tab", 9),
      ("ext-tsv-with-csv-ext.csv", "utf-8", "tab", 9),
      ("incomplete-file.CSV", "utf-8", "comma", 9),
    ])
  func broken(_ file: String, _ encoding: String, _ delimiter: String, _ rows: Int) throws {
    let list = try RealListTests.read(
      "broken/" + file, RealListTests.xpress, RealListTests.box(0...1, 0...1))
    #expect(list.report.encoding == encoding)
    #expect(list.report.delimiter == delimiter)
    #expect(list.report.counts.rows == rows)
    let isCut = file == "incomplete-file.CSV"
    #expect(list.report.problemCounts["cutOff"] == (isCut ? 1 : nil))
    #expect(list.report.counts.notLocated == (isCut ? rows - 1 : rows))
  }

  @Test("A real UTF-16 list without a mark is read")
  func utf16() throws {
    let settings = FeedSettings(
      name: "stations", source: .file(path: ""),
      columns: ColumnMap(
        reference: "PollingStationID", address: ["Add1", "Add2"], postcode: "PostCode",
        x: "Xordinate", y: "Yordinate"))
    let list = try RealListTests.read(
      "broken/democracy-counts-utf-16le.csv", settings,
      RealListTests.box(536_000...537_000, 210_000...211_000))
    #expect(list.report.encoding == "utf-16le")
    #expect(list.report.counts.rows == 34)
    #expect(
      list.jobs.first { $0.id.reference == "1946" }?.place.address
        == "ADJACENT TO ROSELANDS SCHOOL, HIGH WOOD ROAD")
  }

  @Test("A ZIP named .csv and a list of other columns are refused")
  func refused() throws {
    for (file, word) in [("not-a-csv.csv", "ZIP"), ("small-files-nearly_empty.csv", "missing")] {
      let error = try #require(throws: ImportError.self) {
        try RealListTests.read(
          "broken/" + file, RealListTests.xpress, RealListTests.box(0...1, 0...1))
      }
      #expect(error.why.contains(word))
    }
  }
}
