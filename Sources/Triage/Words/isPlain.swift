/// Whether a scalar of foreign text may be shown as it stands: the one rule for terminals, journals,
/// pages, mails and files that people read.
///
/// Not plain is what can end a line, speak to a terminal, turn the direction of writing or not be seen:
/// the controls (C0, DEL, C1), line and paragraph separators, Unicode's format characters (general
/// category Cf: the marks of direction U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069, the
/// zero widths U+200B to U+200D, U+2060 and U+FEFF, the soft hyphen, tags) and noncharacters. What becomes
/// of it is the writer's choice: a space, nothing, an underscore or an escape.
package func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x7F { return scalar.value >= 0x20 }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: false
  case .unassigned: !scalar.properties.isNoncharacterCodePoint
  default: true
  }
}

/// Foreign text as one line for people: what would end the line becomes a space, and what is not plain
/// otherwise (``isPlain(_:)``) is left out.
package func plainLine(_ text: String) -> String {
  if text.unicodeScalars.allSatisfy(isPlain) { return text }
  var line = ""
  for scalar in text.unicodeScalars {
    if isPlain(scalar) {
      line.unicodeScalars.append(scalar)
    } else if scalar.properties.generalCategory != .format,
      !scalar.properties.isNoncharacterCodePoint
    {
      line += " "
    }
  }
  return line
}
