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
    file = try RunFile(in: folder)
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
  /// - Parameter facts: without the numbers of places.
  /// - Returns: the facts as they are in the file.
  /// - Throws: a sentence; what stood under the name before stands there still.
  package func finish(_ facts: GazetteerFacts) throws(GazetteerError) -> GazetteerFacts {
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
    let json = try facts.json()
    for word in json { try writer.add(word) }
    try writer.flush()
    let head = GazetteerLayout(
      uprns: facts.uprns, postcodes: facts.postcodes, factsLength: json.count * 8,
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
    try mergeRuns(runs, in: file) { entry throws(GazetteerError) in
      if entry.key == before {
        repeated += 1
        return
      }
      before = entry.key
      count += 1
      try writer.add(entry.key)
      try writer.add(
        UInt64(UInt32(bitPattern: entry.x)) | UInt64(UInt32(bitPattern: entry.y)) << 32)
    }
    return (count, repeated)
  }
}

extension GazetteerFacts {
  /// As words, padded with spaces.
  fileprivate func json() throws(GazetteerError) -> [UInt64] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard var bytes = (try? encoder.encode(self)).map({ [UInt8]($0) }) else {
      throw GazetteerError("The gazetteer cannot be described.")
    }
    while bytes.count % 8 != 0 { bytes.append(0x20) }
    return stride(from: 0, to: bytes.count, by: 8).map { at in
      (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }
  }
}

/// Writes words one behind the other and sums them up.
private final class BodyWriter {
  private let descriptor: Int32
  private var words: [UInt64] = []
  private var offset = GazetteerLayout.bodyStart
  private var checksum = Checksum()
  private static let part = 1 << 15

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    words.reserveCapacity(BodyWriter.part)
  }

  var sum: UInt64 { checksum.value }

  func add(_ word: UInt64) throws(GazetteerError) {
    checksum.add(word)
    words.append(word.littleEndian)
    if words.count == BodyWriter.part { try flush() }
  }

  func flush() throws(GazetteerError) {
    guard words.withUnsafeBytes({ writeFully(descriptor, $0, at: offset) }) else {
      throw GazetteerError("The gazetteer cannot be written: \(systemWhy())")
    }
    offset += words.count * 8
    words.removeAll(keepingCapacity: true)
  }
}
