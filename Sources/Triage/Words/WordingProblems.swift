/// What is wrong with a folder of wordings, templates and words of a council's own, all at once.
package struct WordingProblems: Error, Hashable, Sendable, CustomStringConvertible {
  package struct Problem: Hashable, Sendable {
    /// Within the folder: `offer.mustache` or `cy.json`, say.
    package var file: String
    /// From 1.
    package var line: Int
    /// What, and what to do ("there is no field 'strete'; did you mean 'street'?").
    package var what: String

    package init(file: String, line: Int, what: String) {
      self.file = file
      self.line = line
      self.what = what
    }
  }

  /// How deep sections may stand in each other: ours stand six deep at most.
  package static let mostSections = 20

  package var problems: [Problem]

  package init(problems: [Problem]) { self.problems = problems }

  package var description: String {
    problems.map { "\($0.file):\($0.line): \($0.what)" }.joined(separator: "\n")
  }
}
