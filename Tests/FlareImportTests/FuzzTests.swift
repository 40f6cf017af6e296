import Foundation
import TestServers
import Testing

/// The short form of `make fuzz`: the same promises, over the fixtures and random changes of them, without
/// libFuzzer.
@Suite("Readers under random bytes")
struct FuzzTests {
  /// For each reader.
  static let mutations = 2000

  @Test("CSV: every promise holds")
  func csv() throws {
    let lists = CSVInvariants(everything: true)
    let seeds = try FuzzTests.fixtures(["csv", "tsv"]).flatMap { list -> [[UInt8]] in
      [[4] + list, [0] + FuzzTests.rows(list)]
    }
    try FuzzTests.run(seeds, seed: 21) { lists.broken(by: $0) }
  }

  @Test("JSON: every promise holds")
  func json() throws {
    let lists = RecordInvariants.json(everything: true)
    try FuzzTests.run(try FuzzTests.fixtures(["json", "jsonl"]), seed: 22) { lists.broken(by: $0) }
  }

  @Test("XML: every promise holds")
  func xml() throws {
    let lists = RecordInvariants.xml(everything: true)
    // Found so: an encoding without a name was taken for one.
    let found = Array("<?xml version=\"1.0\" encoding=\"\"?><a><b/></a>".utf8)
    let seeds = [found] + (try FuzzTests.fixtures(["xml"]))
    try FuzzTests.run(seeds, seed: 23) { lists.broken(by: $0) }
  }

  @Test("XLSX: every promise holds")
  func xlsx() throws {
    let lists = XLSXInvariants(everything: true)
    let seeds = [XLSXInvariants.seed] + (try FuzzTests.fixtures(["xlsx"]))
    try FuzzTests.run(seeds, seed: 24) { lists.broken(by: $0) }
  }

  @Test("Dates: every promise holds")
  func dates() throws {
    let dates = try DateInvariants()
    let seeds = [
      "13/03/2026", "13/03/2026 11:45\nd/M/yyyy H:mm", "2026-03-13T11:45:00.5+01:00",
      "13 Mar 2026\nd MMM yyyy", "03/13/2026 11:45:00 PM\nMM/dd/yyyy hh:mm:ss a", "46094.489583",
      "0001-01-01T00:00:00", "25/10/2026 01:30", "20260313\nyyyyMMdd", "31/04/2026",
    ].map { Array($0.utf8) }
    try FuzzTests.run(seeds, seed: 25) { dates.broken(by: $0) }
  }

  @Test("The seeds are read, and not all of them refused")
  func seedsAreRead() throws {
    let list = ListInvariants(.fuzzed)
    #expect(try FuzzTests.fixtures(["csv"]).count { list.jobs(in: $0) > 0 } > 40)
    let book = XLSXInvariants()
    #expect(book.jobs(in: XLSXInvariants.seed) == 1)
    #expect(try FuzzTests.fixtures(["xlsx"]).allSatisfy { book.jobs(in: $0) > 0 })
  }

  // MARK: - Changing bytes

  static func fixtures(_ endings: Set<String>) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: FlawTests.folder).sorted()
      .filter { $0 != "expected.json" && endings.contains(String($0.split(separator: ".").last!)) }
      .map { try fileBytes(FlawTests.folder + "/" + $0) }
      .filter { $0.count < 8192 }
  }

  private static func rows(_ list: [UInt8]) -> [UInt8] {
    Array(list.drop { $0 != 0x0A }.dropFirst())
  }

  static func run(
    _ seeds: [[UInt8]], seed: UInt64, _ broken: (UnsafeRawBufferPointer) -> String?
  ) throws {
    var random = SeededRandom(seed: seed)
    try #require(!seeds.isEmpty)
    for (number, bytes) in seeds.enumerated() {
      let why = bytes.withUnsafeBytes(broken)
      #expect(why == nil, "seed \(number)")
    }
    for round in 0..<mutations {
      let bytes = mutated(seeds.randomElement(using: &random)!, seeds, &random)
      guard let why = bytes.withUnsafeBytes(broken) else { continue }
      Issue.record("round \(round): \(why)\n\(Data(bytes).base64EncodedString())")
      return
    }
  }

  /// A few changes of the kinds that fuzzers make.
  static func mutated(
    _ original: [UInt8], _ seeds: [[UInt8]], _ random: inout SeededRandom
  ) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, at + Int.random(in: 0...12, using: &random))
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.removeSubrange(at..<end)
      case 1: bytes.insert(contentsOf: bytes[at..<end], at: end)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 3 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 4: bytes.removeSubrange(at...)
      case 5:
        let other = seeds.randomElement(using: &random)!
        bytes.insert(contentsOf: other.suffix(Int.random(in: 0...64, using: &random)), at: at)
      default: bytes.insert(contentsOf: words.randomElement(using: &random)!, at: at)
      }
    }
    return bytes
  }

  private static let words: [[UInt8]] =
    [
      "\"", "\"\"", ",", ";", "\t", "\r\n", "\r", "\u{FEFF}", "\0", "{", "}", "[", "]", "\"Ref\":",
      "null", "\\u", "\\ud83d", "<", ">", "</request>", "<request>", "<![CDATA[", "&#0;", "<v>",
      " t=\"s\"", " r=\"XFD1\"", "1e999", "-", "450500", "0", "9999999999999999999", "29/02/2026",
      "yyyy", "'", "Total", "Page 1",
    ].map { Array($0.utf8) } + [[0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80]]
}
