import FlareImport
import Foundation
import Triage

/// What `preview FILE --json` tells scripts. Holds no address, name or notes.
struct StrangerJSON: Encodable {
  struct Column: Encodable {
    var heading: String
    var meaning: String?
    var sure: Int
    var why: String
    var fate: String
    var filled: Int
  }

  struct Warning: Encodable {
    var text: String
    var isProblem: Bool
    var instead: [String: String]
  }

  struct Opportunity: Encodable {
    var area: String
    var whereabouts: String
    var jobType: String
    var offer: OfferKind
    var ageDays: Int
    var score: Int
    var band: String
    var reasons: [Reason]
  }

  struct Area: Encodable {
    var id: String?
    var name: String?
    var squareMetres: Double
    var rows, opportunities: Int
    var jobsInOpportunities, jobsBelowTheLine, jobsWithoutReason, jobsOfUnknownType: Int
    var replacedRows: Int

    init(_ account: AreaAccount) {
      id = account.area?.id
      name = account.area?.name
      squareMetres = account.squareMetres.rounded()
      rows = account.rows
      opportunities = account.opportunities
      jobsInOpportunities = account.jobs[.opportunity] ?? 0
      jobsBelowTheLine = account.jobs[.belowTheLine] ?? 0
      jobsWithoutReason = account.jobs[.history] ?? 0
      jobsOfUnknownType = account.jobs[.unknownType] ?? 0
      replacedRows = account.replaced
    }
  }

  /// Words that are not named, and the jobs that have one.
  struct Others: Encodable {
    var types, jobs: Int

    init(_ tally: WordTally) {
      types = tally.others
      jobs = tally.otherRows
    }
  }

  struct Day: Encodable {
    var grid: String
    var rulesVersion: String
    var counts: PreviewReport.Places
    var inAreaByArea: [String: Int]
    var notes: [String]
    /// One for each area; `together` is all of them, where there are several.
    var areas: [Area]
    var together: Area?
    var standings: [String: Int]
    /// Those met often enough to be named, and how many are not: ``WordTally``.
    var typesNotInTable: [String: Int]
    var otherTypesNotInTable: Others
    var opportunities: [Opportunity]
  }

  var file: String
  var format: String
  var encoding: String
  var delimiter: String
  var headerRow: Int
  var titleLines: Int
  var totalLines: Int
  var rows: Int
  var columns: [Column]
  var coordinates: String?
  var dateFormats: [String]
  var timeZone: String
  var warnings: [Warning]
  var obstacles: [String]
  var counts: PreviewReport.Places?
  var problemCounts: [String: Int]
  var day: Day?

  init(_ preview: StrangerPreview) {
    let guess = preview.guess
    file = preview.file
    format = guess.sample.format.rawValue
    encoding = guess.sample.encoding
    delimiter = guess.sample.delimiter
    headerRow = guess.sample.headerRow
    titleLines = guess.sample.titleLines
    totalLines = guess.sample.totalLines
    rows = guess.sample.rowCount
    columns = guess.columns.map {
      Column(
        heading: $0.heading, meaning: $0.meaning?.rawValue, sure: $0.sure, why: $0.why,
        fate: "\($0.fate)", filled: $0.filled)
    }
    coordinates = guess.system?.rawValue
    dateFormats = guess.dateFormats
    timeZone = guess.timeZone
    warnings = guess.warnings.map { warning in
      Warning(
        text: warning.text, isProblem: warning.isProblem,
        instead: Dictionary(warning.instead.map { ($0.key, $0.heading) }) { one, _ in one })
    }
    obstacles = guess.obstacles
    counts = preview.report.map { PreviewReport.Places($0.counts) }
    problemCounts = preview.report?.problemCounts ?? [:]
    day = preview.day.map { day in
      Day(
        grid: day.grid.crs, rulesVersion: day.rules.version,
        counts: PreviewReport.Places(day.report.counts),
        inAreaByArea: Dictionary(
          day.areas.map { ($0.id, day.report.inAreaByArea[$0.id] ?? 0) }
        ) { one, _ in one },
        notes: day.notes, areas: day.accounts.map(Area.init), together: day.together.map(Area.init),
        standings: Dictionary(day.standings.map { ($0.words, $0.jobs) }) { one, _ in one },
        typesNotInTable: Dictionary(
          day.unknownTypes.words.map { ($0.words, $0.jobs) }, uniquingKeysWith: +),
        otherTypesNotInTable: Others(day.unknownTypes),
        opportunities: day.verdict.opportunities.map { opportunity in
          Opportunity(
            area: opportunity.area, whereabouts: day.whereabouts(opportunity),
            jobType: opportunity.jobType, offer: opportunity.offer,
            ageDays: day.age(opportunity), score: opportunity.score.points,
            band: bandWords(opportunity.band), reasons: opportunity.score.reasons)
        })
    }
  }
}
