import CExpat
import Glibc

/// What a parser meets, in the order of the document; each use overrides what it looks at.
///
/// Names come without their prefix. Nothing but the document's own text reaches these: a document
/// type declaration, and with it every entity of the file's own, stops the parser before.
class XMLEvents {
  /// A file that nests deeper is not read on.
  static let depthLimit = 64

  /// Why the parser stopped for good, where it was not the parser's own error.
  enum Stop {
    case documentType
    case tooDeep
    /// The reader that overrides found what it cannot read: a sentence.
    case noList(String)
  }

  fileprivate(set) var stop: Stop?
  /// How many elements are open, in ``begin(_:_:)`` with the one that begins.
  fileprivate(set) var depth = 0
  fileprivate var hasProgress = false
  fileprivate var parser: XML_Parser?

  func begin(_ name: XMLName, _ attributes: XMLAttributes) {}
  func end() {}
  func text(_ text: UnsafeBufferPointer<UInt8>) {}

  /// Makes the parser return when the present event is over; it can be resumed.
  final func pause() {
    XML_StopParser(parser, XML_Bool(XML_TRUE))
  }

  /// Ends the parsing: no event comes after this.
  final func halt(_ why: Stop) {
    if stop == nil { stop = why }
    XML_StopParser(parser, XML_Bool(XML_FALSE))
  }

  /// Where the present event ends, in bytes of what the parser was given.
  final var eventEnd: Int {
    Int(XML_GetCurrentByteIndex(parser)) + Int(XML_GetCurrentByteCount(parser))
  }
}

/// The name of an element or attribute without its prefix; good only during the event.
struct XMLName {
  let pointer: UnsafePointer<CChar>

  @inline(__always)
  init(_ qualified: UnsafePointer<CChar>) {
    var start = qualified
    var at = qualified
    while at.pointee != 0 {
      if at.pointee == 0x3A { start = at + 1 }
      at += 1
    }
    pointer = start
  }

  @inline(__always)
  static func == (name: XMLName, text: StaticString) -> Bool {
    strcmp(name.pointer, UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
  }

  var string: String { String(cString: pointer) }
}

/// The attributes of an element; good only during the event.
struct XMLAttributes {
  private let list: UnsafeMutablePointer<UnsafePointer<CChar>?>

  init(_ list: UnsafeMutablePointer<UnsafePointer<CChar>?>) { self.list = list }

  /// The value of the first attribute with this name, whatever its prefix.
  subscript(name: StaticString) -> UnsafePointer<CChar>? {
    var at = list
    while let key = at.pointee {
      if XMLName(key) == name { return at[1] }
      at += 2
    }
    return nil
  }

  func string(_ name: StaticString) -> String? { self[name].map { String(cString: $0) } }

  /// Those that are neither declarations of namespaces nor of XML Schema's instances.
  func visit(_ body: (XMLName, UnsafeBufferPointer<UInt8>) -> Void) {
    var at = list
    while let key = at.pointee, let value = at[1] {
      if strncmp(key, "xmlns", 5) != 0, strncmp(key, "xsi:", 4) != 0 {
        let bytes = UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self)
        body(XMLName(key), UnsafeBufferPointer(start: bytes, count: strlen(value)))
      }
      at += 2
    }
  }
}

/// One expat parser with its events. The parser is fed and asked by ``XMLPump``.
struct ExpatParser: ~Copyable {
  private let parser: XML_Parser
  private let memory: ExpatMemory
  private let events: XMLEvents

  /// - Parameter encoding: in place of what the document says of itself.
  /// - Returns: `nil` when there is no memory for it.
  init?(_ events: XMLEvents, encoding: String? = nil) {
    let memory = ExpatMemory()
    guard let parser = memory.parser(encoding: encoding) else {
      memory.free()
      return nil
    }
    self.parser = parser
    self.memory = memory
    self.events = events
    events.parser = parser
    events.depth = 0
    XML_SetUserData(parser, Unmanaged.passUnretained(events).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let data, let name, let attributes else { return }
        let events = Unmanaged<XMLEvents>.fromOpaque(data).takeUnretainedValue()
        events.hasProgress = true
        events.depth += 1
        guard events.stop == nil else { return }
        if events.depth > XMLEvents.depthLimit { return events.halt(.tooDeep) }
        events.begin(XMLName(name), XMLAttributes(attributes))
      },
      { data, _ in
        guard let data else { return }
        let events = Unmanaged<XMLEvents>.fromOpaque(data).takeUnretainedValue()
        events.hasProgress = true
        events.depth -= 1
        if events.stop == nil { events.end() }
      })
    XML_SetCharacterDataHandler(parser) { data, text, count in
      guard let data, let text, count > 0 else { return }
      let events = Unmanaged<XMLEvents>.fromOpaque(data).takeUnretainedValue()
      events.hasProgress = true
      guard events.stop == nil else { return }
      let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
      events.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }
    XML_SetCommentHandler(parser) { data, _ in ExpatParser.note(data) }
    XML_SetProcessingInstructionHandler(parser) { data, _, _ in ExpatParser.note(data) }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      guard let data else { return }
      Unmanaged<XMLEvents>.fromOpaque(data).takeUnretainedValue().halt(.documentType)
    }
    XML_SetUnknownEncodingHandler(parser, { fillUnknownEncoding($1, $2) }, nil)
  }

  deinit {
    if events.parser == parser { events.parser = nil }
    XML_ParserFree(parser)
    memory.free()
  }

  /// Room for the next bytes; `nil` where there is none.
  func buffer(_ count: Int) -> UnsafeMutableRawPointer? {
    memory.counting { XML_GetBuffer(parser, Int32(clamping: count)) }
  }

  /// Parses what was put at ``buffer(_:)``.
  func parse(_ count: Int, isLast: Bool) -> XML_Status {
    memory.counting { XML_ParseBuffer(parser, Int32(clamping: count), isLast ? 1 : 0) }
  }

  func resume() -> XML_Status { memory.counting { XML_ResumeParser(parser) } }

  var error: XML_Error { XML_GetErrorCode(parser) }

  private static func note(_ data: UnsafeMutableRawPointer?) {
    guard let data else { return }
    Unmanaged<XMLEvents>.fromOpaque(data).takeUnretainedValue().hasProgress = true
  }

  /// Whether an event came since the last call.
  func takeProgress() -> Bool {
    defer { events.hasProgress = false }
    return events.hasProgress
  }
}

/// Names windows-1252 and its other names to expat, which knows UTF-8, UTF-16, ISO-8859-1 and ASCII.
private func fillUnknownEncoding(
  _ name: UnsafePointer<CChar>?, _ info: UnsafeMutablePointer<XML_Encoding>?
) -> Int32 {
  guard let name, let info,
    ["windows-1252", "cp1252", "cp-1252", "x-cp1252"].contains(String(cString: name).lowercased())
  else { return Int32(XML_STATUS_ERROR.rawValue) }
  withUnsafeMutableBytes(of: &info.pointee.map) { map in
    let points = map.bindMemory(to: Int32.self)
    for byte in points.indices {
      points[byte] = Int32(windows1252Point(UInt8(truncatingIfNeeded: byte)))
    }
  }
  info.pointee.data = nil
  info.pointee.convert = nil
  info.pointee.release = nil
  return Int32(XML_STATUS_OK.rawValue)
}
