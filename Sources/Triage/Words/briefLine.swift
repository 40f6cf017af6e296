/// Foreign text as one line for people (``plainLine(_:)``), runs of spaces as one, and cut to so many
/// Unicode scalars: a sign with a thousand marks above it is one `Character`.
package func briefLine(_ text: String, most: Int) -> String {
  let line = plainLine(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  guard line.unicodeScalars.count > most else { return line }
  return String(line.unicodeScalars.prefix(most - 1)) + "…"
}
