import Triage
import Yams

/// `signals`: what the history at an address, and around it, adds.
/// - Parameter base: what holds where a key is left out.
func readSignals(_ section: Section?, base: Signals = Signals()) -> Signals {
  guard let section else { return base }
  let points = 0...100
  let signals = Signals(
    repeatWithinYear: section.int("repeat", default: base.repeatWithinYear, in: points),
    secondKind: section.int("second_kind", default: base.secondKind, in: points),
    moreOftenLately: section.int("more_often_lately", default: base.moreOftenLately, in: points),
    firstInYear: section.int("first", default: base.firstInYear, in: points),
    several: section.int("several", default: base.several, in: points),
    reciprocal: switchable("reciprocal", in: section, base: base.reciprocal, readReciprocal),
    neighbours: switchable("neighbours", in: section, base: base.neighbours, readNeighbours))
  // A second job at an address must never lower its score.
  if signals.firstInYear > signals.repeatWithinYear {
    let most = signals.repeatWithinYear
    section.problem(
      at: "first",
      "'first' has \(signals.firstInYear) points and 'repeat' \(most): a second job would lower the score. "
        + "Give 'first' \(most) at most.")
  }
  section.finish()
  return signals
}

/// A signal that has settings of its own; `off` switches it off in an area.
private func switchable<Signal>(
  _ key: String, in section: Section, base: Signal?, _ read: (Section, Signal?) -> Signal
) -> Signal? {
  if section.node(key)?.scalar != nil {
    if section.bool(key, default: false) {
      section.problem(at: key, "'\(key)' takes its settings, or off.")
    }
    return nil
  }
  return section.section(key).map { read($0, base) } ?? base
}

private func readReciprocal(_ section: Section, _ base: Reciprocal?) -> Reciprocal {
  func text(_ key: String, _ usual: String?) -> String {
    usual.map { section.text(key, default: $0) } ?? section.requiredText(key)
  }
  let what = "'reciprocal'"
  let read = Reciprocal(
    points: section.int("points", default: base?.points ?? 0, in: 0...100),
    offer: section.choice("offer", default: base?.offer ?? .visit),
    name: text("name", base?.name), reason: text("reason", base?.reason),
    withinDays: section.days("within", default: base?.withinDays ?? 180, in: 1...365),
    window: readWindow(section, of: what, base: base?.window ?? Window()) ?? base?.window
      ?? Window())
  checkSentence("reason", read.reason, of: what, codes: [], in: section)
  section.finish()
  return read
}

private func readNeighbours(_ section: Section, _ base: Neighbours?) -> Neighbours {
  let read = Neighbours(
    points: section.int("points", default: base?.points ?? 0, in: 0...100),
    complaints: section.int("complaints", default: base?.complaints ?? 3, in: 2...100),
    metres: Double(section.int("within_metres", default: Int(base?.metres ?? 50), in: 1...1000)),
    withinDays: section.days("within", default: base?.withinDays ?? 180, in: 1...365))
  section.finish()
  return read
}
