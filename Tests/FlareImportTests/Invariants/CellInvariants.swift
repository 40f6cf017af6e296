import Glibc
import Triage

@testable import FlareImport

/// Cells that are written as CSV again must be read as the same cells. Below the mapping, so that
/// every row counts, wherever its job may lie.
package final class CellInvariants {
  private let original = MemoryFile()
  private let copy = MemoryFile()

  package init() {}

  /// - Returns: a sentence on the first promise that is broken.
  package func broken(by bytes: UnsafeRawBufferPointer, delimiter: UInt8) -> String? {
    original.write(bytes)
    guard let (rows, assumed) = read(original, delimiter) else { return "The sniffing throws." }
    var text: [UInt8] = []
    for row in rows {
      for (at, cell) in row.enumerated() {
        if at > 0 { text.append(delimiter) }
        text.append(UInt8(ascii: "\""))
        for byte in cell {
          text.append(byte)
          if byte == UInt8(ascii: "\"") { text.append(byte) }
        }
        text.append(UInt8(ascii: "\""))
      }
      text += [0x0D, 0x0A]
    }
    copy.write(text)
    guard let (again, _) = read(copy, delimiter, assumed) else { return "The copy cannot be read." }
    if rows == again { return nil }
    let row = zip(rows, again).prefix { $0 == $1 }.count
    return "Row \(row) of the copy, of \(rows.count) and \(again.count), has other cells."
  }

  /// The raw cells of all rows that are whole, quotes undone.
  private func read(
    _ file: MemoryFile, _ delimiter: UInt8, _ assumed: TextEncoding? = nil
  ) -> (rows: [[[UInt8]]], assumed: TextEncoding?)? {
    let descriptor = file.reopened()
    defer { close(descriptor) }
    do {
      return (try CellInvariants.rows(descriptor, delimiter, assumed), assumed)
    } catch .notUTF8 where assumed == nil {
      let rows = try? CellInvariants.rows(descriptor, delimiter, .windows1252)
      return rows.map { ($0, .windows1252) }
    } catch {
      return nil
    }
  }

  private static func rows(
    _ descriptor: Int32, _ delimiter: UInt8, _ assumed: TextEncoding?
  ) throws(ReadTrouble) -> [[[UInt8]]] {
    let source = try ByteSource(descriptor: descriptor, maxBytes: 1 << 30, assumed: assumed)
    var reader = CSVReader(source, delimiter: delimiter)
    var rows: [[[UInt8]]] = []
    while true {
      switch try reader.next() {
      case .end: return rows
      case .row:
        let row = reader.fields
        // What lies behind the limit is counted and not kept.
        if row.total > row.count { continue }
        rows.append((0..<row.count).map { cell(row, $0) })
      case .malformedQuotes, .malformed, .cutOff, .tooLong: continue
      }
    }
  }

  private static func cell(_ row: RowFields, _ column: Int) -> [UInt8] {
    let raw = row[column]
    guard row.hasDoubledQuotes(column) else { return Array(raw) }
    var cell: [UInt8] = []
    var at = 0
    while at < raw.count {
      cell.append(raw[at])
      at += raw[at] == UInt8(ascii: "\"") ? 2 : 1
    }
    return cell
  }
}

extension CellInvariants {
  /// One of the delimiters that lists come with.
  package static func delimiter(_ byte: UInt8) -> UInt8 {
    Delimiter.allCases[Int(byte) % Delimiter.allCases.count].rawValue
  }
}
