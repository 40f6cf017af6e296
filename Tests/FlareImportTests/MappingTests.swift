import FlareImport
import Foundation
import Testing
import Triage

@Suite("From a row to a job")
struct MappingTests {
  static func date(_ text: String) -> Date {
    let formatter = ISO8601DateFormatter()
    return formatter.date(from: text)!
  }

  static func job(_ row: String, _ change: (inout FeedSettings) -> Void = { _ in }) throws -> Job? {
    try read(heading + "\n" + row + "\n", settings(change)).jobs.first
  }

  @Test("Every mapped cell reaches its place, trimmed")
  func everyCell() throws {
    let all = settings {
      $0.columns = ColumnMap(
        reference: "Ref", received: ["Rec"], due: ["Due"], closed: ["Done"], status: "Status",
        jobClass: "Class", type: "Type", address: ["No", "Street", "Town"], postcode: "PC",
        uprn: "UPRN", x: "E", y: "N", callerType: "Caller", notes: "Notes", contact: "Who")
      $0.carryContact = true
    }
    let list = try read(
      """
      Ref,Rec,Due,Done,Status,Class,Type,No,Street,Town,PC,UPRN,E,N,Caller,Notes,Who,Secret
       A1 ,01/02/2026,2026-02-03,04/02/2026 10:30,Open,Waste,Bulky,12,"Mill Lane
      Rear", N/A ,NG17 1AA,000010001234,450500.25,359500.5,Public,Call first,Charlie,hidden

      """, all)
    let job = try #require(list.jobs.first)
    #expect(
      job
        == Job(
          id: JobRef(feed: "jobs", reference: "A1"),
          received: MappingTests.date("2026-02-01T00:00:00Z"),
          due: MappingTests.date("2026-02-03T00:00:00Z"),
          closed: MappingTests.date("2026-02-04T10:30:00Z"), status: "Open", jobClass: "Waste",
          type: "Bulky", callerType: "Public",
          place: Place(
            address: "12, Mill Lane, Rear", postcode: "NG17 1AA", uprn: "10001234",
            point: GridPoint(x: 450_500.25, y: 359_500.5), location: .coordinates),
          notes: "Call first", contact: "Charlie", area: "square"))
    #expect(!"\(list)".contains("hidden"), "a column that is not mapped is not kept")
  }

  @Test("Notes and contact are not kept unless the feed may carry them")
  func notCarried() throws {
    let job = try MappingTests.job(inside("A1", notes: "private")) { $0.carryNotes = false }
    #expect(job?.notes == "")
  }

  @Test(
    "Of whom a complaint is about, a fingerprint alone is kept, the one that their own jobs have")
  func otherParty() throws {
    let complaints = settings {
      $0.columns = ColumnMap(
        reference: "Ref", address: ["Where"], postcode: "PC", x: "E", y: "N", otherUPRN: "OU",
        otherAddress: ["About", "Town"], otherPostcode: "OPC")
    }
    let list = try read(
      """
      Ref,Where,PC,E,N,OU,About,Town,OPC
      A1,12 Mill Lane,NG17 1AA,450500,359500,,14 Mill Ln,Sutton,NG17 1AB
      A2,12 Mill Lane,NG17 1AA,450500,359500,000010001234,14 Mill Ln,,NG17 1AB
      A3,12 Mill Lane,NG17 1AA,450500,359500,spoiled,14 Mill Ln,,NG17 1AB
      A4,12 Mill Lane,NG17 1AA,450500,359500,,,,
      A5,12 Mill Lane,NG17 1AA,450500,359500,,,,NG17 1AB

      """, complaints)
    let written = AddressKey(Place(address: "14 MILL LANE", postcode: "ng171ab"))?.print
    let byUPRN = AddressKey(Place(address: "", uprn: "10001234"))?.print
    #expect(written != nil && byUPRN != nil)
    #expect(list.jobs.map(\.otherParty) == [written, byUPRN, written, nil, nil])
    #expect(!"\(list)".contains("14 M"), "whom a complaint is about is not kept")
    #expect(try MappingTests.job(inside("A1"))?.otherParty == nil)
  }

  @Test("Without a postcode of its own the other party lies in that of the row")
  func otherPartyBeside() throws {
    let complaints = settings {
      $0.columns = ColumnMap(
        reference: "Ref", address: ["Where"], postcode: "PC", x: "E", y: "N",
        otherAddress: ["About"])
    }
    let list = try read(
      "Ref,Where,PC,E,N,About\nA1,12 Mill Lane,NG17 1AA,450500,359500,14 Mill Lane\n", complaints)
    #expect(
      list.jobs.first?.otherParty
        == AddressKey(Place(address: "14 Mill Lane", postcode: "NG17 1AA"))?.print)
  }

  @Test("Null words are empty cells, whatever their case")
  func nullWords() throws {
    let row = inside("A1", notes: "n/a").replacing("Bulky waste", with: " \u{A0}N/A ")
    let job = try MappingTests.job(row)
    #expect(job?.type == "")
    #expect(job?.notes == "")
  }

  @Test("A reference that is a null word is no reference")
  func nullReference() throws {
    let list = try read(lines: heading, inside("N/A"))
    #expect(list.jobs.isEmpty)
    #expect(list.noted == ["lostReference 2"])
  }

  @Test(
    "What has no usable coordinates is not located, and nothing of it is kept",
    arguments: [
      "0,0", ",", "450500,", " , ", "450500,1e9", "-1,359500", "45O500,359500", "-1.2,53.1",
      "0.55,52.9", "nan,nan", "450500;359500,1",
    ])
  func notLocated(_ coordinates: String) throws {
    let list = try read(
      lines: heading, inside("A1").replacing("450500,359500", with: coordinates))
    #expect(list.jobs.isEmpty)
    #expect(list.report.counts.notLocated == 1)
    #expect(list.noted.first == "notLocated 2")
    #expect(!list.report.problems[0].text.contains("Mill Lane"))
  }

  @Test(
    "A UPRN that a spreadsheet spoiled, or that is none, is left out and said",
    arguments: [
      ("1.00E+11", "spoiledUPRN"), ("100000000000", "spoiledUPRN"), ("12a", "badUPRN"),
      ("1234567890123", "badUPRN"),
    ])
  func badUPRN(_ uprn: String, _ kind: String) throws {
    let list = try read(lines: heading, inside("A1").replacing("10001,", with: uprn + ","))
    #expect(list.jobs.first?.place.uprn == "")
    #expect(list.noted == ["\(kind) 2"])
    #expect(!list.report.problems[0].text.contains(uprn))
  }

  @Test(
    "However the lines of a cell are parted, notes have line ends and addresses commas",
    arguments: [
      "\"12\r\nMill Lane\"", "\"12\rMill Lane\"", "12\\nMill Lane", "12\\r\\nMill Lane",
      "12 | Mill Lane", "\"12 |\n Mill Lane\"", "\"\n12\n\nMill Lane\n\"",
    ])
  func lines(_ cell: String) throws {
    let row = inside("A1", notes: cell).replacing("12 Mill Lane,10001", with: "\(cell),10001")
    let job = try MappingTests.job(row)
    #expect(job?.notes == "12\nMill Lane")
    #expect(job?.place.address == "12, Mill Lane")
  }

  @Test("A bar or a backslash within a word parts nothing")
  func noLines() throws {
    let job = try MappingTests.job(inside("A1", notes: "a|b \\ c\\d"))
    #expect(job?.notes == "a|b \\ c\\d")
  }

  @Test("A status that means closed closes a job without a closed date")
  func closedWords() throws {
    let job = try MappingTests.job(inside("A1").replacing("Open", with: "CLEARED"))
    #expect(job?.closed == MappingTests.date("2026-03-13T11:45:00Z"))
    #expect(try MappingTests.job(inside("A1"))?.closed == nil)
    let pattern = try MappingTests.job(inside("A1").replacing("Open", with: "Closed - no access")) {
      $0.closedWords = ["closed*"]
    }
    #expect(pattern?.closed == MappingTests.date("2026-03-13T11:45:00Z"))
  }

  @Test("Of two rows with one reference the later stays, in whatever order they come")
  func repeatedReference() throws {
    let old = inside("A1", notes: "old")
    let new = inside("A1", notes: "new").replacing("13/03", with: "14/03")
    let twin = inside("A1", notes: "twin").replacing("13/03", with: "14/03")
    let orders = [[old, new, twin], [twin, old, new], [new, twin, old], [twin, new, old]]
    let lists = try orders.map { try read(([heading] + $0).joined(separator: "\n") + "\n") }
    #expect(Set(lists.map { $0.jobs.map(\.notes) }) == [["twin"]])
    for list in lists {
      #expect(list.report.counts.inArea == 3)
      #expect(list.report.problemCounts["repeatedReference"] == 2)
    }
  }

  @Test("Coordinates in degrees go through the projection")
  func projection() throws {
    let folder = try TemporaryFolder()
    let degrees = settings { $0.crs = "EPSG:4326" }
    let projection = Projection(source: "EPSG:4326") { x, y in
      y > 60 ? nil : GridPoint(x: 450_000 + x * 1000, y: 359_000 + (y - 53) * 1000)
    }
    let rows = ["0.5,53.5", "1.5,53.5", "0.5,61", "181,53.5", "0,0"].enumerated().map { at, pair in
      inside("A\(at)").replacing("450500,359500", with: pair)
    }
    let list = try readExport(
      at: try folder.file("d.csv", Array(([heading] + rows).joined(separator: "\n").utf8)),
      settings: degrees, index: AreaIndex([square]), projection: projection)
    #expect(list.references == ["A0"])
    #expect(list.jobs.first?.place.point == GridPoint(x: 450_500, y: 359_500))
    #expect(list.report.counts.outside == 1)
    #expect(list.report.counts.notLocated == 3)
  }

  @Test("Where areas overlap the first in stated order owns the job")
  func overlap() throws {
    let folder = try TemporaryFolder()
    let twin = PilotArea(id: "twin", name: "Twin", polygons: square.polygons)
    let list = try readExport(
      at: try folder.file("d.csv", Array("\(heading)\n\(inside("A1"))\n".utf8)),
      settings: settings(), index: AreaIndex([twin, square]),
      projection: .identity(.britishNational))
    #expect(list.jobs.map(\.area) == ["twin"])
    #expect(list.report.inAreaByArea == ["twin": 1])
  }
}
