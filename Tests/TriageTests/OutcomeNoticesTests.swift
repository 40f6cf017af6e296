import Foundation
import Testing
import Triage

@Suite("Mails about outcomes that are missing")
struct OutcomeNoticesTests {
  /// A Monday at 10:00.
  private let now = Date(timeIntervalSince1970: 1_795_428_000)
  private let zone = TimeZone.gmt

  private var notices: OutcomeNotices {
    OutcomeNotices(
      instance: "ashfield", words: CivilWords(zone: zone, now: now),
      board: "https://triage.example/board", newID: { "id" })
  }

  private func missing(
    _ number: Int64, _ cause: UnrecordedClaim.Cause, of holder: String
  ) -> OutcomeNotices.Missing {
    OutcomeNotices.Missing(
      item: DeskItem(
        opportunity: number, areaName: "New Cross", jobType: "Bulky waste quote", offer: .visit,
        since: now - 3 * 86_400),
      since: CivilDay("2026-11-20")!, cause: cause, holder: holder)
  }

  private let ann = Member(
    id: "ann", name: "Ann Archer", agency: "Council", email: "ann@example.org", channel: "post")

  @Test("A list of the week counts by name, the most first, and no name stands in its subject")
  func week() {
    let notice = notices.week(
      [
        OutcomeNotices.AreaList(
          name: "New Cross",
          missing: [
            missing(1, .setOut, of: "Bob Baker"), missing(2, .planned, of: "Dee Dale"),
            missing(3, .lapsed, of: "Dee Dale"),
          ]),
        OutcomeNotices.AreaList(
          name: "Stanton Hill", missing: [missing(4, .lapsed, of: "Bob Baker")]),
      ], to: ann)
    #expect(notice.subject == "ashfield: 4 outcomes are missing")
    #expect(
      notice.paragraphs.prefix(6) == [
        "In New Cross 3 outcomes are missing: 2 of Dee Dale, 1 of Bob Baker.",
        "Number 1: Bulky waste quote, a visit, received 20 November. Bob Baker set out on 20 November.",
        "Number 2: Bulky waste quote, a visit, received 20 November. Dee Dale had planned it for 20 November.",
        "Number 3: Bulky waste quote, a visit, received 20 November. It went back from Dee Dale on 20 November.",
        "In Stanton Hill one outcome is missing: 1 of Bob Baker.",
        "Number 4: Bulky waste quote, a visit, received 20 November. It went back from Bob Baker on 20 November.",
      ])
    #expect(notice.paragraphs[6].hasSuffix(": https://triage.example/board"))
  }

  @Test("Beyond twenty lines of an area their number is said")
  func long() {
    let many = (1...23).map { missing($0, .setOut, of: "Bob Baker") }
    let notice = notices.week(
      [OutcomeNotices.AreaList(name: "New Cross", missing: many)], to: ann)
    #expect(notice.paragraphs.count == 1 + 20 + 1 + 2)
    #expect(notice.paragraphs[21] == "And 3 more.")
  }

  @Test("A holder is told what to do with what is held, and with what went back")
  func holder() {
    let one = notices.missing([missing(1, .setOut, of: "Ann Archer")], to: ann)
    #expect(one.subject == "ashfield: an outcome in New Cross is missing")
    #expect(!one.paragraphs.contains { $0.hasPrefix("What went back") })
    #expect(one.paragraphs.contains { $0.contains("board too: https://triage.example/board. ") })
    let both = notices.missing(
      [missing(1, .planned, of: "Ann Archer"), missing(2, .lapsed, of: "Ann Archer")], to: ann)
    #expect(both.subject == "ashfield: 2 outcomes are missing")
    #expect(both.paragraphs.contains { $0.hasPrefix("What you hold") })
    #expect(both.paragraphs.contains { $0.hasPrefix("What went back") })
  }

  @Test(
    "An outcome is missing from the day after somebody set out, or was to; what went back from the next day"
  )
  func since() {
    let today = CivilDay(now, in: zone)
    func claim(_ change: (inout UnrecordedClaim) -> Void) -> UnrecordedClaim {
      var claim = UnrecordedClaim(
        opportunity: 1, generation: 1, area: "new-cross", jobType: "x", offer: .visit,
        received: now, holder: "bob")
      change(&claim)
      return claim
    }
    func cause(_ claim: UnrecordedClaim, on day: CivilDay) -> UnrecordedClaim.Cause? {
      claim.missing(on: day, in: zone)?.cause
    }
    #expect(cause(claim { _ in }, on: today.plus(99)) == nil)
    let planned = claim { $0.plannedFor = today }
    #expect(cause(planned, on: today) == nil && cause(planned, on: today.plus(1)) == .planned)
    let out = claim {
      $0.plannedFor = today.plus(5)
      $0.setOutAt = now
    }
    #expect(cause(out, on: today) == nil && cause(out, on: today.plus(1)) == .setOut)
    let lapsed = claim {
      $0.setOutAt = now
      $0.lapsedAt = now + 86_400
    }
    #expect(cause(lapsed, on: today.plus(1)) == nil && cause(lapsed, on: today.plus(2)) == .lapsed)
  }
}
