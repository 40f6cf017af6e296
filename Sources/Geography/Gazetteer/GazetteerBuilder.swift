import Foundation
import Triage

/// Makes a gazetteer file of the places that are added in any order. The file stands under its name
/// whole or not at all: it is written beside it, synchronised and renamed.
///
/// Memory does not grow with the number of places. One import at a time: a second one is refused.
package final class GazetteerBuilder {
  private let path: String
  private let folder: String
  private let file: RunFile
  private let target: NewFile
  private let uprns: EntryRuns
  private let postcodes: EntryRuns
  private let ended: EntryRuns

  /// - Parameter runEntries: how many entries of each kind are sorted in memory at once.
  package init(at path: String, runEntries: Int = 1 << 20) throws(GazetteerError) {
    self.path = path
    folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    target = try NewFile(path + ".new")
    // The lock on the new file holds for this one too.
    file = try RunFile(path + ".runs")
    uprns = EntryRuns(file: file, runEntries: runEntries)
    postcodes = EntryRuns(file: file, runEntries: runEntries)
    ended = EntryRuns(file: file, runEntries: runEntries)
  }

  package func add(
    _ kind: GazetteerKind, _ entries: UnsafeBufferPointer<GazetteerEntry>
  ) throws(GazetteerError) {
    switch kind {
    case .uprn: try uprns.add(entries)
    case .postcode: try postcodes.add(entries)
    case .terminatedPostcode: try ended.add(entries)
    }
  }

  /// Writes the file.
  /// - Parameters:
  ///   - facts: without the numbers of places.
  ///   - judge: asked, with the facts as they are in the file, before it takes its place; what it throws
  ///     keeps the file from doing so.
  /// - Returns: the facts as they are in the file.
  /// - Throws: a sentence; what stood under the name before stands there still.
  package func finish(
    _ facts: GazetteerFacts, judge: (GazetteerFacts) throws(GazetteerError) -> Void = { _ in }
  ) throws(GazetteerError) -> GazetteerFacts {
    for runs in [uprns, postcodes, ended] {
      try runs.endRun()
      runs.release()
    }
    var facts = facts
    let writer = BodyWriter(target.descriptor)
    (facts.uprns, facts.repeated) = try write(uprns.runs, to: writer)
    // Runs of postcodes in use come first, so that theirs is the one that is kept.
    let (postcodes, repeated) = try write(postcodes.runs + ended.runs, to: writer)
    facts.postcodes = postcodes
    facts.repeated += repeated
    try judge(facts)
    let json = try facts.json()
    try writer.add(json)
    let head = GazetteerLayout(
      uprns: facts.uprns, postcodes: facts.postcodes, factsLength: json.count,
      bodySum: writer.sum
    ).head
    guard head.withUnsafeBytes({ writeFully(target.descriptor, $0, at: 0) }) else {
      throw GazetteerError("The gazetteer cannot be written: \(systemWhy())")
    }
    try target.replace(path, in: folder)
    return facts
  }

  /// - Returns: how many were written, and how many had a key that came before.
  private func write(
    _ runs: [EntryRuns.Run], to writer: BodyWriter
  ) throws(GazetteerError) -> (count: Int, repeated: Int) {
    var before: UInt64 = 0  // No place has it.
    var (count, repeated) = (0, 0)
    try mergeRuns(runs, in: file) { entries throws(GazetteerError) in
      let written = try writer.add(entries, after: &before)
      count += written
      repeated += entries.count - written
    }
    try writer.flush()
    return (count, repeated)
  }
}

extension GazetteerFacts {
  /// Padded with spaces to a whole number of words.
  fileprivate func json() throws(GazetteerError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard var bytes = (try? encoder.encode(self)).map({ [UInt8]($0) }) else {
      throw GazetteerError("The gazetteer cannot be described.")
    }
    while bytes.count % 8 != 0 { bytes.append(0x20) }
    return bytes
  }
}

/// Writes the body piece by piece and sums it up. An entry lies in memory as it does in the file: all
/// machines that this program is built for are little-endian.
private final class BodyWriter {
  private static let part = 1 << 14

  private let descriptor: Int32
  private var offset = GazetteerLayout.bodyStart
  private var checksum = Checksum()
  private let entries = UnsafeMutablePointer<GazetteerEntry>.allocate(capacity: part)
  private var count = 0

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { entries.deallocate() }

  var sum: UInt64 { checksum.value }

  /// Leaves out those whose key came before.
  /// - Returns: how many were written.
  func add(
    _ more: UnsafeBufferPointer<GazetteerEntry>, after before: inout UInt64
  ) throws(GazetteerError) -> Int {
    if count + more.count > BodyWriter.part { try flush() }
    var (last, to) = (before, count)
    for entry in more {
      entries[to] = entry
      to &+= entry.key == last ? 0 : 1
      last = entry.key
    }
    defer { (before, count) = (last, to) }
    return to - count
  }

  func add(_ bytes: [UInt8]) throws(GazetteerError) {
    bytes.withUnsafeBytes { checksum.add($0) }
    try confirm(bytes.withUnsafeBytes(put))
    offset += bytes.count
  }

  func flush() throws(GazetteerError) {
    let bytes = UnsafeRawBufferPointer(
      start: entries, count: count * GazetteerLayout.entrySize)
    checksum.add(bytes)
    try confirm(put(bytes))
    offset += bytes.count
    count = 0
  }

  private func put(_ bytes: UnsafeRawBufferPointer) -> Bool {
    writeFully(descriptor, bytes, at: offset)
  }

  private func confirm(_ isWritten: Bool) throws(GazetteerError) {
    if !isWritten { throw GazetteerError("The gazetteer cannot be written: \(systemWhy())") }
  }
}
