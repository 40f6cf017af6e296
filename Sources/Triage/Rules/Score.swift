/// One line of a score: a whole number of points and a sentence that a team leader can read.
package struct Reason: Hashable, Sendable, Codable {
  /// Stable, for machines: `type:bulky-quote`, `repeat`, `second-kind`, `lately`, `first`, `several`,
  /// `reciprocal`, `neighbours`; with no points `drawn`, `approximate` and `edge`.
  package var code: String
  package var points: Int
  package var sentence: String

  package init(code: String, points: Int, sentence: String) {
    self.code = code
    self.points = points
    self.sentence = sentence
  }
}

/// The sum of its reasons, always.
package struct Score: Hashable, Sendable, Codable {
  package var reasons: [Reason]

  package init(reasons: [Reason]) {
    self.reasons = reasons
  }

  package var points: Int { reasons.reduce(0) { $0 + $1.points } }
}
