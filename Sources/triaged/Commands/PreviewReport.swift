import FlareImport
import Foundation
import Triage

/// What `preview` tells, for people and as JSON. Holds no house number, name or notes.
struct PreviewReport: Encodable {
  struct Line: Encodable {
    var reference: String
    var area: String
    var whereabouts: String
    var jobType: String
    var offer: OfferKind
    var received: Date
    var jobs: Int
    var score: Int
    var band: String
    var reasons: [Reason]
  }

  /// Where the rows went; nothing is held against what is known here, so of new and changed nothing
  /// can be said.
  struct Places: Encodable {
    var rows, outside, inArea, notLocated, unreadable: Int

    init(_ counts: RowCounts) {
      rows = counts.rows
      outside = counts.outside
      inArea = counts.inArea
      notLocated = counts.notLocated
      unreadable = counts.unreadable
    }
  }

  var feed: String
  var export: String
  /// As ``ImportReport/format`` says it.
  var format: String
  var encoding: String
  /// Empty where the format has none.
  var delimiter: String
  var counts: Places
  /// Rows in area, by area id; an area without rows is there with 0.
  var areas: [String: Int]
  var problemCounts: [String: Int]
  var problems: [RowProblem]
  /// Best first.
  var opportunities: [Line]
  /// In-area jobs by where they ended: in an opportunity, below the line, why not, not in table.
  var standings: [String: Int]
  /// Types of in-area jobs that the rules do not know, with how many there are of each: those met
  /// often enough to be named, and how many are not (``WordTally``).
  var typesNotInTable: [String: Int]
  var otherTypesNotInTable: StrangerJSON.Others
  var register: String
  private var unknownTypes: WordTally

  private enum CodingKeys: String, CodingKey {
    case feed, export, format, encoding, delimiter, counts, areas, problemCounts, problems
    case opportunities, standings, typesNotInTable, otherTypesNotInTable, register
  }

  init(
    _ report: ImportReport, _ verdict: Verdict, jobs: [Job], areas: [PilotArea],
    register: RegisterState
  ) {
    feed = report.feed
    export = report.source
    format = report.format
    encoding = report.encoding
    delimiter = report.delimiter
    counts = Places(report.counts)
    var byArea = Dictionary(uniqueKeysWithValues: areas.map { ($0.id, 0) })
    byArea.merge(report.inAreaByArea) { $1 }
    self.areas = byArea
    problemCounts = report.problemCounts
    problems = report.problems
    opportunities = verdict.opportunities.map { opportunity in
      let place = opportunity.place
      return Line(
        reference: opportunity.trigger.reference, area: opportunity.area,
        whereabouts: whereabouts(street: opportunity.street, outwardCode: place.outwardCode),
        jobType: opportunity.jobType, offer: opportunity.offer, received: opportunity.since,
        jobs: opportunity.jobs.count, score: opportunity.score.points,
        band: bandWords(opportunity.band),
        reasons: opportunity.score.reasons)
    }
    var standings: [String: Int] = [:]
    for standing in verdict.standings {
      switch standing {
      case .inOpportunity: standings["in_opportunity", default: 0] += 1
      case .belowTheLine: standings["below_the_line", default: 0] += 1
      case .noOpportunity(let why): standings[PreviewReport.key(why), default: 0] += 1
      case .typeNotInTable: standings["type_not_in_table", default: 0] += 1
      }
    }
    let replaced = report.counts.inArea - jobs.count
    if replaced > 0 { standings["replaced_by_another_row"] = replaced }
    self.standings = standings
    unknownTypes = triaged.typesNotInTable(jobs, verdict)
    typesNotInTable = Dictionary(
      unknownTypes.words.map { ($0.words, $0.jobs) }, uniquingKeysWith: +)
    otherTypesNotInTable = StrangerJSON.Others(unknownTypes)
    self.register =
      switch register {
      case .inForce: "in force"
      case .notInForce(let why): why
      }
  }

  /// `tooLate` as `too_late`.
  private static func key(_ why: NoOpportunity) -> String {
    why.rawValue.reduce(into: "") { key, letter in
      key += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
  }

  /// In plain words.
  private static func words(_ standing: String) -> String {
    switch standing {
    case "in_opportunity": "in an opportunity"
    case "below_the_line": "below the line"
    case "type_not_in_table": "of a type that the rules do not know"
    case "replaced_by_another_row": "the same reference in another row, which counts"
    default: NoOpportunity.allCases.first { key($0) == standing }?.sentence ?? standing
    }
  }

  /// What the list is written in, in plain words: "CSV in utf-8 with a comma between the columns".
  private var writtenIn: String {
    let parts = format.split(separator: "/").map(String.init)
    let packing = parts.count > 1 ? ", packed as \(parts[0])" : ""
    let words =
      switch ListFormat(rawValue: parts.last ?? "") {
      case .xlsx: "an Excel workbook"
      case .json: "JSON"
      case .xml: "XML in \(encoding)"
      case .csv, .detect, nil:
        delimiter.isEmpty
          ? "CSV in \(encoding) with one column"
          : "CSV in \(encoding) with a \(delimiter) between the columns"
      }
    return words + packing
  }

  var plainText: String {
    var lines = [
      "\(export), read as the feed \(feed): \(writtenIn)",
      "\(CivilWords.counted(counts.rows, "row")): \(CivilWords.grouped(counts.outside)) outside, "
        + "\(CivilWords.grouped(counts.inArea)) in area, "
        + "\(CivilWords.grouped(counts.notLocated)) not located, "
        + "\(CivilWords.grouped(counts.unreadable)) unreadable",
    ]
    lines += areas.sorted { $0.key < $1.key }.map {
      "  \($0.key): \(CivilWords.counted($0.value, "row"))"
    }
    if !problems.isEmpty {
      lines += ["", "Problems:"]
      lines += problemCounts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      lines += problems.prefix(20).map { "  row \($0.row): \($0.text)" }
      let more = problemCounts.values.reduce(0, +) - min(20, problems.count)
      if more > 0 { lines.append("  and \(more) more") }
    }
    lines += ["", "Where the in-area jobs ended:"]
    lines += standings.sorted { $0.key < $1.key }.map {
      "  \($0.value) × \(PreviewReport.words($0.key))"
    }
    lines += unknownTypes.lines("Types that the rules do not know:", most: 60)
    lines += opportunityHeading(opportunities.count)
    for line in opportunities.prefix(40) {
      lines.append(
        "  \(line.score) \(line.band)  \(line.area)  \(line.whereabouts)  \(line.jobType)  [\(line.reference)]"
      )
      lines += line.reasons.map { "       +\($0.points) \($0.sentence)" }
    }
    if opportunities.count > 40 { lines.append("  and \(opportunities.count - 40) more") }
    if register != "in force" {
      lines += ["", "Nothing would be announced: \(register)"]
    }
    return lines.map(JournalLogHandler.escaped).joined(separator: "\n")
  }
}
