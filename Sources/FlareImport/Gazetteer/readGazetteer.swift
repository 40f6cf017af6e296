import Foundation
import Triage

/// A published file that is none, or that cannot be read: a sentence.
package struct GazetteerReadError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

/// Reads one published file of UPRNs or postcodes, or what a ZIP or gzip file holds of them, and hands on, in
/// batches, what lies in the boxes.
///
/// Streams; memory does not grow with the file. Blocks on the disk.
/// - Parameters:
///   - boxes: what is kept, in metres on the British National Grid.
///   - spool: the folder in which a packed file is unpacked, one list at a time, into a file without a
///     name.
///   - take: given up to 4096 entries of one kind at a time, in the order of the file.
/// - Returns: the account of each list; none of a file of headings, which has no places.
/// - Throws: ``GazetteerReadError``, or what `take` throws.
package func readGazetteer(
  at path: String, keeping boxes: [Box], spool: String = NSTemporaryDirectory(),
  take: (GazetteerKind, UnsafeBufferPointer<GazetteerEntry>) throws -> Void
) throws -> [GazetteerSource] {
  var sources: [GazetteerSource] = []
  try readBundle(path, spool) { descriptor, name, changed in
    var source = GazetteerSource(product: "", file: name, changed: changed)
    if try read(descriptor, into: &source, boxes, take) { sources.append(source) }
  }
  return sources
}

/// - Returns: `false` for a list of headings.
private func read(
  _ descriptor: Int32, into source: inout GazetteerSource, _ boxes: [Box],
  _ take: (GazetteerKind, UnsafeBufferPointer<GazetteerEntry>) throws -> Void
) throws -> Bool {
  let name = source.file
  var reader = CSVReader(try gazetteerBytes(descriptor), delimiter: UInt8(ascii: ","))
  guard let first = try readHeader(&reader) else {
    throw GazetteerReadError(description: "\(name) is empty.")
  }
  if GazetteerProduct.isHeadingsOnly(first.fields) { return false }
  guard let product = GazetteerProduct(firstRow: first.fields) else {
    throw GazetteerReadError(
      description: "\(name) has the columns of none of OS Open UPRN, Code-Point Open and ONS "
        + "Postcode Directory; nothing was taken.")
  }
  source.product = product.name
  let sieve = GazetteerSieve(boxes)
  // Without a header the first row is a place: begin once more.
  if !product.hasHeader {
    reader = CSVReader(try gazetteerBytes(descriptor), delimiter: UInt8(ascii: ","))
  }
  try sieve.read(&reader, product, width: first.fields.count, into: &source, take)
  return true
}

/// How many rows the lists of a file have, their headers among them: nothing in them is looked at.
/// - Parameter spool: see ``readGazetteer(at:keeping:spool:take:)``.
/// - Throws: ``GazetteerReadError``.
package func countRows(at path: String, spool: String = NSTemporaryDirectory()) throws -> Int {
  var rows = 0
  try readBundle(path, spool) { descriptor, _, _ in
    var reader = CSVReader(try gazetteerBytes(descriptor), delimiter: UInt8(ascii: ","))
    while true {
      if case .end = try reader.next() { return }
      rows += 1
    }
  }
  return rows
}

private func readBundle(
  _ path: String, _ spool: String,
  _ body: (_ descriptor: Int32, _ name: String, _ changed: Double) throws -> Void
) throws {
  let file = URL(fileURLWithPath: path).lastPathComponent
  // Which of its lists is being read.
  var name = file
  do {
    let bundle = try openBundle(path, file, spool)
    let changed = bundle.changed
    try bundle.forEachList { descriptor, list in
      name = list
      try body(descriptor, list, changed)
    }
    guard bundle.isUnchanged else {
      throw GazetteerReadError(description: "\(file) changed while it was read; nothing was taken.")
    }
  } catch let trouble as ReadTrouble {
    throw GazetteerReadError(description: "\(name) cannot be read to its end: \(why(trouble))")
  }
}

private func openBundle(
  _ path: String, _ name: String, _ spool: String
) throws -> GazetteerBundle {
  do {
    return try GazetteerBundle(path, name: name, spool: spool)
  } catch {
    throw GazetteerReadError(description: "\(name) cannot be opened: \(why(error))")
  }
}

/// The files of a product: a file itself, or in a folder as it is unpacked those in `Data/CSV`, else in
/// `Data`, else in the folder, whose names end in `.csv`; in the order of their names.
package func gazetteerFiles(at path: String) -> [String] {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
  else { return [path] }
  for folder in [path + "/Data/CSV", path + "/Data", path] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let files = names.filter { $0.lowercased().hasSuffix(".csv") && !$0.hasPrefix(".") }.sorted()
    if !files.isEmpty { return files.map { folder + "/" + $0 } }
  }
  return []
}

/// All that is wanted is ASCII, so no other byte is looked at.
private func gazetteerBytes(_ descriptor: Int32) throws(ReadTrouble) -> ByteSource {
  try ByteSource(descriptor: descriptor, maxBytes: .max, assumed: .windows1252)
}

private func why(_ trouble: ReadTrouble) -> String {
  switch trouble {
  case .system(EINVAL): "it is no regular file."
  case .system(let code): String(cString: strerror(code)) + "."
  case .notUTF8, .longerThanAllowed: "it is no CSV file."
  case .refused(let error): error.why
  }
}
