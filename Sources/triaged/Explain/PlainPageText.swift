import Triage

extension PlainPage {
  /// For a terminal: lines of at most 80 characters where no word is longer.
  var plainText: String {
    var paragraphs = [inLines(title) + "\n" + String(repeating: "=", count: min(80, title.count))]
    paragraphs += lead.map(PlainPage.text)
    for section in sections {
      paragraphs.append(
        inLines(section.heading) + "\n"
          + String(repeating: "-", count: min(80, section.heading.count)))
      paragraphs += section.blocks.map(PlainPage.text)
    }
    return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private static func text(_ block: Block) -> String {
    switch block {
    case .text(let text), .quiet(let text): inLines(plainLine(text))
    case .warning(let text): inLines("! " + plainLine(text), hang: "  ")
    case .list(let items):
      items.map { inLines("- " + plainLine($0), hang: "  ") }.joined(separator: "\n")
    case .facts(let facts):
      facts.map { inLines("\(plainLine($0.name)): \(plainLine($0.value))", hang: "  ") }
        .joined(separator: "\n")
    case .table(let table): text(table)
    case .signatures(let names):
      names.map { name in
        let words = plainLine(name) + " "
        return words + String(repeating: ".", count: max(20, 80 - words.count))
      }.joined(separator: "\n\n")
    }
  }

  private static func text(_ table: Table) -> String {
    var paragraphs = table.caption.isEmpty ? [] : [inLines(plainLine(table.caption))]
    for row in table.rows {
      var lines = [inLines(plainLine(row.first ?? ""), hang: "  ")]
      let cells = zip(table.columns, row).dropFirst().filter { !$0.1.isEmpty }
      let short = cells.filter { $0.0.kind != .long }.map {
        "\($0.0.title.lowercased()): \(plainLine($0.1))"
      }
      if !short.isEmpty {
        lines.append(inLines(short.joined(separator: "; "), indent: "  ", hang: "  "))
      }
      for (column, cell) in cells where column.kind == .long {
        lines.append(
          inLines("\(column.title): \(plainLine(cell))", indent: "  ", hang: "    "))
      }
      paragraphs.append(lines.joined(separator: "\n"))
    }
    return paragraphs.joined(separator: "\n\n")
  }
}
