import FlareImport
import Foundation
import Testing
import Triage

@Suite("Lists that come packed")
struct PackedListTests {
  static let list = Array("\(heading)\n\(inside("A1"))\n\(outside("A2"))\n".utf8)

  static func why(
    _ bytes: [UInt8], name: String, _ change: (inout FeedSettings) -> Void = { _ in }
  ) throws -> String {
    let feed = settings(change)
    let error = try #require(throws: ImportError.self) { try read(bytes, feed, name: name) }
    #expect(error.feed == "jobs")
    #expect(!error.next.isEmpty)
    return error.why
  }

  @Test("A gzip file is unpacked, and its hash is that of the file as it came")
  func gzip() throws {
    let packed = try Packing.gzip(PackedListTests.list)
    let list = try read(packed, name: "list.csv.gz")
    #expect(list.references == ["A1"])
    #expect(list.report.counts.rows == 2)
    #expect(list.report.format == "gz/csv")
    #expect(list.sha256 != (try read(PackedListTests.list)).sha256)
  }

  @Test("A gzip file of several members is one list, and zeros behind it are nothing")
  func members() throws {
    let first = try Packing.gzip(Array("\(heading)\n\(inside("A1"))\n".utf8))
    let second = try Packing.gzip(Array("\(inside("A2"))\n".utf8))
    let list = try read(first + second + [0, 0, 0, 0], name: "list.gz")
    #expect(list.references == ["A1", "A2"])
  }

