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
  /// Its rows that could not be read.
  package var lost = LostRows()
  /// By which the next list is told for the beginning of this one.
  package var print: ListPrint?

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
///   - spool: the folder in which a packed list is unpacked, into a file without a name.
///   - keeping: so many jobs come back; the others are read and counted only.
///   - now: dates later than this are counted as in the future.
/// - Throws: ``StillBeingWritten``, or `ImportError` when the whole file cannot be used; with the trouble
///   `notRead` where that is no fault of the file's.
package func readExport(
  _ export: Export, settings: FeedSettings, index: AreaIndex, projection: Projection,
  gazetteer: Gazetteer = .none, spool: String = NSTemporaryDirectory(), keeping: Int = .max,
  now: Date = .now
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
  // The name of a download is the server's.
  let named = Named(
    name: export.name, saysFormat: export.origin != .download, modified: export.modified)
  var ground = Ground(index, projection, gazetteer, now)
  ground.mostJobs = keeping
  return try read(file, named, settings, ground, spool)
}

/// Reads any file as the feed would (`preview`).
/// - Parameter keeping: so many jobs come back; the others are read and counted, and memory does not grow
///   with them but for a number each.
/// - Throws: `ImportError` when the whole file cannot be used, ``StillBeingWritten`` when it
///   changed under the reading.
package func readExport(
  at path: String, settings: FeedSettings, index: AreaIndex, projection: Projection,
  gazetteer: Gazetteer = .none, spool: String = NSTemporaryDirectory(), keeping: Int = .max,
  now: Date = .now
) throws -> ImportedList {
  let name = URL(fileURLWithPath: path).lastPathComponent
  let file: OpenedFile
  do {
    file = try OpenedFile(path, followsLink: true)
  } catch .system(EINVAL) {
    throw ImportError(
      feed: settings.name, why: "The export is not a regular file.",
      next: "Nothing was read; name a file.")
  } catch {
    throw importError(error, settings)
  }
  let named = Named(name: name, saysFormat: true, modified: file.identity.modifiedDate)
  var ground = Ground(index, projection, gazetteer, now)
  ground.mostJobs = keeping
  return try read(file, named, settings, ground, spool)
}

/// What is known of a file besides its bytes.
private struct Named {
  let name: String
  /// Whether the name's ending was chosen by whoever made the file.
  let saysFormat: Bool
  let modified: Date
}

private func read(
  _ file: borrowing OpenedFile, _ named: Named, _ settings: FeedSettings, _ ground: Ground,
  _ spool: String
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
    let unwrapped = try UnwrappedList(
      file.descriptor, size: size, name: named.saysFormat ? named.name : nil,
      format: settings.format, shape: settings.shape, maxBytes: settings.maxBytes, spool: spool)
    do {
      list = try readList(unwrapped, name: named.name, settings, ground, nil)
    } catch .notUTF8 {
      list = try readList(unwrapped, name: named.name, settings, ground, .windows1252)
    }
    list.report.format = unwrapped.prefix + list.report.format
  } catch {
    // What was read may be half of a file that is being written over.
    guard file.isUnchanged else { throw StillBeingWritten(name: named.name) }
    throw importError(error, settings)
  }
  guard file.isUnchanged else { throw StillBeingWritten(name: named.name) }
  guard let sha256 = hash.wait() else { throw importError(.system(EIO), settings) }
  list.sha256 = sha256
  list.print = hash.print
  list.report.listed = listInstant(named.name, settings) ?? named.modified
  return list
}

/// Where and when the rows of a list are looked at.
struct Ground {
  let index: AreaIndex
  let projection: Projection
  let gazetteer: Gazetteer
  let now: Date
  /// So many jobs are kept; the others are read and counted only.
  var mostJobs = Int.max

  init(_ index: AreaIndex, _ projection: Projection, _ gazetteer: Gazetteer, _ now: Date) {
    self.index = index
    self.projection = projection
    self.gazetteer = gazetteer
    self.now = now
  }
}

