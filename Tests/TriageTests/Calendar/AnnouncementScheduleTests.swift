import Foundation
import Testing

@testable import Triage

@Suite("When announcements are told")
struct AnnouncementScheduleTests {
  private let zone = TimeZone(identifier: "Europe/London")!

  private func instant(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  private func calendar(_ holidays: [String] = []) -> WorkingTime {
    WorkingTime(
      holidays: BankHolidays(divisions: [
        .englandAndWales: Set(holidays.compactMap { CivilDay($0) })
      ]), zone: zone)
  }

  private var twiceADay: AnnouncementSchedule {
    AnnouncementSchedule(
      .times([510, 780], days: Set(Weekday.allCases.prefix(5))), calendar: calendar())
  }

  private func fortnightly(ahead: Int = 1440, _ holidays: [String] = []) -> AnnouncementSchedule {
    AnnouncementSchedule(
      .meeting(.init(on: CivilDay("2026-11-24")!, weeks: 2, begins: 600, ahead: ahead)),
      calendar: calendar(holidays))
  }

  @Test("A slot is known by its civil date and its name, and comes on the days that are named")
  func keys() throws {
    let week = try twiceADay.slots(
      after: instant("2026-11-20T12:00:00Z"), through: instant("2026-11-24T09:00:00Z"))
    #expect(
      week.map(\.key) == [
        "2026-11-20 13:00", "2026-11-23 08:30", "2026-11-23 13:00", "2026-11-24 08:30",
      ])
    #expect(try week[1].due == instant("2026-11-23T08:30:00Z"))
    #expect(try twiceADay.next(after: week[0].due)?.key == "2026-11-23 08:30")
  }

  @Test(
    "An hour that the clocks leave out is due behind the gap; one that comes twice, at the first")
  func clockChanges() throws {
    let schedule = AnnouncementSchedule(
      .times([90], days: Set(Weekday.allCases)), calendar: calendar())
    let spring = try schedule.slots(
      after: instant("2027-03-27T12:00:00Z"), through: instant("2027-03-28T12:00:00Z"))
    #expect(spring.map(\.key) == ["2027-03-28 01:30"])
    #expect(try spring.first?.due == instant("2027-03-28T01:00:00Z"))
    let autumn = try schedule.slots(
      after: instant("2026-10-24T12:00:00Z"), through: instant("2026-10-25T12:00:00Z"))
    #expect(autumn.map(\.key) == ["2026-10-25 01:30"])
    #expect(try autumn.first?.due == instant("2026-10-25T00:30:00Z"))
  }

  @Test("On bank holidays there is no slot, unless they are kept as other days are")
  func holidays() throws {
    var schedule = twiceADay
    schedule.calendar = calendar(["2026-12-25", "2026-12-28"])
    let (start, end) = (
      try instant("2026-12-24T20:00:00Z"), try instant("2026-12-29T12:00:00Z")
    )
    #expect(schedule.slots(after: start, through: end).map(\.key) == ["2026-12-29 08:30"])
    schedule.keepsHolidays = true
    #expect(schedule.slots(after: start, through: end).count == 5)
  }

