import CExpat

/// Judges by its bytes what is to be given to a driver of GDAL.
/// - Throws: ``UnreadableAreas`` for a file of another kind, and for one that leads to other files.
func isWhatItsNameSays(_ bytes: [UInt8], driver: String) throws(UnreadableAreas) {
  let isItsKind: Bool
  switch driver {
  case "GPKG":
    // SQLite's header, with the application's id at 68.
    isItsKind =
      bytes.starts(with: Array("SQLite format 3\0".utf8)) && bytes.count >= 72
      && bytes[68..<70].elementsEqual("GP".utf8)
  case "ESRI Shapefile": isItsKind = bytes.starts(with: [0, 0, 0x27, 0x0A])
  case "MapInfo File":
    isItsKind = String(decoding: bytes.prefix(6), as: UTF8.self).lowercased() == "!table"
    if isItsKind { try checkTable(bytes) }
  default: isItsKind = outermostElement(of: bytes)?.hasSuffix("FeatureCollection") == true
  }
  guard isItsKind else {
    throw UnreadableAreas("The file is not what its name says (\(driver)); export it anew.")
  }
}

/// A `.tab` file is a page of text that says how the table beside it is laid out. One that makes its table
/// out of others names them, and a name may be an address.
/// Source: GDAL's reader of MapInfo files, which tells these kinds apart by the same words.
private func checkTable(_ bytes: [UInt8]) throws(UnreadableAreas) {
  guard bytes.count <= 1 << 20 else {
    throw UnreadableAreas("A .tab file larger than 1 MB is no table of MapInfo's; export it anew.")
  }
  let lines = String(decoding: bytes, as: UTF8.self).lowercased().split(whereSeparator: \.isNewline)
  for line in lines {
    let words = line.split { !$0.isLetter && !$0.isNumber }
    let pairs = zip(words, words.dropFirst())
    if pairs.contains(where: { $0 == ("create", "view") || $0 == ("open", "table") })
      || (line.contains("isseamless") && line.contains("true"))
    {
      throw UnreadableAreas(
        "The table is a view of other files, or a seamless table of them, which are not followed; "
          + "export what it shows as one file.")
    }
  }
}

/// The name of the outermost element, without its prefix; `nil` for what does not begin like XML, or begins
/// with a document type declaration.
private func outermostElement(of bytes: [UInt8]) -> String? {
  final class Found {
    var name: String?
    var isOver = false
  }
  guard let parser = XML_ParserCreate(nil) else { return nil }
  defer { XML_ParserFree(parser) }
  let found = Found()
  XML_SetUserData(parser, Unmanaged.passUnretained(found).toOpaque())
  XML_SetStartElementHandler(parser) { data, name, _ in
    guard let data, let name else { return }
    let found = Unmanaged<Found>.fromOpaque(data).takeUnretainedValue()
    if found.isOver { return }
    found.isOver = true
    found.name = String(cString: name).split(separator: ":").last.map(String.init)
  }
  XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
    guard let data else { return }
    Unmanaged<Found>.fromOpaque(data).takeUnretainedValue().isOver = true
  }
  XML_SetUnknownEncodingHandler(parser, { _, name, encoding in windows1252(name, encoding) }, nil)
  // The first tag is there, or it is no GML that anybody writes.
  _ = bytes.prefix(64 << 10).withUnsafeBytes { raw in
    XML_Parse(parser, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count), 0)
  }
  return withExtendedLifetime(found) { found.name }
}
