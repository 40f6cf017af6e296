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
