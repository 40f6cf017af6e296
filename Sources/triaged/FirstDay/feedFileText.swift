import FlareImport
import Foundation

/// A feed's name from a file's: letters, digits and hyphens.
func feedName(from file: String) -> String {
  let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent.lowercased()
  let parts = stem.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
  let name = String(parts.joined(separator: "-").prefix(40))
  return name.isEmpty || name.hasSuffix("-") ? "list" : name
}

/// The YAML of a feed file that says what was guessed, with the doubts as comments.
///
/// - Returns: `nil` where the list cannot be mapped.
func feedFileText(_ guess: FeedGuess, name: String, file: String) -> String? {
  guard let map = guess.map else { return nil }
  let given = URL(fileURLWithPath: file)
  let suffix = given.pathExtension
  var lines: [String] = []
  lines += comment(
    "Guessed by 'triaged preview' from \(given.lastPathComponent): \(guess.sample.rowCount) rows, "
      + "\(guess.sample.format.rawValue), \(guess.sample.encoding). Read it through, correct it, "
      + "put it into the folder feeds of the configuration, and run 'triaged check'.")
  lines += comment(
    "The name is part of every job's identity: choose it now and do not change it later.")
  lines += ["name: \(quoted(name))", ""]
  lines += comment("A folder that is watched; or 'file:' with one path, or 'url:'.")
  lines += [
    "folder: ${state}/drop", "pattern: \(quoted(suffix.isEmpty ? "*" : "*.\(suffix)"))", "",
  ]
  if !guess.sample.sheet.isEmpty {
    lines += ["sheet: \(quoted(guess.sample.sheet))", ""]
  }
  lines += comment(
    "snapshot: a job that is missing from the list is gone. updates: missing means nothing."
      + (guess.referencesRepeat
        ? " References come more than once in this list, as in a list of updates."
        : " One list alone cannot tell which it is."))
  lines += ["kind: \(guess.referencesRepeat ? "updates" : "snapshot")", ""]
  if !guess.timeZoneWhy.isEmpty {
    lines += comment("The zone of the list's times: \(guess.timeZoneWhy).")
  }
  lines.append("timezone: \(guess.timeZone)")
  if !guess.dateFormats.isEmpty {
    if !guess.dateWhy.isEmpty { lines += comment(guess.dateWhy) }
    lines.append("dates: [\(guess.dateFormats.map(quoted).joined(separator: ", "))]")
  }
  lines.append("")
  let doubts = guess.warnings.filter { $0.instead.isEmpty }
  if !doubts.isEmpty {
    lines += comment("Look at this:")
    for doubt in doubts { lines += comment("- \(doubt.text)", indent: 1) }
    lines.append("")
  }
  lines += comment("Which heading holds what. What is not named here is never stored.")
  lines += columnLines(map, guess)
  if let system = guess.system {
    lines += [""] + comment("\(system.words): \(guess.placeWhy).")
    lines.append("coordinates: \(system.rawValue)")
  }
  if !guess.nullWords.isEmpty {
    lines += [""] + comment("Words that stand for \"nothing\".")
    lines.append("\"null\": [\(guess.nullWords.map(quoted).joined(separator: ", "))]")
  }
  lines += [""]
  lines += comment("Statuses that mean closed, where the list gives no date for it; * is any run.")
  lines.append("closed: [\(guess.closedWords.map(quoted).joined(separator: ", "))]")
  lines += [""]
  lines += comment(
    "Free text and contact details are not stored unless they are named here (notes, contact) and "
      + "mapped above.")
  lines += notCarried(guess)
  lines += ["carry: []", ""]
  return lines.joined(separator: "\n")
}

private func columnLines(_ map: ColumnMap, _ guess: FeedGuess) -> [String] {
  var lines = ["columns:"]
  func add(_ key: String, _ headings: [String]) {
    guard let first = headings.first else { return }
    let value =
      headings.count == 1 ? quoted(first) : "[\(headings.map(quoted).joined(separator: ", "))]"
    let sure = guess.columns.first { $0.heading == first && $0.fate == .mapped }
    let note = sure.map { "   # \($0.sure) %, \($0.sureWords)" } ?? ""
    lines.append("  \(key): \(value)\(note)")
  }
  func add(_ key: String, _ heading: String?) { add(key, heading.map { [$0] } ?? []) }
  add("reference", map.reference)
  add("received", map.received)
  add("due", map.due)
  add("closed", map.closed)
  add("updated", map.updated)
  add("class", map.jobClass)
  add("type", map.type)
  add("status", map.status)
  add("caller", map.callerType)
  add("uprn", map.uprn)
  add("address", map.address)
  add("postcode", map.postcode)
  let isGeographic = guess.system == .degrees
  add(isGeographic ? "longitude" : "easting", map.x)
  add(isGeographic ? "latitude" : "northing", map.y)
  add("point", map.point)
  for warning in guess.warnings where !warning.instead.isEmpty {
    lines += comment(warning.text, indent: 1)
    lines += warning.instead.map { "  # \($0.key): \(quoted($0.heading))" }
  }
  return lines
}

/// The recognised columns that would be needed to carry them.
private func notCarried(_ guess: FeedGuess) -> [String] {
  guess.columns.filter { $0.fate == .notCarried }.map { column in
    "# columns.\(column.meaning?.rawValue ?? "notes"): \(quoted(column.heading))"
  }
}

/// A comment of lines that fit a terminal.
private func comment(_ text: String, indent: Int = 0) -> [String] {
  let start = String(repeating: "  ", count: indent) + "#"
  var lines: [String] = []
  var line = start
  let words = text.split {
    $0.isWhitespace || $0.isNewline || $0.unicodeScalars.contains(where: isControl)
  }
  for word in words {
    if line.count + word.count + 1 > 98, line != start {
      lines.append(line)
      line = start
    }
    line += " " + word
  }
  return lines + [line]
}

/// A YAML text in double quotes: whatever a heading holds, it stays one value on one line.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if isControl(scalar) {
        let code = String(scalar.value, radix: 16)
        result += "\\U" + String(repeating: "0", count: max(0, 8 - code.count)) + code
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

/// What YAML takes for a line break or does not allow as it is.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
  default: false
  }
}
