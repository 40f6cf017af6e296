import Triage

/// Reads rows of a published gazetteer as numbers and keeps what lies in the boxes. The easting is
/// read first: most rows go by that alone.
struct GazetteerSieve: ~Copyable {
  private static let batch = 4096

  private let boxes: [CentimetreBox]
  /// Round all boxes.
  private let whole: CentimetreBox
  /// Entries on their way out, and those of postcodes that are no longer in use.
  private let live = UnsafeMutablePointer<GazetteerEntry>.allocate(capacity: batch)
  private let ended = UnsafeMutablePointer<GazetteerEntry>.allocate(capacity: batch)

  init(_ boxes: [Box]) {
    self.boxes = boxes.map(CentimetreBox.init)
    whole = CentimetreBox(boxes.reduce(into: Box.nothing) { $0.add($1) })
  }

  deinit {
    live.deallocate()
    ended.deallocate()
  }

  /// - Parameter width: how many columns the first row has.
  /// - Throws: ``GazetteerReadError`` for a list that ends in the middle of a row, what the reader throws,
  ///   or what `take` throws.
  func read(
    _ reader: inout CSVReader, _ product: GazetteerProduct, width: Int,
    into source: inout GazetteerSource,
    _ take: (GazetteerKind, UnsafeBufferPointer<GazetteerEntry>) throws -> Void
  ) throws {
    switch product {
    case .openUPRN(let uprn, let x, let y):
      try read(&reader, .init(product, width), into: &source, .uprn, take) { row in
        Place(row, x, y, self) { uprnKey(row[uprn]) }
      }
    case .codePointOpen:
      try read(&reader, .init(product, width), into: &source, .postcode, take) { row in
        if row[1].elementsEqual("90".utf8) { return .notPlaced }
        return Place(row, 2, 3, self) { postcodeKeyNumber(row[0]) }
      }
    case .postcodeDirectory(let postcode, let ended, let quality, let x, let y):
      try read(&reader, .init(product, width), into: &source, .postcode, take) { row in
        if let quality, row[quality].elementsEqual("9".utf8) { return .notPlaced }
        if row[x].isEmpty || row[y].isEmpty { return .notPlaced }
        let place = Place(row, x, y, self) { postcodeKeyNumber(row[postcode]) }
        guard case .kept(let entry) = place else { return place }
        if isNorthernIreland(entry.key) { return .notPlaced }
        return ended.map { row.isBlank($0) } ?? true ? place : .ended(entry)
      }
    }
  }

  /// What a row that ends with the file is held against.
  private struct RowShape {
    let width: Int
    let lastColumn: Int

    init(_ product: GazetteerProduct, _ width: Int) {
      (self.width, lastColumn) = (width, product.lastColumn)
    }
  }

  /// What a row comes to.
  private enum Place {
    case kept(GazetteerEntry)
    /// Kept, of a postcode that is no longer in use.
    case ended(GazetteerEntry)
    case outside
    case notPlaced
    case unreadable

    @inline(__always)
    init(
      _ row: RowFields, _ columnX: Int, _ columnY: Int, _ sieve: borrowing GazetteerSieve,
      _ key: () -> UInt64
    ) {
      let x = centimetres(row[columnX])
      if x < sieve.whole.minX || x > sieve.whole.maxX {
        self = x == noNumber ? .unreadable : x == 0 ? .notPlaced : .outside
        return
      }
      let y = centimetres(row[columnY])
      if y == noNumber {
        self = .unreadable
      } else if !sieve.holds(x, y) {
        self = .outside
      } else {
        let key = key()
        self =
          key == 0
          ? .unreadable
          : .kept(
            GazetteerEntry(
              key: key, x: Int32(truncatingIfNeeded: x), y: Int32(truncatingIfNeeded: y)))
      }
    }
  }

  @inline(__always)
  private func holds(_ x: Int, _ y: Int) -> Bool {
    guard whole.holds(x, y) else { return false }
    if boxes.count == 1 { return true }
    for box in boxes where box.holds(x, y) { return true }
    return false
  }

