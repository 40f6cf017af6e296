import FlareImport
import Foundation
import Testing
import Triage

/// How many lists are made up: 2,000, or as `TRIAGED_LISTS` says.
private let listCount =
  ProcessInfo.processInfo.environment["TRIAGED_LISTS"].flatMap { Int($0) } ?? 2000

@Suite("Lists in any order")
struct LedgerPropertyTests {
  enum Kind: String, CaseIterable { case snapshot, updates, updatesThatSayWhen }

  @Test(
    "The state does not depend on the order of lists, twice is once, and all rows are accounted for",
    arguments: Kind.allCases)
  func anyOrder(_ kind: Kind) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/list.csv"
    let index = AreaIndex([square])
    var made = 0
    var seed: UInt64 = 0
    var (jobs, gone, unplaced) = (0, 0, 0)
    while made * Kind.allCases.count < listCount {
      seed += 1
      var maker = ListMaker(seed: seed)
      let lists = maker.lists()
      made += lists.count
      let read = try lists.compactMap { list -> (Listing, ImportReport)? in
        try Data(list.bytes).write(to: URL(fileURLWithPath: path))
        guard
          var found = try? readExport(
            at: path, settings: feed(kind), index: index,
            projection: .identity(.britishNational))
        else { return nil }  // Cut off in its header: nothing of it is taken.
        (found.report.dated, found.report.inFuture) = (10, list.isFuture ? 3 : 0)
        return (
          Listing(jobs: found.jobs, unplaced: found.notLocated, at: list.at, isComplete: true),
          found.report
        )
      }
      let orders = [Array(read.indices), Array(read.indices.reversed()), maker.order(read.count)]
      var states: [State] = []
      for (number, order) in orders.enumerated() {
        // The third time each list comes again at once, and all of them once more.
        let order = number < 2 ? order : order.flatMap { [$0, $0] } + order.shuffled()
        states.append(try state(after: order.map { read[$0] }, kind))
      }
      try #require(states[0] == states[1] && states[0] == states[2], "seed \(seed)")
      try #require(states[0] == expected(of: read, kind), "seed \(seed)")
      jobs += states[0].jobs.count
      gone += states[0].jobs.values.count { $0.job.gone != nil }
      unplaced += states[0].unplaced.count
    }
    // The lists are such that there is something to get wrong.
    #expect(jobs > made)
    #expect(kind == .snapshot ? gone * 10 > jobs && unplaced * 10 > made : gone + unplaced == 0)
  }

  /// What a ledger says, however it says it.
  private struct State: Equatable {
    var jobs: [String: Known]
    var unplaced: [Int64: Date]
    var complete: Date?

    struct Known: Equatable {
      var job: Job
      var listed: Date
    }

    init(jobs: [String: Known], unplaced: [Int64: Date], complete: Date?) {
      self.jobs = jobs
      self.unplaced = unplaced
      self.complete = complete
    }

    init(_ ledger: Ledger) {
      func instant(_ listed: Listed) -> Date {
        switch listed {
        case .newestComplete: ledger.complete ?? .distantPast
        case .at(let date): date
        }
      }
      jobs = ledger.entries.mapValues { Known(job: $0.job, listed: instant($0.listed)) }
      unplaced = ledger.unplaced.mapValues(instant)
      complete = ledger.complete
    }
  }

  /// The same by brute force: all lists looked at side by side.
  private func expected(of lists: [(Listing, ImportReport)], _ kind: Kind) -> State {
    let taken = lists.filter { $0.1.inFuture == 0 }
    let whole = taken.filter { _, report in
      let counts = report.counts
      let noJobs = [RowProblem.Kind.repeatedHeader, .noReference].map {
        report.problemCounts[$0.rawValue] ?? 0
      }
      return counts.unreadable == noJobs.reduce(0, +) && counts.rows > counts.unreadable
    }
    let isSnapshot = kind == .snapshot
    let complete = isSnapshot ? whole.map(\.0.at).max() : nil
    var unplaced: [Int64: Date] = [:]
    for (list, _) in taken where isSnapshot {
      for reference in list.unplaced {
        let print = referencePrint(reference)
        unplaced[print] = max(unplaced[print] ?? list.at, list.at)
      }
    }
    let rows = taken.flatMap { list, _ in list.jobs.map { State.Known(job: $0, listed: list.at) } }
    let byReference = Dictionary(grouping: rows, by: \.job.id.reference)
    let jobs = byReference.mapValues { rows in
      var newest = rows.max { one, other in
        func time(_ known: State.Known) -> Date {
          let job = known.job
          return job.updated ?? max(job.received ?? .distantPast, job.closed ?? .distantPast)
        }
        if kind == .updatesThatSayWhen, time(one) != time(other) { return time(one) < time(other) }
        return one.listed == other.listed
          ? isLater(other.job, than: one.job) : one.listed < other.listed
      }!
      let reference = newest.job.id.reference
      let last = max(newest.listed, unplaced[referencePrint(reference)] ?? newest.listed)
      if let complete, last < complete { newest.job.gone = last }
      return newest
    }
    return State(jobs: jobs, unplaced: unplaced, complete: complete)
  }

  private func state(after lists: [(Listing, ImportReport)], _ kind: Kind) throws -> State {
    var ledger = Ledger(order: order(kind))
    // What was written, as a store would have it.
    var stored: [String: LedgerEntry] = [:]
    for (list, report) in lists {
      let intake = ledger.take(list, report: report, usual: [], limits: limits)
      try #require(intake.report.counts.addsUp && intake.report.counts.addsUpInArea)
      for entry in intake.change.written { stored[entry.job.id.reference] = entry }
      for relisted in intake.change.relisted {
        stored[relisted.id.reference]?.listed = relisted.listed
        stored[relisted.id.reference]?.job.gone = relisted.gone
      }
      try #require(stored == ledger.entries)
    }
    return State(ledger)
  }

  /// What only a comparison with the lists before shows depends on them, and is off.
  private var limits: HoldLimits {
    var limits = HoldLimits()
    (limits.missingPercent, limits.shrunkPercent, limits.grownTimes) = (100, 100, 0)
    return limits
  }

  private func order(_ kind: Kind) -> Ledger.Order {
    switch kind {
    case .snapshot: .snapshot
    case .updates: .updates(byUpdate: false)
    case .updatesThatSayWhen: .updates(byUpdate: true)
    }
  }

  private func feed(_ kind: Kind) -> FeedSettings {
    settings { settings in
      settings.columns = ColumnMap(
        reference: "Ref", received: ["Received"],
        updated: kind == .updatesThatSayWhen ? ["Changed"] : [], status: "Status",
        address: ["Address"], x: "E", y: "N", notes: "Notes")
    }
  }
}
