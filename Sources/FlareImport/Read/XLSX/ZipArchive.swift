import CZip
import Glibc

/// A ZIP file read through a descriptor that it does not own, with `pread`; nothing is ever unpacked
/// to disk, and the names in it are only compared.
///
/// Bounded against what a ZIP file can be made to do: its directory is read up to ``directoryLimit``
/// bytes, a part unpacks to `maxRatio` times what it takes up in the file and no more, and all parts
/// together to ``totalLimit(size:maxRatio:)``. Sizes that the file claims are not believed.
final class ZipArchive {
  private static let directoryLimit = 16 << 20
  /// What any part may unpack to, however small it is.
  private static let freeBytes = 4 << 20

  private let archive: OpaquePointer
  private let slice: UnsafeMutablePointer<FileSlice>
  private let size: Int
  private let maxRatio: Int
  fileprivate var allowance: Int

  /// - Throws: `.noList` for what is no whole ZIP file.
  init(descriptor: Int32, size: Int, maxRatio: Int) throws(ReadTrouble) {
    let slice = UnsafeMutablePointer<FileSlice>.allocate(capacity: 1)
    slice.initialize(
      to: FileSlice(descriptor: descriptor, size: size, toRead: ZipArchive.directoryLimit))
    self.slice = slice
    self.size = size
    self.maxRatio = max(1, maxRatio)
    allowance = ZipArchive.totalLimit(size: size, maxRatio: maxRatio)
    guard !hasVastDirectory(descriptor, size: size) else {
      slice.deallocate()
      throw .noList("It is a ZIP file with more parts than any list has.")
    }
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_function_create(readSlice, slice, &error) else {
      slice.deallocate()
      throw .system(ENOMEM)
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      let failed = slice.pointee.failed
      slice.deallocate()
      if let failed { throw .system(failed) }
      throw .noList("It is a ZIP file that is cut off or damaged: its directory cannot be read.")
    }
    self.archive = archive
    slice.pointee.toRead = .max
  }

  deinit {
    zip_discard(archive)
    slice.deallocate()
  }

  /// What all parts of a file of so many bytes may unpack to: 256 MiB or `maxRatio` times its size,
  /// and never more than 4 GiB.
  static func totalLimit(size: Int, maxRatio: Int) -> Int {
    let product = max(0, size).multipliedReportingOverflow(by: max(1, maxRatio))
    return min(max(256 << 20, product.overflow ? .max : product.partialValue), 4 << 30)
  }

  /// How many entries its directory has.
  var count: Int { Int(clamping: zip_get_num_entries(archive, 0)) }

  /// The entries' names in the order of the directory, as UTF-8; empty where one cannot be read.
  var names: [String] {
    (0..<max(0, count)).map {
      zip_get_name(archive, UInt64($0), 0).map(String.init(cString:)) ?? ""
    }
  }

  /// The place of a part in the directory; case is ignored, and `\` in the file's names is `/`.
  func find(_ name: String) -> UInt64? {
    for name in [name, name.replacing("/", with: "\\")] {
      let index = zip_name_locate(archive, name, ZIP_FL_NOCASE)
      if index >= 0 { return UInt64(index) }
    }
    return nil
  }

  /// What the system refused to read is no damage to the file.
  fileprivate func throwIfUnread() throws(ReadTrouble) {
    if let failed = slice.pointee.failed { throw .system(failed) }
  }

  /// - Throws: `.noList` for a part that is encrypted or packed in a way that cannot be read.
  func open(_ index: UInt64) throws(ReadTrouble) -> ZipPart {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat_index(archive, index, 0, &status) == 0 else {
      throw .noList("It is a ZIP file whose directory is damaged.")
    }
    if status.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0,
      Int32(status.encryption_method) != ZIP_EM_NONE
    {
      throw .noList("It is locked with a password; export it without one.")
    }
    guard let file = zip_fopen_index(archive, index, 0) else {
      try throwIfUnread()
      throw .noList("It is a ZIP file that is damaged, or packed in a way that cannot be read.")
    }
    let packed = min(Int(clamping: status.comp_size), max(0, size))
    let limit = packed.multipliedReportingOverflow(by: maxRatio)
    return ZipPart(
      archive: self, file: file,
      limit: max(ZipArchive.freeBytes, limit.overflow ? .max : limit.partialValue))
  }
}

/// One part of a ZIP file, unpacked as it is read.
struct ZipPart: ~Copyable, ByteStream {
  private let archive: ZipArchive
  private let file: OpaquePointer
  /// Bytes that it may still unpack to.
  private var limit: Int

  fileprivate init(archive: ZipArchive, file: OpaquePointer, limit: Int) {
    self.archive = archive
    self.file = file
    self.limit = limit
  }

  deinit { zip_fclose(file) }

  /// - Returns: `nil` where the packed bytes are damaged; also at the end, when the checksum is wrong.
  /// - Throws: `.noList` when it unpacks to more than it may.
  mutating func read(
    into target: UnsafeMutableRawPointer, capacity: Int
  ) throws(ReadTrouble) -> Int? {
    let count = Int(zip_fread(file, target, UInt64(max(0, capacity))))
    if count < 0 {
      try archive.throwIfUnread()
      return nil
    }
    limit -= count
    archive.allowance -= count
    if limit < 0 || archive.allowance < 0 {
      throw .noList(
        "It unpacks to far more than its size in the file allows; raise max_ratio if that is right."
      )
    }
    return count
  }

