/// The text of an element, which comes in pieces, with the place of each in the file.
struct KMLText {
  private var bytes: [UInt8] = []
  /// Where in ``bytes`` a piece begins, and where that is in the file.
  private var pieces: [(start: Int, offset: Int)] = []

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
  }

  mutating func add(_ more: UnsafeRawBufferPointer, at offset: Int) {
    pieces.append((bytes.count, offset))
    bytes.append(contentsOf: more)
  }

  /// The whole as a text, without white space at either end.
  var node: JSONNode {
    JSONNode(
      offset: pieces.first?.offset ?? 0,
      value: .string(trimmed(String(decoding: bytes, as: UTF8.self))))
  }

  /// What a `coordinates` element holds: positions with white space between them, each of numbers with
  /// commas between them. What is no number stays a text, for the reader to refuse.
  ///
  /// - Parameter left: how many values there may be, lowered by those made; `nil` where they are too many.
  func positions(_ left: inout Int) -> JSONNode? {
    var positions: [JSONNode] = []
    var piece = 0
    var at = 0
    func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }
    while at < bytes.count {
      if isSpace(bytes[at]) {
        at += 1
        continue
      }
      let start = at
      while at < bytes.count, !isSpace(bytes[at]) { at += 1 }
      while piece + 1 < pieces.count, pieces[piece + 1].start <= start { piece += 1 }
      let offset = pieces[piece].offset + (start - pieces[piece].start)
      let numbers = bytes[start..<at].split(separator: 0x2C, omittingEmptySubsequences: false).map {
        part -> JSONNode in
        let written = String(decoding: part, as: UTF8.self)
        let value = plainNumber(written).map { JSONValue.number($0) } ?? .string(written)
        return JSONNode(offset: offset, value: value)
      }
      left -= 1 + numbers.count
      if left < 0 { return nil }
      positions.append(JSONNode(offset: offset, value: .array(numbers)))
    }
    return JSONNode(offset: pieces.first?.offset ?? 0, value: .array(positions))
  }
}
