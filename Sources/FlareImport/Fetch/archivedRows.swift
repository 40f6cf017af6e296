import Foundation
import Triage

extension Archive {
  /// Whether a list that lies here has a row that is meant, of whatever place: also one outside all areas, of which
  /// nothing else is known.
  ///
  /// - Parameters:
  ///   - isMeant: told the cells of a row, as many as the list has, decoded and trimmed.
  /// - Returns: `nil` where not all of it could be read, and no row that could be was meant.
  package func hasRow(
    _ list: ArchivedList, settings: FeedSettings, spool: String, isMeant: ([String]) -> Bool
  ) -> Bool? {
    do {
      let file = try OpenedFile(path + "/" + list.file, followsLink: false)
      let size = Int(file.identity.size)
      let unwrapped = try UnwrappedList(
        file.descriptor, size: size, name: nil, format: settings.format, shape: settings.shape,
        maxBytes: settings.maxBytes, spool: spool)
      do {
        return try search(unwrapped, settings, nil, isMeant)
      } catch .notUTF8 {
        return try search(unwrapped, settings, .windows1252, isMeant)
      }
    } catch {
      return nil
    }
  }

  /// Deletes a file that lies here. - Returns: whether it is gone.
  package func delete(_ file: String) -> Bool {
    guard Archive.received(file) != nil, !file.contains("/") else { return false }
    return unlink(path + "/" + file) == 0 || errno == ENOENT
  }

  /// Deletes copies that were cut short, for while nothing is put away.
  package func deleteCutShort() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(Archive.partial) { unlink(path + "/" + name) }
  }

  /// The names of all files that lie here, of whatever feed.
  package func files() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
      Archive.received($0) != nil
    }.sorted()
  }
}

private func search(
  _ list: borrowing UnwrappedList, _ settings: FeedSettings, _ assumed: TextEncoding?,
  _ isMeant: ([String]) -> Bool
) throws(ReadTrouble) -> Bool? {
  let (descriptor, size) = (list.descriptor, list.size)
  func source() throws(ReadTrouble) -> ByteSource {
    try ByteSource(descriptor: descriptor, maxBytes: settings.maxBytes, assumed: assumed)
  }
  switch list.format {
  case .csv, .detect:
    let (delimiter, _) = try sniffDelimiter(
      columns: settings.columns, headerRow: settings.shape.headerRow, open: source)
    var reader = CSVReader(try source(), delimiter: delimiter.rawValue)
    return try search(&reader, isMeant)
  case .xlsx:
    var reader = try XLSXReader(
      descriptor: descriptor, size: size, shape: settings.shape, wanted: settings.columns)
    return try search(&reader, isMeant)
  case .json:
    var reader = try JSONReader(open: source, shape: settings.shape, wanted: settings.columns)
    return try search(&reader, isMeant)
  case .xml:
    var reader = try XMLReader(
      descriptor: descriptor, maxBytes: settings.maxBytes, shape: settings.shape)
    return try search(&reader, isMeant)
  }
}

private func search(
  _ reader: inout some RowReader & ~Copyable, _ isMeant: ([String]) -> Bool
) throws(ReadTrouble) -> Bool? {
  var text = CellText(nullWords: [])
  var isWhole = true
  while true {
    switch try reader.next() {
    case .row:
      let row = reader.fields
      var cells: [String] = []
      for column in 0..<row.count { cells.append(text.string(row, column)) }
      if isMeant(cells) { return true }
    case .end: return isWhole ? false : nil
    case .malformedQuotes, .malformed, .cutOff, .tooLong: isWhole = false
    }
  }
}
