extension PlainPage {
  /// One page that needs nothing else and fetches nothing, fit for a telephone and for A4.
  /// - Parameter verb: what writes it, by which an earlier one is known and may be overwritten.
  func html(by verb: String) -> String {
    var page = Markup()
    page.openPage(by: verb, title: title, style: plainPageStyle)
    page.add("h1", "", title)
    for block in lead { page.add(block) }
    for section in sections {
      page.open("section")
      page.add("h2", "", section.heading)
      for block in section.blocks { page.add(block) }
      page.close("section")
    }
    page.closePage()
    return page.text
  }
}

extension Markup {
  fileprivate mutating func add(_ block: PlainPage.Block) {
    switch block {
    case .text(let text): add("p", "", text)
    case .quiet(let text): add("p", "class=\"quiet\"", text)
    case .warning(let text): add("p", "class=\"note\"", text)
    case .list(let items):
      open("ul")
      for item in items { add("li", "", item) }
      close("ul")
    case .facts(let facts):
      open("dl", "class=\"facts\"")
      for fact in facts {
        add("dt", "", fact.name)
        add("dd", "", fact.value)
      }
      close("dl")
    case .table(let table): add(table)
    case .signatures(let names):
      open("dl", "class=\"sign\"")
      for name in names {
        add("dt", "", name)
        add("dd", "", "")
      }
      close("dl")
    }
  }

  private mutating func add(_ table: PlainPage.Table) {
    open("table", "class=\"cards\"")
    if !table.caption.isEmpty { add("caption", "", table.caption) }
    header(table.columns.map { ($0.title, $0.kind == .number ? "n" : "") })
    open("tbody")
    for row in table.rows {
      open("tr")
      for (at, (column, cell)) in zip(table.columns, row).enumerated() {
        guard at > 0 else {
          add("th", "scope=\"row\"", cell)
          continue
        }
        let label = "data-label=\"\(Markup.escaped(column.title))\""
        let kind =
          switch column.kind {
          case .number: "class=\"n\" "
          case .date: "class=\"day\" "
          case .short, .long: ""
          }
        add("td", kind + label, cell)
      }
      close("tr")
    }
    close("tbody")
    close("table")
  }
}

/// What these pages add to ``reportStyle``: lists of facts, lines to sign on, and A4.
private let plainPageStyle = """
  .facts{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.2rem 1.2rem;margin:.5rem 0}
  .facts dt{color:var(--quiet)}.facts dd{margin:0}
  .sign{max-width:45rem}.sign dt{margin-top:1.6rem}.sign dd{margin:0;border-bottom:1px solid var(--ink);\
  height:1.6rem}
  @media(max-width:40rem){.facts{grid-template-columns:1fr;gap:0}.facts dd{margin:0 0 .4rem}}
  @page{size:A4;margin:14mm 15mm}
  @media print{h1{font-size:16pt}h2{font-size:12pt;margin:1.1rem 0 .3rem;padding-top:.6rem}\
  table{font-size:9pt}th,td{padding:.25rem .8rem .25rem 0}thead{display:table-header-group}\
  .sign div,.sign dt,.note{break-inside:avoid}.sign dt{break-after:avoid}p,ul,table{max-width:none}}
  """
