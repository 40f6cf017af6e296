import Glibc
import Triage

/// What a file proves to be, before its rows are read.
enum FileKind: Equatable {
  case list(ListFormat)
  case zip
  case gzip
}

/// Tells what a file is written in, from its first bytes and the feed's `format`.
///
/// - Parameter name: where it says something: a ZIP file named `.csv` is somebody's mistake, and
///   what lies in it may be yesterday's. `nil` for a download, whose name the server chose.
/// - Throws: `refused` for what is no list, and for a list that is not what the feed names.
func fileKind(
  _ descriptor: Int32, size: Int, name: String?, format: ListFormat
) throws(ReadTrouble) -> FileKind {
  let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  defer { head.deallocate() }
  let count = try ByteSource.read(descriptor, head, at: 0)
  let bytes = UnsafeRawBufferPointer(rebasing: head[..<count])
  let named = NamedKind(name)
  switch FirstBytes(bytes) {
  case .noList(let why): throw .noList(try compoundFileTrouble(descriptor) ?? why)
  case .gzip:
    if let named, named != .gzip { throw .noList(named.insteadOf("a gzip file")) }
    return .gzip
  case .zip:
    let isWorkbook = try ZipFile(descriptor, size: size, maxRatio: 1).isWorkbook
    if isWorkbook {
      if let named, named != .xlsx, named != .zip, format != .xlsx {
        throw .noList(named.insteadOf("a spreadsheet (.xlsx)"))
      }
      return try .list(expect(.xlsx, "a spreadsheet (.xlsx)", format))
    }
    if let named, named != .zip { throw .noList(named.insteadOf("a ZIP file")) }
    return .zip
  case .json: return try .list(expect(.json, "JSON", format))
  case .xml: return try .list(expect(.xml, "XML", format))
  case .text:
    // "[1, …" may be either; the feed's word decides.
    if format == .json, bytes.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "[") {
      return .list(.json)
    }
    return try .list(expect(.csv, "plain text", format))
  }
}

private func expect(
  _ found: ListFormat, _ what: String, _ wanted: ListFormat
) throws(ReadTrouble) -> ListFormat {
  if wanted == .detect || wanted == found { return found }
  throw .noList(
    "It is \(what), not the \(wanted.rawValue.uppercased()) that the feed's 'format' names.")
}

/// What a file's name says that it is.
private enum NamedKind: Equatable {
  case zip
  case gzip
  case xlsx
  /// A list of its own, as a sentence names it.
  case plain(String)

  /// `nil` for a name that says nothing.
  init?(_ name: String?) {
    guard let name, let dot = name.lastIndex(of: ".") else { return nil }
    switch name[dot...].dropFirst().lowercased() {
    case "zip": self = .zip
    case "gz", "gzip": self = .gzip
    case "xlsx", "xlsm": self = .xlsx
    case "csv", "tsv", "txt", "tab": self = .plain("a CSV list")
    case "json", "jsonl", "ndjson", "geojson": self = .plain("a JSON list")
    case "xml": self = .plain("an XML list")
    default: return nil
    }
  }

  func insteadOf(_ found: String) -> String {
    let claimed =
      switch self {
      case .zip: "a ZIP file"
      case .gzip: "a gzip file"
      case .xlsx: "a spreadsheet (.xlsx)"
      case .plain(let list): list
      }
    return "It is \(found) under the name of \(claimed)."
  }
}

/// A list taken out of what it was packed in, if it was.
struct UnwrappedList: ~Copyable {
  let format: ListFormat
  /// Before the format in ``Triage/ImportReport/format``: "zip/", "gz/" or nothing.
  let prefix: String
  let descriptor: Int32
  let size: Int
  /// Keeps the descriptor open.
  private let unpacked: UnpackedFile?

  /// - Parameters:
  ///   - name: see ``fileKind(_:size:name:format:)``.
  ///   - format: what the feed says that it is.
  ///   - maxBytes: how long it may be, unpacked too.
  ///   - spool: the folder in which it is unpacked.
  init(
    _ descriptor: Int32, size: Int, name: String?, format wanted: ListFormat, shape: ListShape,
    maxBytes: Int, spool: String
  ) throws(ReadTrouble) {
    let kind = try fileKind(descriptor, size: size, name: name, format: wanted)
    if case .list(let format) = kind {
      self.format = format
      prefix = ""
      self.descriptor = descriptor
      self.size = size
      unpacked = nil
      return
    }
    var file = try UnpackedFile(
      in: spool, packed: size, maxBytes: maxBytes, maxRatio: shape.maxRatio)
    if kind == .zip {
      try ZipFile(descriptor, size: size, maxRatio: shape.maxRatio)
        .unpack(shape.member, into: &file)
    } else {
      try gunzip(descriptor, into: &file)
    }
    let inside = try fileKind(
      file.descriptor, size: file.size, name: nil, format: wanted)
    guard case .list(let format) = inside else {
      throw .noList("It is a packed file that holds another packed file.")
    }
    self.format = format
    prefix = kind == .zip ? "zip/" : "gz/"
    self.descriptor = file.descriptor
    self.size = file.size
    unpacked = consume file
  }
}
