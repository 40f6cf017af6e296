import Foundation

/// `erasures.jsonl` beside the database: every erasure, one to a line. A backup that is put back knows nothing of what
/// was erased since, and by this file it is erased again.
package struct ErasureLog: Sendable {
  package let path: String

  package init(folder: String) {
    path = folder + "/erasures.jsonl"
  }

  /// Adds one and puts it on the disk, before anything is erased.
  /// - Throws: ``BackupError``.
  package func add(_ erasure: Erasure) throws {
    let line = try Self.encoder.encode(erasure) + Data("\n".utf8)
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw refused }
    defer { close(descriptor) }
    // A line that a stop has cut short is ended first.
    var bytes = endsWithLine(descriptor) ? [UInt8](line) : [UInt8](Data("\n".utf8) + line)
    while !bytes.isEmpty {
      let count = write(descriptor, bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw refused }
      bytes.removeFirst(count)
    }
    guard fsync(descriptor) == 0,
      syncFolder((path as NSString).deletingLastPathComponent)
    else { throw refused }
  }

  /// Takes one back that was refused after all: else the next start would carry it out.
  /// - Throws: ``BackupError``; then it is still there.
  package func remove(_ id: String) throws {
    let lines = try bytes().split(separator: 0x0A).filter {
      (try? Self.decoder.decode(Erasure.self, from: Data($0)))?.id != id
    }
    let folder = (path as NSString).deletingLastPathComponent
    let partial = folder + "/.partial-erasures.jsonl"
    unlink(partial)
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw refused }
    defer { close(descriptor) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    for line in lines { try file.write(contentsOf: line + Data("\n".utf8)) }
    guard fsync(descriptor) == 0 else { throw refused }
    try moveIntoPlace(partial, path)
  }

  /// `FileManager.contents(atPath:)` loses 4 KiB of memory with each file that is empty.
  private func bytes() throws -> Data {
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() ?? Data()
    else { throw refused }
    return data
  }

  private func endsWithLine(_ descriptor: Int32) -> Bool {
    let size = lseek(descriptor, 0, SEEK_END)
    var last: UInt8 = 0
    return size <= 0 || (pread(descriptor, &last, 1, size - 1) == 1 && last == 0x0A)
  }

  /// All that it has. A line that a stop has cut short, before its closing brace, was of an erasure that did not begin,
  /// and is passed over.
  /// - Throws: ``BackupError`` where the file is there and cannot be read, or has a whole line that says nothing: then
  ///   nobody knows what was erased.
  package func all() throws -> [Erasure] {
    guard access(path, F_OK) == 0 || errno != ENOENT else { return [] }
    return try bytes().split(separator: 0x0A).compactMap { line in
      if let erasure = try? Self.decoder.decode(Erasure.self, from: Data(line)) { return erasure }
      guard line.last != UInt8(ascii: "}") else { throw notUnderstood }
      return nil
    }
  }

  /// Puts a copy of it beside backups, so that it goes with them to another machine.
  /// - Throws: ``BackupError``.
  package func copy(to folder: String) throws {
    let copy = ErasureLog(folder: folder)
    guard copy.path != path, access(path, F_OK) == 0 else { return }
    let partial = folder + "/.partial-erasures.jsonl"
    unlink(partial)
    try copyFile(path, partial)
    try moveIntoPlace(partial, copy.path)
  }

  private var refused: BackupError {
    BackupError("\(path) cannot be read or written: \(String(cString: strerror(errno))).")
  }

  private var notUnderstood: BackupError {
    BackupError(
      "\(path) is damaged, or was written by a later version: one of its lines cannot be understood, so nobody knows what "
        + "was erased. Put back a copy of it, as it lies beside the backups.")
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.dateEncodingStrategy = .iso8601
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }
}
