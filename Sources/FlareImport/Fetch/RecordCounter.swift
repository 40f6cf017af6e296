/// Counts the requests in one answer of a GeoReport v2 server while it goes by, byte for byte, and
/// notices an answer that is cut off or is no list. The readers look closer.
struct RecordCounter {
  private var json = JSONRecords()
  private var xml = XMLRecords()
  private let format: Open311Settings.Format

  init(_ format: Open311Settings.Format) {
    self.format = format
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    switch format {
    case .json: for byte in bytes { json.take(byte) }
    case .xml: for byte in bytes { xml.take(byte) }
    }
  }

  /// - Returns: `nil` when it was no list, or not a whole one.
  var count: Int? {
    switch format {
    case .json: json.isWhole ? json.count : nil
    case .xml: xml.isWhole ? xml.count : nil
    }
  }
}

/// Objects in the array that is the answer, or in an array that an object around it holds.
private struct JSONRecords {
  private(set) var count = 0
  /// What is open, as its opening bracket.
  private var open: [UInt8] = []
  private var isInString = false
  private var isEscaped = false
  private var isBroken = false
  private var isOver = false

  var isWhole: Bool { isOver && !isBroken }

  mutating func take(_ byte: UInt8) {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
      }
      return
    }
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D: return
    // A byte order mark before the text.
    case 0xEF, 0xBB,
      0xBF where open.isEmpty && !isOver:
      return
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      if isOver || open.count >= 512 { isBroken = true }
      guard !isBroken else { return }
      if byte == UInt8(ascii: "{"), isRecordNext { count += 1 }
      open.append(byte)
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      // "{" and "}" lie two apart in ASCII, "[" and "]" too.
      guard let last = open.popLast(), last == byte - 2 else {
        isBroken = true
        return
      }
      if open.isEmpty { isOver = true }
    default:
      if open.isEmpty { isBroken = true }
      if byte == UInt8(ascii: "\"") { isInString = true }
    }
  }

  private var isRecordNext: Bool {
    open.last == UInt8(ascii: "[")
      && (open.count == 1 || (open.count == 2 && open[0] == UInt8(ascii: "{")))
  }
}

/// Elements `request` right within the root, whatever their prefix.
private struct XMLRecords {
  private enum Place {
    case text, opened, name, attributes
    case quoted(UInt8)
    case slash, endTag
    case instruction, declaration, comment, cdata
    case doctype(Int)
  }

  private(set) var count = 0
  private var place = Place.text
  private var depth = 0
  private var hasRoot = false
  private var isBroken = false
  /// The beginning of a tag's name or of a declaration, or the last bytes of what a comment may end.
  private var word: [UInt8] = []

  var isWhole: Bool {
    guard case .text = place else { return false }
    return hasRoot && depth == 0 && !isBroken
  }

  mutating func take(_ byte: UInt8) {
    switch place {
    case .text:
      if byte == UInt8(ascii: "<") { place = .opened }
      // Beside the root nothing may stand but white space and a byte order mark.
      if depth == 0, byte != UInt8(ascii: "<"), !isBlank(byte), hasRoot || byte < 0x80 {
        isBroken = true
      }
    case .opened:
      word = []
      switch byte {
      case UInt8(ascii: "?"): place = .instruction
      case UInt8(ascii: "!"): place = .declaration
      case UInt8(ascii: "/"): place = .endTag
      default:
        place = .name
        word = [byte]
      }
    case .name, .attributes, .slash, .quoted: takeTag(byte)
    case .endTag:
      guard byte == UInt8(ascii: ">") else { return }
      if depth == 0 { isBroken = true }
      depth = max(0, depth - 1)
      place = .text
    case .instruction: if ends(with: "?>", byte) { place = .text }
    case .comment: if ends(with: "-->", byte) { place = .text }
    case .cdata: if ends(with: "]]>", byte) { place = .text }
    case .declaration:
      word.append(byte)
      if word.elementsEqual("--".utf8) {
        (place, word) = (.comment, [])
      } else if word.elementsEqual("[CDATA[".utf8) {
        (place, word) = (.cdata, [])
      } else if word.elementsEqual("DOCTYPE".utf8) {
        place = .doctype(0)
      } else if word.count > 7 {
        isBroken = true
        place = .text
      }
    case .doctype(let brackets):
      switch byte {
      case UInt8(ascii: "["): place = .doctype(brackets + 1)
      case UInt8(ascii: "]"): place = .doctype(max(0, brackets - 1))
      case UInt8(ascii: ">") where brackets == 0: place = .text
      default: break
      }
    }
  }

  private mutating func takeTag(_ byte: UInt8) {
    if case .quoted(let mark) = place {
      if byte == mark { place = .attributes }
      return
    }
    switch byte {
    case UInt8(ascii: ">"):
      open(closesAtOnce: { if case .slash = place { true } else { false } }())
      place = .text
    case UInt8(ascii: "/"): place = .slash
    case UInt8(ascii: "\""), UInt8(ascii: "'"): place = .quoted(byte)
    default:
      if case .name = place, !isBlank(byte) {
        if word.count < 64 { word.append(byte) }
      } else {
        place = .attributes
      }
    }
  }

  private mutating func open(closesAtOnce: Bool) {
    let local = word.split(separator: UInt8(ascii: ":")).last ?? []
    if depth == 0 {
      if hasRoot || ["html", "errors"].contains(where: { local.elementsEqual($0.utf8) }) {
        isBroken = true
      }
      hasRoot = true
    } else if depth == 1, local.elementsEqual("request".utf8) {
      count += 1
    }
    if !closesAtOnce { depth += 1 }
  }

  private mutating func ends(with end: String, _ byte: UInt8) -> Bool {
    word.append(byte)
    if word.count > end.utf8.count { word.removeFirst() }
    return word.elementsEqual(end.utf8)
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
