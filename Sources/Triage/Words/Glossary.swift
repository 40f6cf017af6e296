/// What the council's codes mean, in plain words: from the configuration's `glossary.yaml`. It speaks where the
/// job-type table has no name, so that no raw code reaches a page or a mail.
package struct Glossary: Hashable, Sendable {
  private var words: [String: String] = [:]

  package init(_ entries: [String: String] = [:]) {
    for (code, words) in entries { self.words[Self.plain(code)] = words }
  }

  /// - Returns: `nil` where it knows nothing of a code.
  package func words(for code: String) -> String? { words[Self.plain(code)] }

  /// Capitals and spaces at the ends make no difference.
  private static func plain(_ code: String) -> String {
    code.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  }
}
