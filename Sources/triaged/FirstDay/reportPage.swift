import FlareImport
import Foundation
import Triage

/// How every report begins: by it an earlier one is known and may be overwritten.
let reportPageStart = Markup.pageStart(by: "triaged preview")

/// The answer to a council's first question as one page: no script, no request to anywhere, fit for a
/// telephone, for paper and for a dark screen.
///
/// It may be passed on, so of a place it says what a mail may say before a claim: street and outward
/// code; no reference, address, name or note is in it.
/// - Returns: `nil` where the list could not be mapped or no area was given.
func reportPage(_ preview: StrangerPreview) -> String? {
  guard let day = preview.day else { return nil }
  var page = Markup()
  page.openPage(by: "triaged preview", title: "What \(preview.file) holds for \(areaNames(day))")
  page.headline(preview, day)
  page.opportunities(day)
  page.map(day)
  page.endings(day)
  page.understanding(preview.guess)
  page.left(preview, day)
  page.closePage()
  return page.text
}

private func areaNames(_ day: FirstDay) -> String {
  day.areas.count <= 3
    ? day.areas.map(\.name).joined(separator: ", ") : "\(day.areas.count) areas"
}

extension Markup {
  fileprivate mutating func headline(_ preview: StrangerPreview, _ day: FirstDay) {
    let counts = day.report.counts
    add("h1", "", "What \(preview.file) holds for \(areaNames(day))")
    add(
      "p", "class=\"quiet\"",
      "Judged as of \(civil(day.now, TimeZone(identifier: preview.guess.timeZone) ?? .gmt)) by the "
        + "built-in rules \(day.rules.version). Contains addresses? No: "
        + "\(day.isInBritain ? "streets and postcode areas" : "streets") only, and points on the map stand for squares of fifty metres or more."
    )
    open("dl", "class=\"numbers\"")
    number("rows in the list", counts.rows)
    number("rows in the areas", counts.inArea)
    number("opportunities", day.verdict.opportunities.count)
    number("rows outside", counts.outside)
    number("rows not located", counts.notLocated)
    number("rows not readable", counts.unreadable)
    close("dl")
    for warning in preview.guess.warnings where warning.isProblem {
      callout("stop", "Problem. ", warning.text)
    }
    for note in day.notes { callout("note", "Note. ", note) }
  }

  private mutating func number(_ what: String, _ value: Int) {
    open("div")
    add("dt", "", what)
    add("dd", "", CivilWords.grouped(value))
    close("div")
  }

  private mutating func callout(_ kind: String, _ title: String, _ text: String) {
    open("p", "class=\"\(kind)\"")
    add("strong", "", title)
    raw(Markup.escaped(text))
    close("p")
  }

  fileprivate mutating func opportunities(_ day: FirstDay) {
    add("h2", "", "Opportunities, best first")
    let all = day.verdict.opportunities
    if all.isEmpty {
      add("p", "", "None: no job in the areas is a reason to call under these rules.")
      return
    }
    let most = 200
    open("table", "class=\"cards\"")
    add(
      "caption", "",
      all.count > most
        ? "The first \(most) of \(CivilWords.grouped(all.count)) opportunities."
        : all.count == 1 ? "The only opportunity." : "All \(all.count) opportunities.")
    let hasSeveralAreas = day.areas.count > 1
    let names = Dictionary(day.areas.map { ($0.id, $0.name) }) { one, _ in one }
    header(
      [("Where", "")] + (hasSeveralAreas ? [("Area", "")] : [])
        + [("Job", ""), ("Age", "n"), ("Points", "n"), ("Reasons", "")])
    open("tbody")
    for opportunity in all.prefix(most) {
      let age = day.age(opportunity)
      open("tr")
      add("th", "scope=\"row\"", day.whereabouts(opportunity))
      if hasSeveralAreas {
        add("td", "data-label=\"Area\"", names[opportunity.area] ?? opportunity.area)
      }
      add("td", "data-label=\"Job\"", opportunity.jobType)
      add("td", "class=\"n\" data-label=\"Age\"", CivilWords.counted(age, "day"))
      add(
        "td", "class=\"n\" data-label=\"Points\"",
        "\(opportunity.score.points) \(bandWords(opportunity.band))"
      )
      open("td")
      open("ul")
      for reason in opportunity.score.reasons {
        add("li", "", "+\(reason.points) \(reason.sentence)")
      }
      close("ul")
      close("td")
      close("tr")
    }
    close("tbody")
    close("table")
  }

