/// What a file is, told by its first 4096 bytes. Its name says nothing here.
enum FirstBytes: Equatable {
  /// Perhaps CSV.
  case text
  case json
  case xml
  case zip
  case gzip
  /// No list at all, as a sentence.
  case noList(String)

  /// A login page saved under the list's name, a letter, an old spreadsheet: each would otherwise
  /// be read as a strange list.
  init(_ head: UnsafeRawBufferPointer) {
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    if head.isEmpty {
      self = .noList("It is empty.")
    } else if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
      self = .zip
    } else if begins([0x1F, 0x8B]) {
      self = .gzip
    } else if begins([0xD0, 0xCF, 0x11, 0xE0]) {
      self = .noList("It is an old Excel file (.xls); save it as .xlsx or .csv.")
    } else if begins(Array("%PDF".utf8)) {
      self = .noList("It is a PDF file, not a list.")
    } else if begins(Array("{\\rtf".utf8)) {
      self = .noList("It is an RTF letter, not a list.")
    } else if begins(Array("SQLite format 3".utf8)) || begins(Array("PAR1".utf8)) {
      self = .noList("It is a database file, not a list.")
    } else {
      self = FirstBytes.text(head)
    }
  }

  private static func text(_ head: UnsafeRawBufferPointer) -> FirstBytes {
    let marks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x00, 0x20, 0x09, 0x0A, 0x0D]
    let text = head.lazy.filter { $0 != 0 }.drop { marks.contains($0) }
      .map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    guard let first = text.first else {
      return head.count < 4096 ? .noList("It has no rows.") : .text
    }
    let second = text.dropFirst().first { $0 > 0x20 }
    switch first {
    case UInt8(ascii: "<"): return markup(Array(text))
    case UInt8(ascii: "{"):
      return second == nil || second == UInt8(ascii: "\"") || second == UInt8(ascii: "}")
        ? .json : .text
    // "[Ref],[Status]" is a CSV header of SQL Server's.
    case UInt8(ascii: "["):
      return second == UInt8(ascii: "{") || second == UInt8(ascii: "]") ? .json : .text
    default: return .text
    }
  }

  /// HTML may come as XML, with a declaration, comments and a document type before its first tag.
  private static func markup(_ text: [UInt8]) -> FirstBytes {
    var rest = text[...]
    while true {
      rest = rest.drop { $0 <= 0x20 }
      let end: [UInt8]
      if rest.starts(with: Array("<?".utf8)) {
        end = Array("?>".utf8)
      } else if rest.starts(with: Array("<!--".utf8)) {
        end = Array("-->".utf8)
      } else {
        break
      }
      guard let close = rest.firstRange(of: end) else { return .xml }
      rest = rest[close.upperBound...]
    }
    let isPage = ["<html", "<!doctype html", "<head", "<body", "<script", "<meta"].contains {
      rest.starts(with: Array($0.utf8))
    }
    return isPage
      ? .noList("It is an HTML page (perhaps a login or error page), not a list.") : .xml
  }
}
