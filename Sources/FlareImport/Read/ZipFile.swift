import Glibc
import Triage

/// A ZIP file as a bundle of lists. Names in it are compared and never used as paths.
struct ZipFile {
  private let archive: ZipArchive
  let names: [String]
  /// More names are not looked at: it is no bundle of a list.
  private static let mostNames = 4096

  /// - Throws: `refused` for what is damaged or has too many files to be a list.
  init(_ descriptor: Int32, size: Int, maxRatio: Int) throws(ReadTrouble) {
    let archive = try ZipArchive(descriptor: descriptor, size: size, maxRatio: maxRatio)
    guard archive.count <= ZipFile.mostNames else {
      throw .noList("It is a ZIP file that holds more than \(ZipFile.mostNames) files.")
    }
    names = archive.names
    self.archive = archive
  }

  /// Whether it is a spreadsheet of Office Open XML (ECMA-376).
  var isWorkbook: Bool {
    let names = names.map { $0.lowercased() }
    return names.contains("[content_types].xml") && names.contains { $0.contains("workbook") }
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

  /// Unpacks the file at a position in ``names``.
  func unpack(_ index: UInt64, into file: inout UnpackedFile) throws(ReadTrouble) {
    var part = try archive.open(index)
    let chunk = 64 << 10
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { throw .system(ENOMEM) }
    while true {
      guard let count = try part.read(into: base, capacity: chunk) else {
        throw .noList("It is a ZIP file that is damaged or cut off.")
      }
      if count == 0 { return }
      try file.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// No folder, and nothing that a Mac or a mail program puts beside the list.
  private static func mayBeList(_ name: String) -> Bool {
    !name.isEmpty && !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/")
      && !lastPart(name).hasPrefix(".")
  }

  static func lastPart(_ name: String) -> String {
    name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
  }
}
