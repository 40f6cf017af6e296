/// The errors of a file, or its warnings: the first ones in the order of the file, and how many more.
struct ProblemList {
  private let severity: AreaFileProblem.Severity
  private var listed: [AreaFileProblem] = []
  var unlisted = 0

  init(_ severity: AreaFileProblem.Severity) { self.severity = severity }

  var isEmpty: Bool { listed.isEmpty }
  var isFull: Bool { listed.count >= AreaFileSettings.mostProblems }

  mutating func add(_ problem: AreaFileProblem) {
    if isFull { unlisted += 1 } else { listed.append(problem) }
  }

  /// With a last one that stands for those that are not listed.
  func all(of file: String) -> [AreaFileProblem] {
    if unlisted == 0 { return listed }
    let what = severity == .error ? "error" : "warning"
    let sentence =
      unlisted == 1
      ? "1 more \(what) is not listed." : "\(unlisted) more \(what)s are not listed."
    return listed + [AreaFileProblem(severity: severity, file: file, sentence: sentence)]
  }
}
