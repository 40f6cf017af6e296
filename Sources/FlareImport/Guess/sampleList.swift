import Foundation
import Triage

/// Reads an unknown file and takes a sample of it. Blocks on the disk.
/// - Throws: `ImportError` for what is no list.
package func sampleList(at path: String) throws(ImportError) -> ListSample {
  let name = URL(fileURLWithPath: path).lastPathComponent
  func refused(_ why: String, _ next: String = "Nothing was read.") -> ImportError {
    ImportError(feed: name, why: why, next: next)
  }
  do throws(ReadTrouble) {
    let file = try OpenedFile(path, followsLink: true)
    if let why = try wholeTrouble(file.descriptor) {
      throw ReadTrouble.refused(
        refused("The file cannot be read. \(why)", "Look at what the export job wrote."))
    }
    do throws(ReadTrouble) {
      return try sampleCSV(file.descriptor, nil)
    } catch .notUTF8 {
      return try sampleCSV(file.descriptor, .windows1252)
    }
  } catch {
    switch error {
    case .refused(let error): throw error
    case .longerThanAllowed: throw refused("The file is longer than \(mostSampledBytes) bytes.")
    case .notUTF8: throw refused("The file's encoding changed while it was read.")
    case .system(let code):
      throw refused("The file could not be read: \(String(cString: strerror(code))).")
    }
  }
}

private let mostSampledBytes = 4 << 30

private func wholeTrouble(_ descriptor: Int32) throws(ReadTrouble) -> String? {
  let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
  defer { head.deallocate() }
  let count = try ByteSource.read(descriptor, head, at: 0)
  return count == 0
    ? "It is empty." : wholeFileTrouble(UnsafeRawBufferPointer(rebasing: head[..<count]))
}

private func sampleCSV(
  _ descriptor: Int32, _ assumed: TextEncoding?
) throws(ReadTrouble) -> ListSample {
  func open() throws(ReadTrouble) -> ByteSource {
    try ByteSource(descriptor: descriptor, maxBytes: mostSampledBytes, assumed: assumed)
  }
  let delimiter = try likeliestDelimiter(open: open)
  var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
  return try takeSample(&reader)
}

/// The delimiter under which most of the first rows have the same number of fields, and many of them.
private func likeliestDelimiter(
  open: () throws(ReadTrouble) -> ByteSource
) throws(ReadTrouble) -> Delimiter {
  var best = (delimiter: Delimiter.comma, score: 0.0)
  for delimiter in Delimiter.allCases {
    var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
    var widths: [Int: Int] = [:]
    var rows = 0
    while rows < 100 {
      let event = try reader.next()
      if case .end = event { break }
      rows += 1
      if case .row = event { widths[reader.fields.total, default: 0] += 1 }
    }
    let usual = widths.filter { $0.key > 1 }.max { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let usual, rows > 0 else { continue }
    let share = Double(usual.value) / Double(rows)
    let score = share * share * Double(min(usual.key, 400) - 1).squareRoot()
    if score > best.score { best = (delimiter, score) }
  }
  return best.delimiter
}
