import Foundation
import Triage

/// Makes up lists of one feed as bytes: overlapping, shuffled, with rows that come twice, cut off, in any
/// encoding. The same seed gives the same lists.
struct ListMaker {
  private var random: SeededNumbers

  init(seed: UInt64) { random = SeededNumbers(state: seed) }

  struct Made {
    var bytes: [UInt8]
    var at: Date
    /// Whether its dates are said to be in the future.
    var isFuture: Bool
  }

  /// Between two and five lists, some of them the rows of another one written otherwise.
  mutating func lists() -> [Made] {
    var lists: [Made] = []
    var rows: [[[String]]] = []
    for _ in 0..<Int.random(in: 2...5, using: &random) {
      if let old = rows.indices.randomElement(using: &random), chance(20) {
        rows.append(rows[old].shuffled(using: &random))
        lists.append(
          Made(
            bytes: write(rows[old].shuffled(using: &random)), at: lists[old].at,
            isFuture: lists[old].isFuture))
        continue
      }
      var fresh = (0..<8).filter { _ in chance(70) }.map { row("R\($0)") }
      for row in fresh where chance(15) { fresh.append(chance(50) ? row : self.row(row[0])) }
      if chance(5) { fresh.append(Array(repeating: "", count: ListMaker.header.count)) }
      if chance(5) { fresh.append(ListMaker.header) }
      fresh.shuffle(using: &random)
      rows.append(fresh)
      var bytes = write(fresh)
      if chance(15) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      let minute = Int.random(in: 0..<6, using: &random)
      lists.append(
        Made(
          bytes: bytes, at: Date(timeIntervalSince1970: 1_790_000_000.1234 + Double(minute) * 60),
          isFuture: chance(4)))
    }
    return lists
  }

  mutating func order(_ count: Int) -> [Int] { (0..<count).shuffled(using: &random) }

  static let header = ["Ref", "Received", "Changed", "Status", "Address", "E", "N", "Notes"]

  private mutating func row(_ reference: String) -> [String] {
    let day = Int.random(in: 1...4, using: &random)
    let changed = Int.random(in: 0...4, using: &random)
    let (x, y) = place()
    return [
      reference, "0\(day)/03/2026 11:45",
      changed == 0 ? "" : "0\(changed)/04/2026", pick(["Open", "Assigned", "Cleared"]),
      pick(["12 Mill Lane", "14 Mill Lane"]), x, y, pick(["", "Café – £5", "two, \"sofas\""]),
    ]
  }

  private mutating func place() -> (String, String) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<13: ("450500", "359500")
    case 13: ("450600", "359500")
    case 14..<17: ("440500", "359500")
    default: ("", "")
    }
  }

  private mutating func write(_ rows: [[String]]) -> [UInt8] {
    let delimiter = pick([",", ";", "\t", "|"])
    let end = pick(["\r\n", "\n"])
    var lines: [String] = []
    for row in [ListMaker.header] + rows {
      var cells: [String] = []
      for cell in row { cells.append(quoted(cell)) }
      lines.append(cells.joined(separator: delimiter))
    }
    var text = lines.joined(separator: end)
    if chance(80) { text += end }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    case 1: return EncodingTests.utf16(text, bigEndian: false, mark: true)
    case 2: return EncodingTests.utf16(text, bigEndian: true, mark: true)
    case 3:
      return text.unicodeScalars.map { $0 == "–" ? 0x96 : UInt8(truncatingIfNeeded: $0.value) }
    default: return Array(text.utf8)
    }
  }

  private mutating func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",;\t|\"".contains($0) }) || chance(10) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  private mutating func pick(_ words: [String]) -> String { words.randomElement(using: &random)! }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }
}

/// Small and the same on every machine. Source: G. Steele, D. Lea, C. Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014.
private struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
