import Triage

/// What one boundary file gave: its areas on the grid, and every problem that was found in it.
package struct AreaFile: Sendable {
  package struct Entry: Sendable {
    package var area: PilotArea
    /// The feature's `priority`, where it states one.
    package var priority: Double?
    /// Where the feature begins, from 1; `nil` in a file that has no lines.
    package var line: Int?
    package var column: Int?
  }

  package var name: String
  /// In the order of the file. Features with an error are not among them.
  package var entries: [Entry]
  /// The conversions that its coordinates went through.
  package var operations: [OperationInForce]
  /// Errors first, then warnings, both in the order of the file; a hundred of each are listed, and the rest
  /// counted.
  package var problems: [AreaFileProblem]

  init(
    name: String, entries: [Entry] = [], operations: [OperationInForce] = [],
    problems: [AreaFileProblem]
  ) {
    self.name = name
    self.entries = entries
    self.operations = operations
    self.problems = problems
  }

  package var areas: [PilotArea] { entries.map(\.area) }
  package var hasErrors: Bool { problems.contains { $0.severity == .error } }
}
