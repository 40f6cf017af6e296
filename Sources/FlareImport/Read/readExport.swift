import Foundation
import Triage

/// What one export came to.
package struct ImportedList: Sendable {
  /// The jobs that lie in an area, one for each reference, in the order of the list.
  package var jobs: [Job]
  package var report: ImportReport
  /// References of rows that are in the list and could not be located: their jobs are not gone.
  package var notLocated: Set<String>
  /// Of the file's bytes as they came, in hexadecimal.
  package var sha256: String

  package init(jobs: [Job], report: ImportReport, notLocated: Set<String>, sha256: String) {
    self.jobs = jobs
    self.report = report
    self.notLocated = notLocated
    self.sha256 = sha256
  }
}

/// The export was still being written: it changed, went away, or is another file by now. No fault;
/// the next poll looks again.
package struct StillBeingWritten: Error, Hashable, Sendable {
  package let name: String
}

/// Reads an export that a poll has found.
///
/// Streams: memory grows with the jobs in area only. Every data row is counted in one of
/// ``RowCounts``' four places. Blocks on the disk; call it where blocking is allowed.
/// - Parameters:
///   - projection: from the feed's `crs` to the grid that `index` lies on.
///   - gazetteer: for rows without coordinates, on the same grid.
///   - now: dates later than this are counted as in the future.
/// - Throws: ``StillBeingWritten``, or `ImportError` when the whole file cannot be used.
package func readExport(
  _ export: Export, settings: FeedSettings, index: AreaIndex, projection: Projection,
  gazetteer: Gazetteer = .none, now: Date = .now
) throws -> ImportedList {
  let file: OpenedFile
  do {
    file = try OpenedFile(export.path, followsLink: export.origin == .file)
  } catch .system(ENOENT), .system(ELOOP), .system(EINVAL) {
    // Gone, or a link or folder under its name: whatever was there is no export any more.
    throw StillBeingWritten(name: export.name)
  } catch {
    throw importError(error, settings)
  }
  guard file.identity == export.identity else { throw StillBeingWritten(name: export.name) }
  return try read(file, name: export.name, settings, Ground(index, projection, gazetteer, now))
}

/// Reads any file as the feed would (`preview`).
/// - Throws: `ImportError` when the whole file cannot be used, ``StillBeingWritten`` when it
///   changed under the reading.
package func readExport(
  at path: String, settings: FeedSettings, index: AreaIndex, projection: Projection,
  gazetteer: Gazetteer = .none, now: Date = .now
) throws -> ImportedList {
  let name = URL(fileURLWithPath: path).lastPathComponent
  let file: OpenedFile
  do {
    file = try OpenedFile(path, followsLink: true)
  } catch {
    throw importError(error, settings)
  }
  return try read(file, name: name, settings, Ground(index, projection, gazetteer, now))
}

private func read(
  _ file: borrowing OpenedFile, name: String, _ settings: FeedSettings, _ ground: Ground
) throws -> ImportedList {
  let size = Int(file.identity.size)
  if size > settings.maxBytes { throw importError(.longerThanAllowed, settings) }
  let hash = FileHash(descriptor: file.descriptor, size: size)
  defer {
    hash.cancel()
    _ = hash.wait()
  }
  var list: ImportedList
  do {
    try refuseWhatIsNoList(file.descriptor, settings)
    do {
      list = try readList(file.descriptor, name: name, settings, ground, nil)
    } catch .notUTF8 {
      list = try readList(file.descriptor, name: name, settings, ground, .windows1252)
    }
  } catch {
    throw importError(error, settings)
  }
  guard file.isUnchanged else { throw StillBeingWritten(name: name) }
  guard let sha256 = hash.wait() else { throw importError(.system(EIO), settings) }
  list.sha256 = sha256
  return list
}

/// Where and when the rows of a list are looked at.
struct Ground {
  let index: AreaIndex
  let projection: Projection
  let gazetteer: Gazetteer
  let now: Date

  init(_ index: AreaIndex, _ projection: Projection, _ gazetteer: Gazetteer, _ now: Date) {
    self.index = index
    self.projection = projection
    self.gazetteer = gazetteer
    self.now = now
  }
}

private func refuseWhatIsNoList(
  _ descriptor: Int32, _ settings: FeedSettings
) throws(ReadTrouble) {
  let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  defer { head.deallocate() }
  let count = try ByteSource.read(descriptor, head, at: 0)
  let why =
    count == 0
    ? "It is empty." : wholeFileTrouble(UnsafeRawBufferPointer(rebasing: head[..<count]))
  if let why {
    throw .refused(
      ImportError(
        feed: settings.name, why: "The export cannot be read. \(why)",
        next: "The last good list stays in force; look at what the export job wrote."))
  }
}

private func readList(
  _ descriptor: Int32, name: String, _ settings: FeedSettings, _ ground: Ground,
  _ assumed: TextEncoding?
) throws(ReadTrouble) -> ImportedList {
  func open() throws(ReadTrouble) -> ByteSource {
    try ByteSource(descriptor: descriptor, maxBytes: settings.maxBytes, assumed: assumed)
  }
  let delimiter = try sniffDelimiter(columns: settings.columns, open: open)
  var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
  let header = try readHeader(&reader) ?? ([], 0)
  var reading: RowReading
  do {
    reading = try RowReading(
      settings: settings, header: header.fields, ground: ground)
  } catch {
    throw .refused(error)
  }
  try reading.readAll(&reader, headerNumber: header.number)
  return reading.list(name: name, reader.account)
}

private func importError(_ trouble: ReadTrouble, _ settings: FeedSettings) -> ImportError {
  switch trouble {
  case .refused(let error): error
  case .noList(let why):
    ImportError(
      feed: settings.name, why: "The export cannot be read. \(why)",
      next: "The last good list stays in force; look at what the export job wrote.")
  case .longerThanAllowed:
    ImportError(
      feed: settings.name,
      why: "The export is longer than the \(settings.maxBytes) bytes that the feed allows.",
      next: "Nothing of it was taken; raise max_bytes if the list has truly grown.")
  case .system(EINVAL):
    ImportError(
      feed: settings.name, why: "The export is not a regular file.",
      next: "Nothing was read; name a file.")
  case .system(let code):
    ImportError(
      feed: settings.name,
      why: "The export could not be read: \(String(cString: strerror(code))).",
      next: "It is tried again at the next poll.")
  case .notUTF8:
    ImportError(
      feed: settings.name, why: "The export's encoding changed while it was read.",
      next: "It is tried again at the next poll.")
  }
}
