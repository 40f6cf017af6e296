import Foundation
import Triage

/// One header field with its CRLF, of a text for people: folded at 78 columns, as RFC 2047 encoded
/// words where it is not plain ASCII.
func headerField(_ name: String, text: String) -> String {
  let text = oneLine(text)
  let words = text.split(separator: " ").map(String.init)
  // An "=?" of the text's own would be decoded as if it were ours.
  let isPlain =
    text.utf8.allSatisfy { $0 < 0x7F } && !text.contains("=?")
    && words.allSatisfy { $0.utf8.count <= 60 }
  return folded(name, isPlain ? words : encodedWords(text))
}

/// One header field with its CRLF, of an address that ``isMailAddress(_:)`` has passed.
func headerField(_ name: String, address: String, displayName: String) -> String {
  let shown = oneLine(displayName)
  if shown.isEmpty { return folded(name, [address]) }
  let isPlain = shown.utf8.allSatisfy { $0 < 0x7F } && shown.utf8.count <= 60
  if !isPlain || shown.contains("=?") {
    return folded(name, encodedWords(shown) + ["<\(address)>"])
  }
  let quoted = shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  return folded(name, ["\"\(quoted)\"", "<\(address)>"])
}

/// One header field with its CRLF, of tokens made by us: ids, dates, parameters.
func headerField(_ name: String, tokens: [String]) -> String {
  folded(name, tokens)
}

/// A text as one line: every control character, line and paragraph separator and run of spaces
/// becomes one space, so that a value can neither end its header nor begin another; what is not plain
/// otherwise (``Triage/isPlain(_:)``) is left out.
func oneLine(_ text: String) -> String {
  var line = ""
  var isAfterSpace = true
  for scalar in plainLine(text).unicodeScalars {
    let isSpace: Bool =
      switch scalar.properties.generalCategory {
      case .spaceSeparator: true
      default: false
      }
    if !isSpace { line.unicodeScalars.append(scalar) } else if !isAfterSpace { line += " " }
    isAfterSpace = isSpace
  }
  return line.hasSuffix(" ") ? String(line.dropLast()) : line
}

/// RFC 2047, 2: each at most 75 characters, cut between characters, not within one.
private func encodedWords(_ text: String) -> [String] {
  var words: [String] = []
  var chunk: [UInt8] = []
  func end() {
    words.append("=?UTF-8?B?\(Data(chunk).base64EncodedString())?=")
    chunk = []
  }
  for scalar in text.unicodeScalars {
    let bytes = Array(String(scalar).utf8)
    if chunk.count + bytes.count > 39 { end() }
    chunk += bytes
  }
  if !chunk.isEmpty { end() }
  return words
}

/// RFC 5322, 2.2.3: breaks before a word that would pass the 78th column.
private func folded(_ name: String, _ words: [String]) -> String {
  var text = "\(name):"
  var column = text.utf8.count
  for word in words {
    if column + 1 + word.utf8.count > 78, column > name.utf8.count + 1 {
      text += "\r\n"
      column = 0
    }
    text += " " + word
    column += 1 + word.utf8.count
  }
  return text + "\r\n"
}
