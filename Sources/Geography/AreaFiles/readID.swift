extension AreaFileReader {
  /// A text or a whole number; it is printed in lists, so no comma and no control character.
  mutating func readID(_ node: JSONNode?, of feature: JSONNode) -> String? {
    var id = node?.string.map(trimmed) ?? ""
    if let number = node?.number, let whole = wholeNumber(number) {
      id = whole
    } else if let node, node.number != nil {
      add("Its id is a number with a fraction; write it as a text.", at: node.offset)
      return nil
    }
    if id.isEmpty {
      add("It has no id (property '\(settings.idProperty)').", at: feature.offset)
      return nil
    }
    if !isUsable(id: id) {
      add("Its id cannot be used: \(ruleOfIDs)", at: node?.offset ?? feature.offset)
      return nil
    }
    return id
  }

  var ruleOfIDs: String {
    "an id has up to 100 characters, no comma, no line break, and is not '-'."
  }

  func isUsable(id: String) -> Bool {
    // A character may be made of any number of bytes.
    !id.isEmpty && id != "-" && id.count <= 100 && id.utf8.count <= 1000
      && !id.unicodeScalars.contains { $0 == "," || breaksLines($0) }
  }

  /// In one line; a number is written as it stands in a table.
  func readName(_ node: JSONNode?) -> String {
    if let number = node?.number { return wholeNumber(number) ?? "\(number)" }
    return node?.string.map(oneLine) ?? ""
  }

  private func wholeNumber(_ number: Double) -> String? {
    guard number.magnitude < 9e15 else { return nil }
    return Int(exactly: number).map { String($0) }
  }
}

/// Without white space at either end.
func trimmed(_ text: String) -> String {
  let start = text.drop { $0.isWhitespace }
  guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(start[...end])
}

/// With a space for what breaks a line and for every other control character, and none at either end.
func oneLine(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: breaksLines) else { return trimmed(text) }
  let parts = text.unicodeScalars.split(whereSeparator: breaksLines)
  return trimmed(parts.map { String($0) }.joined(separator: " "))
}

private func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
