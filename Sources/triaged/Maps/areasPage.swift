import Foundation
import Geography
import Triage

/// A map of the areas as one page: no script, no request to anywhere, fit for a telephone, for paper and for
/// a dark screen. Tables below the map say in words what it shows.
///
/// - Parameters:
///   - areas: in their stated order, which tells who comes first where they overlap.
///   - usualMargin: metres, of an area that states none.
///   - note: what the reader should know first; may be empty.
func areasPage(
  _ picture: AreaPicture, sheet: AreaSheet, areas: [PilotArea], today: CivilDay,
  usualMargin: Double, words: CivilWords, note: String
) -> String {
  var page = Markup()
  page.openPage(by: "triaged areas draw", title: picture.title)
  page.add("h1", "", picture.title)
  page.add(
    "p", "class=\"quiet\"",
    "As of \(words.fullMoment(sheet.now)). No address is on this page: marks on the map stand for squares "
      + "of fifty metres or more.")
  if !note.isEmpty { page.add("p", "class=\"note\"", note) }
  page.open("figure")
  page.raw(picture.svg(isInPage: true))
  page.add("figcaption", "", "The tables below say the same in words.")
  page.close("figure")
  page.areas(areas, today: today, usualMargin: usualMargin)
  if let holdings = sheet.holdings { page.holdings(holdings, areas) }
  page.overlaps(areas)
  page.closePage()
  return page.text
}

/// The most areas that a table lists: a page of a country's wards is none to read.
private let mostListed = 500

extension Markup {
  fileprivate mutating func areas(
    _ areas: [PilotArea], today: CivilDay, usualMargin: Double
  ) {
    add("h2", "", "The areas")
    open("table", "class=\"cards\"")
    let more = areas.count - mostListed
    add(
      "caption", "",
      "Every area in the order that decides where two overlap"
        + (more > 0 ? "; \(CivilWords.grouped(more)) more are not listed." : "."))
    header([
      ("Area", ""), ("Id", ""), ("Size", "n"), ("Days", ""), ("Counts today", ""), ("Margin", "n"),
      ("Why it was chosen", ""),
    ])
    open("tbody")
    for area in areas.prefix(mostListed) {
      open("tr")
      add("th", "scope=\"row\"", area.name)
      add("td", "data-label=\"Id\"", area.id)
      let size = String(format: "%.2f km²", area.squareMetres / 1e6)
      add("td", "class=\"n\" data-label=\"Size\"", size)
      days(area)
      let answer =
        area.counts(on: today) ? "yes" : "no: \(isOver(area, today) ? "over" : "not yet")"
      add("td", "data-label=\"Counts today\"", answer)
      add(
        "td", "class=\"n\" data-label=\"Margin\"",
        "\(written(area.margin ?? usualMargin)) m")
      add("td", "data-label=\"Why it was chosen\"", area.reason.isEmpty ? "not said" : area.reason)
      close("tr")
    }
    close("tbody")
    close("table")
  }

  fileprivate mutating func holdings(_ holdings: [AreaSheet.Holding], _ areas: [PilotArea]) {
    add("h2", "", "What is in them")
    open("table", "class=\"cards\"")
    add(
      "caption", "",
      "Opportunities that are open, and jobs that are open or were received within a year.")
    let kinds: [AreaPicture.Kind] = [.opportunity, .claimed, .belowTheLine, .open, .closed]
    let names = Dictionary(areas.map { ($0.id, $0.name) }) { one, _ in one }
    let opportunities: [(String, KeyPath<AreaSheet.Holding, Int>)] = [
      ("Waiting", \.waiting), ("Offered", \.offered), ("Claimed", \.claimed),
    ]
    open("thead")
    open("tr")
    add("td", "", "")
    add(
      "th", "scope=\"colgroup\" colspan=\"\(opportunities.count)\"",
      "Open opportunities")
    add("th", "scope=\"colgroup\" colspan=\"\(kinds.count)\"", "Jobs")
    close("tr")
    open("tr")
    for title in ["Area"] + opportunities.map(\.0) + kinds.map(\.heading) {
      add("th", "scope=\"col\"" + (title == "Area" ? "" : " class=\"n\""), title)
    }
    close("tr")
    close("thead")
    open("tbody")
    func row(_ name: String, _ these: [AreaSheet.Holding], _ attributes: String = "") {
      open("tr", attributes)
      add("th", "scope=\"row\"", name)
      func cell(_ label: String, _ number: Int) {
        add("td", "class=\"n\" data-label=\"\(label)\"", CivilWords.grouped(number))
      }
      for (label, value) in opportunities {
        cell("Opportunities \(label.lowercased())", these.reduce(0) { $0 + $1[keyPath: value] })
      }
      for kind in kinds {
        cell("Jobs: \(kind.heading.lowercased())", these.reduce(0) { $0 + $1.jobs(kind) })
      }
      close("tr")
    }
    for holding in holdings.prefix(mostListed) {
      row(holding.area.isEmpty ? "in no area" : names[holding.area] ?? holding.area, [holding])
    }
    if holdings.count > 1 { row("All together", holdings, "class=\"sum\"") }
    close("tbody")
    close("table")
  }

  fileprivate mutating func overlaps(_ areas: [PilotArea]) {
    add("h2", "", "Where areas overlap")
    let overlaps = findOverlaps(areas)
    if overlaps.found.isEmpty, overlaps.unlisted == 0 {
      add("p", "", "No two areas share ground.")
      return
    }
    open("table", "class=\"cards\"")
    add(
      "caption", "",
      "A job in two areas belongs to the one that comes first"
        + (overlaps.unlisted > 0
          ? "; \(CivilWords.grouped(overlaps.unlisted)) more pairs may overlap and are not listed."
          : "."))
    header([("Comes first", ""), ("Comes after it", ""), ("Shared ground", "n")])
    open("tbody")
    for overlap in overlaps.found {
      open("tr")
      add("th", "scope=\"row\"", areas[overlap.first].name)
      add("td", "data-label=\"Comes after it\"", areas[overlap.second].name)
      add(
        "td", "class=\"n\" data-label=\"Shared ground\"",
        "about \(CivilWords.grouped(Int(min(overlap.squareMetres.rounded(), 1e15)))) m²")
      close("tr")
    }
    close("tbody")
    close("table")
  }

  private mutating func days(_ area: PilotArea) {
    open("td", "data-label=\"Days\"")
    if area.from == nil, area.until == nil { raw("always") }
    if let from = area.from { add("span", "class=\"day\"", "from \(from)") }
    if let until = area.until { add("span", "class=\"day\"", " until \(until)") }
    close("td")
  }

  private func isOver(_ area: PilotArea, _ today: CivilDay) -> Bool {
    area.until.map { $0 < today } ?? false
  }

  private func written(_ metres: Double) -> String {
    metres == metres.rounded() ? "\(Int(metres))" : String(format: "%.1f", metres)
  }
}
