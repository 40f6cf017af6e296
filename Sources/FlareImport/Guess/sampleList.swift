import Foundation
import Triage

/// Reads an unknown file of any format and takes a sample of it. Blocks on the disk.
/// - Parameters:
///   - shape: where in the file the rows are, if that is known.
///   - spool: the folder in which a packed list is unpacked.
/// - Throws: `ImportError` for what is no list.
package func sampleList(
  at path: String, shape: ListShape = ListShape(), spool: String = NSTemporaryDirectory()
) throws(ImportError) -> ListSample {
  let name = URL(fileURLWithPath: path).lastPathComponent
  func refused(_ why: String) -> ImportError {
    ImportError(feed: name, why: why, next: "Nothing was read.")
  }
  do throws(ReadTrouble) {
    let file = try OpenedFile(path, followsLink: true)
    let list = try UnwrappedList(
      file.descriptor, size: Int(file.identity.size), name: name, format: .detect,
      shape: shape, maxBytes: mostSampledBytes, spool: spool)
    var sample: ListSample
    do throws(ReadTrouble) {
      sample = try takeSample(list, shape, nil)
    } catch .notUTF8 {
      sample = try takeSample(list, shape, .windows1252)
    }
    sample.wrapping = list.prefix
    return sample
  } catch {
    switch error {
    case .refused(let error): throw refused(error.why)
    case .longerThanAllowed: throw refused("The file is longer than \(mostSampledBytes) bytes.")
    case .notUTF8: throw refused("The file's encoding changed while it was read.")
    case .system(EINVAL): throw refused("The file is not a regular file.")
    case .system(let code):
      throw refused("The file could not be read: \(String(cString: strerror(code))).")
    }
  }
}

private let mostSampledBytes = 4 << 30

private func takeSample(
  _ list: borrowing UnwrappedList, _ shape: ListShape, _ assumed: TextEncoding?
) throws(ReadTrouble) -> ListSample {
  let (descriptor, size) = (list.descriptor, list.size)
  func open() throws(ReadTrouble) -> ByteSource {
    try ByteSource(descriptor: descriptor, maxBytes: mostSampledBytes, assumed: assumed)
  }
  switch list.format {
  case .csv, .detect:
    let delimiter = try likeliestDelimiter(open: open)
    var reader = CSVReader(try open(), delimiter: delimiter.rawValue)
    return try takeSample(&reader)
  case .xlsx:
    var reader = try XLSXReader(descriptor: descriptor, size: size, shape: shape, wanted: nil)
    let sheet = reader.sheetName
    var sample = try takeSample(&reader)
    sample.sheet = sheet
    return sample
  case .json:
    var reader = try JSONReader(open: open, shape: shape, wanted: nil)
    let header = reader.header
    return try takeSample(&reader, header: header)
  case .xml:
    var reader = try XMLReader(descriptor: descriptor, maxBytes: mostSampledBytes, shape: shape)
    let header = reader.header
    return try takeSample(&reader, header: header)
  }
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
