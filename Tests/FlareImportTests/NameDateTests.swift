import FlareImport
import Foundation
import Testing
import Triage

@Suite("The date in a list's name")
struct NameDateTests {
  static func listed(_ name: String, _ pattern: String?) throws -> Date? {
    try read(Array("\(heading)\n".utf8), settings { $0.dateInName = pattern }, name: name)
      .report.listed
  }

  @Test(
    "The name tells when the list was made, in the feed's zone",
    arguments: [
      ("CSVEXP_13062026_1145.CSV", "CSVEXP_{ddMMyyyy_HHmm}.CSV", "2026-06-13T10:45:00Z"),
      ("csvsum_13032026.csv", "CSVSUM_{ddMMyyyy}.CSV", "2026-03-13T00:00:00Z"),
      ("jobs 2026-06-13T114500 v2.csv", "*{yyyy-MM-dd'T'HHmmss}*", "2026-06-13T10:45:00Z"),
      ("13-Jun-26 jobs.csv", "{d-MMM-yy} jobs.*", "2026-06-12T23:00:00Z"),
      ("jobs-1-6-2026.csv", "jobs-{d-M-yyyy}.csv", "2026-05-31T23:00:00Z"),
    ])
  func named(_ name: String, _ pattern: String, _ instant: String) throws {
    #expect(try NameDateTests.listed(name, pattern) == MappingTests.date(instant))
  }

  @Test(
    "A name that does not fit tells nothing, and the file's last change does",
    arguments: [
      ("CSVEXP_13062026_1145.CSV.bak", "CSVEXP_{ddMMyyyy_HHmm}.CSV"),
      ("XCSVEXP_13062026_1145.CSV", "CSVEXP_{ddMMyyyy_HHmm}.CSV"),
      ("CSVEXP_31022026_1145.CSV", "CSVEXP_{ddMMyyyy_HHmm}.CSV"),
      ("CSVEXP_00010101_0000.CSV", "CSVEXP_{yyyyMMdd_HHmm}.CSV"), ("jobs.csv", nil),
    ])
  func other(_ name: String, _ pattern: String?) throws {
    let listed = try #require(try NameDateTests.listed(name, pattern))
    #expect(abs(listed.timeIntervalSinceNow) < 600)
  }

  @Test(
    "A pattern that cannot be used is a problem of the settings",
    arguments: ["jobs.csv", "jobs_{ddMMyyyy.csv", "{ddMM}.csv", "{ddMMyyyy}{HHmm}", "{ddQQyyyy}"])
  func bad(_ pattern: String) {
    let problems = settings { $0.dateInName = pattern }.problems()
    #expect(problems.map(\.key) == ["date_in_name"])
  }

  @Test("Numbers that make no sense are problems of the settings")
  func numbers() {
    let problems = settings {
      $0.shape.maxRatio = 0
      $0.shape.headerRow = 0
      $0.approximateMetres = -1
    }.problems()
    #expect(problems.map(\.key) == ["max_ratio", "header_row", "approximate"])
  }
}
