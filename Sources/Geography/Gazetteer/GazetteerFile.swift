import Foundation
import Triage

/// A gazetteer file in force. Looks up by a table of every 256th key and a binary search among 256
/// entries, which lie in memory for a file of the usual size and are read from the page cache for one
/// of a whole country.
///
/// The file stays open: one that takes its place changes nothing here. Damage is found at opening;
/// what a disk loses later is not found and so "not located".
package final class GazetteerFile: Sendable {
  package let facts: GazetteerFacts
  private let descriptor: Int32
  private let uprns: Section
  private let postcodes: Section

  /// Entries of larger files are left on the disk, in bytes.
  package static let mostInMemory = 64 << 20

  /// Reads the whole file once and checks it.
  /// - Throws: ``GazetteerError``, a sentence that does not name the file.
  package init(path: String, mostInMemory: Int = mostInMemory) throws(GazetteerError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw GazetteerError("It cannot be opened: \(systemWhy())") }
    do throws(GazetteerError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw GazetteerError("It is no regular file.")
      }
      let layout = try GazetteerLayout(descriptor: descriptor, length: Int(status.st_size))
      var checksum = Checksum()
      let isInMemory = layout.entriesLength <= mostInMemory
      var offset = GazetteerLayout.bodyStart
      uprns = try Section(descriptor, &offset, layout.uprns, isInMemory, &checksum)
      postcodes = try Section(descriptor, &offset, layout.postcodes, isInMemory, &checksum)
      facts = try GazetteerFile.facts(descriptor, offset, layout, &checksum)
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// As the readers of lists ask for it.
  package var gazetteer: Gazetteer {
    Gazetteer(
      isEmpty: uprns.count + postcodes.count == 0, point: { self.point(uprn: $0) },
      centroid: { self.centroid(postcodeKey: $0) })
  }

  package func point(uprn: UInt64) -> GridPoint? {
    uprn == 0 ? nil : uprns.entry(uprn, descriptor)?.point
  }

  package func centroid(postcodeKey: String) -> GridPoint? {
    let number = postcodeNumber(postcodeKey)
    return number == 0 ? nil : postcodes.entry(number, descriptor)?.point
  }

  /// Up to `count` of its UPRNs, evenly spread, to measure look-ups with.
  package func sampleUPRNs(_ count: Int) -> [UInt64] { uprns.sample(count, descriptor) }

  private static func facts(
    _ descriptor: Int32, _ offset: Int, _ layout: GazetteerLayout, _ checksum: inout Checksum
  ) throws(GazetteerError) -> GazetteerFacts {
    guard layout.factsLength % 8 == 0, layout.factsLength <= 64 << 20 else {
      throw GazetteerError("Its description is damaged.")
    }
    var json = [UInt8](repeating: 0, count: layout.factsLength)
    let got = json.withUnsafeMutableBytes { readFully(descriptor, $0, at: offset) }
    json.withUnsafeBytes { checksum.add($0) }
    guard got == layout.factsLength, checksum.value == layout.bodySum else {
      throw GazetteerError("It is damaged: its checksum is another one.")
    }
    guard let facts = try? JSONDecoder().decode(GazetteerFacts.self, from: Data(json)) else {
      throw GazetteerError("Its description cannot be read.")
    }
    return facts
  }
}

/// Entries in the order of their keys.
private struct Section: Sendable {
  private static let block = 256

  let count: Int
  private let offset: Int
  /// The key of each block's first entry.
  private let firsts: [UInt64]
  /// All of them, or none where they are left on the disk.
  private let entries: [GazetteerEntry]

  init(
    _ descriptor: Int32, _ offset: inout Int, _ count: Int, _ isInMemory: Bool,
    _ checksum: inout Checksum
  ) throws(GazetteerError) {
    self.count = count
    self.offset = offset
    var firsts: [UInt64] = []
    firsts.reserveCapacity(count / Section.block + 1)
    var entries: [GazetteerEntry] = []
    if isInMemory { entries.reserveCapacity(count) }
    // A whole number of blocks.
    let part = 64 * Section.block
    var buffer = [GazetteerEntry](repeating: .init(key: 0, x: 0, y: 0), count: min(part, count))
    var read = 0
    var before: UInt64 = 0
    var isInOrder = true
    while read < count {
      let size = min(part, count - read)
      let got = buffer.withUnsafeMutableBytes { bytes in
        readFully(
          descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[..<(size * 16)]), at: offset)
      }
      guard got == size * GazetteerLayout.entrySize else {
        throw GazetteerError("It cannot be read to its end.")
      }
      buffer.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
      buffer.withUnsafeBufferPointer { buffer in
        for at in 0..<size {
          if buffer[at].key <= before { isInOrder = false }
          before = buffer[at].key
          if at % Section.block == 0 { firsts.append(before) }
        }
      }
      if isInMemory { entries.append(contentsOf: buffer[..<size]) }
      offset += got
      read += size
    }
    guard isInOrder else { throw GazetteerError("It is damaged: its places are out of order.") }
    self.firsts = firsts
    self.entries = entries
  }

  func entry(_ key: UInt64, _ descriptor: Int32) -> GazetteerEntry? {
    guard let first = firsts.first, key >= first else { return nil }
    // The last block that begins at or before the key.
    let block = firsts.withUnsafeBufferPointer { firsts in
      var (low, high) = (0, firsts.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if firsts[middle] <= key { low = middle } else { high = middle }
      }
      return low
    }
    let start = block * Section.block
    let size = min(Section.block, count - start)
    if !entries.isEmpty {
      return entries.withUnsafeBufferPointer { entries in
        Section.search(UnsafeBufferPointer(rebasing: entries[start..<(start + size)]), key)
      }
    }
    return withUnsafeTemporaryAllocation(of: GazetteerEntry.self, capacity: size) { buffer in
      let got = readFully(
        descriptor, UnsafeMutableRawBufferPointer(buffer),
        at: offset + start * GazetteerLayout.entrySize)
      guard got == size * GazetteerLayout.entrySize else { return nil }
      return Section.search(UnsafeBufferPointer(buffer), key)
    }
  }

  func sample(_ wanted: Int, _ descriptor: Int32) -> [UInt64] {
    let taken = min(wanted, count)
    return (0..<taken).compactMap { at in
      let position = at * (count / max(1, taken))
      if !entries.isEmpty { return entries[position].key }
      var entry = GazetteerEntry(key: 0, x: 0, y: 0)
      let got = withUnsafeMutableBytes(of: &entry) {
        readFully(descriptor, $0, at: offset + position * GazetteerLayout.entrySize)
      }
      return got == GazetteerLayout.entrySize ? entry.key : nil
    }
  }

  private static func search(
    _ entries: UnsafeBufferPointer<GazetteerEntry>, _ key: UInt64
  ) -> GazetteerEntry? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].key == key ? entries[low] : nil
  }
}
