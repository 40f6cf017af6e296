import Glibc

/// The texts of a workbook that its cells name by number, one behind the other.
struct SharedTexts {
  /// Together, and how many; a workbook with more is refused.
  static let mostBytes = 256 << 20
  static let mostTexts = 4_000_000

  private let events: SharedTextEvents

  init() { events = SharedTextEvents() }

  /// - Throws: `.noList` when the part is broken or holds more than the limits.
  init<Part: ByteStream & ~Copyable>(_ part: consuming Part) throws(ReadTrouble) {
    events = SharedTextEvents()
    try readPart(part, events, called: "table of shared texts")
  }

  var count: Int { events.ends.count }

  /// Hands over a text in UTF-8.
  /// - Returns: `false` where there is none of that number.
  func with(_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
    guard number >= 0, number < events.ends.count else { return false }
    let start = number == 0 ? 0 : Int(events.ends[number - 1])
    let end = Int(events.ends[number])
    events.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    return true
  }
}

/// `sst/si`, each with `t` or with runs `r/t`; phonetic runs `rPh` are passed over.
private final class SharedTextEvents: XMLEvents {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []
  private var place = TextPlace()
  private var text: [UInt8] = []
  private var isItem = false

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    if depth == 1 {
      if !(name == "sst") { halt(.noList("Its table of shared texts is none.")) }
    } else if depth == 2 {
      isItem = name == "si"
      place = TextPlace()
      text.removeAll(keepingCapacity: true)
    } else {
      place.begin(name)
    }
  }

  override func end() {
    if depth >= 2 { return place.end() }
    guard depth == 1, isItem else { return }
    text.withUnsafeBufferPointer { appendUnescaped($0, to: &bytes) }
    ends.append(UInt32(truncatingIfNeeded: bytes.count))
    if ends.count > SharedTexts.mostTexts || bytes.count > SharedTexts.mostBytes { refuse() }
  }

  override func text(_ piece: UnsafeBufferPointer<UInt8>) {
    guard isItem, place.isText else { return }
    text.append(contentsOf: piece)
    if text.count > SharedTexts.mostBytes { refuse() }
  }

  private func refuse() {
    halt(
      .noList(
        "Its cells hold more than \(SharedTexts.mostTexts) texts or \(SharedTexts.mostBytes) bytes of them; export it as .csv."
      ))
  }
}

/// Where in a rich text (`t`, or runs `r/t`) the parser is.
struct TextPlace {
  private var inRun = false
  private(set) var isText = false
  private var passed = 0

  mutating func begin(_ name: XMLName) {
    if passed > 0 || isText {
      passed += 1
    } else if name == "t" {
      isText = true
    } else if !inRun, name == "r" {
      inRun = true
    } else {
      passed += 1
    }
  }

  mutating func end() {
    if passed > 0 {
      passed -= 1
    } else if isText {
      isText = false
    } else {
      inRun = false
    }
  }
}

/// Appends a text, its `_xHHHH_` escapes as the characters that they stand for: UTF-16 units, for what
/// XML cannot hold (ECMA-376 part 1, ST_Xstring). Zeros are left out, half pairs become U+FFFD.
func appendUnescaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
  guard text.count >= 7, text.contains(UInt8(ascii: "_")) else {
    bytes.append(contentsOf: text)
    return
  }
  func escape(_ at: Int) -> UInt16? {
    guard at + 7 <= text.count, text[at] == 0x5F, text[at + 1] == 0x78, text[at + 6] == 0x5F
    else { return nil }
    var unit: UInt16 = 0
    for digit in text[(at + 2)..<(at + 6)] {
      switch digit {
      case 0x30...0x39: unit = unit << 4 | UInt16(digit - 0x30)
      case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt16((digit & 0xDF) - 0x37)
      default: return nil
      }
    }
    return unit
  }
  var at = 0
  while at < text.count {
    guard let unit = escape(at) else {
      bytes.append(text[at])
      at += 1
      continue
    }
    var units = [unit]
    at += 7
    if UTF16.isLeadSurrogate(unit), let next = escape(at), UTF16.isTrailSurrogate(next) {
      units.append(next)
      at += 7
    }
    if unit != 0 { bytes.append(contentsOf: String(decoding: units, as: UTF16.self).utf8) }
  }
}
