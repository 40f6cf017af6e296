import FlareImport
import Foundation
import Testing
import Triage

@testable import triaged

@Suite("A list held against what is known")
struct NewsTests {
  private let now = Date(timeIntervalSince1970: 1_795_100_000)

  private func feed(_ kind: FeedSettings.Kind) -> Feed {
    Feed(
      settings: FeedSettings(
        name: "street-scene", source: .file(path: "/nowhere"), kind: kind,
        columns: ColumnMap(reference: "Ref", x: "E", y: "N")),
      hold: HoldLimits())
  }

  private func news(
    _ list: [Job], _ kind: FeedSettings.Kind = .snapshot, known: [Job], rows: Int? = nil,
    rowsBefore: Int = 0, notLocated: Set<String> = [],
    spoil: (inout ImportReport) -> Void = { _ in }
  ) -> News {
    var report = ImportReport(feed: "street-scene", source: "list.csv")
    report.counts.rows = rows ?? list.count
    report.counts.inArea = list.count
    spoil(&report)
    return News(
      of: ImportedList(jobs: list, report: report, notLocated: notLocated, sha256: ""),
      feed: feed(kind), known: known, rowsBefore: rowsBefore, now: now)
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
    let news = news(jobs(1...3), known: [])
    #expect(news.changed == [0, 1, 2])
    #expect(news.gone.isEmpty)
  }

  @Test("The same list again changes nothing")
  func same() {
    let news = news(jobs(1...3), known: jobs(1...3).reversed())
    #expect(news.changed.isEmpty)
    #expect(news.gone.isEmpty)
    #expect(news.jobs.count == 3)
  }

  @Test("A job that a snapshot lacks is gone; from updates it is not")
  func gone() {
    let snapshot = news(jobs(2...3), known: jobs(1...3))
    #expect(snapshot.gone.map(\.reference) == ["1"])
    #expect(snapshot.jobs.first { $0.id.reference == "1" }?.gone == now)
    #expect(news(jobs(2...3), .updates, known: jobs(1...3)).gone.isEmpty)
  }

  @Test("A job that comes back is a change, so that it is no longer gone")
  func back() {
    var before = jobs(1...1)
    before[0].gone = now
    let news = news(jobs(1...1), known: before)
    #expect(news.changed == [0])
    #expect(news.jobs[0].gone == nil)
  }

  @Test("A job whose row lost its coordinates is in the list and not gone")
  func notLocated() {
    let news = news(jobs(2...3), known: jobs(1...3), rows: 3, notLocated: ["1"])
    #expect(news.gone.isEmpty)
    #expect(news.held == nil)
    #expect(news.jobs.allSatisfy { $0.gone == nil })
  }

  @Test("Jobs of other feeds are judged with and never gone")
  func otherFeeds() {
    let news = news(jobs(1...1), known: jobs(1...2, feed: "noise"))
    #expect(news.jobs.count == 3)
    #expect(news.gone.isEmpty)
  }

  @Test("A list without a row closes nothing, however few were open")
  func empty() {
    let news = news([], known: jobs(1...2))
    #expect(news.gone.isEmpty)
    #expect(news.held != nil)
    #expect(news.jobs.allSatisfy { $0.gone == nil })
  }

  @Test("A list that is cut off or has rows that cannot be read closes nothing")
  func cutOff() {
    let cut = news(jobs(2...3), known: jobs(1...3), rows: 3) { report in
      report.counts.unreadable = 1
      report.problemCounts["cutOff"] = 1
    }
    #expect(cut.gone.isEmpty)
    #expect(cut.held != nil)
    let footer = news(jobs(2...3), known: jobs(1...3), rows: 3) { report in
      report.counts.unreadable = 1
      report.problemCounts["repeatedHeader"] = 1
    }
    #expect(footer.gone.map(\.reference) == ["1"])
  }

  @Test("A list of half the rows of the one before closes nothing")
  func halved() {
    #expect(news(jobs(2...3), known: jobs(1...3), rows: 49, rowsBefore: 100).gone.isEmpty)
    #expect(news(jobs(2...3), known: jobs(1...3), rows: 50, rowsBefore: 100).gone.count == 1)
  }

  @Test(
    "More than 10 and more than 10 % missing at once is held, up to that it is believed",
    arguments: [
      (open: 20, missing: 10, held: false), (open: 20, missing: 11, held: true),
      (open: 109, missing: 11, held: true), (open: 110, missing: 11, held: false),
      (open: 1000, missing: 100, held: false), (open: 1000, missing: 101, held: true),
    ])
  func half(open: Int, missing: Int, held: Bool) {
    let news = news(jobs((missing + 1)...open), known: jobs(1...open))
    #expect((news.held != nil) == held)
    #expect(news.gone.count == (held ? 0 : missing))
  }
}
