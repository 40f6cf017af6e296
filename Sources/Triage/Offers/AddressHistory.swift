/// The jobs of 12 months at one address at one moment, counted.
struct AddressHistory {
  /// Those that may be a reason are among them however old they are.
  var count = 0
  /// In the last 90 days, and in the 90 before.
  var lately = 0
  var before = 0
  var hasTwoTypes = false
  var hasTwoFeeds = false
  /// Several complaints near one of the address's places.
  var hasNeighbours = false
  private var type = -1
  private var feed = -1

  /// - Parameter age: in seconds.
  mutating func add(type: Int, feed: Int, age: Double) {
    if count == 0 {
      self.type = type
      self.feed = feed
    } else {
      if type != self.type { hasTwoTypes = true }
      if feed != self.feed { hasTwoFeeds = true }
    }
    count += 1
    if age <= 90 * secondsOfDay {
      lately += 1
    } else if age <= 180 * secondsOfDay {
      before += 1
    }
  }

  var isMoreOftenLately: Bool { lately > before && lately > 1 }
}

/// The points of each signal: `nil` where it does not hold or is switched off.
struct SignalPoints {
  var repeated: Int?
  var secondKind: Int?
  var lately: Int?
  var first: Int?
  var neighbours: Int?
  var several: Int?
  /// What ``several`` is worth where it holds.
  private var weightOfSeveral: Int

  init(_ history: AddressHistory, _ weights: Signals) {
    func points(_ points: Int, _ holds: Bool) -> Int? { holds && points > 0 ? points : nil }
    repeated = points(weights.repeatWithinYear, history.count > 1)
    secondKind = points(weights.secondKind, history.hasTwoTypes || history.hasTwoFeeds)
    lately = points(weights.moreOftenLately, history.isMoreOftenLately)
    first = points(weights.firstInYear, history.count == 1)
    neighbours = points(weights.neighbours?.points ?? 0, history.hasNeighbours)
    weightOfSeveral = weights.several
    count(isReciprocal: false)
  }

  /// Two households together: each signal once, for the better of the two.
  init(_ one: SignalPoints, _ other: SignalPoints) {
    func better(_ path: KeyPath<SignalPoints, Int?>) -> Int? {
      [one[keyPath: path], other[keyPath: path]].compactMap { $0 }.max()
    }
    repeated = better(\.repeated)
    secondKind = better(\.secondKind)
    lately = better(\.lately)
    first = better(\.first)
    neighbours = better(\.neighbours)
    weightOfSeveral = max(one.weightOfSeveral, other.weightOfSeveral)
    count(isReciprocal: true)
    // Either the one or the other counts; where two areas' rules weigh them otherwise, what is worth more.
    if let mine = repeated, let lone = first {
      if lone > mine { repeated = nil } else { first = nil }
    }
  }

  private mutating func count(isReciprocal: Bool) {
    var holding = isReciprocal ? 1 : 0
    if repeated != nil { holding += 1 }
    if secondKind != nil { holding += 1 }
    if lately != nil { holding += 1 }
    if neighbours != nil { holding += 1 }
    several = holding > 1 && weightOfSeveral > 0 ? weightOfSeveral : nil
  }

  var sum: Int {
    (repeated ?? 0) + (secondKind ?? 0) + (lately ?? 0) + (first ?? 0) + (neighbours ?? 0)
      + (several ?? 0)
  }
}
