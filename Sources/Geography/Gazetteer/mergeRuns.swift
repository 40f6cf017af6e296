import Triage

/// Goes through several sorted runs in the order of their keys; of entries with one key the first run's
/// comes first. Memory: 64 KB for each run.
///
/// - Throws: what `body` throws, or that a run cannot be read back.
func mergeRuns(
  _ runs: [EntryRuns.Run], in file: RunFile,
  _ body: (GazetteerEntry) throws(GazetteerError) -> Void
) throws(GazetteerError) {
  var cursors: [RunCursor] = []
  for (order, run) in runs.enumerated() {
    let cursor = RunCursor(run, order: order, in: file)
    if try cursor.advance() { cursors.append(cursor) }
  }
  // A heap: the least at the front.
  func sink(_ start: Int) {
    var at = start
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < cursors.count {
        if cursors[child].isBefore(cursors[least]) { least = child }
      }
      if least == at { return }
      cursors.swapAt(at, least)
      at = least
    }
  }
  for at in cursors.indices.reversed() { sink(at) }
  while let first = cursors.first {
    try body(first.entry)
    if try !first.advance() {
      cursors.swapAt(0, cursors.count - 1)
      cursors.removeLast()
    }
    if cursors.count > 1 { sink(0) }
  }
}

/// Reads one run front to back.
private final class RunCursor {
  private static let part = 4096

  private(set) var entry = GazetteerEntry(key: 0, x: 0, y: 0)
  private let order: Int
  private let file: RunFile
  private var offset: Int
  private var left: Int
  private var entries: [GazetteerEntry] = []
  private var at = 0

  init(_ run: EntryRuns.Run, order: Int, in file: RunFile) {
    self.order = order
    self.file = file
    offset = run.offset
    left = run.count
  }

  func isBefore(_ other: RunCursor) -> Bool {
    entry.key != other.entry.key ? entry.key < other.entry.key : order < other.order
  }

  /// - Returns: `false` at the run's end.
  func advance() throws(GazetteerError) -> Bool {
    if at == entries.count {
      let count = min(left, RunCursor.part)
      if count == 0 { return false }
      entries = Array(repeating: entry, count: count)
      let got = entries.withUnsafeMutableBytes { readFully(file.descriptor, $0, at: offset) }
      guard got == count * GazetteerLayout.entrySize else {
        throw GazetteerError("The sorted places cannot be read back from the disk.")
      }
      offset += got
      left -= count
      at = 0
    }
    entry = entries[at]
    at += 1
    return true
  }
}
