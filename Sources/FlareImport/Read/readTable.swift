import Glibc

/// A small list as text, such as the contact register: every cell, nothing mapped.
package struct Table: Hashable, Sendable {
  package var header: [String]
  package var rows: [Row]
  /// Numbers of rows that are no CSV.
  package var malformed: [Int]

  package struct Row: Hashable, Sendable {
    /// As a spreadsheet counts: the header is row 1.
    package var number: Int
    package var cells: [String]
  }
}

/// Why a small list cannot be read: a sentence.
package struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

/// Reads a whole small list, in any delimiter and encoding that a feed may have.
/// - Throws: ``TableError`` when it is missing, no regular file, or larger than `maxBytes`.
package func readTable(at path: String, maxBytes: Int = 16 << 20) throws(TableError) -> Table {
  do {
    let file = try OpenedFile(path, followsLink: true)
    do {
      return try readTable(file.descriptor, maxBytes, assumed: nil)
    } catch .notUTF8 {
      return try readTable(file.descriptor, maxBytes, assumed: .windows1252)
    }
  } catch {
    switch error {
    case .longerThanAllowed: throw TableError(description: "It is larger than \(maxBytes) bytes.")
    case .system(let code):
      throw TableError(description: "It cannot be read: \(String(cString: strerror(code))).")
    case .notUTF8, .refused: throw TableError(description: "It is no list.")
    }
  }
}

private func readTable(
  _ descriptor: Int32, _ maxBytes: Int, assumed: TextEncoding?
) throws(ReadTrouble) -> Table {
  // A header of one cell under the comma was written with another delimiter.
  for delimiter in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
    var reader = CSVReader(
      try ByteSource(descriptor: descriptor, maxBytes: maxBytes, assumed: assumed),
      delimiter: delimiter)
    guard let header = try readHeader(&reader) else { break }
    if header.fields.count < 2 { continue }
    return try readRows(&reader, header)
  }
  return Table(header: [], rows: [], malformed: [])
}

private func readRows(
  _ reader: inout CSVReader, _ header: (fields: [String], number: Int)
) throws(ReadTrouble) -> Table {
  var table = Table(header: header.fields, rows: [], malformed: [])
  var cells = CellText(nullWords: [])
  var number = header.number
  while true {
    number += 1
    switch try reader.next() {
    case .end: return table
    case .malformedQuotes, .malformed, .cutOff, .tooLong: table.malformed.append(number)
    case .row:
      let row = reader.fields
      if (0..<row.count).allSatisfy(row.isBlank) { continue }
      table.rows.append(
        Table.Row(number: number, cells: (0..<row.count).map { cells.string(row, $0) }))
    }
  }
}