  @Test("A gzip file that is cut at any byte, damaged or followed by something is refused")
  func damagedGzip() throws {
    let packed = try Packing.gzip(PackedListTests.list)
    for length in 2..<packed.count {
      #expect(throws: ImportError.self) {
        try read(Array(packed[..<length]), name: "list.csv.gz")
      }
    }
    var damaged = packed
    damaged[packed.count - 6] ^= 1
    #expect(try PackedListTests.why(damaged, name: "list.gz").contains("damaged"))
    #expect(
      try PackedListTests.why(packed + Array("more".utf8), name: "list.gz").contains("damaged"))
  }

  @Test("The one list in a ZIP file is read, whatever lies beside it")
  func zip() throws {
    let packed = try Packing.zip([
      ("jobs/", []), ("__MACOSX/jobs/._list.csv", [1]), ("jobs/.DS_Store", [1]),
      ("jobs/list.csv", PackedListTests.list),
    ])
    let list = try read(packed, name: "jobs.ZIP")
    #expect(list.references == ["A1"])
    #expect(list.report.format == "zip/csv")
  }

  @Test("A name that leads out of the ZIP file leads nowhere")
  func zipPath() throws {
    let packed = try Packing.zip([("../../../../tmp/list.csv", PackedListTests.list)])
    #expect(try read(packed, name: "jobs.zip").references == ["A1"])
  }

  @Test("Of several lists in a ZIP file the feed names one")
  func member() throws {
    let packed = try Packing.zip([
      ("daily/jobs_0103.csv", PackedListTests.list), ("daily/closed.csv", [65]),
      ("read me.txt", [65]),
    ])
    let several = try PackedListTests.why(packed, name: "jobs.zip")
    #expect(several.contains("3 files") && !several.contains("closed"))
    #expect(
      try read(packed, settings { $0.shape.member = "JOBS_*.csv" }, name: "jobs.zip").references
        == ["A1"])
    #expect(
      try read(packed, settings { $0.shape.member = "daily/jobs*" }, name: "jobs.zip").references
        == ["A1"])
    #expect(
      try PackedListTests.why(packed, name: "jobs.zip") { $0.shape.member = "*.csv" }
        .contains("of which 2 fit"))
  }

  @Test("A ZIP file with nothing in it, or cut at any byte, is refused")
  func damagedZip() throws {
    #expect(
      try PackedListTests.why(try Packing.zip([("jobs/", [])]), name: "jobs.zip")
        .contains("no file in it"))
    let packed = try Packing.zip([("list.csv", PackedListTests.list)])
    for length in stride(from: 4, to: packed.count, by: 3) {
      #expect(throws: ImportError.self) { try read(Array(packed[..<length]), name: "jobs.zip") }
    }
    var damaged = packed
    damaged[60] ^= 0xFF
    #expect(try PackedListTests.why(damaged, name: "jobs.zip").contains("damaged"))
  }

  @Test("A ZIP file that is locked with a password is refused for that")
  func locked() throws {
    // The flag of an encrypted entry, in its own header and in the directory.
    var packed = try Packing.zip([("list.csv", PackedListTests.list)])
    packed[6] |= 1
    let directory = try #require(packed.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
    packed[directory + 8] |= 1
    #expect(try PackedListTests.why(packed, name: "jobs.zip").contains("password"))
  }

  @Test("A packed file in a packed file is refused")
  func nested() throws {
    let inner = try Packing.gzip(PackedListTests.list)
    #expect(
      try PackedListTests.why(try Packing.zip([("a.gz", inner)]), name: "a.zip")
        .contains("another packed file"))
    #expect(
      try PackedListTests.why(try Packing.gzip(inner), name: "a.gz").contains("another packed file")
    )
  }

  @Test("What unpacks to many times its size is refused before it fills the disk")
  func bomb() throws {
    let blank = Array("\(heading)\n".utf8) + [UInt8](repeating: 0x20, count: 8 << 20)
    let packed = try Packing.gzip(blank)
    #expect(packed.count * 200 + 1 << 20 < blank.count)
    #expect(try PackedListTests.why(packed, name: "a.gz").contains("many times its size"))
    let zipped = try Packing.zip([("a.csv", blank)])
    #expect(try PackedListTests.why(zipped, name: "a.zip").contains("many times its size"))
    #expect(
      try PackedListTests.why(packed, name: "a.gz") {
        $0.shape.maxRatio = 10_000
        $0.maxBytes = 1 << 20
      }.contains("bytes that the feed allows"))
  }

  @Test(
    "What is packed under another name is refused for what it is",
    arguments: [
      ("list.csv", "It is a ZIP file under the name of a CSV list."),
      ("list.gz", "It is a ZIP file under the name of a gzip file."),
      ("list.xlsx", "It is a ZIP file under the name of a spreadsheet (.xlsx)."),
      ("list.json", "It is a ZIP file under the name of a JSON list."),
    ])
  func wrongName(_ name: String, _ why: String) throws {
    let packed = try Packing.zip([("list.csv", PackedListTests.list)])
    #expect(try PackedListTests.why(packed, name: name).contains(why))
  }

  @Test("A gzip file and a workbook named .csv are refused for what they are")
  func wrongNames() throws {
    #expect(
      try PackedListTests.why(try Packing.gzip(PackedListTests.list), name: "list.csv")
        .contains("It is a gzip file under the name of a CSV list."))
    let book = try Packing.zip([("[Content_Types].xml", [65]), ("xl/workbook.xml", [65])])
    #expect(
      try PackedListTests.why(book, name: "list.csv")
        .contains("It is a spreadsheet (.xlsx) under the name of a CSV list."))
  }

  @Test("A name without a known ending says nothing, and the content decides")
  func noEnding() throws {
    #expect(try read(try Packing.gzip(PackedListTests.list), name: "export").references == ["A1"])
    #expect(
      try read(try Packing.zip([("l", PackedListTests.list)]), name: "jobs.dat").references
        == ["A1"])
  }

  @Test("A list that is not what the feed's format names is refused")
  func otherFormat() throws {
    let csv = try PackedListTests.why(PackedListTests.list, name: "l") { $0.format = .json }
    #expect(csv.contains("It is plain text, not the JSON"))
    let json = try PackedListTests.why(Array("[{}]".utf8), name: "l") { $0.format = .csv }
    #expect(json.contains("It is JSON, not the CSV"))
    let xml = try PackedListTests.why(Array("<a/>".utf8), name: "l") { $0.format = .xlsx }
    #expect(xml.contains("It is XML, not the XLSX"))
  }
}
