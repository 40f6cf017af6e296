import FlareImport
import Foundation
import Testing
import Triage

@Suite("From a cell to an instant")
struct DateMappingTests {
  @Test(
    "Civil times are read in the feed's zone, twice-told hours as the first",
    arguments: [
      ("13/03/2026 11:45", "2026-03-13T11:45:00Z"),
      ("13/06/2026 11:45", "2026-06-13T10:45:00Z"),
      ("13/06/2026", "2026-06-12T23:00:00Z"),
      ("29/03/2026 00:59", "2026-03-29T00:59:00Z"),
      ("29/03/2026 01:30", "2026-03-29T01:30:00Z"),
      ("29/03/2026 02:00", "2026-03-29T01:00:00Z"),
      ("25/10/2026 00:30", "2026-10-24T23:30:00Z"),
      ("25/10/2026 01:30", "2026-10-25T00:30:00Z"),
      ("25/10/2026 02:00", "2026-10-25T02:00:00Z"),
      ("2026-06-13T11:45:00Z", "2026-06-13T11:45:00Z"),
      ("2026-06-13T11:45:00+02:00", "2026-06-13T09:45:00Z"),
      ("2026-06-13 11:45:07.123", "2026-06-13T10:45:07Z"),
      ("46186", "2026-06-12T23:00:00Z"),
      ("46186.5", "2026-06-13T11:00:00Z"),
    ])
  func dates(_ written: String, _ instant: String) throws {
    let row = inside("A1").replacing("13/03/2026 11:45", with: written)
    #expect(try MappingTests.job(row)?.received == MappingTests.date(instant))
  }

  @Test(
    "A stand-in for no date is no date, in silence",
    arguments: [
      "0001-01-01T00:00:00", "01/01/2050", "31/12/1899", "00/00/0000",
    ])
  func sentinels(_ written: String) throws {
    let list = try read(lines: heading, inside("A1").replacing("13/03/2026 11:45", with: written))
    #expect(list.jobs.first != nil)
    #expect(list.jobs.first?.received == nil)
    #expect(list.report.problems.isEmpty)
  }

  @Test(
    "What is no date of the feed's formats is no date, and said",
    arguments: [
      "13/13/2026", "30/02/2026", "tomorrow", "13/03/26", "13/03/2026 25:00", "13/03/2026x",
      "123456",
      "2026-06-13T11:45:00+2:00", "9999",
    ])
  func badDates(_ written: String) throws {
    let list = try read(lines: heading, inside("A1").replacing("13/03/2026 11:45", with: written))
    #expect(list.jobs.first != nil)
    #expect(list.jobs.first?.received == nil)
    #expect(list.noted == ["badDate 2"])
    #expect(list.report.problems[0].column == "Received")
  }

  @Test(
    "Other ways to write a date can be configured",
    arguments: [
      ("MM/dd/yyyy hh:mm:ss a", "06/13/2026 12:05:09 AM", "2026-06-12T23:05:09Z"),
      ("MM/dd/yyyy hh:mm:ss a", "06/13/2026 12:05:09 PM", "2026-06-13T11:05:09Z"),
      ("d MMM yy", "3 Jun 26", "2026-06-02T23:00:00Z"),
      ("yyyyMMdd'at'HHmm", "20260613at1145", "2026-06-13T10:45:00Z"),
    ])
  func otherFormats(_ format: String, _ written: String, _ instant: String) throws {
    let row = inside("A1").replacing("13/03/2026 11:45", with: written)
    let job = try MappingTests.job(row) { $0.dateFormats = [format] }
    #expect(job?.received == MappingTests.date(instant))
  }

