import FlareImport
import Foundation
import Testing
import Triage

/// Knows two UPRNs and four postcodes of invented places round ``square``.
private let gazetteer = Gazetteer(
  point: {
    [10001: GridPoint(x: 450_500, y: 359_500), 10002: GridPoint(x: 440_000, y: 350_000)][$0]
  },
  centroid: {
    [
      "NG179CM": GridPoint(x: 450_500, y: 359_500), "NG179CO": GridPoint(x: 450_100, y: 359_500),
      "NG179CV": GridPoint(x: 449_900, y: 359_500), "NG179CI": GridPoint(x: 440_000, y: 350_000),
    ][$0]
  })

private let everything = settings {
  $0.columns = ColumnMap(
    reference: "Ref", address: ["Address"], postcode: "PC", uprn: "UPRN", x: "E", y: "N",
    point: "Point")
}

/// Reads rows of `Ref,UPRN,PC,E,N,Point,Address`.
private func locate(
  _ rows: String..., gazetteer: Gazetteer = gazetteer, projection: Projection? = nil,
  _ change: (inout FeedSettings) -> Void = { _ in }
) throws -> ImportedList {
  var settings = everything
  change(&settings)
  let folder = try TemporaryFolder()
  let text = (["Ref,UPRN,PC,E,N,Point,Address"] + rows).joined(separator: "\n") + "\n"
  return try readExport(
    at: try folder.file("list.csv", Array(text.utf8)), settings: settings,
    index: AreaIndex([square]), projection: projection ?? .identity(.britishNational),
    gazetteer: gazetteer)
}

extension ImportedList {
  fileprivate var grades: [String] { jobs.map { $0.place.location.rawValue } }
  fileprivate var sentences: [String] { report.problems.map(\.text) }
}

@Suite("Where a job is") struct LocatingTests {
  @Test(
    "Coordinates come before the UPRN, the UPRN before the postcode, and the grade is kept",
    arguments: [
      ("10002,NG17 9CI,450600,359600,,", "coordinates"),
      ("10001,NG17 9CI,,,,", "uprn"), ("10001,NG17 9CI,0,0,,", "uprn"),
      ("10001,NG17 9CI,x,y,,", "uprn"), ("000010001.0,,,,,", "uprn"),
      ("10003,ng179cm,,,,", "postcode"), (",NG17 9CM,,,,", "postcode"),
      ("1.00E+11,NG17 9CM,,,,", "postcode"), (",NG17 9CO,,,,", "postcodeNearEdge"),
      (",NG17 9CV,,,,", "postcodeNearEdge"), (",,,,,\"12 Mill Lane, NG17 9CM\"", "postcode"),
      (",NG17 9CO,,,,\"12 Mill Lane, NG17 9CM\"", "postcodeNearEdge"),
    ])
  func order(row: String, grade: String) throws {
    let list = try locate("A1," + row)
    #expect(list.grades == [grade])
    #expect(list.jobs.first?.area == "square")
    #expect(list.report.counts.inArea == 1)
  }

  @Test("The better place decides even where it says outside")
  func outside() throws {
    let list = try locate(
      "A1,10001,NG17 9CM,440000,350000,,", "A2,10002,NG17 9CM,,,,", "A3,,NG17 9CI,,,,")
    #expect(list.report.counts.outside == 3)
    #expect(list.jobs.isEmpty)
    #expect(list.report.problems.isEmpty)
  }

  @Test("Near an edge by the postcode is said, row by row")
  func nearEdge() throws {
    let list = try locate("A1,,NG17 9CM,,,,", "A2,,NG17 9CO,,,,", "A3,,NG17 9CV,,,,")
    #expect(list.report.problemCounts == ["placeUncertain": 2])
    #expect(list.noted == ["placeUncertain 3", "placeUncertain 4"])
    let narrow = try locate("A2,,NG17 9CO,,,,", "A3,,NG17 9CV,,,,") { $0.approximateMetres = 50 }
    #expect(narrow.grades == ["postcode"])
    #expect(narrow.report.counts.outside == 1)
  }

  @Test(
    "What has no place says which of its parts were of no use",
    arguments: [
      (",,,,,", "Row 2 has no coordinates; it is listed under 'not located'."),
      (",,N/A,n/a,,", "Row 2 has no coordinates; it is listed under 'not located'."),
      (",,0,0.0,,", "Row 2 has 0/0 for coordinates; it is listed under 'not located'."),
      (
        ",,near,here,,",
        "Row 2 has coordinates that are no numbers; it is listed under 'not located'."
      ),
      (
        ",,450500,2000000,,",
        "Row 2 has coordinates that EPSG:27700 does not have; it is listed under 'not located'."
      ),
      (
        "10009,NG17 9CW,,,,",
        "Row 2 has no coordinates, and the gazetteer does not know its UPRN or its postcode; it is listed under 'not located'."
      ),
    ])
  func sentences(row: String, sentence: String) throws {
    let list = try locate("A1," + row)
    #expect(list.sentences == [sentence])
    #expect(list.report.counts.notLocated == 1)
  }

