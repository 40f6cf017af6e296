import Foundation
import Transfer
import Triage
import Yams

/// One mapping of a YAML file. Each key that is read counts as known; ``finish()`` reports the
/// others with the nearest known name. Values keep their position, so a problem has a line.
final class Section {
  let file: String
  private let mapping: Node.Mapping?
  private let mark: Mark?
  private let problems: ProblemList
  private var known: [String] = []

  init(_ node: Node, file: String, problems: ProblemList) {
    self.file = file
    self.problems = problems
    mapping = node.mapping
    mark = node.mark
    if mapping == nil { problem(node, "A list of \"key: value\" lines is wanted here.") }
  }

  /// Reads a whole file; `nil` when it is missing or is no YAML, which is reported.
  static func read(_ path: String, problems: ProblemList) -> Section? {
    let text: String
    do {
      text = try configurationText(at: path)
    } catch {
      problems.add(path, line: 1, column: 1, "The file \(error.what)")
      return nil
    }
    return parse(text, file: path, problems: problems)
  }

  /// Reads YAML that is in memory; `file` is how problems call it.
  static func parse(_ text: String, file path: String, problems: ProblemList) -> Section? {
    do {
      guard let node = try Yams.compose(yaml: text) else {
        problems.add(path, line: 1, column: 1, "The file is empty.")
        return nil
      }
      return Section(node, file: path, problems: problems)
    } catch let error as YamlError {
      let (line, column, what) = Section.place(of: error)
      problems.add(path, line: line, column: column, "This is not YAML: \(what).")
    } catch {
      problems.add(path, line: 1, column: 1, "This is not YAML.")
    }
    return nil
  }

  private static func place(of error: YamlError) -> (Int, Int, String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return (mark.line, mark.column, problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return (
        context.mark.line, context.mark.column,
        "the key '\(duplicates.first ?? "")' stands twice"
      )
    default:
      return (1, 1, "it cannot be parsed")
    }
  }

  // MARK: - Problems

  func problem(
    _ node: Node?, severity: ConfigurationProblem.Severity = .error,
    cause: ConfigurationProblem.Cause = .text, _ text: String
  ) {
    let mark = node?.mark ?? mark
    problems.add(
      file, severity: severity, cause: cause, line: mark?.line ?? 0, column: mark?.column ?? 0,
      text)
  }

  /// A problem of the value at a key, or of the section where the key is missing.
  func problem(
    at key: String, severity: ConfigurationProblem.Severity = .error,
    cause: ConfigurationProblem.Cause = .text, _ text: String
  ) {
    problem(value(key), severity: severity, cause: cause, text)
  }

  /// Where the value at a key stands; where the key is missing, where the section begins.
  func place(of key: String) -> (line: Int, column: Int) {
    let mark = value(key)?.mark ?? mark
    return (mark?.line ?? 0, mark?.column ?? 0)
  }

  /// A problem of a key itself.
  func problem(ofKey key: String, _ text: String) {
    problem(pair(key)?.key, text)
  }

  /// An area that this file speaks of: whether there is one is known only beside the boundary files.
  func mention(area: String, at node: Node?) {
    let mark = node?.mark ?? mark
    problems.mention(
      AreaMention(area: area, file: file, line: mark?.line ?? 0, column: mark?.column ?? 0))
  }

  func mention(area: String, ofKey key: String) {
    mention(area: area, at: pair(key)?.key)
  }

  /// A key is its text, quoted or not: YAML would read a bare `on` as a truth value.
  private func pair(_ key: String) -> (key: Node, value: Node)? {
    mapping?.first { $0.key.scalar?.string == key }
  }

  private func value(_ key: String) -> Node? {
    pair(key)?.value
  }

  func finish() {
    guard let mapping else { return }
    for (key, _) in mapping {
      let name = key.scalar?.string ?? ""
      guard !known.contains(name) else { continue }
      problem(key, "unknown key '\(name)'\(Section.suggestion(for: name, among: known))")
    }
  }

  static func suggestion(for name: String, among known: [String]) -> String {
    nearest(to: name, among: known).map { ", did you mean '\($0)'?" } ?? ""
  }

  // MARK: - Values

  func has(_ key: String) -> Bool { node(key) != nil }

  var keys: [String] { mapping?.compactMap { $0.key.scalar?.string } ?? [] }

  func node(_ key: String) -> Node? {
    if !known.contains(key) { known.append(key) }
    guard let node = value(key) else { return nil }
    if let scalar = node.scalar, scalar.string.isEmpty, scalar.style == .plain { return nil }
    return node
  }

