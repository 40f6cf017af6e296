import FlareImport
import Foundation
import Synchronization
import Testing
import Triage

/// A list that is cut off anywhere: nothing crashes, every row is counted, no job is closed.
@Suite("Lists that are cut off")
struct CutTests {
  /// Every byte with `TRIAGED_CUTS=all` (`make test-cuts`); else every 97th, and every one of the last
  /// rows.
  static let takesAll = ProcessInfo.processInfo.environment["TRIAGED_CUTS"] == "all"

  @Test("A list of 64 KB, cut at any byte, closes nothing and loses no row in silence")
  func longList() throws {
    let bytes = CutTests.list(bytes: 65_536)
    #expect(bytes.count >= 65_536)
    try CutTests.cut(bytes, every: CutTests.takesAll ? 1 : 97, lastBytes: 256, settings())
  }

  @Test(
    "So does each other format, packed or not",
    arguments: [
      "q31-exactly-the-limit.json", "q29-empty-elements.xml", "79-title-and-two-header-rows.xlsx",
      "87-whole.csv.gz", "85-name-climbs-out.zip", "74-one-bad-line.jsonl",
      "q02-utf-16le-with-mark.csv", "q25-notes-of-many-lines.csv",
    ])
  func otherFormats(_ file: String) throws {
    let path = FlawTests.folder + "/" + file
    let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    let expected = try #require(FlawTests.expected.first { $0.file == file })
    try CutTests.cut(
      bytes, every: CutTests.takesAll ? 1 : 7, lastBytes: 64, FlawTests.settings(expected))
  }

  @Test("A list whose last row is gone and which has another change is no cut list")
  func changedAndShorter() throws {
    let bytes = CutTests.list(bytes: 8192)
    let whole = try #require(try read(bytes).print)
    var changed = bytes
    changed[heading.utf8.count + 20] ^= 1
    #expect(try read(Array(bytes.dropLast(80))).print?.isBeginning(of: whole) == true)
    #expect(try read(Array(changed.dropLast(80))).print?.isBeginning(of: whole) == false)
    #expect(try read(bytes).print?.isBeginning(of: whole) == false)
    #expect(try read(bytes + Array("x".utf8)).print?.isBeginning(of: whole) == false)
  }

  // MARK: - Cutting

  /// Cuts a list at many lengths and holds each against a ledger that knows it whole.
  static func cut(
    _ bytes: [UInt8], every step: Int, lastBytes: Int, _ settings: FeedSettings
  ) throws {
    let reading = Cuts(bytes, settings)
    let known = try reading.whole()
    let dense = max(1, bytes.count - lastBytes)..<bytes.count
    let lengths = Array(stride(from: 1, to: dense.lowerBound, by: step)) + Array(dense)
    let wrong = Mutex<[String]>([])
    let workers = max(2, ProcessInfo.processInfo.activeProcessorCount)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      let file = MemoryFile()
      for at in stride(from: worker, to: lengths.count, by: workers) {
        if let why = reading.wrong(lengths[at], in: file, known) {
          wrong.withLock { $0.append("cut at \(lengths[at]): \(why)") }
        }
      }
    }
    let found = wrong.withLock { $0 }
    #expect(found.isEmpty, "\(found.count): \(found.prefix(5))")
  }

  /// Rows of every kind: in area, outside, without a place; quotes, line ends and letters beyond ASCII.
  static func list(bytes: Int) -> [UInt8] {
    var text = Array((heading + "\r\n").utf8)
    var row = 0
    while text.count < bytes {
      row += 1
      let line =
        switch row % 5 {
        case 0: outside("R\(row)")
        case 1: inside("R\(row)", notes: "\"Sofa, \"\"old\"\"\r\nby the gate\"")
        case 2: inside("R\(row)", notes: "Café")
        case 3: inside("R\(row)").replacing("450500", with: "").replacing("10001", with: "")
        default: inside("R\(row)").replacing("Open", with: "Cleared")
        }
      text += Array((line + "\r\n").utf8)
    }
    return text
  }
}

/// One list that is cut at one length after the other.
private struct Cuts: Sendable {
  struct Known: Sendable {
    var ledger: Ledger
    var print: ListPrint
    /// Rows of the whole list.
    var rows: Int
  }

  private let bytes: [UInt8]
  private let settings: FeedSettings
  private let index: AreaIndex
  private static let start = Date(timeIntervalSince1970: 1_796_126_400)

  init(_ bytes: [UInt8], _ settings: FeedSettings) {
    self.bytes = bytes
    self.settings = settings
    index = FlawTests.index(settings)
  }

  func whole() throws -> Known {
    let file = MemoryFile()
    file.write(bytes)
    let list = try read(file)
    var ledger = Ledger(order: .snapshot)
    let intake = ledger.take(
      Listing(jobs: list.jobs, unplaced: list.notLocated, at: Cuts.start, isComplete: true),
      report: list.report, usual: [], limits: HoldLimits(), isAccepted: true)
    #expect(intake.isBelieved && !ledger.entries.isEmpty)
    return Known(
      ledger: ledger, print: try #require(list.print), rows: list.report.counts.rows)
  }

  /// - Returns: what is wrong with the reading of the list's first bytes.
  func wrong(_ length: Int, in file: MemoryFile, _ known: Known) -> String? {
    bytes.withUnsafeBytes { file.write(UnsafeRawBufferPointer(rebasing: $0[..<length])) }
    let list: ImportedList
    do {
      list = try read(file)
    } catch let error as ImportError {
      return error.why.isEmpty ? "refused without a reason" : nil
    } catch {
      return "\(error)"
    }
    let counts = list.report.counts
    if !counts.addsUp { return "the rows do not add up" }
    // The lines of a cell that is cut in its quotes count by themselves.
    if counts.rows > known.rows + 3 { return "there are more rows than in the whole list" }
    var ledger = known.ledger
    let intake = ledger.take(
      Listing(
        jobs: list.jobs, unplaced: list.notLocated, at: Cuts.start.addingTimeInterval(900),
        isComplete: true, isBeginning: list.print?.isBeginning(of: known.print) ?? false),
      report: list.report, usual: [known.rows, known.rows, known.rows], limits: HoldLimits())
    if !intake.report.counts.addsUpInArea { return "the rows in area do not add up" }
    for (reference, entry) in known.ledger.entries {
      guard let now = ledger.entries[reference] else { return "\(reference) is forgotten" }
      if now.job.gone != nil { return "\(reference) is taken for gone" }
      if now.job.closed != entry.job.closed { return "\(reference) is closed" }
    }
    return intake.isBelieved ? "the list is believed" : nil
  }

  private func read(_ file: MemoryFile) throws -> ImportedList {
    try readExport(
      at: file.path, settings: settings, index: index,
      projection: Projection(source: settings.crs) { GridPoint(x: $0, y: $1) },
      gazetteer: FlawTests.gazetteer, now: FlawTests.now)
  }
}
