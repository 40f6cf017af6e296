import Glibc
import Triage

@testable import FlareImport

/// What must hold of every reader, whatever the bytes: it comes to an end, stays there, and every cell
/// that it gives can be touched. Far cheaper than reading a list as a feed does, so the fuzz programs do
/// this with every input and the whole import with some.
package final class ReaderInvariants {
  private let file = MemoryFile()
  private let format: ListFormat
  private let delimiter: UInt8
  /// So that no compiler takes the touching away.
  private var touched: UInt8 = 0

  package init(_ format: ListFormat, delimiter: UInt8 = 0x2C) {
    self.format = format
    self.delimiter = delimiter
  }

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer) -> String? {
    file.write(bytes)
    let descriptor = file.reopened()
    defer { close(descriptor) }
    do {
      return try drained(descriptor, bytes.count, assumed: nil)
    } catch .notUTF8 {
      return (try? drained(descriptor, bytes.count, assumed: .windows1252)) ?? nil
    } catch {
      return nil
    }
  }

  package func broken(by bytes: [UInt8]) -> String? { bytes.withUnsafeBytes { broken(by: $0) } }

  private func drained(
    _ descriptor: Int32, _ count: Int, assumed: TextEncoding?
  ) throws(ReadTrouble) -> String? {
    func source() throws(ReadTrouble) -> ByteSource {
      try ByteSource(descriptor: descriptor, maxBytes: 1 << 30, assumed: assumed)
    }
    switch format {
    case .csv, .detect:
      var reader = CSVReader(try source(), delimiter: delimiter)
      return try drained(&reader, mostRows: count + 1)
    case .json:
      var reader = try JSONReader(open: source, shape: ListShape(), wanted: nil)
      return try drained(&reader, mostRows: count + 1)
    case .xml:
      var reader = try XMLReader(descriptor: descriptor, maxBytes: 1 << 30, shape: ListShape())
      return try drained(&reader, mostRows: count + 1)
    case .xlsx:
      var reader = try XLSXReader(
        descriptor: descriptor, size: count, shape: ListShape(), wanted: nil)
      // A sheet may have as many rows as a sheet can, most of them blank.
      return try drained(&reader, mostRows: 1_048_576 + count)
    }
  }

  private func drained(
    _ reader: inout some RowReader & ~Copyable, mostRows: Int
  ) throws(ReadTrouble) -> String? {
    var rows = 0
    while true {
      switch try reader.next() {
      case .end:
        guard case .end = try reader.next() else { return "There are rows behind the end." }
        let account = reader.account
        if account.zeroBytes < 0 || account.badCharacters < 0 { return "A count is negative." }
        return nil
      case .row:
        let row = reader.fields
        if row.count < 0 || row.total < row.count { return "A row has more cells than it has." }
        for column in 0..<row.count {
          for byte in row[column] { touched ^= byte }
        }
      case .malformed, .malformedQuotes, .cutOff, .tooLong: break
      }
      rows += 1
      if rows > mostRows { return "There are more rows than bytes." }
    }
  }
}
