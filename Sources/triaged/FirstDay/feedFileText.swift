import FlareImport
import Foundation
import Triage

/// A feed's name from a file's: letters, digits and hyphens.
func feedName(from file: String) -> String {
  let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent.lowercased()
  let parts = stem.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
  let name = String(parts.joined(separator: "-").prefix(40))
  return name.isEmpty || name.hasSuffix("-") ? "list" : name
}

/// The YAML of a feed file that says what was guessed, with the doubts as comments.
///
/// A comment stands above the line that it explains, or behind it; an empty line ends what belongs
/// together. Every value that the list gave is quoted, so that it reads back as it was.
///
/// - Returns: `nil` where the list cannot be mapped.
func feedFileText(_ guess: FeedGuess, name: String, file: String) -> String? {
  guard let map = guess.map else { return nil }
  let given = URL(fileURLWithPath: file)
  // An ending with something else in it could be read as a pattern.
  let suffix = given.pathExtension.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  var lines: [String] = []
  lines += comment(
    "Guessed by 'triaged preview' from \(given.lastPathComponent): "
      + "\(CivilWords.counted(guess.sample.rowCount, "row")), "
      + "\(guess.sample.format.rawValue), \(guess.sample.encoding). Read it through, correct it, "
      + "put it into the folder feeds of the configuration, and run 'triaged check'.")
  let doubts = guess.warnings.filter { $0.instead.isEmpty }
  if !doubts.isEmpty {
    lines += ["#"] + comment("Look at this first:")
    for doubt in doubts { lines += comment(doubt.text, bullet: true) }
  }
  lines.append("")
  lines += comment(
    "The name is part of every job's identity: choose it now and do not change it later.")
  lines += ["name: \(quoted(name))", ""]
  lines += comment("A folder that is watched; or 'file:' with one path, or 'url:'.")
  lines += [
    "folder: ${state}/drop",
    "pattern: \(quoted(suffix.isEmpty || suffix != given.pathExtension ? "*" : "*.\(suffix)"))", "",
  ]
  if !guess.sample.sheet.isEmpty {
    lines += comment("The workbook's sheet with the list.")
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
  lines.append("timezone: \(quoted(guess.timeZone))")
  if !guess.dateFormats.isEmpty {
    lines += [""]
    lines += comment(
      guess.dateWhy.isEmpty ? "How the dates are written, the most frequent first." : guess.dateWhy)
    lines.append("dates: [\(guess.dateFormats.map(quoted).joined(separator: ", "))]")
  }
  lines.append("")
  lines += comment("Which heading holds what. What is not named here is never stored.")
  lines += columnLines(map, guess)
  if let system = guess.system {
    let words = system.words.prefix(1).uppercased() + system.words.dropFirst()
    lines += [""] + comment("\(words): \(guess.placeWhy).")
    lines.append("coordinates: \(quoted(system.rawValue))")
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
  lines += ["carry: []", ""]
  return lines.joined(separator: "\n")
}

private func columnLines(_ map: ColumnMap, _ guess: FeedGuess) -> [String] {
  var rows: [(text: String, note: String)] = []
  func add(_ key: String, _ headings: [String]) {
    guard let first = headings.first else { return }
    let value =
      headings.count == 1 ? quoted(first) : "[\(headings.map(quoted).joined(separator: ", "))]"
    let sure = guess.columns.first { $0.heading == first && $0.fate == .mapped }
    rows.append(("  \(key): \(value)", sure.map { "# \($0.sure) %, \($0.sureWords)" } ?? ""))
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
  // One column for all notes, but for lines that are longer than most.
  let width = rows.map(\.text.count).filter { $0 <= 60 }.max() ?? 0
  var lines = ["columns:"]
  lines += rows.map { text, note in
    note.isEmpty
      ? text : text + String(repeating: " ", count: max(0, width - text.count)) + "  " + note
  }
  for warning in guess.warnings where !warning.instead.isEmpty {
    lines += [""] + comment(warning.text, indent: 1)
    lines += warning.instead.map { "  # \($0.key): \(quoted($0.heading))" }
  }
  return lines + notCarried(guess)
}

/// The recognised columns that are not mapped, as the lines that would map them. Each key takes one
/// heading.
private func notCarried(_ guess: FeedGuess) -> [String] {
  let columns = guess.columns.filter { $0.fate == .notCarried && !$0.heading.isEmpty }
  if columns.isEmpty { return [] }
  return [""]
    + comment(
      "Not mapped, so not stored. To store one, take its # away and name the key under 'carry'; a key "
        + "takes one heading.", indent: 1)
    + columns.map { "  # \($0.meaning?.rawValue ?? "notes"): \(quoted($0.heading))" }
}

/// A comment of lines that fit a terminal; as one point of a list with its later lines under the first.
private func comment(_ text: String, indent: Int = 0, bullet: Bool = false) -> [String] {
  let start = String(repeating: "  ", count: indent) + (bullet ? "#  " : "#")
  var lines: [String] = []
  var line = start
  let words = text.split {
    $0.isWhitespace || $0.isNewline || !$0.unicodeScalars.allSatisfy(isPlain)
  }
  for word in words {
    if line.count + word.count + 1 > 98, line != start {
      lines.append(line)
      line = start
    }
    line += " " + word
  }
  lines.append(line)
  if bullet, let first = lines.first {
    lines[0] = start.dropLast(2) + " -" + first.dropFirst(start.count)
  }
  return lines
}

/// A YAML text in double quotes: whatever a heading holds, it stays one value on one line, and what is
/// not plain (``Triage/isPlain(_:)``; YAML's own breaks are among it) is written as an escape.
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
      if !isPlain(scalar) {
        let code = String(scalar.value, radix: 16)
        result += "\\U" + String(repeating: "0", count: max(0, 8 - code.count)) + code
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}