  @Test(
    "ISO 8601 is read whatever the feed's formats are, as a spreadsheet's cells come",
    arguments: [
      ("2026-06-13T11:45:00", "2026-06-13T10:45:00Z"), ("2026-06-13", "2026-06-12T23:00:00Z"),
      ("2026-06-13T11:45:00.5", "2026-06-13T10:45:00Z"),
      ("2026-06-13T11:45:00.123+02:00", "2026-06-13T09:45:00Z"),
      ("2026-06-13 11:45", "2026-06-13T10:45:00Z"), ("2026-06-13T11:45Z", "2026-06-13T11:45:00Z"),
    ])
  func iso(_ written: String, _ instant: String) throws {
    let row = inside("A1").replacing("13/03/2026 11:45", with: written)
    let job = try MappingTests.job(row) { $0.dateFormats = ["MM/dd/yyyy"] }
    #expect(job?.received == MappingTests.date(instant))
  }

  @Test("A date and its time may stand in columns of their own")
  func splitDate() throws {
    let feed = settings { $0.columns.received = ["Received", "Notes"] }
    for (date, time, instant) in [
      ("13/06/2026", "11:45", "2026-06-13T10:45:00Z"), ("13/06/2026", "", "2026-06-12T23:00:00Z"),
      ("2026-06-13T00:00:00", "11:45:10", "2026-06-13T10:45:10Z"),
      ("13/06/2026 00:00", "11:45", "2026-06-13T10:45:00Z"),
    ] {
      let row = inside("A1", notes: time).replacing("13/03/2026 11:45", with: date)
      let job = try read("\(heading)\n\(row)\n", feed).jobs.first
      #expect(job?.received == MappingTests.date(instant), "\(date) \(time)")
    }
  }

  @Test("A feed may say that its zone marks are wrong")
  func zoneMarks() throws {
    for (written, instant) in [
      ("2026-06-13T11:45:00Z", "2026-06-13T10:45:00Z"),
      ("2026-06-13T11:45:00+00:00", "2026-06-13T10:45:00Z"),
      ("2026-06-13T11:45:00+02:00", "2026-06-13T09:45:00Z"),
    ] {
      let row = inside("A1").replacing("13/03/2026 11:45", with: written)
      let job = try MappingTests.job(row) { $0.zoneMarksAreLocal = true }
      #expect(job?.received == MappingTests.date(instant))
    }
  }

  @Test("A time that the clocks pass twice or leave out is said, once for each row")
  func ambiguous() throws {
    let rows = [
      "25/10/2026 01:30", "25/10/2026 00:59", "25/10/2026 02:00", "29/03/2026 01:30",
      "29/03/2026 02:00", "25/10/2026", "2026-10-25T01:30:00Z",
    ].enumerated().map { at, date in
      inside("A\(at)").replacing("13/03/2026 11:45", with: date)
    }
    let folder = try TemporaryFolder()
    let list = try readExport(
      at: try folder.file("l.csv", Array(([heading] + rows).joined(separator: "\n").utf8)),
      settings: settings(), index: AreaIndex([square]), projection: .identity(.britishNational),
      now: MappingTests.date("2027-01-01T00:00:00Z"))
    #expect(list.noted == ["ambiguousTime 2", "ambiguousTime 5"])
  }

  @Test("Dates that are still to come are counted, from a day ahead on")
  func future() throws {
    let now = MappingTests.date("2026-03-13T12:00:00Z")
    let rows = ["13/03/2026 11:45", "14/03/2026 11:59", "14/03/2026 12:01", "", "12/03/2050"]
      .enumerated().map { inside("A\($0)").replacing("13/03/2026 11:45", with: $1) }
    let folder = try TemporaryFolder()
    let list = try readExport(
      at: try folder.file("l.csv", Array(([heading] + rows).joined(separator: "\n").utf8)),
      settings: settings(), index: AreaIndex([square]), projection: .identity(.britishNational),
      now: now)
    #expect(list.report.dated == 3)
    #expect(list.report.inFuture == 1)
    #expect(list.noted == ["futureDate 4"])
    #expect(list.report.problems[0].column == "Received")
    #expect(list.report.byGrade == ["coordinates": 5])
  }
}
