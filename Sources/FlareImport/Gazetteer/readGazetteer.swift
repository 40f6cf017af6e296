import Foundation
import Triage

/// A published file that is none, or that cannot be read: a sentence.
package struct GazetteerReadError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

/// Reads one published CSV file of UPRNs or postcodes and hands on, in batches, what lies in the boxes.
///
/// Streams; memory does not grow with the file. Blocks on the disk.
/// - Parameters:
///   - boxes: what is kept, in metres on the British National Grid.
///   - take: given up to 4096 entries of one kind at a time, in the order of the file.
/// - Returns: the account of the file; `nil` for a file of headings, which has no places.
/// - Throws: ``GazetteerReadError``, or what `take` throws.
package func readGazetteer(
  at path: String, keeping boxes: [Box],
  take: (GazetteerKind, UnsafeBufferPointer<GazetteerEntry>) throws -> Void
) throws -> GazetteerSource? {
  let name = URL(fileURLWithPath: path).lastPathComponent
  let file = try openGazetteer(path, name)
  var source = GazetteerSource(
    product: "", file: name, changed: Double(file.identity.modified) / 1e9)
  do {
    var reader = CSVReader(try gazetteerBytes(file.descriptor), delimiter: UInt8(ascii: ","))
    guard let first = try readHeader(&reader) else {
      throw GazetteerReadError(description: "\(name) is empty.")
    }
    if GazetteerProduct.isHeadingsOnly(first.fields) { return nil }
    guard let product = GazetteerProduct(firstRow: first.fields) else {
      throw GazetteerReadError(
        description: "\(name) has the columns of none of OS Open UPRN, Code-Point Open and ONS "
          + "Postcode Directory; nothing was taken.")
    }
    source.product = product.name
    let sieve = GazetteerSieve(boxes)
    // Without a header the first row is a place: begin once more.
    if !product.hasHeader {
      reader = CSVReader(try gazetteerBytes(file.descriptor), delimiter: UInt8(ascii: ","))
    }
    try sieve.read(&reader, product, into: &source, take)
  } catch let trouble as ReadTrouble {
    throw GazetteerReadError(description: "\(name) cannot be read to its end: \(why(trouble))")
  }
  guard file.isUnchanged else {
    throw GazetteerReadError(description: "\(name) changed while it was read; nothing was taken.")
  }
  return source
}

/// How many rows a file has, its header among them: nothing in them is looked at.
/// - Throws: ``GazetteerReadError``.
package func countRows(at path: String) throws -> Int {
  let name = URL(fileURLWithPath: path).lastPathComponent
  let file = try openGazetteer(path, name)
  do {
    var reader = CSVReader(try gazetteerBytes(file.descriptor), delimiter: UInt8(ascii: ","))
    var rows = 0
    while true {
      if case .end = try reader.next() { return rows }
      rows += 1
    }
  } catch {
    throw GazetteerReadError(description: "\(name) cannot be read to its end: \(why(error))")
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

private func openGazetteer(_ path: String, _ name: String) throws -> OpenedFile {
  do {
    return try OpenedFile(path, followsLink: true)
  } catch {
    throw GazetteerReadError(description: "\(name) cannot be opened: \(why(error))")
  }
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