  /// The whole of a small part.
  mutating func readAll(atMost most: Int) throws(ReadTrouble) -> [UInt8]? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, most), alignment: 16)
    defer { buffer.deallocate() }
    guard let base = buffer.baseAddress else { return nil }
    var count = 0
    while count < most {
      guard let got = try read(into: base + count, capacity: most - count) else { return nil }
      if got == 0 { break }
      count += got
    }
    return Array(buffer[..<count])
  }
}

/// The file as libzip reads it.
private struct FileSlice {
  let descriptor: Int32
  let size: Int
  /// Bytes that may still be read, while the directory is.
  var toRead: Int
  var offset = 0
  var error = zip_error_t()
  /// `errno` of the first read that the system refused.
  var failed: Int32?

  init(descriptor: Int32, size: Int, toRead: Int) {
    self.descriptor = descriptor
    self.size = size
    self.toRead = toRead
    zip_error_init(&error)
  }

  mutating func fail(_ code: Int32, _ system: Int32 = 0) -> Int64 {
    zip_error_set(&error, code, system)
    return -1
  }

  mutating func read(_ target: UnsafeMutableRawPointer?, _ count: UInt64) -> Int64 {
    let wanted = min(Int(clamping: count), max(0, size - offset))
    guard let target, wanted > 0 else { return 0 }
    guard wanted <= toRead else { return fail(ZIP_ER_MEMORY) }
    do {
      let got = try ByteSource.read(
        descriptor, UnsafeMutableRawBufferPointer(start: target, count: wanted), at: offset)
      offset += got
      if toRead != .max { toRead -= got }
      return Int64(got)
    } catch {
      if case .system(let code) = error { failed = failed ?? code }
      return fail(ZIP_ER_READ, EIO)
    }
  }
}

/// libzip's questions to its source (zip_source_function(3)).
private func readSlice(
  _ context: UnsafeMutableRawPointer?, _ data: UnsafeMutableRawPointer?, _ count: UInt64,
  _ command: zip_source_cmd_t
) -> Int64 {
  guard let context else { return -1 }
  let slice = context.assumingMemoryBound(to: FileSlice.self)
  switch command {
  case ZIP_SOURCE_OPEN:
    slice.pointee.offset = 0
    return 0
  case ZIP_SOURCE_READ: return slice.pointee.read(data, count)
  case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE: return 0
  case ZIP_SOURCE_STAT:
    guard let data, count >= UInt64(MemoryLayout<zip_stat_t>.size) else {
      return slice.pointee.fail(ZIP_ER_INVAL)
    }
    let status = data.assumingMemoryBound(to: zip_stat_t.self)
    zip_stat_init(status)
    status.pointee.size = UInt64(max(0, slice.pointee.size))
    status.pointee.valid = UInt64(ZIP_STAT_SIZE)
    return Int64(MemoryLayout<zip_stat_t>.size)
  case ZIP_SOURCE_ERROR: return zip_error_to_data(&slice.pointee.error, data, count)
  case ZIP_SOURCE_SEEK:
    let offset = zip_source_seek_compute_offset(
      UInt64(slice.pointee.offset), UInt64(max(0, slice.pointee.size)), data, count,
      &slice.pointee.error)
    if offset < 0 { return -1 }
    slice.pointee.offset = Int(offset)
    return 0
  case ZIP_SOURCE_TELL: return Int64(slice.pointee.offset)
  case ZIP_SOURCE_SUPPORTS:
    let commands = [
      ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
      ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
    ]
    return commands.reduce(0) { $0 | 1 << Int64($1.rawValue) }
  default: return slice.pointee.fail(ZIP_ER_OPNOTSUPP)
  }
}

/// Whether the end of the file claims, in the 64-bit form, more entries than the plain form can hold:
/// libzip makes room for as many as are claimed before it reads one.
private func hasVastDirectory(_ descriptor: Int32, size: Int) -> Bool {
  let tail = min(max(0, size), 22 + 65_535 + 20)
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: tail + 64, alignment: 16)
  defer { buffer.deallocate() }
  let end = UnsafeMutableRawBufferPointer(rebasing: buffer[..<tail])
  guard let count = try? ByteSource.read(descriptor, end, at: size - tail) else { return false }
  let record = UnsafeMutableRawBufferPointer(rebasing: buffer[tail...])
  // "PK\6\7", 4 bytes, then where the record lies; there, the count of entries is at 24 and at 32.
  var at = 0
  while at + 20 <= count {
    defer { at += 1 }
    guard end[at] == 0x50, end[at + 1] == 0x4B, end[at + 2] == 6, end[at + 3] == 7 else { continue }
    let place = UInt64(littleEndian: end.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self))
    guard place < UInt64(max(0, size)),
      let got = try? ByteSource.read(descriptor, record, at: Int(place)),
      got >= 48
    else { continue }
    for field in [24, 32] {
      let entries = UInt64(
        littleEndian: record.loadUnaligned(fromByteOffset: field, as: UInt64.self))
      if entries > 65_535 { return true }
    }
  }
  return false
}
