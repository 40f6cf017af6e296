import Foundation

/// An opportunity as far as it asks for one of the week's places.
package struct Contender: Sendable {
  package var address: AddressKey
  package var second: AddressKey?
  package var area: String
  package var trigger: JobRef
  /// Since when the oldest of its reasons waits.
  package var waitingSince: Date
  package var isAboveLine: Bool
  /// There was another job at the address when it began to wait.
  package var hasHistory: Bool
  /// Of its trigger: when the window closes, the wait is over as well.
  package var closesAfterDays: Int
  package var isShadow: Bool

  package init(
    address: AddressKey, second: AddressKey? = nil, area: String, trigger: JobRef,
    waitingSince: Date, isAboveLine: Bool, hasHistory: Bool, closesAfterDays: Int,
    isShadow: Bool = false
  ) {
    self.address = address
    self.second = second
    self.area = area
    self.trigger = trigger
    self.waitingSince = waitingSince
    self.isAboveLine = isAboveLine
    self.hasHistory = hasHistory
    self.closesAfterDays = closesAfterDays
    self.isShadow = isShadow
  }
}

/// Who has a place in this week, by the address (of two households the first).
package struct Pace: Hashable, Sendable {
  package var offered: Set<AddressKey> = []
  /// Of ``offered`` and ``shadowed``, those drawn by lot, now or before.
  package var drawn: Set<AddressKey> = []
  /// On trial: would be offered.
  package var shadowed: Set<AddressKey> = []

  package init() {}
}

/// Hands out the week's places: what is offered stays offered, a drawn one stays while a job of it is a reason,
/// most of the free places go to the best above the line, and the stated share to whom the lot draws. A drawn
/// place for which nobody is there stays free for whoever comes within the week. What is on trial has the same
/// number of places for itself.
/// - Parameters:
///   - contenders: best first.
///   - today: the civil day of `now`.
package func pace(
  _ contenders: [Contender], team: Team, past: PastOffers, today: CivilDay, now: Date
) -> Pace {
  let teams = Dictionary(team.areas.map { ($0.area, $0) }, uniquingKeysWith: { one, _ in one })
  let week = Week(of: today)
  var pace = Pace()
  var byArea: [String: [Int]] = [:]
  for (at, contender) in contenders.enumerated() {
    let wasDrawn = contender.keys.contains { past.drawn.contains($0) }
    let isOpen = contender.keys.contains { key in
      past.open[key] == .offered || past.open[key] == .claimed
    }
    if isOpen, contender.isAboveLine || wasDrawn {
      pace.offered.insert(contender.address)
      if wasDrawn { pace.drawn.insert(contender.address) }
    } else if contender.isShadow, contender.keys.contains(where: past.shadowed.contains),
      contender.isAboveLine || wasDrawn
    {
      pace.shadowed.insert(contender.address)
      if wasDrawn { pace.drawn.insert(contender.address) }
    } else {
      byArea[contender.area, default: []].append(at)
    }
  }
  for (area, waiting) in byArea {
    guard let team = teams[area], team.paused == nil, team.weeklyCapacity > 0 else { continue }
    for isShadow in [false, true] {
      let waiting = waiting.filter { contenders[$0].isShadow == isShadow }
      if waiting.isEmpty { continue }
      let places = FreePlaces(
        week, team, used: (isShadow ? past.shadowedThisWeek : past.offeredThisWeek)[area] ?? 0,
        drawn: (isShadow ? past.shadowDrawnThisWeek : past.drawnThisWeek)[area] ?? 0)
      let best = waiting.lazy.filter { contenders[$0].isAboveLine }.prefix(places.best)
      let taken = Set(best)
      let lot = draw(
        waiting.filter { !taken.contains($0) }.map { contenders[$0] }, places.drawn, week, now)
      let addresses = best.map { contenders[$0].address } + lot
      if isShadow {
        pace.shadowed.formUnion(addresses)
      } else {
        pace.offered.formUnion(addresses)
      }
      pace.drawn.formUnion(lot)
    }
  }
  return pace
}

extension Contender {
  fileprivate var keys: [AddressKey] { second.map { [address, $0] } ?? [address] }

  /// Whether the lot may draw it: it is below the line, or was without history when it began to wait, or has
  /// waited for four weeks, or for half the window of its trigger where that is less. Most windows close by
  /// then, and who waits for the lot until then would never be in it.
  fileprivate func isInLot(_ now: Date) -> Bool {
    let days = min(28, Double(closesAfterDays) / 2)
    return !isAboveLine || !hasHistory
      || now.timeIntervalSince(waitingSince) >= days * secondsOfDay
  }
}

/// A week from Monday to Sunday.
private struct Week {
  /// Weeks since that of 1 January 1970.
  let number: Int
  let monday: CivilDay

  init(of day: CivilDay) {
    monday = day.plus(-((day.number + 3) % 7 + 7) % 7)
    number = Int((Double(monday.number) / 7).rounded(.down))
  }
}

/// What is left of an area's places in a week.
private struct FreePlaces {
  let best: Int
  let drawn: Int

  /// - Parameters:
  ///   - used: places that were given in this week, drawn ones among them.
  init(_ week: Week, _ team: Team.AreaTeam, used: Int, drawn: Int) {
    let lots = drawnPlaces(
      of: week.number, capacity: team.weeklyCapacity, percent: team.drawnPercent)
    let all = max(0, team.weeklyCapacity - used)
    self.drawn = min(all, max(0, lots - drawn))
    best = max(0, min(all - self.drawn, team.weeklyCapacity - lots - (used - drawn)))
  }
}

/// How many of a week's places are drawn by lot: over the weeks the stated share, to the place, also where it
/// is less than one a week.
/// - Parameter week: weeks since that of 1 January 1970.
package func drawnPlaces(of week: Int, capacity: Int, percent: Int) -> Int {
  let percent = min(max(percent, 0), 100)
  func upTo(_ weeks: Int) -> Int {
    Int((Double(weeks) * Double(capacity * percent) / 100).rounded(.down))
  }
  return upTo(week + 1) - upTo(week)
}

/// Draws from those whom the best places may pass over for ever (``Contender/isInLot(_:)``). Whoever has waited for more weeks goes first, so that nobody waits without end; within a week it
/// is a lot that comes out the same for the same week.
private func draw(
  _ waiting: [Contender], _ places: Int, _ week: Week, _ now: Date
) -> [AddressKey] {
  guard places > 0 else { return [] }
  let seed = week.monday.description
  let lots = waiting.filter { $0.isInLot(now) }.map { contender in
    (
      since: Week(of: CivilDay(contender.waitingSince, in: .gmt)).number,
      lot: lot(seed, contender.area, contender.trigger), contender: contender
    )
  }
  return lots.sorted { one, other in
    if one.since != other.since { return one.since < other.since }
    if one.lot != other.lot { return one.lot < other.lot }
    return one.contender.address.text < other.contender.address.text
  }.prefix(places).map(\.contender.address)
}

/// The same number from run to run (FNV-1a, its bits mixed as in MurmurHash3).
private func lot(_ monday: String, _ area: String, _ trigger: JobRef) -> UInt64 {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325
  for text in [monday, area, trigger.feed, trigger.reference] {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = (value ^ 0xFF) &* 0x100_0000_01b3
  }
  value = (value ^ (value >> 33)) &* 0xff51_afd7_ed55_8ccd
  value = (value ^ (value >> 33)) &* 0xc4ce_b9fe_1a85_ec53
  return value ^ (value >> 33)
}