private func readList(
  _ list: borrowing UnwrappedList, name: String, _ settings: FeedSettings, _ ground: Ground,
  _ assumed: TextEncoding?
) throws(ReadTrouble) -> ImportedList {
  let (descriptor, size) = (list.descriptor, list.size)
  func source() throws(ReadTrouble) -> ByteSource {
    try ByteSource(descriptor: descriptor, maxBytes: settings.maxBytes, assumed: assumed)
  }
  switch list.format {
  case .csv, .detect:
    let (delimiter, header) = try sniffDelimiter(
      columns: settings.columns, headerRow: settings.shape.headerRow, open: source)
    var reader = CSVReader(try source(), delimiter: delimiter.rawValue)
    return try readSheet(&reader, header ?? HeaderPlace(), name: name, settings, ground)
  case .xlsx:
    var search = try XLSXReader(
      descriptor: descriptor, size: size, shape: settings.shape, wanted: settings.columns)
    let header = try findHeader(
      &search, columns: settings.columns, row: settings.shape.headerRow)
    var reader = try XLSXReader(
      descriptor: descriptor, size: size, shape: settings.shape, wanted: settings.columns)
    return try readSheet(&reader, header ?? HeaderPlace(), name: name, settings, ground)
  case .json:
    var reader = try JSONReader(open: source, shape: settings.shape, wanted: settings.columns)
    return try readRecords(&reader, name: name, settings, ground)
  case .xml:
    var reader = try XMLReader(
      descriptor: descriptor, maxBytes: settings.maxBytes, shape: settings.shape)
    return try readRecords(&reader, name: name, settings, ground)
  }
}

/// A list with a row of headings.
private func readSheet(
  _ reader: inout some RowReader & ~Copyable, _ header: HeaderPlace, name: String,
  _ settings: FeedSettings, _ ground: Ground
) throws(ReadTrouble) -> ImportedList {
  try skip(&reader, rows: header.number)
  var reading = try rowReading(settings, header, ground, isRecords: false)
  try reading.readAll(&reader, headerNumber: header.number)
  return try reading.list(name: name, reader.account)
}

/// A list whose records name their own cells.
private func readRecords(
  _ reader: inout some RecordReader & ~Copyable, name: String, _ settings: FeedSettings,
  _ ground: Ground
) throws(ReadTrouble) -> ImportedList {
  // A list without records is one without news, not one without columns.
  let known = reader.header
  var seen: Set<String> = []
  let mapped = settings.columns.requiredHeadings.map(\.heading).filter {
    seen.insert(headingKey($0)).inserted
  }
  let header = known.isEmpty ? mapped : known
  var reading = try rowReading(
    settings, HeaderPlace(fields: header), ground, isRecords: true)
  try reading.readAll(&reader, headerNumber: 0)
  return try reading.list(name: name, reader.account)
}

private func rowReading(
  _ settings: FeedSettings, _ header: HeaderPlace, _ ground: Ground, isRecords: Bool
) throws(ReadTrouble) -> RowReading {
  do {
    return try RowReading(
      settings: settings, header: header, ground: ground, isRecords: isRecords)
  } catch {
    throw .refused(error)
  }
}

private func importError(_ trouble: ReadTrouble, _ settings: FeedSettings) -> ImportError {
  switch trouble {
  case .refused(let error):
    error.feed.isEmpty
      ? ImportError(
        feed: settings.name, why: error.why, next: error.next, trouble: error.trouble) : error
  case .longerThanAllowed:
    ImportError(
      feed: settings.name,
      why: "The export is longer than the \(settings.maxBytes) bytes that the feed allows.",
      next: "Nothing of it was taken; raise max_bytes if the list has truly grown.")
  case .system(let code):
    // No refusal: the list may be as good as any.
    ImportError(
      feed: settings.name,
      why: "The export could not be read here: \(String(cString: strerror(code))).",
      next: "Nothing of it was taken, and it stays where it is.", trouble: .notRead)
  case .notUTF8:
    ImportError(
      feed: settings.name, why: "The export's encoding changed while it was read.",
      next: "Nothing of it was taken, and it stays where it is.", trouble: .notRead)
  }
}

extension XMLReader: RecordReader {}
