/// Where one field lies among the bytes of its row.
struct Field {
  /// Offset of the first byte, with the mark for doubled quotes in a bit that no offset needs.
  private let packed: Int32
  let end: Int32

  private static let doubled: Int32 = 1 << 30

  @inline(__always)
  init(start: Int, end: Int, hasDoubledQuotes: Bool = false) {
    packed = Int32(truncatingIfNeeded: start) | (hasDoubledQuotes ? Field.doubled : 0)
    self.end = Int32(truncatingIfNeeded: end)
  }

  @inline(__always)
  var start: Int { Int(packed & ~Field.doubled) }
  /// Whether each `""` in it stands for one quote.
  @inline(__always)
  var hasDoubledQuotes: Bool { packed & Field.doubled != 0 }
  @inline(__always)
  var count: Int { Int(end) - start }
}

/// One row as fields of bytes, whatever the format they came from. A view: good only until the
/// reader goes on to the next row.
struct RowFields {
  let bytes: UnsafePointer<UInt8>
  let fields: UnsafePointer<Field>
  /// How many fields can be had.
  let count: Int
  /// How many the row has; more than ``count`` only beyond ``CSVReader/columnLimit``.
  let total: Int
  /// Whether the row ends with the file and not with a line end.
  let endsWithFile: Bool
  /// Of the bytes: windows-1252, else UTF-8.
  let isWindows1252: Bool
  /// Whether any cell holds something, where the reader knows: a record may lack most of very many
  /// cells, and they need not be asked one by one.
  var isFilled: Bool?

  /// The bytes of a field; empty where the row is too short to have it.
  @inline(__always)
  subscript(column: Int) -> UnsafeBufferPointer<UInt8> {
    guard column >= 0, column < count else { return UnsafeBufferPointer(start: nil, count: 0) }
    let field = fields[column]
    return UnsafeBufferPointer(start: bytes + field.start, count: field.count)
  }

  @inline(__always)
  func hasDoubledQuotes(_ column: Int) -> Bool {
    column >= 0 && column < count && fields[column].hasDoubledQuotes
  }

  /// Whether a field holds nothing but white space.
  func isBlank(_ column: Int) -> Bool { self[column].allSatisfy { $0 <= 0x20 } }
}
