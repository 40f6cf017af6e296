import CZip

/// The KML inside a KMZ file: `doc.kml`, else the first part whose name ends so. Nothing else in the
/// file is looked at, and nothing is written to disk.
///
/// Bounded: what unpacks to more than a boundary file may have, or to far more than any text packs, is
/// refused; sizes that the file claims are not believed.
/// - Throws: ``KMZError`` for what is no ZIP file, is damaged or locked, or holds no KML.
func unpackKMZ(_ bytes: [UInt8]) throws(KMZError) -> [UInt8] {
  // The 64-bit form may claim any number of parts, for which libzip makes room; no KMZ needs it.
  if bytes.suffix(70_000).firstRange(of: [0x50, 0x4B, 6, 7]) != nil {
    throw KMZError("it is a ZIP file of the 64-bit form, which no KMZ file needs")
  }
  var answer: Result<[UInt8], KMZError> = .failure(KMZError("it cannot be read"))
  bytes.withUnsafeBytes { raw in
    answer = Result { () throws(KMZError) in try unpack(raw) }
  }
  return try answer.get()
}

/// Why a KMZ file gives no KML: goes on after "the file is not KMZ:".
struct KMZError: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

private func unpack(_ raw: UnsafeRawBufferPointer) throws(KMZError) -> [UInt8] {
  var error = zip_error_t()
  zip_error_init(&error)
  defer { zip_error_fini(&error) }
  guard let source = zip_source_buffer_create(raw.baseAddress, UInt64(raw.count), 0, &error) else {
    throw KMZError("there is no memory to read it")
  }
  guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
    zip_source_free(source)
    throw KMZError("it is no whole ZIP file")
  }
  defer { zip_discard(archive) }
  var chosen: UInt64?
  for index in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
    guard let name = zip_get_name(archive, index, 0).map({ String(cString: $0).lowercased() })
    else { continue }
    if name == "doc.kml" {
      chosen = index
      break
    }
    if chosen == nil, name.hasSuffix(".kml") { chosen = index }
  }
  guard let chosen else { throw KMZError("there is no .kml file in it") }
  var status = zip_stat_t()
  zip_stat_init(&status)
  guard zip_stat_index(archive, chosen, 0, &status) == 0 else {
    throw KMZError("its directory is damaged")
  }
  if status.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0,
    Int32(status.encryption_method) != ZIP_EM_NONE
  {
    throw KMZError("it is locked with a password")
  }
  guard let part = zip_fopen_index(archive, chosen, 0) else {
    throw KMZError("it is packed in a way that cannot be read")
  }
  defer { zip_fclose(part) }
  let packed = min(Int(clamping: status.comp_size), raw.count)
  let most = min(AreaFileSettings.largestFile, max(4 << 20, 200 * packed))
  var unpacked: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = buffer.withUnsafeMutableBytes { zip_fread(part, $0.baseAddress, UInt64($0.count)) }
    guard count >= 0 else { throw KMZError("it is damaged") }
    if count == 0 { return unpacked }
    unpacked += buffer[..<Int(count)]
    if unpacked.count > most { throw KMZError("it unpacks to more than a boundary file may have") }
  }
}
