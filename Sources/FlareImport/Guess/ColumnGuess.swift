/// What one column of an unknown list was taken for.
package struct ColumnGuess: Hashable, Sendable {
  /// From 0.
  package var position: Int
  package var heading: String
  /// `nil`: nothing that is known.
  package var meaning: ColumnMeaning?
  /// From 0 to 100.
  package var sure: Int
  /// By heading, by values, and what was done about it. Holds no cell's content.
  package var why: String
  /// Of the rows looked at, how many have something in it.
  package var filled: Int
  package var fate: Fate

  package enum Fate: Hashable, Sendable {
    /// In the feed's column map.
    case mapped
    /// Not mapped, so never stored.
    case left
    /// Personal or free: not stored unless the feed is allowed to carry it.
    case notCarried
    /// A special category of personal data: may not be mapped at all.
    case refused
  }

  package var sureWords: String {
    switch (meaning, sure) {
    case (nil, _): ""
    case (_, 85...): "sure"
    case (_, 65...): "fairly sure"
    case (_, 45...): "a guess"
    default: "a mere guess"
    }
  }
}

/// Something about an unknown list that a person should look at.
package struct GuessWarning: Hashable, Sendable {
  /// What was seen, with ranges and counts, as a sentence or two. No cell's content.
  package var text: String
  /// Whether the list cannot be used so, or would be misread; else it is good to know.
  package var isProblem: Bool
  /// Lines of a column map that would be right if the warning is; never used by themselves.
  package var instead: [(key: String, heading: String)]

  init(_ text: String, isProblem: Bool, instead: [(key: String, heading: String)] = []) {
    self.text = text
    self.isProblem = isProblem
    self.instead = instead
  }

  package static func == (one: GuessWarning, other: GuessWarning) -> Bool {
    one.text == other.text && one.isProblem == other.isProblem
      && one.instead.map(\.key) == other.instead.map(\.key)
      && one.instead.map(\.heading) == other.instead.map(\.heading)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
