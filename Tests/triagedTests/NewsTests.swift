import FlareImport
import Foundation
import Testing
import Triage

@testable import triaged

@Suite("A list held against what is known")
struct NewsTests {
  private let now = Date(timeIntervalSince1970: 1_795_100_000)

  private func feed(_ kind: FeedSettings.Kind) -> FeedSettings {
    FeedSettings(
      name: "street-scene", source: .file(path: "/nowhere"), kind: kind,
      columns: ColumnMap(reference: "Ref", x: "E", y: "N"))
  }

  private func jobs(
    _ range: ClosedRange<Int>, status: String = "Open", feed: String = "street-scene"
  )
    -> [Job]
  {
    range.map {
      Job(
        id: JobRef(feed: feed, reference: "\($0)"), status: status,
        place: Place(address: "\($0) Pipit Lane"), area: "new-cross")
    }
  }

  @Test("On a first list everything is new")
  func first() {
    let news = News(of: jobs(1...3), feed: feed(.snapshot), known: [], rows: 3, now: now)
    #expect(news.changed == [0, 1, 2])
    #expect(news.gone.isEmpty)
  }

  @Test("The same list again changes nothing")
  func same() {
    let news = News(
      of: jobs(1...3), feed: feed(.snapshot), known: jobs(1...3).reversed(), rows: 3, now: now)
    #expect(news.changed.isEmpty)
    #expect(news.gone.isEmpty)
    #expect(news.jobs.count == 3)
  }

  @Test("A job that a snapshot lacks is gone; from updates it is not")
  func gone() {
    let snapshot = News(
      of: jobs(2...3), feed: feed(.snapshot), known: jobs(1...3), rows: 2, now: now)
    #expect(snapshot.gone.map(\.reference) == ["1"])
    #expect(snapshot.jobs.first { $0.id.reference == "1" }?.gone == now)
    let updates = News(of: jobs(2...3), feed: feed(.updates), known: jobs(1...3), rows: 2, now: now)
    #expect(updates.gone.isEmpty)
  }

  @Test("A job that comes back is a change, so that it is no longer gone")
  func back() {
    var before = jobs(1...1)
    before[0].gone = now
    let news = News(of: jobs(1...1), feed: feed(.snapshot), known: before, rows: 1, now: now)
    #expect(news.changed == [0])
    #expect(news.jobs[0].gone == nil)
  }

  @Test("Jobs of other feeds are judged with and never gone")
  func otherFeeds() {
    let news = News(
      of: jobs(1...1), feed: feed(.snapshot), known: jobs(1...2, feed: "noise"), rows: 1, now: now)
    #expect(news.jobs.count == 3)
    #expect(news.gone.isEmpty)
  }

  @Test("A list without a row closes nothing, however few were open")
  func empty() {
    let news = News(of: [], feed: feed(.snapshot), known: jobs(1...2), rows: 0, now: now)
    #expect(news.gone.isEmpty)
    #expect(news.held != nil)
    #expect(news.jobs.allSatisfy { $0.gone == nil })
  }

  @Test(
    "More than 10 and more than 10 % missing at once is held, up to that it is believed",
    arguments: [
      (open: 20, missing: 10, held: false), (open: 20, missing: 11, held: true),
      (open: 109, missing: 11, held: true), (open: 110, missing: 11, held: false),
      (open: 1000, missing: 100, held: false), (open: 1000, missing: 101, held: true),
    ])
  func half(open: Int, missing: Int, held: Bool) {
    let news = News(
      of: jobs((missing + 1)...open), feed: feed(.snapshot), known: jobs(1...open),
      rows: open - missing, now: now)
    #expect((news.held != nil) == held)
    #expect(news.gone.count == (held ? 0 : missing))
  }
}
