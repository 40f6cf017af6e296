/// What the number of a cell stands for, by the style that the cell names.
struct CellStyles {
  enum Kind: UInt8 {
    case number
    /// Days since the workbook's epoch, a time of day as fraction.
    case date
    /// Days as a length of time (`[h]:mm`).
    case elapsed
  }

  private var kinds: [Kind] = []

  init() {}

  /// - Throws: `.noList` when the part is broken: dates would be read as numbers.
  init<Part: ByteStream & ~Copyable>(_ part: consuming Part) throws(ReadTrouble) {
    let events = StyleEvents()
    try readPart(part, events, called: "table of styles")
    kinds = events.formats.map { id in
      events.codes[id].map(CellStyles.kind(ofCode:)) ?? CellStyles.kind(ofBuiltIn: id)
    }
  }

  subscript(style: Int) -> Kind {
    style >= 0 && style < kinds.count ? kinds[style] : .number
  }

  /// Formats that a file need not spell out (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are the
  /// dates of East Asian languages).
  static func kind(ofBuiltIn id: Int) -> Kind {
    switch id {
    case 14...22, 27...36, 45, 47, 50...58: .date
    case 46: .elapsed
    default: .number
    }
  }

  /// What a format's code shows: a date when its first section has a letter of dates and times outside
  /// quotes, escapes and brackets. `m` alone is a month, unless digits stand beside it.
  static func kind(ofCode code: String) -> Kind {
    let code = Array(code.lowercased().utf8)
    if code.starts(with: "general".utf8) { return .number }
    var (hasMonth, hasDigits) = (false, false)
    var at = 0
    while at < code.count {
      let byte = code[at]
      at += 1
      switch byte {
      case UInt8(ascii: ";"): return hasMonth && !hasDigits ? .date : .number
      case UInt8(ascii: "\""):
        while at < code.count, code[at] != UInt8(ascii: "\"") { at += 1 }
        at += 1
      case UInt8(ascii: "\\"), UInt8(ascii: "_"), UInt8(ascii: "*"): at += 1
      case UInt8(ascii: "["):
        let start = at
        while at < code.count, code[at] != UInt8(ascii: "]") { at += 1 }
        let inside = code[start..<min(at, code.count)]
        at += 1
        if let first = inside.first, "hms".utf8.contains(first),
          inside.allSatisfy({ $0 == first })
        {
          return .elapsed
        }
      case UInt8(ascii: "d"), UInt8(ascii: "y"), UInt8(ascii: "h"), UInt8(ascii: "s"):
        return .date
      case UInt8(ascii: "m"): hasMonth = true
      case UInt8(ascii: "0"), UInt8(ascii: "#"), UInt8(ascii: "?"): hasDigits = true
      default: break
      }
    }
    return hasMonth && !hasDigits ? .date : .number
  }
}

/// `styleSheet/numFmts/numFmt` and `styleSheet/cellXfs/xf`.
private final class StyleEvents: XMLEvents {
  /// More than a spreadsheet program can write.
  private static let most = 65_536

  /// Codes of formats by their number.
  private(set) var codes: [Int: String] = [:]
  /// Of each style of cells: its format's number.
  private(set) var formats: [Int] = []
  private enum Part { case codes, styles, other }
  private var part = Part.other

  override func begin(_ name: XMLName, _ attributes: XMLAttributes) {
    switch depth {
    case 1: if !(name == "styleSheet") { halt(.noList("Its table of styles is none.")) }
    case 2: part = name == "numFmts" ? .codes : name == "cellXfs" ? .styles : .other
    case 3 where part == .codes && name == "numFmt":
      guard codes.count < StyleEvents.most,
        let id = attributes.string("numFmtId").flatMap({ Int($0) })
      else { return }
      codes[id] = attributes.string("formatCode") ?? ""
    case 3 where part == .styles && name == "xf":
      guard formats.count < StyleEvents.most else { return }
      formats.append(attributes.string("numFmtId").flatMap { Int($0) } ?? 0)
    default: break
    }
  }
}