  @inline(__always)
  private func read(
    _ reader: inout CSVReader, _ shape: RowShape, into source: inout GazetteerSource,
    _ kind: GazetteerKind,
    _ take: (GazetteerKind, UnsafeBufferPointer<GazetteerEntry>) throws -> Void,
    _ place: (RowFields) -> Place
  ) throws {
    var (rows, kept, outside, notPlaced, unreadable) = (0, 0, 0, 0, 0)
    // Locals: what a loop over so many rows counts in.
    let (live, ended) = (live, ended)
    var (liveCount, endedCount) = (0, 0)
    var endsInQuotes = false
    func flush() throws {
      if liveCount > 0 { try take(kind, UnsafeBufferPointer(start: live, count: liveCount)) }
      if endedCount > 0 {
        try take(.terminatedPostcode, UnsafeBufferPointer(start: ended, count: endedCount))
      }
      (liveCount, endedCount) = (0, 0)
    }
    reading: while true {
      switch try reader.next() {
      case .end:
        if endsInQuotes { throw cutInRow(source) }
        break reading
      case .cutOff:
        // A quote that is never closed; the lines behind it are read, if there are any.
        endsInQuotes = true
        rows &+= 1
        unreadable &+= 1
      case .malformedQuotes, .malformed, .tooLong:
        endsInQuotes = false
        rows &+= 1
        unreadable &+= 1
      case .row:
        endsInQuotes = false
        let row = reader.fields
        if row.total == 1, row.isBlank(0) { continue }
        rows &+= 1
        if row.endsWithFile {
          if row.total < shape.width { throw cutInRow(source) }
          source.endsInRow = true
          // A coordinate that is cut is still a number.
          if row.total == shape.lastColumn + 1 {
            unreadable &+= 1
            continue
          }
        }
        switch place(row) {
        case .outside: outside &+= 1
        case .kept(let entry):
          kept &+= 1
          live[liveCount] = entry
          liveCount &+= 1
          if liveCount == GazetteerSieve.batch { try flush() }
        case .ended(let entry):
          kept &+= 1
          ended[endedCount] = entry
          endedCount &+= 1
          if endedCount == GazetteerSieve.batch { try flush() }
        case .notPlaced: notPlaced &+= 1
        case .unreadable: unreadable &+= 1
        }
      }
    }
    try flush()
    source.rows += rows
    source.kept += kept
    source.outside += outside
    source.notPlaced += notPlaced
    source.unreadable += unreadable
  }
}

/// A download that broke off: of the rest of the places nothing is known.
private func cutInRow(_ source: GazetteerSource) -> GazetteerReadError {
  GazetteerReadError(
    description: "\(source.file) ends in the middle of a row: it is cut off. Fetch it once more.")
}

/// A box in whole centimetres, as far as an entry can hold them.
private struct CentimetreBox {
  var minX = Int.max, minY = Int.max, maxX = Int.min, maxY = Int.min

  init(_ box: Box) {
    guard !box.isNothing else { return }
    func whole(_ metres: Double) -> Int {
      Int(max(-Double(Int32.max), min(Double(Int32.max), (metres * 100).rounded())))
    }
    (minX, minY) = (whole(box.minX), whole(box.minY))
    (maxX, maxY) = (whole(box.maxX), whole(box.maxY))
  }

  @inline(__always)
  func holds(_ x: Int, _ y: Int) -> Bool { x >= minX && x <= maxX && y >= minY && y <= maxY }
}

/// No coordinate.
private let noNumber = Int.min

/// Metres written with or without a fraction ("358260.66") as centimetres, the half rounded up; further
/// digits are passed over.
@inline(__always)
private func centimetres(_ text: UnsafeBufferPointer<UInt8>) -> Int {
  var at = 0
  let end = text.count
  var value = 0
  // Nine digits of metres and two behind the point: far from overflow.
  while at < end, at < 9, text[at] &- 0x30 <= 9 {
    value = value &* 10 &+ Int(text[at] &- 0x30)
    at &+= 1
  }
  if at == 0 { return otherCentimetres(text) }
  value = value &* 100
  if at == end { return value }
  guard text[at] == UInt8(ascii: "."), end &- at <= 20 else { return otherCentimetres(text) }
  at &+= 1
  var weight = 10
  while at < end {
    let digit = Int(text[at] &- 0x30)
    if digit > 9 || text[at] < 0x30 { return otherCentimetres(text) }
    if weight > 0 {
      value &+= digit &* weight
      weight /= 10
    } else if weight == 0 {
      value &+= digit >= 5 ? 1 : 0
      weight = -1
    }
    at &+= 1
  }
  return value
}

/// With a sign, white space or an exponent.
@inline(never)
private func otherCentimetres(_ text: UnsafeBufferPointer<UInt8>) -> Int {
  guard let metres = decimal(text), metres.magnitude < 2e7 else { return noNumber }
  return Int((metres * 100).rounded())
}

@inline(__always)
private func uprnKey(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var value: UInt64 = 0
  for byte in text {
    if byte &- 0x30 > 9 || text.count > 12 { return otherUPRNKey(text) }
    value = value &* 10 &+ UInt64(byte &- 0x30)
  }
  return value
}

/// A published UPRN may end in seven zeros: nothing has rounded it.
@inline(never)
private func otherUPRNKey(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  let digits = CellText.trimmed(text).drop { $0 == 0x30 }
  guard digits.count <= 12, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return 0 }
  return digits.reduce(0) { $0 * 10 + UInt64($1 &- 0x30) }
}

private func postcodeKeyNumber(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  guard text.count <= 16 else { return 0 }
  return postcodeNumber(postcodeKey(String(decoding: text, as: UTF8.self)))
}

/// "BT1 1AA": on the Irish Grid.
private func isNorthernIreland(_ key: UInt64) -> Bool {
  key >> 40 == UInt64(UInt8(ascii: "B")) << 8 | UInt64(UInt8(ascii: "T"))
}