  /// The text as written: `010` stays `010` and `yes` stays `yes`.
  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard let scalar = node.scalar else {
      problem(node, "'\(key)' takes one value.")
      return nil
    }
    return scalar.string
  }

  func text(_ key: String, default fallback: String) -> String { text(key) ?? fallback }

  func requiredText(_ key: String) -> String {
    if let text = text(key) { return text }
    if !has(key) { problem(nil, "'\(key)' is missing.") }
    return ""
  }

  func int(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
    guard let node = node(key) else { return fallback }
    guard let value = node.scalar.flatMap({ Int($0.string) }), range.contains(value) else {
      problem(
        node, "'\(key)' takes a whole number from \(range.lowerBound) to \(range.upperBound).")
      return fallback
    }
    return value
  }

  func bool(_ key: String, default fallback: Bool) -> Bool {
    guard let node = node(key) else { return fallback }
    switch node.scalar?.string.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      problem(node, "'\(key)' takes true or false.")
      return fallback
    }
  }

  /// A length of time such as `30s`, `5m`, `2h` or `14d`. - Returns: seconds.
  func duration(
    _ key: String, default fallback: Double, in range: ClosedRange<Double> = 0...3.2e9
  ) -> Double {
    guard let node = node(key) else { return fallback }
    guard let seconds = node.scalar.flatMap({ Section.seconds($0.string) }),
      range.contains(seconds)
    else {
      problem(node, "'\(key)' takes a length of time such as 30s, 5m, 2h or 14d.")
      return fallback
    }
    return seconds
  }

  static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let last = text.last, let unit = units[last], let number = Double(text.dropLast()),
      number >= 0, number.isFinite
    else { return nil }
    return number * unit
  }

  /// A size such as `512KB`, `200MB` or `2GB`. - Returns: bytes.
  func size(_ key: String, default fallback: Int) -> Int {
    guard let node = node(key) else { return fallback }
    let text = node.scalar?.string.uppercased() ?? ""
    for (unit, factor) in [("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)]
    where text.hasSuffix(unit) {
      if let number = Int(text.dropLast(2).trimmingCharacters(in: .whitespaces)), number > 0,
        number < 1_000_000
      {
        return number * factor
      }
    }
    problem(node, "'\(key)' takes a size such as 512KB, 200MB or 2GB.")
    return fallback
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Choice
  ) -> Choice where Choice.RawValue == String {
    guard let node = node(key) else { return fallback }
    if let value = node.scalar.flatMap({ Choice(rawValue: $0.string) }) { return value }
    wrongChoice(node, key, among: Choice.allCases.map(\.rawValue))
    return fallback
  }

  /// One of a few words that are no type of their own.
  func choice(_ key: String, default fallback: String, among words: [String]) -> String {
    guard let node = node(key) else { return fallback }
    if let text = node.scalar?.string, words.contains(text) { return text }
    wrongChoice(node, key, among: words)
    return fallback
  }

  private func wrongChoice(_ node: Node, _ key: String, among words: [String]) {
    let meant = node.scalar.flatMap { nearest(to: $0.string, among: words) }
    problem(
      node,
      "'\(key)' takes one of: \(words.joined(separator: ", "))."
        + (meant.map { " Did you mean '\($0)'?" } ?? ""))
  }

  /// One value or a list of values.
  func list(_ key: String) -> [String] {
    guard let node = node(key) else { return [] }
    if let scalar = node.scalar { return [scalar.string] }
    guard let sequence = node.sequence else {
      problem(node, "'\(key)' takes a list.")
      return []
    }
    return sequence.compactMap { item in
      if let scalar = item.scalar { return scalar.string }
      problem(item, "'\(key)' takes a list of plain values.")
      return nil
    }
  }

  func section(_ key: String) -> Section? {
    guard let node = node(key) else { return nil }
    return Section(node, file: file, problems: problems)
  }

  func sections(_ key: String) -> [Section] {
    guard let node = node(key) else { return [] }
    guard let sequence = node.sequence else {
      problem(node, "'\(key)' takes a list: each entry begins with a dash.")
      return []
    }
    return sequence.map { Section($0, file: file, problems: problems) }
  }
}

/// The closest of the known names, where one is close enough to be what was meant.
func nearest(to name: String, among known: [String]) -> String? {
  func plain(_ text: String) -> [Character] {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }
  let wanted = plain(name)
  let best = known.map { ($0, editDistance(wanted, plain($0))) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= max(wanted.count > 3 ? 2 : 1, wanted.count / 3) else { return nil }
  return best.0
}
