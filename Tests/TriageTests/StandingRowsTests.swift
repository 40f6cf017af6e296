import Foundation
import Testing
import Triage

@Suite("Rows that nobody can read, list after list")
struct StandingRowsTests {
  private let start = Date(timeIntervalSince1970: 1_795_428_000)

  private func at(_ hours: Double) -> Date { start + hours * 3600 }

  private func lost(_ digests: UInt64..., cells: [String] = []) -> LostRows {
    var rows = LostRows()
    for digest in digests { rows.add(digest, cells: cells) }
    return rows
  }

  @Test("They are overlooked once the list before had them all, and since when is told")
  func standing() {
    var rows = StandingRows()
    rows.take(lost(), at: at(0), isReread: false)
    #expect(rows.standing(lost(1)) == nil)
    rows.take(lost(1), at: at(1), isReread: false)
    #expect(rows.standing(lost(1))?.since == at(1))
    #expect(rows.standing(lost()) == nil, "nothing is to be overlooked")
    #expect(rows.standing(lost(1, 2)) == nil)
    #expect(rows.standing(lost(1, 1)) == nil, "one more of the same")
    rows.take(lost(1, 2), at: at(2), isReread: false)
    #expect(rows.standing(lost(1, 2))?.since == at(2))
    #expect(rows.standing(lost(1))?.since == at(1))
    rows.take(lost(2), at: at(3), isReread: false)
    #expect(rows.standing(lost(1)) == nil, "away for one list")
    rows.take(lost(1, 2), at: at(4), isReread: false)
    #expect(rows.standing(lost(1, 2))?.since == at(4))
  }

  @Test("What is older than the last time that the newest list came is history")
  func seenAgain() {
    var rows = StandingRows()
    rows.take(lost(), at: at(1), isReread: false)
    rows.seen(at: at(3))
    rows.take(lost(1), at: at(2), isReread: false)
    #expect(rows.standing(lost(1)) == nil, "the newest list has no such row")
    rows.take(lost(1), at: at(4), isReread: false)
    #expect(rows.standing(lost(1))?.since == at(4))
  }

  @Test("A clock that was far ahead rules nothing once it is right again")
  func clockAhead() {
    var rows = StandingRows()
    rows.take(lost(1), at: at(10_000), isReread: false)
    rows.limit(to: at(1))
    rows.take(lost(1, 2), at: at(2), isReread: false)
    #expect(rows.standing(lost(1))?.since == at(1))
    #expect(rows.standing(lost(1, 2))?.since == at(2))
  }

  @Test("A list in which one was cut off is never overlooked")
  func unknown() {
    var rows = StandingRows()
    var cut = lost(1)
    cut.addUnknown()
    for hour in 0..<3 { rows.take(cut, at: at(Double(hour)), isReread: false) }
    #expect(rows.standing(cut) == nil)
    var many = LostRows()
    for digest in 0..<2000 { many.add(UInt64(digest), cells: []) }
    #expect(!many.isComparable)
  }

  @Test("An older list without them, and the same list read otherwise, are no witnesses")
  func witnesses() throws {
    var rows = StandingRows()
    rows.take(lost(), at: at(0), isReread: false)
    rows.take(lost(1), at: at(1), isReread: false)
    rows.take(lost(1), at: at(5), isReread: false)
    rows.take(lost(1), at: at(2), isReread: false)
    #expect(rows.standing(lost(1))?.since == at(1))
    rows.take(lost(), at: at(3), isReread: false)
    #expect(try #require(rows.standing(lost(1))?.since) > at(3))
    #expect(try #require(rows.standing(lost(1))?.since) < at(5))
    // What other settings make unreadable was read at the same instant before.
    rows.take(lost(1, 2), at: at(5), isReread: true)
    #expect(try #require(rows.standing(lost(2))?.since) > at(5))
    var first = StandingRows()
    first.take(lost(1), at: at(1), isReread: false)
    #expect(try #require(first.standing(lost(1))?.since) > at(1), "what was before is not known")
  }

  @Test("They are remembered as they are, and hold no cell")
  func coded() throws {
    var rows = StandingRows()
    rows.take(lost(.max, 7, cells: ["Ann Smith"]), at: at(1.0001), isReread: false)
    let data = try JSONEncoder().encode(rows)
    #expect(try JSONDecoder().decode(StandingRows.self, from: data) == rows)
    let text = String(decoding: data, as: UTF8.self)
    #expect(!text.contains("Ann") && !text.contains("\(referencePrint("Ann Smith"))"))
  }

  // MARK: - What they do to jobs

  private func job(_ reference: String) -> Job {
    Job(
      id: JobRef(feed: "list", reference: reference), received: start, type: "Bulky",
      place: Place(address: "", point: GridPoint(x: 1, y: 2)), area: "a")
  }

  private func take(
    _ ledger: inout Ledger, _ references: [String], hours: Double, _ standing: Standing?
  ) {
    _ = ledger.take(
      Listing(
        jobs: references.map(job), at: at(hours), isComplete: true, standing: standing))
  }

  private func gone(_ ledger: Ledger) -> [String] {
    ledger.entries.values.filter { $0.job.gone != nil }.map(\.job.id.reference).sorted()
  }

  @Test("A job read beside them is gone when it is missing; one that could be one of them stays")
  func jobs() {
    var ledger = Ledger(order: .snapshot)
    take(&ledger, ["A", "B", "C"], hours: 0, nil)
    let standing = Standing(rows: 1, since: at(1), cells: [])
    take(&ledger, ["A", "B"], hours: 2, standing)
    #expect(gone(ledger).isEmpty, "C was never read beside the row")
    #expect(
      ledger.vanishing(
        from: Listing(
          jobs: [], at: at(3), isComplete: true,
          standing: standing)
      ).map(\.id.reference).sorted() == ["A", "B"])
    take(&ledger, ["A"], hours: 3, standing)
    #expect(gone(ledger) == ["B"])
    take(&ledger, ["A"], hours: 4, standing)
    #expect(gone(ledger) == ["B"], "C for as long as the row stands")
    take(&ledger, ["A"], hours: 5, nil)
    #expect(gone(ledger) == ["B", "C"])
    take(&ledger, ["B"], hours: 6, standing)
    #expect(
      gone(ledger) == ["A", "C"], "what is gone does not come back by a row that says nothing")
  }

  @Test("A job that is named in one of them stays, whatever was read beside it")
  func named() {
    var ledger = Ledger(order: .snapshot)
    take(&ledger, ["A", "B"], hours: 0, nil)
    take(&ledger, ["A", "B"], hours: 2, nil)
    take(&ledger, [], hours: 3, Standing(rows: 1, since: at(1), cells: [referencePrint("A")]))
    #expect(gone(ledger) == ["B"])
  }
}
