import CExpat
import Glibc

/// The events of an XML list. A file may hold several documents one behind the other, as the pages
/// of an answer that were put into one file.
class ListEvents: XMLEvents {
  /// Where the document ended, in bytes from its start; set at the pause behind its root element.
  final var documentEnd: Int?

  /// Whether a pause behind a document is one behind a row as well.
  var hasRow: Bool { false }

  /// Goes on to the next document.
  func beginDocument() { documentEnd = nil }

  /// To be called at the end of every element.
  final func noteEnd() {
    guard depth == 0 else { return }
    documentEnd = eventEnd
    pause()
  }
}

/// Leads the documents of one file through one set of events.
struct XMLDocuments: ~Copyable {
  /// Each document costs a parser: with more, the file is no list.
  private static let mostDocuments = 100_000

  private let descriptor: Int32
  private let maxBytes: Int
  private let asWindows1252: Bool
  private let events: ListEvents
  private let utf16: String?
  /// Where the present document begins, and how many there were before it.
  private var start: Int
  private var count = 0
  private var stream: FileRange?
  private var pump: XMLPump<FileRange>?
  private var earlierZeros = 0
  private var earlierBad = 0

  /// As ``TextEncoding/name`` says it, or what the first document says of itself.
  private(set) var encoding: String
  /// Whether the bytes cannot be the UTF-8 that they are taken for.
  var isNotUTF8: Bool { stream?.isUTF8 == false }
  var zeroBytes: Int { earlierZeros + (stream?.zeroBytes ?? 0) }
  var badCharacters: Int { earlierBad + (stream?.badCharacters ?? 0) }
  /// The parser's complaint, once ``run()`` has found the file broken.
  var hasUnknownEncoding: Bool { pump?.error == XML_ERROR_UNKNOWN_ENCODING }

  /// - Parameter asWindows1252: whatever the documents say of themselves.
  init(
    descriptor: Int32, maxBytes: Int, asWindows1252: Bool, events: ListEvents
  ) throws(ReadTrouble) {
    self.descriptor = descriptor
    self.maxBytes = maxBytes
    self.asWindows1252 = asWindows1252
    self.events = events
    let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { head.deallocate() }
    let count = try ByteSource.read(descriptor, head, at: 0)
    let sniffed = TextEncoding.sniff(
      UnsafeBufferPointer(rebasing: head.bindMemory(to: UInt8.self)[..<count]))
    utf16 =
      switch sniffed.encoding {
      case .utf16(bigEndian: false): "UTF-16LE"
      case .utf16(bigEndian: true): "UTF-16BE"
      case .utf8, .windows1252: nil
      }
    encoding = asWindows1252 ? "windows-1252" : sniffed.encoding.name
    start = sniffed.mark
  }

  /// Goes on to the next pause of the events that is not the end of a document.
  mutating func run() throws(ReadTrouble) -> XMLPump<FileRange>.Outcome {
    while true {
      if let end = events.documentEnd {
        start += end
        events.documentEnd = nil
        pump = nil
      }
      if pump == nil, try !beginDocument() { return .finished }
      guard let pump else { return .broken }
      let outcome = try pump.run()
      if case .paused = outcome, events.documentEnd != nil, !events.hasRow { continue }
      // Comments and instructions behind the last document are no document.
      if case .broken = outcome, count > 1, pump.error == XML_ERROR_NO_ELEMENTS, events.depth == 0 {
        return .finished
      }
      return outcome
    }
  }

  /// - Returns: `false` at the end of the file.
  private mutating func beginDocument() throws(ReadTrouble) -> Bool {
    var hasText = try skipWhiteSpace()
    // In front of a second declaration a comment would not be well-formed.
    while count > 0, hasText, try skipComment() { hasText = try skipWhiteSpace() }
    if !hasText, count > 0 { return false }
    guard count < XMLDocuments.mostDocuments else {
      throw .noList("It holds more than \(XMLDocuments.mostDocuments) XML documents.")
    }
    count += 1
    let declared = utf16 == nil ? try declaredEncoding() : nil
    let chosen = parserEncoding(declared)
    if count == 1, !asWindows1252, let declared, chosen != "UTF-8" {
      encoding = chosen ?? declared
    }
    earlierZeros = zeroBytes
    earlierBad = badCharacters
    let stream = FileRange(
      descriptor: descriptor, from: start, maxBytes: maxBytes,
      encoding: utf16 != nil ? .utf16 : chosen == "windows-1252" ? .windows1252 : .bytes)
    self.stream = stream
    events.beginDocument()
    guard let parser = ExpatParser(events, encoding: chosen) else { throw .system(ENOMEM) }
    pump = XMLPump(parser, stream)
    return true
  }

