import Glibc
import Triage

/// Entries of one kind, sorted in runs of bounded size that lie in a file without a name (an external
/// merge sort): memory does not grow with their number.
///
/// The file belongs to whoever made the builder; it is gone with the process, however that ends.
final class EntryRuns {
  struct Run {
    /// Byte offset in the file of runs.
    var offset: Int
    var count: Int
  }

  private(set) var runs: [Run] = []
  private let file: RunFile
  private let most: Int
  private var entries: [GazetteerEntry] = []
  private var scratch: [GazetteerEntry] = []

  init(file: RunFile, runEntries: Int) {
    self.file = file
    most = max(1, runEntries)
  }

  func add(_ more: UnsafeBufferPointer<GazetteerEntry>) throws(GazetteerError) {
    var rest = more[...]
    while !rest.isEmpty {
      let part = rest.prefix(most - entries.count)
      entries.append(contentsOf: UnsafeBufferPointer(rebasing: part))
      rest = rest.dropFirst(part.count)
      if entries.count == most { try endRun() }
    }
  }

  /// Sorts what is in memory and writes it out.
  func endRun() throws(GazetteerError) {
    guard !entries.isEmpty else { return }
    sortByKey(&entries, &scratch)
    guard let offset = entries.withUnsafeBytes(file.append) else {
      throw GazetteerError("The places cannot be sorted on the disk: \(systemWhy())")
    }
    runs.append(Run(offset: offset, count: entries.count))
    entries.removeAll(keepingCapacity: true)
  }

  /// Gives back what the sorting took.
  func release() {
    (entries, scratch) = ([], [])
  }
}

/// The file of runs.
final class RunFile {
  let descriptor: Int32
  private var length = 0

  /// - Parameter path: of no other process meanwhile. It is a name for a moment alone; what an import that was killed
  ///   in that moment has left under it goes now.
  init(_ path: String) throws(GazetteerError) {
    unlink(path)
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw GazetteerError("\(path) cannot be written: \(systemWhy())")
    }
    unlink(path)
  }

  deinit { close(descriptor) }

  /// - Returns: where the bytes begin; `nil` where the disk did not take them (`errno`).
  func append(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard writeFully(descriptor, bytes, at: length) else { return nil }
    defer { length += bytes.count }
    return length
  }
}

/// Sorts by key and keeps the order of equal keys: from the lowest eleven bits to the highest, by
/// counting (radix sort). What is sorted already is left alone.
func sortByKey(_ entries: inout [GazetteerEntry], _ scratch: inout [GazetteerEntry]) {
  let count = entries.count
  var differing: UInt64 = 0
  var isSorted = true
  entries.withUnsafeBufferPointer { entries in
    guard let first = entries.first else { return }
    var before = first.key
    for entry in entries {
      differing |= entry.key ^ first.key
      if entry.key < before { isSorted = false }
      before = entry.key
    }
  }
  if isSorted { return }
  if scratch.count < count {
    scratch = Array(repeating: GazetteerEntry(key: 0, x: 0, y: 0), count: count)
  }
  var starts = [Int](repeating: 0, count: 2048)
  for shift in stride(from: UInt64(0), to: 64, by: 11)
  where differing >> shift & 2047 != 0 {
    for at in starts.indices { starts[at] = 0 }
    starts.withUnsafeMutableBufferPointer { starts in
      entries.withUnsafeMutableBufferPointer { entries in
        scratch.withUnsafeMutableBufferPointer { scratch in
          for entry in entries { starts[Int(entry.key >> shift & 2047)] += 1 }
          var sum = 0
          for digit in 0..<2048 {
            let size = starts[digit]
            starts[digit] = sum
            sum += size
          }
          for entry in entries {
            let digit = Int(entry.key >> shift & 2047)
            scratch[starts[digit]] = entry
            starts[digit] += 1
          }
          for at in 0..<count { entries[at] = scratch[at] }
        }
      }
    }
  }
}
