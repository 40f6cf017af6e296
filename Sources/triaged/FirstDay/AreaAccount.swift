import Triage

/// What came of one area, or of all of them together.
struct AreaAccount: Sendable {
  /// `nil`: all areas together.
  var area: PilotArea?
  /// In square metres. Where areas overlap, together counts the overlap twice.
  var squareMetres: Double
  /// Rows of the list. A row in two areas counts for the first of them.
  var rows: Int
  /// Jobs by what became of them; with ``replaced`` they make up ``rows``.
  var jobs: [FirstDay.Outcome: Int]
  var opportunities: Int

  /// Rows whose reference another row bears too.
  var replaced: Int { max(0, rows - jobs.values.reduce(0, +)) }
}

extension FirstDay {
  /// One for each area, in their stated order.
  var accounts: [AreaAccount] {
    var byArea: [String: [Outcome: Int]] = [:]
    for (job, standing) in zip(jobs, verdict.standings) {
      byArea[job.area, default: [:]][outcome(standing), default: 0] += 1
    }
    return areas.map { area in
      AreaAccount(
        area: area, squareMetres: area.squareMetres, rows: report.inAreaByArea[area.id] ?? 0,
        jobs: byArea[area.id] ?? [:],
        opportunities: verdict.opportunities.count { $0.area == area.id })
    }
  }

  /// All areas together; `nil` where there is one only.
  var together: AreaAccount? {
    let accounts = accounts
    guard accounts.count > 1 else { return nil }
    return AreaAccount(
      area: nil, squareMetres: accounts.reduce(0) { $0 + $1.squareMetres },
      rows: accounts.reduce(0) { $0 + $1.rows },
      jobs: accounts.reduce(into: [:]) { $0.merge($1.jobs, uniquingKeysWith: +) },
      opportunities: accounts.reduce(0) { $0 + $1.opportunities })
  }
}

extension AreaAccount {
  /// "12 rows, 3 opportunities; jobs: 4 in an opportunity, 8 no reason to call".
  var words: String {
    var text =
      "\(CivilWords.counted(rows, "row")), "
      + CivilWords.counted(opportunities, "opportunity", "opportunities")
    let parts = FirstDay.Outcome.allCases.compactMap { outcome in
      jobs[outcome].map { "\(CivilWords.grouped($0)) \(outcome.words)" }
    }
    if !parts.isEmpty { text += "; jobs: " + parts.joined(separator: ", ") }
    return text
  }
}
