import Triage

/// Collects what was wrong with rows: counts all, keeps the first of each kind.
struct ProblemBook {
  /// So many of each kind are kept with their row.
  static let keptOfEachKind = 50

  private var counts: [RowProblem.Kind: Int] = [:]
  private(set) var problems: [RowProblem] = []

  /// `text` is made only for a problem that is kept. Row 0 means the whole file.
  mutating func note(
    _ kind: RowProblem.Kind, row: Int, column: String = "", _ text: @autoclosure () -> String
  ) {
    let count = counts[kind, default: 0]
    counts[kind] = count + 1
    if count < ProblemBook.keptOfEachKind {
      problems.append(RowProblem(row: row, column: column, kind: kind, text: text()))
    }
  }

  func write(to report: inout ImportReport) {
    report.problems = problems
    for (kind, count) in counts { report.problemCounts[kind.rawValue] = count }
  }
}
