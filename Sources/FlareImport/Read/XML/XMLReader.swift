/// Reads the rows of an XML list: Open311's requests, Symology's, and whatever repeats an element.
///
/// Twice through the file: a first pass finds the elements and which of them are rows, the second
/// hands the rows on. A value is named by its path inside the row, prefixes of namespaces left out:
/// `Location.Easting`, `@id` for the row's own attribute, `Address.@uprn` for an inner one. A value
/// that a row has several times is joined with ", ". Documents one behind the other are read as one
/// list.
///
/// Entities of the file's own, and with them references to other files, cannot occur: a document type
/// declaration is refused. What is cut off or not well-formed ends with ``RowEvent/cutOff`` behind the
/// rows before it. Bytes that are no UTF-8 make the whole file windows-1252.
struct XMLReader: RowReader, ~Copyable {
  /// The headings, in the order in which the file first has them; none where it has no rows.
  let header: [String]

  private let records: RecordEvents
  private var documents: XMLDocuments
  private var isOver = false

  /// - Parameter descriptor: stays the caller's, and open as long as the reader lives.
  /// - Throws: `.noList` with a sentence for what is no list that can be read.
  init(descriptor: Int32, maxBytes: Int, shape: ListShape) throws(ReadTrouble) {
    var asWindows1252 = false
    var tree = try XMLReader.survey(descriptor, maxBytes, asWindows1252)
    if tree == nil {
      asWindows1252 = true
      tree = try XMLReader.survey(descriptor, maxBytes, asWindows1252)
    }
    let paths = tree ?? PathTree()
    let found = RecordShape(paths, records: shape.records)
    let events = RecordEvents(paths, found)
    documents = try XMLDocuments(
      descriptor: descriptor, maxBytes: maxBytes, asWindows1252: asWindows1252, events: events)
    records = events
    header = found.header
  }

  /// - Returns: `nil` when the file is not the UTF-8 that it is taken for.
  private static func survey(
    _ descriptor: Int32, _ maxBytes: Int, _ asWindows1252: Bool
  ) throws(ReadTrouble) -> PathTree? {
    let events = SurveyEvents()
    var documents = try XMLDocuments(
      descriptor: descriptor, maxBytes: maxBytes, asWindows1252: asWindows1252, events: events)
    switch try documents.run() {
    case .finished, .paused: return events.tree
    case .broken:
      if let stop = events.stop { throw .noList(partTrouble(stop, called: "text")) }
      if documents.hasUnknownEncoding {
        throw .noList("It is written in '\(documents.encoding)', which cannot be read; use UTF-8.")
      }
      return documents.isNotUTF8 && !asWindows1252 ? nil : events.tree
    }
  }

  var fields: RowFields { records.row.fields }

  var account: ReaderAccount {
    ReaderAccount(
      format: .xml, encoding: documents.encoding, delimiter: "", zeroBytes: documents.zeroBytes,
      badCharacters: documents.badCharacters)
  }

  mutating func next() throws(ReadTrouble) -> RowEvent {
    if isOver { return .end }
    records.goOn()
    switch try documents.run() {
    case .paused: return records.row.isTooLong ? .tooLong : .row
    case .finished:
      isOver = true
      return .end
    case .broken:
      isOver = true
      return .cutOff
    }
  }
}
