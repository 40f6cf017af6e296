/// A file's name as it may stand in a line of text: whoever delivers files chooses their names, and a
/// control or a change of the writing direction in one would speak to the reader's terminal.
///
/// Controls (C0, C1, DEL), line and paragraph ends and the marks of direction (Unicode's Bidi_Control)
/// become underscores.
func plainName(_ name: String) -> String {
  String(String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: false
  default: true
  }
}
