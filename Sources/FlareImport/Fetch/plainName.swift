import Triage

/// A file's name as it may stand in a line of text: whoever delivers files chooses their names, and a
/// control or a change of the writing direction in one would speak to the reader's terminal.
///
/// What is not plain (``Triage/isPlain(_:)``) becomes an underscore.
func plainName(_ name: String) -> String {
  String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
}
