/// One thing that is wrong, or doubtful, in the configuration folder.
struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
  enum Severity: String, Sendable {
    case error, warning
  }

  /// What kind of thing is wrong, where that makes a difference to who reads it.
  enum Cause: Sendable {
    /// What stands in the file.
    case text
    /// A file that is named there is missing or cannot be used.
    case file
    /// A file lies under `${credentials}`, and this process has been given none.
    case noCredentials
  }

  var severity: Severity
  var cause = Cause.text
  /// The file's path as the person gave the folder, such as `config/team.yaml`.
  var file: String
  /// Counted from 1; 0 where the whole file is meant.
  var line: Int
  var column: Int
  /// A sentence without a value of a secret.
  var text: String

  var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): \(severity == .warning ? "warning: " : "")\(text)"
  }
}

/// Where a file speaks of an area by its id.
struct AreaMention: Hashable, Sendable {
  var area: String
  var file: String
  var line: Int
  var column: Int
}

/// Gathers problems while a configuration is read, so that all are told at once.
final class ProblemList {
  private(set) var problems: [ConfigurationProblem] = []
  /// Areas that the files speak of, to be held against the boundary files.
  private(set) var mentions: [AreaMention] = []

  func mention(_ mention: AreaMention) { mentions.append(mention) }

  func add(
    _ file: String, severity: ConfigurationProblem.Severity = .error,
    cause: ConfigurationProblem.Cause = .text, line: Int = 0, column: Int = 0, _ text: String
  ) {
    add(
      ConfigurationProblem(
        severity: severity, cause: cause, file: file, line: line, column: column, text: text))
  }

  func add(_ problem: ConfigurationProblem) {
    problems.append(problem)
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// Errors and warnings by file, line and column.
  var sorted: [ConfigurationProblem] {
    problems.sorted {
      ($0.file, $0.line, $0.column, $0.text) < ($1.file, $1.line, $1.column, $1.text)
    }
  }
}

/// The configuration cannot be used; carries every problem that was found.
struct ConfigurationError: Error, CustomStringConvertible {
  var problems: [ConfigurationProblem]

  var description: String { problems.map(\.description).joined(separator: "\n") }
}
