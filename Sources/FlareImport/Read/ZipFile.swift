import CZip
import Glibc
import Triage

/// A ZIP file as a bundle that holds one list. Names in it are compared and never used as paths.
struct ZipFile: ~Copyable {
  private let archive: OpaquePointer
  private let names: [String]
  /// So many entries, and so many bytes of directory, a file that holds a list may have.
  private static let mostEntries = 4096
  private static let mostDirectoryBytes = 4 << 20

  /// - Throws: `refused` for what is damaged or has too many entries to be a list.
  init(_ descriptor: Int32, size: Int) throws(ReadTrouble) {
    try ZipFile.refuseLargeDirectory(descriptor, size)
    let copy = dup(descriptor)
    guard copy >= 0 else { throw .system(errno) }
    var code: Int32 = 0
    guard let archive = zip_fdopen(copy, 0, &code) else {
      close(copy)
      throw .noList("It is a ZIP file that is damaged or cut off.")
    }
    let count = Int(zip_get_num_entries(archive, 0))
    names = (0..<max(0, count)).map { at in
      // An empty name is no list's.
      zip_get_name(archive, UInt64(at), 0).map { String(cString: $0) } ?? ""
    }
    self.archive = archive
  }

  deinit { zip_discard(archive) }

  /// Whether it is a spreadsheet of Office Open XML (ECMA-376).
  var isWorkbook: Bool {
    names.contains("[Content_Types].xml") && names.contains { $0.hasPrefix("xl/") }
  }

  /// Unpacks the one list in it.
  /// - Parameter member: glob of its name, for a file that holds several.
  func unpack(_ member: String?, into file: inout UnpackedFile) throws(ReadTrouble) {
    let lists = names.indices.filter { ZipFile.mayBeList(names[$0]) }
    let chosen = lists.filter { at in
      guard let member else { return true }
      let name = names[at]
      return wildcard(member, matches: name) || wildcard(member, matches: ZipFile.lastPart(name))
    }
    guard chosen.count == 1 else {
      let held = lists.count == 1 ? "one file" : "\(lists.count) files"
      if member == nil {
        throw .noList(
          lists.isEmpty
            ? "It is a ZIP file with no file in it." : "It is a ZIP file that holds \(held).",
          next: "Nothing was taken; name the list in it with the feed's 'member'.")
      }
      throw .noList(
        "It is a ZIP file that holds \(held), of which \(chosen.count) fit the feed's 'member'.",
        next: "Nothing was taken; 'member' must fit exactly one.")
    }
    try unpack(UInt64(chosen[0]), into: &file)
  }

  private func unpack(_ index: UInt64, into file: inout UnpackedFile) throws(ReadTrouble) {
    let damaged = ReadTrouble.noList("It is a ZIP file that is damaged or cut off.")
    var status = zip_stat_t()
    guard zip_stat_index(archive, index, 0, &status) == 0 else { throw damaged }
    if status.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0,
      status.encryption_method != UInt16(ZIP_EM_NONE)
    {
      throw .noList("It is a ZIP file that is locked with a password.")
    }
    guard let member = zip_fopen_index(archive, index, 0) else {
      throw .noList("It is a ZIP file that is packed in a way that cannot be read.")
    }
    defer { zip_fclose(member) }
    let chunk = 64 << 10
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      // Ends with an error where the checksum is wrong.
      let count = Int(zip_fread(member, buffer.baseAddress!, UInt64(chunk)))
      if count < 0 { throw damaged }
      if count == 0 { return }
      try file.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// No folder, and nothing that a Mac or a mail program puts beside the list.
  private static func mayBeList(_ name: String) -> Bool {
    !name.isEmpty && !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/")
      && !lastPart(name).hasPrefix(".")
  }

  private static func lastPart(_ name: String) -> String {
    name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
  }

  /// libzip takes memory for each entry before it can be asked how many there are. So every end of a
  /// directory (APPNOTE 4.3.16, and 4.3.14 for ZIP64) that libzip may find is looked at first.
  private static func refuseLargeDirectory(
    _ descriptor: Int32, _ size: Int
  ) throws(ReadTrouble) {
    // The longest comment, and the two records before it.
    let start = max(0, size - 65_536 - 22 - 20)
    let tail = try LittleEndian(descriptor, at: start, count: size - start)
    for at in 0..<max(0, tail.count - 3) {
      switch tail.number(at, bytes: 4) {
      case 0x0605_4B50:
        // All ones: it stands in the record of ZIP64.
        let (entries, bytes) = (tail.number(at + 10, bytes: 2), tail.number(at + 12, bytes: 4))
        try refuse(
          entries: entries == 0xFFFF ? 0 : entries, bytes: bytes == 0xFFFF_FFFF ? 0 : bytes)
      case 0x0706_4B50:
        guard let offset = Int(exactly: tail.number(at + 8, bytes: 8)), offset < size else {
          continue
        }
        let record = try LittleEndian(descriptor, at: offset, count: 56)
        try refuse(entries: record.number(32, bytes: 8), bytes: record.number(40, bytes: 8))
      default: continue
      }
    }
  }

  private static func refuse(entries: UInt64, bytes: UInt64) throws(ReadTrouble) {
    if entries > UInt64(mostEntries) || bytes > UInt64(mostDirectoryBytes) {
      throw .noList("It is a ZIP file that holds more than \(mostEntries) files.")
    }
  }
}

/// Numbers in a piece of a file, the low byte first; zero where the piece ends before.
private struct LittleEndian {
  private let bytes: [UInt8]

  init(_ descriptor: Int32, at offset: Int, count: Int) throws(ReadTrouble) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
    defer { buffer.deallocate() }
    let read = try ByteSource.read(descriptor, buffer, at: offset)
    bytes = Array(buffer[..<min(read, count)])
  }

  var count: Int { bytes.count }

  func number(_ at: Int, bytes length: Int) -> UInt64 {
    guard at + length <= bytes.count else { return 0 }
    return (0..<length).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
  }
}
