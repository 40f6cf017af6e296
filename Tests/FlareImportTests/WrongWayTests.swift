import Foundation
import Testing

@testable import FlareImport

/// Columns that hold something else than they are headed: found by value, said, and never turned in
/// silence.
@Suite("Wrong-way columns")
struct WrongWayTests {
  private func problem(_ file: String) throws -> (guess: FeedGuess, warning: GuessWarning) {
    let guess = try GuessTests.guessed("guess/" + file)
    return (guess, try #require(guess.warnings.first { $0.isProblem }, "\(file) has no problem"))
  }

  private func instead(_ warning: GuessWarning) -> [String] {
    warning.instead.map { "\($0.key): \($0.heading)" }
  }

  @Test(
    "Easting and northing swapped: by the postcodes in the Midlands, by the sea in Kent",
    arguments: [
      ("easting-northing-swapped.csv", "postcodes"),
      ("easting-northing-swapped-in-kent.csv", "the other way round"),
    ])
  func swapped(file: String, by words: String) throws {
    let (guess, warning) = try problem(file)
    #expect(warning.text.contains("look swapped") && warning.text.contains(words))
    #expect(guess.map?.x == "Easting" && guess.map?.y == "Northing", "mapped as headed")
    #expect(instead(warning) == ["easting: Northing", "northing: Easting"])
  }

  @Test("Degrees under the headings of the grid")
  func degreesUnderEasting() throws {
    let (guess, warning) = try problem("degrees-under-easting.csv")
    #expect(warning.text.contains("-1.3 to -1.2 and 53.1 to 53.2"))
    #expect(guess.system == .britishNational && guess.map?.x == "Easting")
    #expect(instead(warning) == ["longitude: Easting", "latitude: Northing"])
  }

  @Test("Latitude and longitude swapped")
  func latitude() throws {
    let (guess, warning) = try problem("latitude-longitude-swapped.csv")
    #expect(guess.map?.x == "Longitude" && guess.map?.y == "Latitude")
    #expect(instead(warning) == ["longitude: Latitude", "latitude: Longitude"])
  }

  @Test("Metres of the grid under the headings of degrees")
  func gridUnderLatitude() throws {
    let (guess, warning) = try problem("grid-under-latitude.csv")
    #expect(guess.system == .degrees)
    #expect(instead(warning) == ["easting: Longitude", "northing: Latitude"])
  }

  @Test("A British list with the month before the day is a problem, New York's is not")
  func monthFirst() throws {
    let (guess, warning) = try problem("month-before-day.csv")
    #expect(warning.text.contains("month first"))
    #expect(guess.dateFormats == ["M/d/yyyy H:mm"])
    #expect(!(try GuessTests.guessed("real/NYC311-5.csv")).hasProblems)
  }

  @Test("Both orders in one list")
  func mixed() throws {
    let (guess, warning) = try problem("day-and-month-mixed.csv")
    #expect(warning.text.contains("mixes both"))
    #expect(guess.dateFormats == ["d/M/yyyy"])
  }

  @Test("Where no day is above 12, what would lie in the future decides")
  func future() throws {
    let guess = try GuessTests.guessed("guess/dates-ambiguous-but-for-the-future.csv")
    #expect(guess.dateFormats == ["d/M/yyyy"])
    #expect(guess.dateWhy.contains("month first, 10 of 30 dates would lie in the future"))
  }

  @Test("Jobs received in the future are a problem")
  func received() throws {
    let (_, warning) = try problem("received-in-the-future.csv")
    #expect(warning.text.contains("30 of 30 dates in 'Received' lie in the future"))
  }

  @Test("A spreadsheet's serial numbers are taken for dates")
  func serial() throws {
    let guess = try GuessTests.guessed("guess/excel-serial-dates.csv")
    #expect(guess.map?.received == ["Received"])
    #expect(guess.columns[1].why.contains("serial numbers"))
  }

  @Test("Numbers of no system that is known are not mapped, and said")
  func statePlane() throws {
    let guess = try GuessTests.guessed("guess/state-plane-only.csv")
    #expect(guess.map?.x == nil && guess.map?.postcode == "Postcode")
    #expect(guess.warnings.contains { $0.text.contains("neither the National Grid nor degrees") })
  }

  @Test("Both coordinates in one column, as brackets and as well-known text")
  func points() throws {
    for (file, heading) in [("jadu.csv", "ens-latitude_longitude"), ("wkt.csv", "geom")] {
      let guess = try GuessTests.guessed("guess/" + file)
      #expect(guess.map?.point == heading && guess.system == .degrees && !guess.hasProblems)
    }
  }

  @Test("Postcodes of Northern Ireland hint at the Irish Grid")
  func irish() throws {
    let guess = try GuessTests.guessed("guess/irish.csv")
    #expect(guess.warnings.contains { $0.text.contains("EPSG:29903") && !$0.isProblem })
  }

  @Test("Zeros are no coordinates")
  func zeros() throws {
    let guess = try GuessTests.guessed("guess/zeros-and-blanks.csv")
    #expect(guess.placed == 20 && guess.notPlaced == 10 && !guess.hasProblems)
  }
}
