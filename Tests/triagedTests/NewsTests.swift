import FlareImport
import Foundation
import Testing
import Triage

@testable import triaged

@Suite("A list held against what is known")
struct NewsTests {
  private let now = Date(timeIntervalSince1970: 1_795_100_000)
  private var before: Date { now - 3600 }

  private func feed(_ kind: FeedSettings.Kind) -> Feed {
    Feed(
      settings: FeedSettings(
        name: "street-scene", source: .file(path: "/nowhere"), kind: kind,
        columns: ColumnMap(reference: "Ref", x: "E", y: "N")),
      hold: HoldLimits())
  }

  /// - Parameters:
  ///   - known: of whatever feed, all in the list of an hour before.
  ///   - usual: rows of the last lists that were believed.
  private func news(
    _ list: [Job], _ kind: FeedSettings.Kind = .snapshot, known: [Job], rows: Int? = nil,
    usual: [Int] = [], notLocated: Set<String> = [],
    spoil: (inout ImportReport) -> Void = { _ in }
  ) -> News {
    var report = ImportReport(feed: "street-scene", source: "list.csv")
    report.counts.rows = rows ?? list.count
    report.counts.inArea = list.count
    spoil(&report)
    let own = known.filter { $0.id.feed == "street-scene" }
    let feed = feed(kind)
    let ledger = Ledger(
      order: ledgerOrder(feed.settings),
      entries: own.map {
        LedgerEntry(job: $0, listed: $0.gone.map { .at($0) } ?? .newestComplete)
      }, complete: known.isEmpty ? nil : before)
    return News(
      of: ImportedList(jobs: list, report: report, notLocated: notLocated, sha256: ""),
      at: now, feed: feed, ledger: ledger, others: known.filter { $0.id.feed != "street-scene" },
      usual: usual)
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
    #expect(news.changed == 3)
    #expect(news.change.gone == 0)
  }

  @Test("The same list again changes nothing")
  func same() {
    let news = news(jobs(1...3), known: jobs(1...3).reversed())
    #expect(news.changed == 0)
    #expect(news.change.gone == 0)
    #expect(news.jobs.count == 3)
  }

  @Test("A job that a snapshot lacks is gone; from updates it is not")
  func gone() {
    let snapshot = news(jobs(2...3), known: jobs(1...3))
    #expect(snapshot.change.relisted.map(\.id.reference) == ["1"])
    // Gone since the last list that had it.
    #expect(snapshot.jobs.first { $0.id.reference == "1" }?.gone == before)
    #expect(news(jobs(2...3), .updates, known: jobs(1...3)).change.gone == 0)
  }

  @Test("A job that comes back is a change, so that it is no longer gone")
  func back() {
    var before = jobs(1...1)
    before[0].gone = now - 7200
    let news = news(jobs(1...1), known: before)
    #expect(news.changed == 1)
    #expect(news.jobs[0].gone == nil)
  }

  @Test("A job whose row lost its coordinates is in the list and not gone")
  func notLocated() {
    let news = news(jobs(2...3), known: jobs(1...3), rows: 3, notLocated: ["1"])
    #expect(news.change.gone == 0)
    #expect(news.doubts.isEmpty)
    #expect(news.jobs.allSatisfy { $0.gone == nil })
  }

  @Test("Jobs of other feeds are judged with and never gone")
  func otherFeeds() {
    let news = news(jobs(1...1), known: jobs(1...2, feed: "noise"))
    #expect(news.jobs.count == 3)
    #expect(news.change.gone == 0)
  }

  @Test("A list without a row closes nothing, however few were open")
  func empty() {
    let news = news([], known: jobs(1...2))
    #expect(news.change.gone == 0)
    #expect(!news.doubts.isEmpty)
    #expect(news.jobs.allSatisfy { $0.gone == nil })
  }

  @Test("A list that is cut off or has rows that cannot be read closes nothing")
  func cutOff() {
    let cut = news(jobs(2...3), known: jobs(1...3), rows: 3) { report in
      report.counts.unreadable = 1
      report.problemCounts["cutOff"] = 1
    }
    #expect(cut.change.gone == 0)
    #expect(cut.doubts.map(\.trouble) == [.incomplete])
    let footer = news(jobs(2...3), known: jobs(1...3), rows: 3) { report in
      report.counts.unreadable = 1
      report.problemCounts["repeatedHeader"] = 1
    }
    #expect(footer.change.gone == 1)
  }

  @Test("A list of half the rows of the one before closes nothing")
  func halved() {
    #expect(news(jobs(2...3), known: jobs(1...3), rows: 49, usual: [100]).change.gone == 0)
    #expect(news(jobs(2...3), known: jobs(1...3), rows: 50, usual: [100]).change.gone == 1)
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
    #expect(news.doubts.map(\.trouble) == (held ? [.vanished] : []))
    #expect(news.change.gone == (held ? 0 : missing))
  }

  @Test("A list with more than 2 % of its dates in the future is not taken at all")
  func future() {
    func taken(_ inFuture: Int) -> News {
      news(jobs(2...4), known: jobs(1...3)) { report in
        (report.dated, report.inFuture) = (100, inFuture)
      }
    }
    #expect(taken(2).doubts.isEmpty && taken(2).report.counts.new == 1)
    let held = taken(3)
    #expect(held.doubts.map(\.trouble) == [.futureDates] && held.intake.isHeldWhole)
    #expect(held.change == LedgerChange() && held.jobs.count == 3)
    #expect(held.report.counts.held == 3 && held.report.counts.addsUpInArea)
  }

  @Test(
    "Ten times the usual rows are not taken, of updates they are and it is told; few are no news there"
  )
  func grown() {
    let usual = [100, 90, 120]
    #expect(news(jobs(2...3), known: jobs(1...3), rows: 999, usual: usual).change.gone == 1)
    let grown = news(jobs(2...3), known: jobs(1...3), rows: 1000, usual: usual)
    #expect(grown.doubts.map(\.trouble) == [.grown] && grown.intake.isHeldWhole)
    let updates = news(jobs(2...3), .updates, known: [], rows: 1000, usual: usual)
    #expect(updates.doubts.count == 1 && updates.report.counts.new == 2)
    #expect(news(jobs(2...3), .updates, known: jobs(1...9), rows: 2, usual: usual).doubts.isEmpty)
  }
}
