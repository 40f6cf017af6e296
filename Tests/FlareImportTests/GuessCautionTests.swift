import Foundation
import Testing
import Triage

@testable import FlareImport

/// Lists that would be misread by a guess that listens to one sign only.
@Suite("What a guess must not be taken in by")
struct GuessCautionTests {
  /// Guesses what a list of these lines holds.
  static func guessed(_ lines: [String]) throws -> FeedGuess {
    let path = NSTemporaryDirectory() + "triaged-guess-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return guess(sample: try sampleList(at: path), now: GuessTests.now)
  }

  /// A heading row and `count` rows below it, each made from its number.
  static func guessed(_ heading: String, rows count: Int = 30, row: (Int) -> String) throws
    -> FeedGuess
  {
    try guessed([heading] + (0..<count).map(row))
  }

  static func mapped(_ guess: FeedGuess) -> [String: ColumnMeaning] { GuessTests.meanings(guess) }

  @Test("An empty list has no first row that looks like a job")
  func empty() throws {
    #expect(throws: ImportError.self) { try Self.guessed([]) }
    for (lines, told) in [
      ([String(repeating: " ", count: 5000)], "The list is empty"),
      (["\"a\"b", "\"c\"d"], "No row of it can be read"),
    ] {
      let guess = try Self.guessed(lines)
      #expect(guess.shapeLines.contains(told), "\(guess.shapeLines)")
      #expect(guess.map == nil)
      #expect(guess.obstacles.count == 1 && guess.obstacles[0].hasPrefix(told))
    }
  }

  @Test("A row of flags with a known word in it is a job, and not the headings")
  func flags() throws {
    let flags = (0..<24).map { "Flag \(Character(UnicodeScalar(UInt8(65 + $0))))" }
    let guess = try Self.guessed(
      (["Job Ref", "Recorded", "Job Type", "Status", "Easting", "Northing"] + flags)
        .joined(separator: ",")
    ) { row in
      (["FL\(row)", "11/03/2026 12:29", "Noise complaint", "Closed", "44\(9_000 + row)", "359265"]
        + (0..<24).map { ($0 * 7 + row * 3) % 5 < 2 ? "Y" : "N" }).joined(separator: ",")
    }
    #expect(guess.sample.headerRow == 1 && guess.sample.rowCount == 30)
    #expect(guess.map?.reference == "Job Ref" && guess.map?.x == "Easting")
  }

  @Test("A job in words that are headings elsewhere does not take the headings' place")
  func wordyJob() throws {
    let guess = try Self.guessed("Cyf,Dyddiad,Math,Cyflwr,Lle,Ward") { row in
      "C\(row),\(row == 0 ? "Received" : "11/03/2026"),Street,Closed,Town,Ward"
    }
    #expect(guess.sample.headerRow == 1 && guess.columns.map(\.heading).first == "Cyf")
  }

  @Test("Headings below a row that names groups of columns are found")
  func groups() throws {
    let guess = try Self.guessed(
      ["Job,,,Place,", "Job Ref,Recorded,Job Type,Easting,Northing"]
        + (0..<10).map { "F\($0),11/03/2026,Noise,44\(9_000 + $0),359265" })
    #expect(guess.sample.headerRow == 2 && guess.map?.reference == "Job Ref")
  }

