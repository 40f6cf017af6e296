import Glibc
import Triage

/// A published gazetteer as it is downloaded: a CSV file, one in gzip, or a ZIP file of one or many.
///
/// What is packed is unpacked one file after the other into a file without a name, so that the disk never
/// holds more than the longest of them.
struct GazetteerBundle: ~Copyable {
  private let file: OpenedFile
  private let name: String
  private let spool: String

  /// Bytes of one file, unpacked: OS Open UPRN has two thousand million.
  private static let mostBytes = 16 << 30
  /// Published lists of numbers pack to a fifth.
  private static let mostRatio = 200

  /// - Parameters:
  ///   - name: for reports.
  ///   - spool: the folder in which it is unpacked.
  init(_ path: String, name: String, spool: String) throws(ReadTrouble) {
    file = try OpenedFile(path, followsLink: true)
    (self.name, self.spool) = (name, spool)
  }

  var isUnchanged: Bool { file.isUnchanged }
  /// Seconds since 1970-01-01 UTC.
  var changed: Double { Double(file.identity.modified) / 1e9 }

  /// Hands on one list after the other, as a descriptor that is good until the body returns.
  func forEachList(_ body: (_ descriptor: Int32, _ name: String) throws -> Void) throws {
    let size = Int(file.identity.size)
    switch try firstBytes() {
    case .gzip:
      var unpacked = try room(for: size)
      try gunzip(file.descriptor, into: &unpacked)
      try body(unpacked.descriptor, name)
    case .zip:
      let archive = try ZipFile(file.descriptor, size: size, maxRatio: GazetteerBundle.mostRatio)
      let members = gazetteerMembers(archive.names)
      guard !members.isEmpty else {
        throw ReadTrouble.noList("It is a ZIP file without a CSV file.")
      }
      for member in members {
        var unpacked = try room(for: size)
        try archive.unpack(UInt64(member), into: &unpacked)
        try body(
          unpacked.descriptor, "\(name)/\(plainName(ZipFile.lastPart(archive.names[member])))")
      }
    default: try body(file.descriptor, name)
    }
  }

  private func room(for size: Int) throws(ReadTrouble) -> UnpackedFile {
    try UnpackedFile(
      in: spool, packed: size, maxBytes: GazetteerBundle.mostBytes,
      maxRatio: GazetteerBundle.mostRatio)
  }

  private func firstBytes() throws(ReadTrouble) -> FirstBytes {
    let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { head.deallocate() }
    let count = try ByteSource.read(file.descriptor, head, at: 0)
    return FirstBytes(UnsafeRawBufferPointer(rebasing: head[..<count]))
  }
}

/// Which files of a ZIP hold places, as positions in its list of names: those that end in `.csv` in
/// `Data/CSV`, else in `Data`, else outside any folder, else in any one folder but that of the
/// documentation; a folder round all of it does not count. In the order of their names.
func gazetteerMembers(_ names: [String]) -> [Int] {
  var byFolder: [[String]: [Int]] = [:]
  for (at, name) in names.enumerated() {
    let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).map { $0.lowercased() }
    guard let last = parts.last, last.hasSuffix(".csv"), !last.hasPrefix("."),
      parts.first != "__macosx"
    else { continue }
    byFolder[Array(parts.dropLast()), default: []].append(at)
  }
  func members(_ isWanted: ([String]) -> Bool) -> [Int] {
    byFolder.filter { isWanted($0.key) }.flatMap(\.value).sorted { names[$0] < names[$1] }
  }
  let choices: [([String]) -> Bool] = [
    { $0.suffix(2) == ["data", "csv"] }, { $0.last == "data" }, { $0.isEmpty },
    { $0.allSatisfy { !["doc", "docs", "documents", "user guide"].contains($0) } },
  ]
  return choices.lazy.map(members).first { !$0.isEmpty } ?? []
}
