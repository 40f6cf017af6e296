import Triage

/// About how wide a text is in a picture's units: rather too wide than too narrow, since every reader has
/// another font. Measured on DejaVu Sans, which is a wide one.
func textWidth(_ text: String, size: Double, isBold: Bool = false) -> Double {
  text.reduce(0.0) { $0 + ems($1) } * size * (isBold ? 1.1 : 1)
}

private func ems(_ letter: Character) -> Double {
  switch letter {
  case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", "(", ")", "f", "t", " ": 0.38
  case "m", "w", "M", "W", "—", "%", "@": 0.97
  case "a"..."z", "0"..."9", "-": 0.62
  case "A"..."Z": 0.72
  default: letter.isASCII ? 0.8 : letter.isLetter && letter.isCased ? 0.7 : 1.05
  }
}

/// A text in lines that are not wider than `width`; broken between words, a longer word cut off.
func mapLines(
  _ text: String, width: Double, size: Double, isBold: Bool = false, most: Int
) -> [String] {
  var lines: [String] = []
  var current = ""
  for word in plainLine(String(text.prefix(600))).split(whereSeparator: \.isWhitespace) {
    let longer = current.isEmpty ? String(word) : current + " " + word
    if current.isEmpty || textWidth(longer, size: size, isBold: isBold) <= width {
      current = longer
    } else {
      lines.append(current)
      current = String(word)
    }
  }
  if !current.isEmpty { lines.append(current) }
  if lines.count > most {
    lines = Array(lines.prefix(most))
    lines[most - 1] += "…"
  }
  return lines.map { line in
    guard textWidth(line, size: size, isBold: isBold) > width else { return line }
    var left = width - textWidth("…", size: size, isBold: isBold)
    return line.prefix { letter in
      left -= textWidth(String(letter), size: size, isBold: isBold)
      return left >= 0
    } + "…"
  }
}
