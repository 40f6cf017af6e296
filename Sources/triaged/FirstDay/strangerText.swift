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
      "Read so: \(counts.rows) rows, \(placed) can be placed\(byGazetteer), "
        + "\(counts.notLocated) cannot, "
        + "\(counts.unreadable) cannot be read",
    ]
    lines += report.problemCounts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    if understood.isEmpty { return lines + ["", "No row can be placed, so none is shown."] }
    lines += [
      "", "The first \(understood.count) rows that can be placed, as they would be stored:",
    ]
    let zone = TimeZone(identifier: guess.timeZone) ?? .gmt
    let cells = understood.map { job in
      [
        job.id.reference, job.received.map { civil($0, zone) } ?? "–",
        [job.jobClass, job.type].filter { !$0.isEmpty }.joined(separator: " / "),
        job.closed == nil ? job.status : "\(job.status) (closed)",
        [job.place.address, job.place.postcode].filter { !$0.isEmpty }.joined(separator: ", "),
        job.place.uprn,
      ]
    }
    return lines
      + table(["reference", "received", "type", "status", "address", "UPRN"], cells)
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
      "  \(counts.rows) rows: \(counts.outside) outside, \(counts.inArea) in area, "
        + "\(counts.notLocated) not located, \(counts.unreadable) unreadable")
    for area in areas {
      let rows = report.inAreaByArea[area.id] ?? 0
      lines.append(
        "  \(area.id), \(area.name), \(String(format: "%.2f", area.squareMetres / 1e6)) km²: "
          + "\(rows) row\(rows == 1 ? "" : "s")")
    }
    lines += notes.map { "  \($0)" }
    lines += ["", "Where the jobs in area ended:"]
    lines += standings.map { "  \($0.jobs) × \($0.words)" }
    if !unknownTypes.isEmpty {
      lines += ["", "Types that the built-in rules do not know:"]
      lines += unknownTypes.prefix(30).map { "  \($0.jobs) × \($0.words)" }
    }
    lines += ["", "\(verdict.opportunities.count) opportunities, best first:"]
    for opportunity in verdict.opportunities.prefix(40) {
      let age = age(opportunity)
      lines.append(
        "  \(opportunity.score.points) \(opportunity.band)  \(opportunity.area)  "
          + "\(whereabouts(opportunity))  \(opportunity.jobType)  \(age) day\(age == 1 ? "" : "s")")
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
