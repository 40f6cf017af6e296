import Foundation
import Storage
import Testing
import Triage

@testable import triaged

/// A year of an instance, at instants that the test gives: a list every half hour, mail after each, the desk's round,
/// the matters', what monitors ask, retention once a day, and one claim with its outcome on each day that has an offer.
/// Sockets, and the loops' own waiting, are not in it.
///
/// `TRIAGED_YEAR=365` plays so many days (17,520 lists) alone in its process, and holds memory and open files to what they
/// were after the first quarter; otherwise it is two days of it.
@Suite("A year of lists, claims and mails")
struct YearTests {
  private static let asked = ProcessInfo.processInfo.environment["TRIAGED_YEAR"].flatMap(Int.init)
  private static let days = asked ?? 2
  /// Between two lists, in seconds.
  private static let every = 1800.0
  /// Memory that a year may add to what the first quarter has left: caches, and the jobs that are shown for a year.
  private static let mostGrowth = 24 << 20

  @Test("It reads every list, answers every claim, and grows no more than it has to")
  func year() async throws {
    try await withCounter { counter in
      // Five in a week, as the example has it, are fewer than are claimed.
      try await counter.placesForAll()
      var town = Town()
      var early: MachineFacts?
      var links: [String] = []
      var claimed = 0
      for day in 0..<Self.days {
        let morning = Counter.now + Double(day) * 86_400
        if day % 20 == 0 { try touchRegister(counter, at: morning) }
        town.turn(to: day, at: morning)
        for step in 0..<48 {
          let now = morning + Double(step) * Self.every
          try counter.feed.put("list-\(day)-\(step).csv", town.rows(at: now), at: now)
          try await go(counter, at: now + 60)
          if step == 4 { claimed += try await claimOne(of: &links, counter, at: now + 120) ? 1 : 0 }
        }
        try await counter.feed.purge(morning + 86_000)
        if day == Self.days / 4 { early = facts(counter) }
      }
      let reports = try await counter.feed.store.feedStatuses()
      let length: Double = Double(Self.days) * 86_400
      let newest: Date = Counter.now.addingTimeInterval(length - Self.every + 60)
      #expect(reports.first?.listAt == newest)
      #expect(reports.first?.episodes == [])
      let least: Int = max(1, Self.days * 5 / 7 - 1)
      #expect(claimed >= least, "\(claimed) claims")
      let late = facts(counter)
      if Self.asked != nil, let early { hold(late, to: early) }
    }
  }

  private func hold(_ late: MachineFacts, to early: MachineFacts) {
    let (before, after) = (early.residentBytes ?? 0, late.residentBytes ?? 0)
    print(
      "\(Self.days) days: \(Self.days * 48) lists; \(before >> 20) MiB and \(early.openFiles ?? 0) files after a quarter, "
        + "\(after >> 20) MiB and \(late.openFiles ?? 0) files at the end; the database has "
        + "\((late.databaseBytes ?? 0) >> 20) MiB.")
    #expect(before > 0 && after - before < Self.mostGrowth)
    #expect(late.openFiles == early.openFiles)
  }

  private func facts(_ counter: Counter) -> MachineFacts {
    let state = counter.feed.folder.path + "/state"
    return MachineFacts(state: state, database: state + "/triaged.sqlite")
  }

  /// What the loops do between two lists.
  private func go(_ counter: Counter, at now: Date) async throws {
    try await counter.feed.round(now)
    try await counter.deliver(at: now)
    try await counter.watch(at: now)
    try await counter.matterWatch().round(now: now)
    _ = try await counter.office().metricsText(now: now)
  }

  /// Claims the first of what the mails offer and nobody has, and records what came of it.
  /// - Parameter links: of the mails that have come so far, without those that lead to nothing open any more.
  /// - Returns: whether there was something to claim.
  private func claimOne(
    of links: inout [String], _ counter: Counter, at now: Date
  ) async throws -> Bool {
    links += try counter.mails.flatMap { mail in
      mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map { String($0.output.1) }
    }
    let folder = counter.feed.folder.path + "/state/mail/new"
    for mail in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      try FileManager.default.removeItem(atPath: folder + "/" + mail)
    }
    while !links.isEmpty {
      let token = links.removeFirst()
      guard case .open(let offer) = try? await counter.desk(at: now).look(token) else { continue }
      let (view, _) = try await counter.view(
        token, "bob", offer.generation, .claim(second: "dee"), at: now)
      _ = try await counter.done(
        token, "bob", view.offer.generation, .record(OutcomeAnswers(kind: .noAnswer)),
        at: now + 3600)
      return true
    }
    return false
  }

  /// It is saved anew now and then, as a council does.
  private func touchRegister(_ counter: Counter, at now: Date) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: now - 3600], ofItemAtPath: counter.feed.config + "/register.csv")
  }
}

/// Jobs come in and are closed: two quotes a day in the area, on the list for ten days; three hundred elsewhere.
private struct Town {
  private var quotes: [(number: Int, street: String, day: Int, recorded: Date)] = []
  private var today = 0
  private static let streets = ["Pipit", "Linnet", "Dunnock", "Siskin", "Wagtail", "Redstart"]

  mutating func turn(to day: Int, at morning: Date) {
    today = day
    for at in 0..<2 {
      let number = day * 2 + at + 1
      quotes.append(
        (number, Self.streets[number % Self.streets.count], day, morning - 3600))
    }
    quotes.removeAll { day - $0.day > 10 }
  }

  func rows(at now: Date) -> [String] {
    let inArea = quotes.map { quote in
      row(
        quote.number, "\(quote.number / 6 + 1) \(quote.street) Lane", quote.recorded,
        x: pointInNewCross.x)
    }
    let elsewhere = (0..<300).map {
      row(100_000 + $0, "\($0 + 1) Far Road", now - 5 * 86_400, x: pointInNewCross.x + 90_000)
    }
    return inArea + elsewhere
  }

  private func row(_ number: Int, _ address: String, _ recorded: Date, x: Double) -> String {
    let date = recorded.formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
        timeZone: .gmt, calendar: .init(identifier: .gregorian)))
    return
      "SS\(number),\(date),,,Bulky,Bulky waste quote,Open,Public,,\"\(address), Sutton in Ashfield\",NG17 9CM,"
      + "\(x),\(pointInNewCross.y),"
  }
}
