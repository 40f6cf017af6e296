/// Whether the daemon can do its work now, part by part. Shown to monitors as it is, so no
/// sentence may hold personal data.
package struct Readiness: Hashable, Sendable {
  package struct Check: Hashable, Sendable {
    /// One word: `database`, `register`, `feed:flare`.
    package var name: String
    package var ok: Bool
    package var sentence: String

    package init(name: String, ok: Bool, sentence: String) {
      self.name = name
      self.ok = ok
      self.sentence = sentence
    }
  }

  package var checks: [Check]

  package init(checks: [Check]) {
    self.checks = checks
  }

  package var isReady: Bool { checks.allSatisfy(\.ok) }

  /// One line per check: `ok database: It can be written.`
  var text: String {
    checks.map { check in
      let sentence = check.sentence.split(whereSeparator: \.isNewline).joined(separator: " ")
      return "\(check.ok ? "ok" : "FAILED") \(check.name): \(sentence)\n"
    }.joined()
  }
}
