/// One list read row by row, whatever it is written in: the one shape behind all formats.
///
/// Memory does not grow with the file. Readers are used through generics, never as existentials, so
/// that the loop over the rows is compiled for each of them.
protocol RowReader: ~Copyable {
  /// Goes on to the next row.
  mutating func next() throws(ReadTrouble) -> RowEvent
  /// The row last read. Good until the next call of ``next()``.
  var fields: RowFields { get }
  /// What was noticed so far about the file as a whole.
  var account: ReaderAccount { get }
  /// The bytes that the last event passed over, where it was no row and they are at hand. Good until the
  /// next call of ``next()``.
  var passed: UnsafeRawBufferPointer? { get }
}

extension RowReader where Self: ~Copyable {
  var passed: UnsafeRawBufferPointer? { nil }
}

/// A reader of a format whose records name their own cells (JSON, XML). It has gone through the list
/// once to know all names; its rows have a cell for each, in that order, and are counted from 1.
protocol RecordReader: RowReader, ~Copyable {
  /// Every name that a record has, as a path; empty for a list without records.
  var header: [String] { get }
}

/// What the reader came upon.
enum RowEvent {
  /// A row that can be had as ``RowReader/fields``.
  case row
  /// Text behind a closing quote, or a quote that is not closed within ``CSVReader/rowLimit``.
  case malformedQuotes
  /// A record that its format does not allow; reading goes on behind it.
  case malformed
  /// The file ends inside a row, or is damaged so that nothing behind it can be read.
  case cutOff
  /// A row longer than ``CSVReader/rowLimit``.
  case tooLong
  case end
}

/// What a reader says of the file as a whole.
struct ReaderAccount {
  /// As ``Triage/ImportReport/format`` says it.
  var format: ListFormat
  /// As ``TextEncoding/name`` says it.
  var encoding: String
  /// As ``Delimiter/name`` says it; empty where the format has none.
  var delimiter: String
  /// Zero bytes that were taken out.
  var zeroBytes = 0
  /// Characters that could not be read and stand as U+FFFD.
  var badCharacters = 0
}