  @Test("A pack comes before every second meeting, and knows when the meeting begins")
  func packs() throws {
    let packs = try fortnightly().slots(
      after: instant("2026-11-01T00:00:00Z"), through: instant("2026-12-31T00:00:00Z"))
    #expect(
      packs.map(\.key) == [
        "2026-11-09 10:00", "2026-11-23 10:00", "2026-12-07 10:00", "2026-12-21 10:00",
      ])
    #expect(try packs[1].meeting == instant("2026-11-24T10:00:00Z"))
    // Across the change of the clocks a day is a day of the clock on the wall.
    let weekly = AnnouncementSchedule(
      .meeting(.init(on: CivilDay("2026-10-26")!, weeks: 1, begins: 570, ahead: 1440)),
      calendar: calendar())
    let pack = try weekly.next(after: instant("2026-10-24T12:00:00Z"))
    #expect(pack?.key == "2026-10-25 09:30")
    #expect(try pack?.due == instant("2026-10-25T09:30:00Z"))
    #expect(try pack?.meeting == instant("2026-10-26T09:30:00Z"))
  }

  @Test("A pack that would come on a bank holiday comes earlier; of a meeting on one there is none")
  func packsAndHolidays() throws {
    // Monday is a holiday: nobody who works from Monday to Friday reads it on the Sunday before.
    let moved = fortnightly(["2026-11-23", "2026-12-08"])
    let packs = try moved.slots(
      after: instant("2026-11-10T00:00:00Z"), through: instant("2026-12-31T00:00:00Z"))
    #expect(packs.map(\.key) == ["2026-11-20 10:00", "2026-12-21 10:00"])
    #expect(try packs.first?.usefulUntil == instant("2026-11-24T10:00:00Z"))
    for ahead in [0, 1, 600, 601, 1440, 2041, 2880, 20_160] {
      let pack = try #require(
        try fortnightly(ahead: ahead).slots(
          after: instant("2026-11-01T00:00:00Z"), through: instant("2026-11-24T10:00:00Z")
        ).last { $0.meeting == (try? instant("2026-11-24T10:00:00Z")) })
      #expect(pack.meeting!.timeIntervalSince(pack.due) == Double(ahead) * 60, "\(ahead)")
    }
  }

  @Test("Over Easter the pack of Tuesday's meeting comes on Thursday, which no quiet time may hide")
  func packOverEaster() throws {
    var schedule = fortnightly(["2027-03-26", "2027-03-29"])
    let easter = (try instant("2027-03-20T00:00:00Z"), try instant("2027-03-31T00:00:00Z"))
    #expect(
      schedule.slots(after: easter.0, through: easter.1).map(\.key) == ["2027-03-25 10:00"])
    schedule.quiet = .init(days: [.thursday])
    #expect(
      schedule.slots(after: easter.0, through: easter.1).map(\.key) == ["2027-03-24 10:00"])
  }

  @Test("What was missed is told while it is useful: until the next slot, and on its own day")
  func stillUseful() throws {
    func key(_ text: String) throws -> String? {
      try twiceADay.slotInForce(at: instant(text))?.key
    }
    #expect(try key("2026-11-23T08:29:59Z") == nil)
    #expect(try key("2026-11-23T08:30:00Z") == "2026-11-23 08:30")
    #expect(try key("2026-11-23T12:59:59Z") == "2026-11-23 08:30")
    #expect(try key("2026-11-23T23:59:59Z") == "2026-11-23 13:00")
    #expect(try key("2026-11-24T00:00:00Z") == nil)
    func pack(_ text: String) throws -> String? {
      try fortnightly(ahead: 2 * 1440).slotInForce(at: instant(text))?.key
    }
    #expect(try pack("2026-11-22T09:59:59Z") == nil)
    #expect(try pack("2026-11-22T10:00:00Z") == "2026-11-22 10:00")
    #expect(try pack("2026-11-24T09:59:59Z") == "2026-11-22 10:00")
    #expect(try pack("2026-11-24T10:00:00Z") == nil)
  }

  @Test("In quiet times nothing is told, neither at once nor late")
  func quiet() throws {
    var schedule = twiceADay
    schedule.quiet = .init(hours: .init(from: 1080, to: 480), days: [.sunday])
    for (text, isQuiet) in [
      ("2026-11-23T17:59:00Z", false), ("2026-11-23T18:00:00Z", true),
      ("2026-11-24T07:59:00Z", true), ("2026-11-24T08:00:00Z", false),
      ("2026-11-22T12:00:00Z", true),
    ] {
      #expect(try schedule.isQuiet(at: instant(text)) == isQuiet, "\(text)")
    }
    #expect(try schedule.slotInForce(at: instant("2026-11-23T18:00:00Z")) == nil)
    schedule.quiet = .init(isOutsideWorkingHours: true)
    #expect(try schedule.isQuiet(at: instant("2026-11-23T08:59:00Z")))
    #expect(try !schedule.isQuiet(at: instant("2026-11-23T09:00:00Z")))
    schedule.calendar = calendar(["2026-11-23"])
    schedule.quiet = .init(isOnHolidays: true)
    #expect(try schedule.isQuiet(at: instant("2026-11-23T12:00:00Z")))
    #expect(try !schedule.isQuiet(at: instant("2026-11-24T12:00:00Z")))
  }

  @Test("The clock may be put forward and back at random: no slot is told twice")
  func jumps() throws {
    var chance = Seeded(20_261_122)
    let schedules = [twiceADay, fortnightly(ahead: 1440)]
    for schedule in schedules {
      var told: Set<String> = []
      var now = try instant("2026-11-20T09:00:00Z")
      var wrong = 0
      for step in 0..<4000 {
        now += step % 5 == 0 ? Double.random(in: -90_000...100_000, using: &chance) : 600
        guard let slot = schedule.slotInForce(at: now) else { continue }
        if told.insert(slot.key).inserted, !(slot.due <= now && now < slot.usefulUntil) {
          wrong += 1
        }
        // What has come since would have been told instead.
        if !schedule.slots(after: slot.due, through: now).isEmpty { wrong += 1 }
      }
      #expect(wrong == 0)
      #expect(told.count > 2)
    }
  }

  @Test("It says itself in plain words")
  func words() throws {
    let now = try instant("2026-11-21T12:00:00Z")
    #expect(
      twiceADay.inWords(now: now)
        == "mails at 08:30 and 13:00, Monday to Friday, not on bank holidays; next Monday 23 November at 08:30"
    )
    var schedule = fortnightly()
    schedule.atOnce = .band("high")
    schedule.quiet = .init(
      hours: .init(from: 1080, to: 480), days: [.saturday, .sunday], isOnHolidays: true)
    schedule.sendsEmpty = false
    #expect(
      schedule.inWords(now: now)
        == "a pack 1 day before the meeting every second Tuesday at 10:00, not on bank holidays; "
        + "at once from \"high\" upward; nothing between 18:00 and 08:00 or on Saturday and Sunday or on bank holidays; "
        + "next Monday 23 November at 10:00; none where there is nothing new")
    let atOnce = AnnouncementSchedule(.none, atOnce: .everything, calendar: calendar())
    #expect(atOnce.inWords(now: now) == "mails at once")
    #expect(atOnce.next(after: now) == nil && atOnce.slotInForce(at: now) == nil)
    #expect(Weekday.inWords([.monday, .wednesday, .friday]) == "Monday, Wednesday and Friday")
    #expect(Weekday.inWords(Set(Weekday.allCases)) == "every day")
  }
}
