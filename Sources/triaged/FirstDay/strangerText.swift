import FlareImport
import Foundation
import Triage

extension StrangerPreview {
  /// For a terminal. What it shows of the rows is for the person whose file it is: their addresses,
  /// and neither notes nor contact.
  var plainText: String {
    var lines = [file] + guess.lines
    if let report { lines += rowLines(report) }
    if let day { lines += day.lines }
    return lines.map(JournalLogHandler.escaped).joined(separator: "\n")
  }

  private func rowLines(_ report: ImportReport) -> [String] {
    let counts = report.counts
    let placed = counts.outside + counts.inArea
    let byGazetteer = guess.system == nil ? " if a gazetteer knows their UPRN or postcode" : ""
    var lines = [
      "",
      "Read so: \(CivilWords.counted(counts.rows, "row")), \(CivilWords.grouped(placed)) can be "
        + "placed\(byGazetteer), \(CivilWords.grouped(counts.notLocated)) cannot, "
        + "\(CivilWords.grouped(counts.unreadable)) cannot be read",
    ]
    lines += report.problemCounts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    if understood.isEmpty { return lines + ["", "No row can be placed, so none is shown."] }
    lines += [
      "",
      understood.count == 1
        ? "The first row that can be placed, as it would be stored:"
        : "The first \(understood.count) rows that can be placed, as they would be stored:",
    ]
    let zone = TimeZone(identifier: guess.timeZone) ?? .gmt
    let cells = understood.map { job in
      [
        job.id.reference, job.received.map { civil($0, zone) } ?? "–",
        [job.jobClass, job.type].filter { !$0.isEmpty }.joined(separator: " / "),
        job.status + (job.closed == nil ? "" : " (closed)"),
        [job.place.address, job.place.postcode].filter { !$0.isEmpty }.joined(separator: ", "),
        job.place.uprn,
      ]
    }
    lines += table(["reference", "received", "type", "status", "address", "UPRN"], cells)
    return lines
  }
}

/// `2026-01-31 14:05` on the clocks of a zone.
func civil(_ instant: Date, _ zone: TimeZone) -> String {
  var calendar = Calendar(identifier: .gregorian)
  calendar.timeZone = zone
  let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: instant)
  return String(
    format: "%04d-%02d-%02d %02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
    parts.hour ?? 0, parts.minute ?? 0)
}

/// Columns that line up, none wider than 36 characters; columns without any value are left out.
private func table(_ header: [String], _ rows: [[String]]) -> [String] {
  let used = header.indices.filter { at in rows.contains { !$0[at].isEmpty } }
  func shown(_ text: String) -> String {
    text.count > 36 ? text.prefix(35) + "…" : text
  }
  let widths = used.map { at in ([header[at]] + rows.map { shown($0[at]) }).map(\.count).max() ?? 0
  }
  return ([header] + rows).map { row in
    let cells = zip(used, widths).map { at, width in
      let text = shown(row[at])
      return text + String(repeating: " ", count: width - text.count)
    }
    return "  " + cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
  }
}

extension FirstDay {
  var lines: [String] {
    let counts = report.counts
    var lines = ["", "In the areas:"]
    lines.append(
      "  \(CivilWords.counted(counts.rows, "row")): \(CivilWords.grouped(counts.outside)) outside, "
        + "\(CivilWords.grouped(counts.inArea)) in area, "
        + "\(CivilWords.grouped(counts.notLocated)) not located, "
        + "\(CivilWords.grouped(counts.unreadable)) unreadable")
    for account in accounts + (together.map { [$0] } ?? []) {
      let name = account.area.map { "\($0.id), \($0.name)" } ?? "All \(areas.count) areas together"
      let size = String(format: "%.2f", account.squareMetres / 1e6)
      lines.append("  \(name), \(size) km²: \(account.words)")
      if let reason = account.area?.reasonLine { lines.append("    Why this area: \(reason)") }
    }
    lines += notes.map { "  \($0)" }
    lines += ["", "Where the jobs in area ended:"]
    if standings.isEmpty { lines.append("  There is none.") }
    lines += standings.map { "  \($0.jobs) × \($0.words)" }
    lines += unknownTypes.lines("Types that the built-in rules do not know:", most: 30)
    lines += opportunityHeading(verdict.opportunities.count)
    for opportunity in verdict.opportunities.prefix(40) {
      let age = age(opportunity)
      lines.append(
        "  \(opportunity.score.points) \(bandWords(opportunity.band))  \(opportunity.area)  "
          + "\(whereabouts(opportunity))  \(opportunity.jobType)  \(CivilWords.counted(age, "day"))"
      )
      lines += opportunity.score.reasons.map { "       +\($0.points) \($0.sentence)" }
    }
    let more = verdict.opportunities.count - 40
    if more > 0 { lines.append("  and \(more) more") }
    return lines
  }

  /// On what ground this stands.
  var notes: [String] {
    var notes = [
      "Judged by the built-in rules \(rules.version), as if nobody were in the contact register and "
        + "the team had time for all."
    ]
    if let gridWhy { notes.append(gridWhy) }
    if !isInBritain {
      notes.append(
        "What is British in the built-in rules and in reading a list does not apply there: no UPRN or "
          + "postcode places a job, no outward code is told with a street, no calendar of British "
          + "working days and bank holidays is used, and the types are worded as British councils do."
      )
    }
    notes += areaWarnings
    if isOld, let newest {
      let date = civil(newest, .gmt).prefix(10)
      notes.append(
        "The newest job in area is of \(date), so windows have closed: with --at \(date)T23:59:59Z it "
          + "is judged as if it were then.")
    }
    return notes
  }
}

/// "1 opportunity:", "12 opportunities, best first:", after an empty line.
func opportunityHeading(_ count: Int) -> [String] {
  [
    "",
    CivilWords.counted(count, "opportunity", "opportunities")
      + (count > 1 ? ", best first:" : count == 1 ? ":" : "."),
  ]
}

extension WordTally {
  /// Under a heading, after an empty line; nothing where there is no word.
  func lines(_ heading: String, most: Int) -> [String] {
    if isEmpty { return [] }
    let listed = words.prefix(most).map { "  \($0.jobs) × \($0.words)" }
    let others = othersWords(listed: listed.count).map {
      [listed.isEmpty ? "  \($0)" : "  and \($0)"]
    }
    return ["", heading] + listed + (others ?? [])
  }
}
