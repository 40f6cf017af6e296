import Triage

extension FeedGuess {
  /// What was understood, line by line, for a terminal. Headings stand in it, and of the cells only the
  /// words of the columns of status and type.
  package var lines: [String] {
    var lines = shapeLines
    lines.append("")
    lines += columnLines
    if !dateFormats.isEmpty {
      lines += ["", "Dates: " + dateFormats.map { "'\($0)'" }.joined(separator: ", ")]
      if !dateWhy.isEmpty { lines.append("  \(dateWhy)") }
      lines.append("  Time zone: \(timeZone), \(timeZoneWhy).")
    }
    if let system {
      lines += ["", "Places: \(system.rawValue), \(system.words): \(placeWhy)."]
      if notPlaced > 0 {
        lines.append(
          "  \(CivilWords.grouped(notPlaced)) of the rows looked at \(notPlaced == 1 ? "has" : "have") "
            + "none.")
      }
    } else if map != nil {
      lines += ["", "Places: no coordinates; UPRN and postcode need a gazetteer."]
    }
    lines += wordLines("Types", types) + wordLines("Statuses", statuses)
    if !closedWords.isEmpty {
      lines.append("  Taken as closed: \(closedWords.map { "'\($0)'" }.joined(separator: ", ")).")
    }
    if !nullWords.isEmpty {
      lines += ["", "Taken as empty: \(nullWords.map { "'\($0)'" }.joined(separator: ", "))."]
    }
    lines += notStoredLines
    let problems = warnings.filter(\.isProblem)
    let notes = warnings.filter { !$0.isProblem }
    if !obstacles.isEmpty {
      lines += ["", "The list cannot be mapped:"] + obstacles.map { "  \($0)" }
    }
    if !problems.isEmpty {
      lines += ["", "Problems:"]
      for warning in problems {
        lines.append("  \(warning.text)")
        lines += warning.instead.map { "    instead: \($0.key): \($0.heading)" }
      }
    }
    if !notes.isEmpty { lines += ["", "Notes:"] + notes.map { "  \($0.text)" } }
    return lines
  }

  /// Format, encoding, header row and rows.
  package var shapeLines: [String] {
    var parts = ["\(sample.wrapping)\(sample.format.rawValue)", sample.encoding]
    if !sample.sheet.isEmpty { parts.append("sheet '\(sample.sheet)'") }
    if !sample.delimiter.isEmpty { parts.append("\(sample.delimiter) between the columns") }
    var lines = [parts.joined(separator: ", ")]
    if sample.format == .json || sample.format == .xml {
      lines.append("\(CivilWords.counted(sample.header.count, "name")) in its records")
    } else if sample.hasHeader {
      let above =
        sample.titleLines == 0
        ? "" : ", below \(CivilWords.counted(sample.titleLines, "line")) of title"
      lines.append(
        "\(CivilWords.counted(sample.header.count, "heading")) in row \(sample.headerRow)\(above)")
    } else if sample.rowCount > 0 {
      lines.append("No headings: the first row looks like a job")
    } else {
      lines.append(sample.nothing)
    }
    var rows = CivilWords.counted(sample.rowCount, "row")
    if sample.totalLines > 0 {
      rows += ", and \(CivilWords.counted(sample.totalLines, "line")) of totals below them"
    }
    if sample.unreadableRows > 0 {
      rows += ", and \(CivilWords.grouped(sample.unreadableRows)) that cannot be read"
    }
    if sample.rows.count < sample.rowCount {
      rows +=
        "; \(CivilWords.grouped(sample.rows.count)) of them, from the first to the last, "
        + "\(sample.rows.count == 1 ? "was" : "were") looked at"
    }
    return lines + [rows]
  }

  private var columnLines: [String] {
    let width = min(34, sample.header.map(\.count).max() ?? 0)
    return columns.map { column in
      let name = column.heading.isEmpty ? "(no heading)" : column.heading
      let shown = name.count > 60 ? name.prefix(59) + "…" : name[...]
      let padding = String(repeating: " ", count: max(0, width - shown.count))
      return "  \(shown)\(padding)  \(says(column))"
    }
  }

  private func says(_ column: ColumnGuess) -> String {
    let why = column.why.isEmpty ? "" : " (\(column.why))"
    switch column.fate {
    case .refused: return "REFUSED\(why)"
    case .notCarried, .left, .mapped:
      guard let meaning = column.meaning else { return "–\(why)" }
      if meaning == .personal { return "\(meaning.words), never stored\(why)" }
      let mark = column.fate == .mapped ? "→ " : ""
      return "\(mark)\(meaning.words), \(column.sure) %, \(column.sureWords)\(why)"
    }
  }

  /// Only words that many rows share: ``WordTally``.
  private func wordLines(_ title: String, _ words: WordTally) -> [String] {
    if words.isEmpty { return [] }
    let listed = words.named.prefix(12).map { "  \($0.rows) × \($0.text)" }
    let others = words.othersWords(listed: listed.count)
    return ["", "\(title):"] + listed
      + (others.map { ["  \(listed.isEmpty ? "" : "and ")\($0)"] } ?? [])
  }

  private var notStoredLines: [String] {
    let left = columns.count { $0.fate == .left && $0.meaning != .personal }
    let personal = columns.filter { $0.fate == .notCarried }
    let refused = columns.filter { $0.fate == .refused }
    let never = columns.filter { $0.meaning == .personal }
    if left + personal.count + refused.count + never.count == 0 { return [] }
    var lines = ["", "What would not be stored:"]
    if !refused.isEmpty {
      lines.append("  refused: " + refused.map { "'\($0.heading)'" }.joined(separator: ", "))
    }
    for meaning in [ColumnMeaning.notes, .contact] {
      let those = personal.filter { $0.meaning == meaning }
      if those.isEmpty { continue }
      lines.append(
        "  \(meaning.words), unless the feed is allowed to carry \(meaning.rawValue): "
          + those.map { "'\($0.heading)'" }.joined(separator: ", "))
    }
    if !never.isEmpty {
      lines.append(
        "  \(ColumnMeaning.personal.words), never: "
          + never.map { "'\($0.heading)'" }.joined(separator: ", "))
    }
    if left > 0 { lines.append("  \(CivilWords.counted(left, "other column")), not mapped") }
    return lines
  }
}
