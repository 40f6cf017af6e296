import Foundation
import Testing
import Triage

@testable import FlareImport

/// What is understood of lists that no feed file describes. The golden texts beside the lists say for
/// each column what was found: `TRIAGED_UPDATE_GOLDEN=1` writes them anew.
@Suite("Guessing what a list holds")
struct GuessTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  /// Long after every date in the lists but those of the one that is about the future.
  static let now = Date(timeIntervalSince1970: 1_795_262_400)  // 2026-11-21T12:00:00Z

  static func guessed(_ file: String) throws -> FeedGuess {
    guess(sample: try sampleList(at: fixtures + "/" + file), now: now)
  }

  static func meanings(_ guess: FeedGuess) -> [String: ColumnMeaning] {
    var meanings: [String: ColumnMeaning] = [:]
    for column in guess.columns where column.fate == .mapped {
      meanings[column.heading] = column.meaning
    }
    return meanings
  }

  @Test(
    "Every column of a list is told as its golden text has it",
    arguments: [
      "real/boston311-100.csv", "real/NYC311-5.csv", "real/adur-public-toilets.csv",
      "real/open311-requests.json", "real/open311-requests.xml",
      "guess/flare-report.csv", "guess/symology.csv", "guess/bartec.csv", "guess/whitespace.csv",
      "guess/echo.csv", "guess/confirm.csv", "guess/jadu.csv", "guess/fixmystreet.csv",
      "guess/seeclickfix.csv", "guess/noiseworks.csv", "guess/alloy.json",
      "guess/easting-northing-swapped.csv", "guess/degrees-under-easting.csv",
      "guess/latitude-longitude-swapped.csv", "guess/grid-under-latitude.csv",
      "guess/month-before-day.csv", "guess/day-and-month-mixed.csv", "guess/no-header.csv",
      "guess/titles-and-totals.csv", "guess/special-category.csv", "guess/state-plane-only.csv",
    ])
  func golden(file: String) throws {
    let found = try GuessTests.guessed(file).lines.joined(separator: "\n") + "\n"
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let path = GuessTests.fixtures + "/guess/golden/" + name + ".txt"
    if ProcessInfo.processInfo.environment["TRIAGED_UPDATE_GOLDEN"] == "1" {
      try Data(found.utf8).write(to: URL(fileURLWithPath: path))
    }
    #expect(found == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  @Test("Boston's columns are found with their system and zone")
  func boston() throws {
    let guess = try GuessTests.guessed("real/boston311-100.csv")
    let map = try #require(guess.map)
    #expect(map.reference == "case_enquiry_id")
    #expect(map.received == ["open_dt"] && map.due == ["target_dt"] && map.closed == ["closed_dt"])
    #expect(map.type == "type" && map.jobClass == "reason" && map.status == "case_status")
    #expect(map.address == ["location"] && map.postcode == "location_zipcode")
    #expect(map.x == "longitude" && map.y == "latitude")
    #expect(guess.system == .degrees && guess.timeZone == "America/New_York")
    #expect(!guess.hasProblems)
  }

  @Test("New York's State Plane numbers are passed over for the degrees beside them")
  func newYork() throws {
    let guess = try GuessTests.guessed("real/NYC311-5.csv")
    let map = try #require(guess.map)
    #expect(map.x == "Longitude" && map.y == "Latitude" && map.point == nil)
    #expect(guess.dateFormats == ["M/d/yyyy h:mm:ss a"])
    #expect(map.reference == "Unique Key" && map.type == "Complaint Type")
    #expect(
      guess.columns.count { $0.meaning == .statePlane && $0.fate == .left } == 2)
  }

  @Test("Adur's grid coordinates and both of its date formats are found")
  func adur() throws {
    let guess = try GuessTests.guessed("real/adur-public-toilets.csv")
    let map = try #require(guess.map)
    #expect(guess.system == .britishNational && map.x == "GeoX" && map.y == "GeoY")
    #expect(guess.dateFormats == ["d/M/yyyy H:mm", "yyyy-MM-dd HH:mm"])
    #expect(map.uprn == "UPRN" && map.reference == "UPRN")
    #expect(guess.warnings.contains { $0.isProblem && $0.text.contains("stands in") })
  }

  @Test(
    "Open311 is understood in JSON and in XML",
    arguments: ["real/open311-requests.json", "real/open311-requests.xml"])
  func open311(file: String) throws {
    let guess = try GuessTests.guessed(file)
    let map = try #require(guess.map)
    #expect(map.reference == "service_request_id" && map.type == "service_name")
    #expect(map.x == "long" && map.y == "lat" && guess.system == .degrees)
    #expect(map.received == ["requested_datetime"] && map.address == ["address"])
    #expect(guess.dateFormats == ["yyyy-MM-dd'T'HH:mm:ssXXX"])
    #expect(!guess.hasProblems)
  }

  @Test("Names, numbers to call and free text are never mapped, whatever the list")
  func personal() throws {
    let folder = GuessTests.fixtures + "/guess"
    let personal: Set<String> = [
      "Complainant Name", "Contact Tel", "Job Notes", "ReporterName", "ReporterEmail",
      "WorksheetMessage", "Notes", "EnquiryDescription", "ContactName", "ContactPhone",
      "ens-customer_name", "ens-customer_email", "Detail", "User Name", "description",
      "reporter_name", "reporter_email", "attributes.description", "Officer",
    ]
    var seen: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where file.hasSuffix(".csv") || file.hasSuffix(".json") {
      let guess = try GuessTests.guessed("guess/" + file)
      for column in guess.columns where personal.contains(column.heading) {
        seen.insert(column.heading)
        #expect(column.fate != .mapped, "\(file): \(column.heading)")
        #expect(
          guess.map?.requiredHeadings.contains { $0.heading == column.heading } != true,
          "\(file): \(column.heading)")
      }
      #expect(guess.map?.notes == nil && guess.map?.contact == nil)
    }
    #expect(seen == personal)
  }

  @Test("A column of a special category is refused by its name")
  func special() throws {
    let guess = try GuessTests.guessed("guess/special-category.csv")
    #expect(
      guess.columns.filter { $0.fate == .refused }.map(\.heading)
        == ["Ethnicity", "Disability Flag", "Benefit Claimed"])
    #expect(guess.map != nil)
  }

  @Test("A date and its time of day in two columns are read as one")
  func dateAndTime() throws {
    let guess = try GuessTests.guessed("guess/jadu.csv")
    #expect(guess.map?.received == ["ens-date", "ens-time"])
    #expect(guess.dateFormats.contains("d/M/yyyy H:mm"))
  }

  @Test("The parts of an address are kept in the order of the list")
  func parts() throws {
    let guess = try GuessTests.guessed("guess/bartec.csv")
    #expect(guess.map?.address == ["Address1", "Address2", "Street", "Locality", "Town"])
    #expect(guess.map?.x == "Easting", "the premises, not the service's location")
    #expect(guess.map?.reference == "ServiceCode")
  }

  @Test("A list without headings is said to be one, and not mapped")
  func headerless() throws {
    let guess = try GuessTests.guessed("guess/no-header.csv")
    #expect(!guess.sample.hasHeader && guess.map == nil && guess.hasProblems)
    #expect(guess.columns.first?.heading == "column 1")
    #expect(guess.sample.rowCount == 30)
    #expect(guess.obstacles.first?.contains("no headings") == true)
  }

  @Test("Titles above and totals below are no rows")
  func titles() throws {
    let guess = try GuessTests.guessed("guess/titles-and-totals.csv")
    #expect(guess.sample.encoding == "utf-16le" && guess.sample.delimiter == "semicolon")
    #expect(guess.sample.headerRow == 4 && guess.sample.titleLines == 2)
    #expect(guess.sample.totalLines == 2 && guess.sample.rowCount == 30)
    #expect(!guess.hasProblems)
  }

  @Test("Headings alone are understood, and said to be alone")
  func headerOnly() throws {
    let guess = try GuessTests.guessed("guess/header-only.csv")
    #expect(guess.sample.rowCount == 0 && guess.map?.reference == "Job Ref")
    #expect(guess.warnings.contains { $0.text.contains("no row of jobs") })
  }

  @Test(
    "What cannot be mapped is told in a sentence",
    arguments: [("no-reference.csv", "No column names the job"), ("nowhere.csv", "where a job is")])
  func obstacles(file: String, words: String) throws {
    let guess = try GuessTests.guessed("guess/" + file)
    #expect(guess.map == nil && guess.hasProblems)
    #expect(guess.obstacles.contains { $0.contains(words) })
  }

  @Test("A heading that stands twice is not mapped")
  func twice() throws {
    let guess = try GuessTests.guessed("guess/heading-twice.csv")
    #expect(guess.map?.status == nil)
    #expect(guess.columns.count { $0.why.contains("more than once") } == 2)
  }

  @Test("References that come again make it a list of updates")
  func updates() throws {
    let guess = try GuessTests.guessed("guess/references-repeat.csv")
    #expect(guess.referencesRepeat)
    #expect(guess.settings(name: "x", path: "/x")?.kind == .updates)
  }

  @Test("UPRNs that a spreadsheet has spoiled are counted")
  func spoiled() throws {
    let guess = try GuessTests.guessed("guess/uprn-spoiled.csv")
    #expect(guess.warnings.contains { $0.text.contains("30 of 30 UPRNs") })
  }

  @Test("Coordinates under headings that say nothing are found by their values")
  func nameless() throws {
    let guess = try GuessTests.guessed("guess/nameless-coordinates.csv")
    #expect(guess.map?.x == "P1" && guess.map?.y == "P2" && guess.system == .britishNational)
    #expect(guess.columns.first { $0.heading == "P1" }?.sure == 50)
  }

  @Test("A list of a thousand rows and more is sampled from its beginning to its end")
  func long() throws {
    let path = NSTemporaryDirectory() + "triaged-guess-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var text = "Job Ref,Received,Type,Easting,Northing\n"
    for row in 0..<20_000 {
      // Only the last tenth has a day above 12.
      text +=
        "J\(row),\(row < 18_000 ? "05" : "25")/03/2026,Missed bin,\(450_000 + row % 900),359000\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let sample = try sampleList(at: path)
    #expect(sample.rowCount == 20_000)
    #expect((1000...2000).contains(sample.rows.count))
    let guess = guess(sample: sample, now: GuessTests.now)
    #expect(guess.dateFormats == ["d/M/yyyy"] && guess.dateWhy.contains("above 12"))
  }
}
