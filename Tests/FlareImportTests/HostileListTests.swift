import FlareImport
import Foundation
import Testing
import Triage

@Suite("Lists that are cut, strange or generated")
struct HostileListTests {
  static let sample =
    heading + "\r\n" + inside("A1", notes: "\"Sofa, \"\"old\"\"\r\nby the gate\"") + "\r\n"
    + outside("A2") + "\r\n" + inside("A3", notes: "Café") + "\r\n" + inside("A4") + "\r\n"

  @Test("A list cut at any byte is accounted for, and whole rows before the cut are read")
  func cutAtEveryByte() throws {
    let bytes = Array(HostileListTests.sample.utf8)
    let whole = try read(bytes).jobs
    for length in 1..<bytes.count {
      guard let list = try? read(Array(bytes[..<length])) else {
        #expect(length < heading.utf8.count, "only a list without its header is refused")
        continue
      }
      #expect(list.report.counts.addsUp)
      let before = Array(bytes[..<length])
      let rowsBefore = whole.filter { job in
        let row = "\r\n" + job.id.reference + ","
        guard let at = before.firstRange(of: Array(row.utf8)) else { return false }
        let rest = bytes[at.upperBound...]
        let end = rest.firstRange(
          of: Array("\r\n\("A\(Int(job.id.reference.dropFirst())! + 1)"),".utf8))
        return (end?.lowerBound ?? bytes.count - 2) + 2 <= length
      }
      #expect(rowsBefore.allSatisfy { list.jobs.contains($0) }, "cut at \(length)")
    }
  }

  @Test("Random bytes are read or refused, and every row is counted")
  func randomBytes() throws {
    var random = SeededRandom(seed: 11)
    let alphabet = Array(",;|\t\"\"\r\n\u{0}A1 ".utf8) + [0xE9, 0xC3, 0xA9]
    for _ in 0..<300 {
      let count = Int.random(in: 0..<400, using: &random)
      let body = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
      let list = try read(Array((heading + "\n").utf8) + body)
      #expect(list.report.counts.addsUp)
    }
  }

  @Test("Generated lists are read as the simplest reader reads them")
  func oracle() throws {
    var random = SeededRandom(seed: 5)
    for round in 0..<150 {
      let bytes = HostileListTests.list(rows: 12, &random)
      HostileListTests.compare(try read(bytes), SimpleReader.read(bytes), "round \(round)")
    }
  }

  @Test("A generated list of many chunks is read as the simplest reader reads it")
  func longOracle() throws {
    var random = SeededRandom(seed: 6)
    let bytes = HostileListTests.list(rows: 8000, &random)
    #expect(bytes.count > 800_000)
    HostileListTests.compare(try read(bytes), SimpleReader.read(bytes), "long list")
  }

  static func compare(_ list: ImportedList, _ simple: SimpleReader.Outcome, _ what: String) {
    #expect(list.report.counts == simple.counts, "\(what)")
    #expect(list.report.problemCounts == simple.problems, "\(what)")
    #expect(list.references == simple.jobs.map(\.reference), "\(what)")
    #expect(list.jobs.map(\.notes) == simple.jobs.map(\.notes), "\(what)")
  }

  /// Rows of all kinds, most of them good: quoted or not, ragged, malformed, blank.
  static func list(rows: Int, _ random: inout SeededRandom) -> [UInt8] {
    let ends = ["\r\n", "\n", "\r"]
    let texts = [
      "", "plain", "a,b", "say \"\"so\"\"", "line\r\nline", "line\rline\n", "\"\"", "é£😀",
    ]
    let end = ends.randomElement(using: &random)!
    var text = heading + end
    for row in 0..<rows {
      let notes = String(
        repeating: texts.randomElement(using: &random)!,
        count: Int.random(in: 1...(rows > 100 ? 40 : 3), using: &random))
      let reference = Int.random(in: 0..<12, using: &random) == 0 ? "" : "R\(row)"
      let x = ["450500", "440500", "0", ""].randomElement(using: &random)!
      var line = "\(reference),,Open,T,Addr,,\(x),359500,\"\(notes)\""
      switch Int.random(in: 0..<14, using: &random) {
      case 0: line += ",extra"
      case 1: line += ",, "
      case 2: line = "\(reference),,Open"
      case 3: line = "\(reference),,Open,T,Addr,,\(x),359500"
      case 4: line = ""
      case 5: line += "x"
      case 6: line = heading
      case 7: line = "\(reference),,Open,T,Addr,,\(x),359500,in \"quotes\" \""
      case 8: line = ",, ,,,,,,"
      case 9 where rows < 100: line = "\(reference),,Open,T,Addr,,\(x),359500,\"open"
      default: break
      }
      text += line + end
    }
    if Bool.random(using: &random) { text = String(text.dropLast()) }
    return Array(text.utf8)
  }
}

/// splitmix64: the same numbers from the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
