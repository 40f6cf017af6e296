/// Encodes text by RFC 2045, 6.7: lines of at most 76 characters, CRLF between them and at the end.
///
/// Beyond the RFC a full stop and "From " at the start of a line are encoded, since relays and
/// mailbox files have their own ideas of both.
/// - Parameter text: lines end in LF, CRLF or CR.
func quotedPrintable(_ text: String) -> String {
  var out = ""
  var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  if lines.last?.isEmpty == true { lines.removeLast() }
  for line in lines {
    let bytes = Array(line.utf8)
    var column = 0
    for (at, byte) in bytes.enumerated() {
      let isLast = at == bytes.count - 1
      let isBlank = byte == 0x20 || byte == 0x09
      let isSafe =
        (byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")) || (isBlank && !isLast)
      let startsLine = column == 0 && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "F"))
      let token =
        isSafe && !startsLine
        ? String(UnicodeScalar(byte))
        : "=" + hexadecimal[Int(byte >> 4)] + hexadecimal[Int(byte & 15)]
      // The soft break's "=" is the 76th; the last token of a line needs no room for it.
      if column + token.utf8.count > (isLast ? 76 : 75) {
        out += "=\r\n"
        column = 0
      }
      out += token
      column += token.utf8.count
    }
    out += "\r\n"
  }
  return out
}

private let hexadecimal = Array("0123456789ABCDEF").map { String($0) }
