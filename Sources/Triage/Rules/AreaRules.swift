/// What holds in one area: the agreed rules, or what replaces them there.
package struct AreaRules: Hashable, Sendable {
  /// As many as ``Rules/types`` and in the same order, with the same ids and patterns.
  package var types: [JobType]
  package var signals: Signals
  /// Highest first.
  package var bands: [Band]

  package init(types: [JobType], signals: Signals, bands: [Band]) {
    self.types = types
    self.signals = signals
    self.bands = bands
  }

  /// The band that a score reaches; `nil` is below the line.
  package func band(of points: Int) -> Band? {
    bands.filter { points >= $0.from }.max { $0.from < $1.from }
  }
}

/// A departure from the base rules for one area, with who decided it and why.
package struct AreaOverride: Hashable, Sendable {
  package var area: String
  package var by: String
  /// A civil date `yyyy-MM-dd`; empty where none is given.
  package var on: String
  package var why: String
  package var rules: AreaRules

  package init(area: String, by: String, on: String = "", why: String, rules: AreaRules) {
    self.area = area
    self.by = by
    self.on = on
    self.why = why
    self.rules = rules
  }
}
