/// Writes a cell's number as a person would: whole numbers as digits, never 1.0E11; others with the
/// fewest digits that give the same number back. What is no number is left as it is.
///
/// - Parameter text: what the file has, an `xsd:double`.
func appendNumber(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
  let text = CellText.trimmed(text)
  let digits = text.first == UInt8(ascii: "-") ? 1 : 0
  if text.count > digits, text.count <= digits + 15,
    text[digits...].allSatisfy({ $0 &- 0x30 <= 9 })
  {
    bytes.append(contentsOf: text)
    return
  }
  guard let value = decimal(text) else {
    bytes.append(contentsOf: text)
    return
  }
  appendPlain(value, to: &bytes)
}

/// The shortest digits of a number without an exponent, up to some dozens of zeros.
private func appendPlain(_ value: Double, to bytes: inout [UInt8]) {
  if value == value.rounded(), abs(value) < 1e15 {
    bytes.append(contentsOf: String(Int64(value)).utf8)
    return
  }
  // "-1.25e-07": sign, digits with a point, exponent.
  var written = Substring("\(value)")
  guard let mark = written.firstIndex(of: "e"),
    let exponent = Int(written[written.index(after: mark)...]),
    abs(exponent) <= 40
  else {
    if written.hasSuffix(".0") { written.removeLast(2) }
    bytes.append(contentsOf: written.utf8)
    return
  }
  var mantissa = written[..<mark]
  if mantissa.first == "-" {
    bytes.append(UInt8(ascii: "-"))
    mantissa.removeFirst()
  }
  let parts = mantissa.split(separator: ".")
  let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
  let digits = String(parts[0] + fraction)
  let point = parts[0].count + exponent
  if point <= 0 {
    bytes.append(contentsOf: ("0." + String(repeating: "0", count: -point) + digits).utf8)
  } else if point >= digits.count {
    bytes.append(contentsOf: (digits + String(repeating: "0", count: point - digits.count)).utf8)
  } else {
    bytes.append(contentsOf: (digits.prefix(point) + "." + digits.dropFirst(point)).utf8)
  }
}
