/// A part of a mail that came from outside: its header fields, and the lines of its body. Bounded, and inert: it is looked
/// at, never shown.
struct MailPart {
  /// Lower-case names; of fields that stand more than once the first.
  private var fields: [String: String] = [:]
  let body: ArraySlice<Substring>

  /// Fields beyond these, and what of a value is longer, are not looked at.
  private static let (mostFields, longestValue, mostParts) = (300, 4000, 50)

  init(lines: ArraySlice<Substring>) {
    var name = ""
    var at = lines.startIndex
    while at < lines.endIndex, !lines[at].isEmpty {
      let line = lines[at]
      at += 1
      if line.first == " " || line.first == "\t" {
        // A folded line goes on (RFC 5322, 2.2.3).
        if let value = fields[name], value.utf8.count < MailPart.longestValue {
          fields[name] = value + " " + line.prefix(MailPart.longestValue).drop { $0.isWhitespace }
        }
        continue
      }
      guard let colon = line.firstIndex(of: ":"), fields.count < MailPart.mostFields else {
        name = ""
        continue
      }
      name = line[..<colon].prefix(100).lowercased()
      // Of what stands twice the folded lines go nowhere.
      if fields[name] != nil { name = "" }
      if !name.isEmpty {
        fields[name] = String(
          line[line.index(after: colon)...].drop { $0.isWhitespace }.prefix(MailPart.longestValue))
      }
    }
    body = at < lines.endIndex ? lines[(at + 1)...] : lines[lines.endIndex...]
  }

  subscript(_ name: String) -> String? { fields[name] }

  /// "multipart/report"; "text/plain" where it does not say.
  var type: String {
    let text = (fields["content-type"] ?? "text/plain").prefix { $0 != ";" && !$0.isWhitespace }
    return text.lowercased()
  }

  /// The parts of a multipart (RFC 2046, 5.1).
  var parts: [MailPart] {
    guard let boundary, !boundary.isEmpty else { return [] }
    let (opens, closes) = ("--" + boundary, "--" + boundary + "--")
    var parts: [MailPart] = []
    var begun: Int?
    for at in body.indices where body[at].hasPrefix(opens) {
      let line = String(body[at]).trimmingWhitespaceAtEnd
      guard line == opens || line == closes else { continue }
      if let begun { parts.append(MailPart(lines: body[begun..<at])) }
      begun = line == closes ? nil : at + 1
      if line == closes || parts.count >= MailPart.mostParts { return parts }
    }
    // One that was cut short counts as far as it goes.
    if let begun, begun <= body.endIndex { parts.append(MailPart(lines: body[begun...])) }
    return parts
  }

  private var boundary: String? {
    guard let type = fields["content-type"],
      let match = type.firstMatch(
        of: /;\s*(?i:boundary)\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/)
    else { return nil }
    return String(match.output.1 ?? match.output.2 ?? "")
  }
}

/// The lines of a mail, without their ends. A byte beyond ASCII becomes a character of its own, so that no text is
/// broken.
func mailLines(_ bytes: [UInt8]) -> ArraySlice<Substring> {
  var text = ""
  text.unicodeScalars.reserveCapacity(bytes.count)
  // CR LF is one character to Swift; without the CR every line ends alike.
  for byte in bytes where byte != 0x0D { text.unicodeScalars.append(UnicodeScalar(byte)) }
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  // The "From " line of a mailbox file is no field.
  return lines.first?.hasPrefix("From ") == true ? lines.dropFirst() : lines[...]
}

extension String {
  fileprivate var trimmingWhitespaceAtEnd: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
