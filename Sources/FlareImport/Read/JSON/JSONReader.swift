import Triage

/// Reads a JSON list record by record: an array of objects, an object that holds it, objects one a
/// line, or several arrays one behind the other.
///
/// Goes through the file twice (three times where the array lies inside an object): once for the
/// names of all cells, then for the rows. A record that is not well formed costs itself where what
/// follows can still be told; else the list breaks off there.
struct JSONReader: RecordReader, ~Copyable {
  let header: [String]
  private var walk: JSONWalk
  private var record: JSONRecord

  /// - Throws: `refused` when the feed's `records` leads nowhere.
  init(
    open: () throws(ReadTrouble) -> ByteSource, shape: ListShape, wanted: ColumnMap?
  ) throws(ReadTrouble) {
    let path = try JSONOutline.path(
      given: shape.records, reference: wanted?.reference, open: open)
    var first = JSONWalk(try open(), path: path)
    var record = JSONRecord()
    reading: while true {
      switch try JSONReader.step(&first, &record) {
      case .end, .cutOff: break reading
      case .row, .malformed, .malformedQuotes, .tooLong: continue
      }
    }
    guard first.hasFound else {
      throw .noList(
        "It has no list at '\(shape.records ?? "")'.",
        next: "The last good list stays in force; correct the feed's 'records'.")
    }
    record.collected()
    let second = JSONWalk(try open(), path: path)
    header = record.paths.header
    walk = consume second
    self.record = consume record
  }

  mutating func next() throws(ReadTrouble) -> RowEvent { try JSONReader.step(&walk, &record) }

  var fields: RowFields { record.row }

  var account: ReaderAccount {
    ReaderAccount(
      format: .json, encoding: walk.window.encoding.name, delimiter: "",
      zeroBytes: walk.window.zeroBytes + record.zeros,
      badCharacters: walk.window.badCharacters + record.badCharacters)
  }

  private static func step(
    _ walk: inout JSONWalk, _ record: inout JSONRecord
  ) throws(ReadTrouble) -> RowEvent {
    switch try walk.next() {
    case .end: return .end
    case .brokenOff: return .cutOff
    case .stranger: return .malformed
    case .record: break
    }
    walk.window.mark = walk.window.position
    while true {
      switch record.read(walk.window) {
      case .complete(let end):
        walk.window.position = end
        return .row
      case .needsMore:
        if walk.window.filled - walk.window.position >= CSVReader.rowLimit {
          return try walk.passMalformed(at: walk.window.position) ? .tooLong : .cutOff
        }
        if try walk.window.refill() { continue }
        // In lines, a record that was left open has swallowed those behind it.
        guard walk.isAtTop else {
          walk.stop()
          return .cutOff
        }
        try walk.window.skipLine(from: walk.window.position)
        return .cutOff
      case .malformed(let at):
        return try walk.passMalformed(at: at) ? .malformed : .cutOff
      }
    }
  }
}
