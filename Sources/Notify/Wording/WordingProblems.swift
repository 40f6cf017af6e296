/// What is wrong with a folder of wordings, all at once.
package struct WordingProblems: Error, Hashable, Sendable, CustomStringConvertible {
  package struct Problem: Hashable, Sendable {
    /// Within the folder.
    package var file: String
    /// From 1.
    package var line: Int
    /// What, and what to do ("there is no field 'strete'; did you mean 'street'?").
    package var what: String
  }

  package var problems: [Problem]

  package var description: String {
    problems.map { "\($0.file):\($0.line): \($0.what)" }.joined(separator: "\n")
  }
}