  @Test("A place that the projection does not reach is said to be so")
  func outOfReach() throws {
    let half = Projection(source: "EPSG:4326", kind: .geographic) { x, y in
      x < 0 ? GridPoint(x: 450_500, y: 359_500) : nil
    }
    let list = try locate("A1,,,2.35,48.85,,", "A2,,,-1.2,53.1,,", projection: half) {
      $0.crs = "EPSG:4326"
    }
    #expect(
      list.sentences == [
        "Row 2 has coordinates outside the grid's reach; it is listed under 'not located'."
      ])
    #expect(list.references == ["A2"])
  }

  @Test("Spoiled and unusable UPRNs are counted once, wherever the row ends")
  func spoiled() throws {
    let list = try locate(
      "A1,1.00E+11,,450500,359500,,", "A2,100030000000,NG17 9CM,,,,", "A3,1.00E+11,NG17 9CI,,,,",
      "A4,100030000000.0,,,,,", "A5,12a,,,,,", "A6,12a,,450500,359500,,", "A7,N/A,,,,,")
    #expect(list.report.problemCounts == ["spoiledUPRN": 4, "badUPRN": 2, "notLocated": 3])
    #expect(list.jobs.allSatisfy { $0.place.uprn.isEmpty })
    #expect(list.report.counts.addsUp)
    #expect(list.sentences.allSatisfy { !$0.contains("E+11") && !$0.contains("12a") })
  }

  @Test("Without a gazetteer a UPRN and a postcode place nothing, and nobody is blamed")
  func none() throws {
    let list = try locate("A1,10001,NG17 9CM,,,,", gazetteer: .none)
    #expect(list.report.counts.notLocated == 1)
  }

  @Test(
    "One column may hold both coordinates",
    arguments: [
      "\"450500, 359500\"", "\"(450500, 359500)\"", "450500;359500", "450500 359500",
      "POINT (450500 359500)", "point(450500.0 359500.0)", "SRID=27700;POINT(450500 359500)",
      "POINT Z (450500 359500 87.5)", "[450500 359500]", "\" ( 450500 , 359500 ) \"",
    ])
  func point(text: String) throws {
    let list = try locate("A1,,,,,\(text),")
    #expect(list.jobs.first?.place.point == GridPoint(x: 450_500, y: 359_500))
    #expect(list.grades == ["coordinates"])
  }

  @Test(
    "What is no pair of numbers places nothing",
    arguments: [
      "450500", "\"450500,\"", "\"450500,359500,1\"", "POINT 450500 359500", "POINT (450500 359500",
      "LINESTRING (450500 359500)", "\"(450500, 359500\"", "450500359500", "\"450500,,359500\"",
      "POINT (nan nan)", "\"(0.0, 0.0)\"", "\"1e999, 1\"", "POINT EMPTY", "((450500 359500))",
    ])
  func noPoint(text: String) throws {
    let list = try locate("A1,,,,,\(text),")
    #expect(list.report.counts.notLocated == 1)
    #expect(list.noted.first == "notLocated 2")
  }

  @Test("A pair of degrees is latitude first, as WKT it is longitude first")
  func degrees() throws {
    let projection = Projection(source: "EPSG:4326", kind: .geographic) { x, y in
      x < 0 ? GridPoint(x: 450_000 - 1000 * x, y: 359_000 + (y - 53) * 1000) : nil
    }
    let list = try locate(
      "A1,,,,,\"53.5, -0.5\",", "A2,,,,,\"(53.5, -0.5)\",", "A3,,,,,POINT (-0.5 53.5),",
      projection: projection
    ) { $0.crs = "EPSG:4326" }
    #expect(list.references == ["A1", "A2", "A3"])
    #expect(list.jobs.allSatisfy { $0.place.point == GridPoint(x: 450_500, y: 359_500) })
  }

  @Test("Two columns that are of no use give way to the one that holds both")
  func twoThenOne() throws {
    let list = try locate("A1,,,0,0,450500 359500,", "A2,,,,,450500 359500,")
    #expect(list.grades == ["coordinates", "coordinates"])
  }

  @Test("Degrees under eastings and northings are counted in one note and not converted")
  func degreesForMetres() throws {
    let rows = (1...412).map { "A\($0),,,-1.26,53.1\($0),," }
    let folder = try TemporaryFolder()
    let text = (["Ref,UPRN,PC,E,N,Point,Address"] + rows).joined(separator: "\n")
    let list = try readExport(
      at: try folder.file("list.csv", Array(text.utf8)), settings: everything,
      index: AreaIndex([square]), projection: .identity(.britishNational))
    #expect(list.report.counts.notLocated == 412)
    #expect(list.report.problemCounts["wrongCoordinates"] == 1)
    let note = list.report.problems.first { $0.kind == .wrongCoordinates }
    #expect(note?.row == 0)
    #expect(
      note?.text
        == "412 rows have longitude and latitude where eastings and northings belong; nothing was "
        + "converted. Correct the feed's columns or its coordinates.")
  }

  @Test("Metres under degrees, and pairs in each other's place, are told apart")
  func otherWrongWays() throws {
    let projection = Projection(source: "EPSG:4326", kind: .geographic) { x, y in
      (-9...2).contains(x) && (49...61).contains(y) ? GridPoint(x: 0, y: 0) : nil
    }
    let list = try locate(
      "A1,,,450500,359500,,", "A2,,,53.1,-1.26,,", "A3,,,53.2,-1.27,,", "A4,,,2.35,48.85,,",
      projection: projection
    ) { $0.crs = "EPSG:4326" }
    let notes = list.report.problems.filter { $0.kind == .wrongCoordinates }.map(\.text)
    #expect(notes.count == 2)
    #expect(notes[0].hasPrefix("1 row has eastings and northings where longitude and latitude"))
    #expect(notes[1].hasPrefix("2 rows have longitude and latitude in each other's place"))

    let metres = try locate("A1,,,1200000,400000,,")
    #expect(
      metres.report.problems.last?.text
        == "1 row has easting and northing in each other's place; nothing was swapped. Correct the "
        + "feed's columns.")
  }

  @Test("A UPRN or a postcode still places a row whose coordinates are of another system")
  func fallsBack() throws {
    let list = try locate("A1,10001,,-1.26,53.1,,")
    #expect(list.grades == ["uprn"])
    #expect(list.report.problemCounts == ["wrongCoordinates": 1])
  }
}
