import CExpat
import Triage

/// Reads KML into the nodes of a GeoJSON FeatureCollection, each with its place in the text, so that
/// one reader judges both.
///
/// Every Placemark is a feature, however Folders nest: its ExtendedData (Data and SimpleData) are the
/// properties, its `name` the name, and its id where ExtendedData has none. Google Earth makes the `id`
/// attribute anew at every export, so it counts only where there is no name. Nothing is followed: a
/// NetworkLink is told. Heights are left to the reader, which passes over them.
///
/// Hostile files: a document type declaration, and with it every entity of the file's own, ends the
/// reading before it is looked at; depth is bounded. Linear in the text.
/// Source: OGC 12-007r2 (KML 2.3).
struct KMLScanner {
  struct Note {
    var offset: Int
    var sentence: String
  }

  var document: JSONNode
  var notes: [Note]
  /// How many more there would be.
  var unlistedNotes: Int
  /// Whether a Placemark was a pin and nothing else.
  var hasPin: Bool
  var error: JSONSyntaxError?

  static func read(_ bytes: [UInt8], settings: AreaFileSettings) -> KMLScanner {
    let events = KMLEvents(settings: settings)
    let error = parse(bytes, events)
    let collection = JSONValue.object([
      member("type", "FeatureCollection", 0),
      JSONMember(key: "features", node: JSONNode(offset: 0, value: .array(events.features))),
    ])
    return KMLScanner(
      document: JSONNode(offset: 0, value: collection), notes: events.notes,
      unlistedNotes: events.unlistedNotes, hasPin: events.hasPassedPin, error: error)
  }

  private static func parse(_ bytes: [UInt8], _ events: KMLEvents) -> JSONSyntaxError? {
    if bytes.isEmpty { return JSONSyntaxError(offset: 0, sentence: "the file is empty") }
    guard let parser = XML_ParserCreate(nil) else {
      return JSONSyntaxError(offset: 0, sentence: "there is no memory to read it")
    }
    defer { XML_ParserFree(parser) }
    events.parser = parser
    defer { events.parser = nil }
    XML_SetUserData(parser, Unmanaged.passUnretained(events).toOpaque())
    XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let data, let name else { return }
        let events = Unmanaged<KMLEvents>.fromOpaque(data).takeUnretainedValue()
        events.begin(localName(name)) { wanted in
          var at = attributes
          while let list = at, let key = list.pointee {
            if localName(key) == wanted { return list[1].map { String(cString: $0) } }
            at = list + 2
          }
          return nil
        }
      },
      { data, _ in
        guard let data else { return }
        Unmanaged<KMLEvents>.fromOpaque(data).takeUnretainedValue().end()
      })
    XML_SetCharacterDataHandler(parser) { data, text, count in
      guard let data, let text, count > 0 else { return }
      let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
      Unmanaged<KMLEvents>.fromOpaque(data).takeUnretainedValue().take(bytes)
    }
    XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      guard let data else { return }
      Unmanaged<KMLEvents>.fromOpaque(data).takeUnretainedValue().stop(
        "it has a document type declaration, which no KML needs")
    }
    XML_SetUnknownEncodingHandler(parser, { _, name, encoding in windows1252(name, encoding) }, nil)
    // At once: expat looks at a long tag again for each part that it is given.
    let status = bytes.withUnsafeBytes { raw in
      XML_Parse(
        parser, raw.bindMemory(to: CChar.self).baseAddress, Int32(clamping: raw.count), 1)
    }
    if let stopped = events.stopped { return stopped }
    if status != XML_STATUS_OK {
      let start = String(decoding: bytes.prefix(100), as: UTF8.self).lowercased()
      if start.contains("<!doctype html") || start.contains("<html") {
        return JSONSyntaxError(offset: 0, sentence: "it begins like a web page")
      }
      if XML_GetErrorCode(parser) == XML_ERROR_UNKNOWN_ENCODING {
        return JSONSyntaxError(
          offset: 0, sentence: "its encoding is not read; save the file as UTF-8")
      }
      let why = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "not XML"
      let offset = max(0, min(bytes.count, Int(XML_GetCurrentByteIndex(parser))))
      return JSONSyntaxError(offset: offset, sentence: why)
    }
    if !events.hasKML {
      return JSONSyntaxError(offset: 0, sentence: "its outermost element is not `kml`")
    }
    return nil
  }
}

func member(_ key: String, _ text: String, _ offset: Int) -> JSONMember {
  JSONMember(key: key, node: JSONNode(offset: offset, value: .string(text)))
}

/// A name without its prefix.
private func localName(_ name: UnsafePointer<CChar>) -> String {
  let whole = String(cString: name)
  return whole.lastIndex(of: ":").map { String(whole[whole.index(after: $0)...]) } ?? whole
}