  fileprivate mutating func map(_ day: FirstDay) {
    add("h2", "", "Map")
    open("figure")
    raw(areaMap(day))
    add("figcaption", "", "The tables below say the same in words.")
    close("figure")
    open("table", "class=\"cards\"")
    add(
      "caption", "",
      day.areas.count == 1 ? "What the area holds." : "What each area holds, and all together.")
    let outcomes: [(FirstDay.Outcome, String)] = [
      (.opportunity, "Jobs in them"), (.belowTheLine, "Below the line"), (.history, "No reason"),
      (.unknownType, "Type unknown"),
    ]
    header(
      [("Area", ""), ("Size", "n"), ("Rows", "n"), ("Opportunities", "n")]
        + outcomes.map { ($0.1, "n") })
    open("tbody")
    for account in day.accounts + (day.together.map { [$0] } ?? []) {
      open("tr", account.area == nil ? "class=\"sum\"" : "")
      let name = account.area?.name ?? "All together"
      if let reason = account.area?.reasonLine {
        open("th", "scope=\"row\"")
        add("div", "", name)
        add("div", "class=\"why\"", "Why this area: \(reason)")
        close("th")
      } else {
        add("th", "scope=\"row\"", name)
      }
      func cell(_ label: String, _ text: String) {
        add("td", "class=\"n\" data-label=\"\(label)\"", text)
      }
      cell("Size", String(format: "%.2f km²", account.squareMetres / 1e6))
      cell("Rows", CivilWords.grouped(account.rows))
      cell("Opportunities", CivilWords.grouped(account.opportunities))
      for (outcome, label) in outcomes {
        cell(label, CivilWords.grouped(account.jobs[outcome] ?? 0))
      }
      close("tr")
    }
    close("tbody")
    close("table")
  }

  fileprivate mutating func endings(_ day: FirstDay) {
    add("h2", "", "Where the jobs in the areas ended")
    pairs("Every row in an area, counted once.", ("What became of it", "Jobs"), day.standings)
    let unknown = day.unknownTypes
    if unknown.isEmpty { return }
    let listed = Array(unknown.words.prefix(40))
    let others = unknown.othersWords(listed: listed.count)
    if listed.isEmpty {
      add("p", "", "Types that the built-in rules do not know: \(others ?? "none").")
    } else {
      pairs(
        "Types that the built-in rules do not know\(others.map { ", and \($0)" } ?? "").",
        ("Type", "Jobs"), listed)
    }
  }

  private mutating func pairs(
    _ caption: String, _ titles: (String, String), _ rows: [(words: String, jobs: Int)]
  ) {
    open("table")
    add("caption", "", caption)
    header([(titles.0, ""), (titles.1, "n")])
    open("tbody")
    for row in rows {
      open("tr")
      add("th", "scope=\"row\"", row.words)
      add("td", "class=\"n\"", CivilWords.grouped(row.jobs))
      close("tr")
    }
    close("tbody")
    close("table")
  }

  fileprivate mutating func understanding(_ guess: FeedGuess) {
    add("h2", "", "How the list was understood")
    for line in guess.shapeLines { add("p", "class=\"quiet\"", line + ".") }
    for warning in guess.warnings where !warning.isProblem {
      callout("note", "Note. ", warning.text)
    }
    open("table", "class=\"cards\"")
    add("caption", "", "Each column of the list and what it was taken for.")
    header([("Heading", ""), ("Taken for", ""), ("Sure", "n"), ("Why", "")])
    open("tbody")
    for column in guess.columns {
      open("tr")
      add("th", "scope=\"row\"", column.heading.isEmpty ? "(no heading)" : column.heading)
      add("td", "data-label=\"Taken for\"", takenFor(column))
      add("td", "class=\"n\" data-label=\"Sure\"", column.meaning == nil ? "" : "\(column.sure) %")
      add("td", "data-label=\"Why\"", column.why)
      close("tr")
    }
    close("tbody")
    close("table")
    if let system = guess.system {
      add("p", "", "Places: \(system.rawValue), \(system.words); \(guess.placeWhy).")
    }
    if !guess.dateFormats.isEmpty {
      add(
        "p", "",
        "Dates: \(guess.dateFormats.joined(separator: " · ")). \(guess.dateWhy) Time zone "
          + "\(guess.timeZone), \(guess.timeZoneWhy).")
    }
  }

  private func takenFor(_ column: ColumnGuess) -> String {
    switch column.fate {
    case .refused: "refused: it may not be mapped"
    case .mapped: column.meaning?.words ?? ""
    case .notCarried: "\(column.meaning?.words ?? ""): not stored"
    case .left: column.meaning.map { "\($0.words): not stored" } ?? "nothing known: not stored"
    }
  }

  fileprivate mutating func left(_ preview: StrangerPreview, _ day: FirstDay) {
    add("h2", "", "What could not be used")
    let problems = day.report.problemCounts
    if problems.isEmpty {
      add("p", "", "Every row could be read and placed.")
      return
    }
    open("table")
    add("caption", "", "Rows with a problem, by kind, and where the first of them stand.")
    header([("Problem", ""), ("Rows", "n"), ("First rows", "")])
    open("tbody")
    for (kind, count) in problems.sorted(by: { $0.key < $1.key }) {
      let rows = day.report.problems.filter { $0.kind.rawValue == kind && $0.row > 0 }.prefix(8)
      open("tr")
      add("th", "scope=\"row\"", problemWords(kind))
      add("td", "class=\"n\"", CivilWords.grouped(count))
      add("td", "", rows.map { "\($0.row)" }.joined(separator: ", "))
      close("tr")
    }
    close("tbody")
    close("table")
  }
}

/// `notLocated` as "not located".
func problemWords(_ kind: String) -> String {
  kind.reduce(into: "") { words, letter in
    words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
  }
}