  /// - Returns: whether a whole comment began at ``start``.
  private mutating func skipComment() throws(ReadTrouble) -> Bool {
    guard utf16 == nil else { return false }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { buffer.deallocate() }
    var place = start
    while place <= maxBytes {
      let count = try ByteSource.read(descriptor, buffer, at: place)
      if place == start, !buffer[..<count].starts(with: "<!--".utf8) { return false }
      if let end = buffer[..<count].firstRange(of: Array("-->".utf8)) {
        start = place + end.upperBound
        return true
      }
      if count < buffer.count { return false }
      place += count - 2
    }
    return false
  }

  /// What the parser is told in place of the declaration; `nil` where that can be believed.
  private func parserEncoding(_ declared: String?) -> String? {
    if let utf16 { return utf16 }
    if asWindows1252 { return "windows-1252" }
    switch declared {
    // As browsers read it: the bytes from 80 to 9F are letters and dashes in what calls itself so.
    case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
      return "windows-1252"
    // It is read as bytes, so this was said of another form of it.
    case "utf-16", "utf-16le", "utf-16be", "ucs-2", "unicode", "us-ascii", "ascii", "utf8":
      return "UTF-8"
    default: return nil
    }
  }

  /// The encoding in the declaration of the document at ``start``, in lower case.
  private func declaredEncoding() throws(ReadTrouble) -> String? {
    let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
    defer { head.deallocate() }
    let count = try ByteSource.read(descriptor, head, at: start)
    let text = String(decoding: head[..<count], as: UTF8.self)
    guard text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>"),
      let key = text[..<end.lowerBound].firstRange(of: "encoding")
    else { return nil }
    let value = text[key.upperBound..<end.lowerBound].drop { $0.isWhitespace || $0 == "=" }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    let name = value.dropFirst().prefix { $0 != quote }.lowercased()
    // What is no name of an encoding (XML 1.0, EncName) is the parser's to refuse, and no report's.
    let isName = name.utf8.count <= 40 && name.utf8.allSatisfy(isPartOfName)
    return isName && !name.isEmpty ? name : nil
  }

  /// - Returns: `false` at the end of the file.
  private mutating func skipWhiteSpace() throws(ReadTrouble) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { buffer.deallocate() }
    let marks: Set<UInt8> = [0x00, 0x09, 0x0A, 0x0D, 0x20]
    while true {
      let count = try ByteSource.read(descriptor, buffer, at: start)
      if count == 0 { return false }
      if start > maxBytes { throw .longerThanAllowed }
      var at = 0
      while at < count {
        if marks.contains(buffer[at]) {
          at += 1
        } else if at + 3 <= count, buffer[at] == 0xEF, buffer[at + 1] == 0xBB,
          buffer[at + 2] == 0xBF
        {
          at += 3
        } else if utf16 != nil, at + 2 <= count,
          (buffer[at] == 0xFF && buffer[at + 1] == 0xFE)
            || (buffer[at] == 0xFE && buffer[at + 1] == 0xFF)
        {
          at += 2
        } else {
          break
        }
      }
      // The zero byte in front of a big-endian '<' belongs to it.
      if utf16 == "UTF-16BE", at % 2 == 1 { at -= 1 }
      start += at
      if at < count { return true }
    }
  }
}

private func isPartOfName(_ byte: UInt8) -> Bool {
  byte &- 0x30 <= 9 || byte &- 0x61 <= 25 || byte == 0x2D || byte == 0x2E || byte == 0x5F
}