  @Test("A date of birth is known for one, never stored, and never when a job was received")
  func birth() throws {
    let guess = try Self.guessed(
      "Job Ref,DOB,Date of Birth,Marital Status,Age,Job Type,Easting,Northing"
    ) {
      "F\($0),01/02/1950,13/02/19\(50 + $0),Single,44,Missed bin,44\(9_000 + $0),359265"
    }
    #expect(guess.map != nil && guess.map?.received == [])
    for column in guess.columns[1...4] {
      #expect(column.meaning == .personal && column.fate == .left, "\(column.heading)")
    }
    #expect(
      guess.lines.contains { $0.contains("never: 'DOB', 'Date of Birth', 'Marital Status', 'Age'") }
    )
  }

  @Test("Dates of a generation ago under a strange heading are not when a job was received")
  func longPast() throws {
    func received(_ year: Int) throws -> [String]? {
      try Self.guessed("Job Ref,When,Job Type,Easting,Northing") {
        "F\($0),13/02/\(year),Missed bin,44\(9_000 + $0),359265"
      }.map?.received
    }
    #expect(try received(1961) == [])
    #expect(try received(2026) == ["When"])
  }

  @Test("A person's title is no report's")
  func title() throws {
    let person = try Self.guessed("Job Ref,Title,Easting,Northing") {
      "F\($0),\($0 % 2 == 0 ? "Mr" : "Mrs"),44\(9_000 + $0),359265"
    }
    #expect(person.columns[1].meaning == .personal)
    let report = try Self.guessed("Report ID,Title,Easting,Northing") {
      "F\($0),Something lies about \($0),44\(9_000 + $0),359265"
    }
    #expect(report.columns[1].meaning == .notes)
  }

  @Test("Free text under a heading for kinds and states is never mapped")
  func freeText() throws {
    let guess = try Self.guessed(
      "Job Ref,Recorded,Subject,Type,Status,Caller,Case Title,Summary,Easting,Northing"
    ) { row in
      let word = "Charlie says \(row)"
      let long = "The same long sentence of more than sixty characters stands in every row of it."
      return
        "F\(row),11/03/2026,\(word),\(word),\(word),\(word),Charlie\(row) Bob,\(long),44\(9_000 + row),359265"
    }
    let map = try #require(guess.map)
    #expect(map.jobClass == nil && map.type == nil && map.status == nil && map.callerType == nil)
    for column in guess.columns[2...7] {
      #expect(column.meaning == .notes && column.fate == .notCarried, "\(column.heading)")
    }
    #expect(guess.types.isEmpty && guess.statuses.isEmpty)
  }

  @Test("Kinds that come again are kinds, in a short list too")
  func kinds() throws {
    let many = try Self.guessed("Job Ref,Subject,Easting,Northing") {
      "F\($0),Kind \($0 % 15),44\(9_000 + $0),359265"
    }
    #expect(many.map?.jobClass == "Subject")
    let short = try Self.guessed("Job Ref,Type,Easting,Northing", rows: 5) {
      "F\($0),Kind \($0),44\(9_000 + $0),359265"
    }
    #expect(short.map?.type == "Type")
  }

  @Test(
    "Headings alone map the coordinates, and it is said that only they speak",
    arguments: [
      ("Easting,Northing", PlaceSystem.britishNational), ("Longitude,Latitude", .degrees),
    ])
  func headingsAlone(_ pair: String, _ system: PlaceSystem) throws {
    let guess = try Self.guessed(["Job Ref,Recorded,Job Type,\(pair)"])
    let map = try #require(guess.map)
    #expect([map.x, map.y] == pair.split(separator: ",").map(String.init))
    #expect(guess.system == system && guess.placeWhy == "by their headings alone")
    #expect(guess.warnings.contains { $0.text.contains("only the headings speak") })
    #expect(!guess.hasProblems)
  }

  @Test("The postcode and UPRN of the job's own address are taken, not the customer's")
  func twoAddresses() throws {
    let guess = try Self.guessed(
      "Job Ref,Customer Address,Site Address,Customer UPRN,Site UPRN,Customer Postcode,Site Postcode"
    ) {
      "F\($0),9 Far Road,\($0) Mill Lane,10003120\(1000 + $0),10003120\(3000 + $0),NG1 1AA,NG17 2AA"
    }
    let map = try #require(guess.map)
    #expect(map.address == ["Site Address"])
    #expect(map.postcode == "Site Postcode" && map.uprn == "Site UPRN")
    #expect(!guess.warnings.contains { $0.text.contains("might each be") })
  }

  @Test("Where two postcodes might be the job's, it is said")
  func twoPostcodes() throws {
    let guess = try Self.guessed("Job Ref,Address,Customer Postcode,Works Postcode") {
      "F\($0),\($0) Mill Lane,NG1 1AA,NG17 2AA"
    }
    #expect(guess.map?.postcode == "Works Postcode")
    #expect(
      guess.warnings.contains {
        $0.text.hasPrefix("'Customer Postcode', 'Works Postcode' might each be")
      })
  }

  @Test("The parts of one address are mapped, and not those of another beside it; eight at most")
  func oneFamily() throws {
    let guess = try Self.guessed(
      "Job Ref,AddressLine1,AddressLine2,Town,Polling_Place_Address_1,Polling_Place_Address_2,Postcode"
    ) { "F\($0),\($0) Mill Lane,Far End,Ashby,The Hall,High Street,NG17 2AA" }
    #expect(guess.map?.address == ["AddressLine1", "AddressLine2", "Town"])
    let many = try Self.guessed(
      "Job Ref,Postcode," + (1...12).map { "Address Line \($0)" }.joined(separator: ",")
    ) { row in "F\(row),NG17 2AA," + (1...12).map { "Part \($0)" }.joined(separator: ",") }
    #expect(many.map?.address == (1...8).map { "Address Line \($0)" })
  }
}
