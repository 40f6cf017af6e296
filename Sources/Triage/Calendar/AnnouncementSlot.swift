import Foundation

/// One time of an ``AnnouncementSchedule``. What is told at it is told once: it is known by ``key`` and not by an
/// instant, so that neither a restart nor a clock that is put forward or back makes two of it.
package struct AnnouncementSlot: Hashable, Sendable {
  package var day: CivilDay
  /// Minutes after midnight, as the schedule says them, also where the clocks leave that time out.
  package var minutes: Int
  package var due: Date
  /// Told later than that it would help nobody: the end of its civil day, or the beginning of the meeting.
  package var usefulUntil: Date
  /// When the meeting begins of which this is the pack.
  package var meeting: Date?

  package init(
    day: CivilDay, minutes: Int, due: Date, usefulUntil: Date, meeting: Date? = nil
  ) {
    self.day = day
    self.minutes = minutes
    self.due = due
    self.usefulUntil = usefulUntil
    self.meeting = meeting
  }

  /// "08:30".
  package var name: String { clockText(minutes) }

  /// Civil date and name: "2026-11-23 08:30".
  package var key: String { "\(day) \(name)" }
}

/// Minutes after midnight as a clock shows them: "08:30".
package func clockText(_ minutes: Int) -> String {
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(two(minutes / 60)):\(two(minutes % 60))"
}

extension AnnouncementSchedule {
  /// Civil days by which a pack comes earlier at most, so that it comes on a day on which it is read.
  private static let mostEarlier = 6

  /// The slots that are due after the first instant and not after the second, the earliest first.
  package func slots(after start: Date, through end: Date) -> [AnnouncementSlot] {
    guard start < end else { return [] }
    let first = CivilDay(start, in: calendar.zone).number - 1
    let last = CivilDay(end, in: calendar.zone).number + 1
    var slots: [AnnouncementSlot] = []
    func add(_ slot: AnnouncementSlot) {
      if slot.due > start, slot.due <= end { slots.append(slot) }
    }
    switch rhythm {
    case .none: return []
    case .times(let times, let days):
      for number in first...last {
        let day = CivilDay(number: number)
        guard days.contains(day.weekday), counts(day) else { continue }
        for minutes in times { add(slot(on: day, at: minutes)) }
      }
    case .meeting(let meeting):
      let ahead = meeting.ahead / 1440 + 1 + AnnouncementSchedule.mostEarlier
      for number in first...(last + ahead) {
        let day = CivilDay(number: number)
        if meeting.isHeld(on: day), counts(day) { add(pack(meeting, on: day)) }
      }
    }
    return slots.sorted { ($0.due, $0.key) < ($1.due, $1.key) }
  }

  /// The next slot after an instant; `nil` where none comes within two years.
  package func next(after instant: Date) -> AnnouncementSlot? {
    for days in [3.0, 30, 800] {
      let found = slots(after: instant, through: instant + days * 86_400)
      if let slot = found.first { return slot }
    }
    return nil
  }

  /// What is to be told now unless it has been: the last slot that has come, while it is still useful. What an
  /// earlier one would have told is told with it.
  ///
  /// A digest is useful until the next one, and on its own day: one of yesterday would be read as today's. A pack is
  /// until its meeting begins.
  package func slotInForce(at now: Date) -> AnnouncementSlot? {
    if isQuiet(at: now) { return nil }
    var reach = 2
    if case .meeting(let meeting) = rhythm {
      reach += meeting.ahead / 1440 + AnnouncementSchedule.mostEarlier
    }
    let last = slots(after: now - Double(reach) * 86_400, through: now).last
    return last.flatMap { now < $0.usefulUntil ? $0 : nil }
  }

  private func slot(on day: CivilDay, at minutes: Int) -> AnnouncementSlot {
    AnnouncementSlot(
      day: day, minutes: minutes, due: day.firstInstant(minutes: minutes, in: calendar.zone),
      usefulUntil: day.plus(1).firstInstant(minutes: 0, in: calendar.zone))
  }

  /// On a bank holiday nobody reads it, so it comes on the last day before that is none, that is not quiet, and on which
  /// the team works if it does on the day of the week that is meant; where there is no such day, on one that is not quiet.
  private func pack(_ meeting: Meeting, on held: CivilDay) -> AnnouncementSlot {
    let before = meeting.begins - meeting.ahead
    let days = before >= 0 ? 0 : -((1439 - before) / 1440)
    let nominal = held.plus(days)
    let day = counts(nominal) ? nominal : readBefore(nominal) ?? nominal
    let minutes = before - days * 1440
    let begins = held.firstInstant(minutes: meeting.begins, in: calendar.zone)
    return AnnouncementSlot(
      day: day, minutes: minutes, due: day.firstInstant(minutes: minutes, in: calendar.zone),
      usefulUntil: begins, meeting: begins)
  }

  private func readBefore(_ meant: CivilDay) -> CivilDay? {
    let days = (1...AnnouncementSchedule.mostEarlier).map { meant.plus(-$0) }
      .filter { counts($0) && !quiet.days.contains($0.weekday) }
    let isWorked = calendar.days.contains(meant.weekday)
    return days.first { calendar.days.contains($0.weekday) || !isWorked } ?? days.first
  }
}
