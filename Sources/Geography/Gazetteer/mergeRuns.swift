import Triage

/// Goes through several sorted runs in the order of their keys; of entries with one key the first run's
/// comes first. What lies between two entries of other runs is handed on in one piece, so runs of a
/// file that was sorted before cost no comparisons. Memory: 64 KB for each run.
///
/// - Throws: what `body` throws, or that a run cannot be read back.
func mergeRuns(
  _ runs: [EntryRuns.Run], in file: RunFile,
  _ body: (UnsafeBufferPointer<GazetteerEntry>) throws(GazetteerError) -> Void
) throws(GazetteerError) {
  var cursors: [RunCursor] = []
  // The least is at the front.
  var heap: [Head] = []
  for run in runs {
    let cursor = RunCursor(run, in: file)
    guard try cursor.refill() else { continue }
    heap.append(Head(key: cursor.first.key, run: cursors.count))
    cursors.append(cursor)
  }
  for at in heap.indices.reversed() { sink(&heap, at) }
  while let least = heap.first {
    let cursor = cursors[least.run]
    let next = min(
      heap.count > 1 ? heap[1] : Head.none, heap.count > 2 ? heap[2] : Head.none)
    var hasMore = true
    while hasMore, Head(key: cursor.first.key, run: least.run) < next {
      try body(cursor.take(before: next, run: least.run))
      if cursor.isEmpty { hasMore = try cursor.refill() }
    }
    if hasMore {
      heap[0] = Head(key: cursor.first.key, run: least.run)
    } else {
      heap.swapAt(0, heap.count - 1)
      heap.removeLast()
    }
    sink(&heap, 0)
  }
}

/// The key of a run's next entry.
private struct Head: Comparable {
  var key: UInt64
  var run: Int

  static let none = Head(key: .max, run: .max)

  static func < (one: Head, other: Head) -> Bool {
    one.key != other.key ? one.key < other.key : one.run < other.run
  }
}

/// Puts the head at a place of the heap below those that are less.
private func sink(_ heap: inout [Head], _ start: Int) {
  var at = start
  while true {
    var least = at
    for child in [2 * at + 1, 2 * at + 2] where child < heap.count {
      if heap[child] < heap[least] { least = child }
    }
    if least == at { return }
    heap.swapAt(at, least)
    at = least
  }
}

/// Reads one run front to back.
private final class RunCursor {
  private static let part = 4096

  private let file: RunFile
  private var offset: Int
  private var left: Int
  private let entries = UnsafeMutablePointer<GazetteerEntry>.allocate(capacity: part)
  private var at = 0
  private var count = 0

  init(_ run: EntryRuns.Run, in file: RunFile) {
    self.file = file
    offset = run.offset
    left = run.count
  }

  deinit { entries.deallocate() }

  var isEmpty: Bool { at == count }
  /// Not to be asked of an empty one.
  var first: GazetteerEntry { entries[at] }

  /// The entries that come before another run's next one. Good until the next call.
  func take(before next: Head, run: Int) -> UnsafeBufferPointer<GazetteerEntry> {
    let start = at
    if Head(key: entries[count - 1].key, run: run) < next {
      at = count
    } else {
      let (entries, end) = (entries, count)
      var to = start
      while to < end, Head(key: entries[to].key, run: run) < next { to += 1 }
      at = to
    }
    return UnsafeBufferPointer(start: entries + start, count: at - start)
  }

  /// - Returns: `false` at the run's end.
  func refill() throws(GazetteerError) -> Bool {
    let wanted = min(left, RunCursor.part)
    if wanted == 0 { return false }
    let bytes = UnsafeMutableRawBufferPointer(
      start: entries, count: wanted * GazetteerLayout.entrySize)
    guard readFully(file.descriptor, bytes, at: offset) == bytes.count else {
      throw GazetteerError("The sorted places cannot be read back from the disk.")
    }
    offset += bytes.count
    left -= wanted
    (at, count) = (0, wanted)
    return true
  }
}
