import Foundation
import Testing
import Triage

@testable import triaged

private let monday = WatchedFeed.monday
private let hour = 3600.0

@Suite("A feed is watched")
struct FeedWatchTests {
  @Test("An older list that comes late tells history and closes nothing")
  func outOfOrder() async throws {
    try await withFeed { feed in
      try await feed.list(2...4, at: monday + hour)
      try feed.put("old.csv", (1...3).map { feed.row($0) }, at: monday)
      try await feed.round(monday + 2 * hour)
      #expect(try await feed.there() == [2, 3, 4])
      let old = try #require(try await feed.jobs().first)
      #expect(old.id.reference == "SS1" && old.gone == monday)
      #expect(try await feed.troubles().isEmpty)
      #expect(try await feed.reports().first?.counts.unchanged == 2)
    }
  }

  @Test("Two files in one poll come to the same as one after the other, in whatever order")
  func overlapping() async throws {
    var states: [[Job]] = []
    for names in [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
      try await withFeed { feed in
        let lists = [
          "a": ([1, 2, 3], monday), "b": ([2, 3, 4], monday + hour),
          "c": ([1, 4], monday + 2 * hour),
        ]
        for (poll, name) in names.enumerated() {
          let (rows, instant) = lists[name]!
          try feed.put("\(name).csv", rows.map { feed.row($0) }, at: instant)
          try await feed.round(monday + 3 * hour + Double(poll) * 60)
        }
        states.append(try await feed.jobs())
        #expect(try await feed.there() == [1, 4])
      }
    }
    #expect(states.allSatisfy { $0 == states[0] })
  }

  @Test(
    "Random lists through the store: the mirror does not depend on their order, nor on twice",
    arguments: 1...4)
  func anyOrder(seed: Int) async throws {
    var random = SplitMix64(state: UInt64(seed))
    let lists = (0..<4).map { _ in
      let at = monday + Double(Int.random(in: 0..<3, using: &random)) * 60
      let rows = (1...8).filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
      return (
        at: at,
        rows: rows.map { number in
          (number, status: ["Open", "Assigned"].randomElement(using: &random)!)
        } + [(Int.random(in: 1...8, using: &random), status: "Closed")]
      )
    }
    var states: [[Job]] = []
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1, 2, 0, 3, 1]] {
      try await withFeed(hold: "shrunk_percent: 100, missing_percent: 100") { feed in
        for (poll, at) in order.enumerated() {
          let rows = lists[at].rows.shuffled().map { feed.row($0.0, status: $0.status) }
          try feed.put("\(poll).csv", rows, at: lists[at].at)
          try await feed.round(monday + hour + Double(poll) * 60)
          if poll == 1 { try feed.restart() }
        }
        states.append(try await feed.jobs())
      }
    }
    #expect(states[0] == states[1] && states[0] == states[2])
    #expect(states[0].contains { $0.gone == nil })
  }

  struct Strange: CustomTestStringConvertible, Sendable {
    var trouble: FeedTrouble
    var numbers: [Int]
    var spoil: @Sendable (String) -> String = { $0 }
    var testDescription: String { trouble.rawValue }
  }

  static let strange = [
    Strange(trouble: .empty, numbers: []),
    Strange(trouble: .shrunk, numbers: Array(1...9)),
    Strange(trouble: .vanished, numbers: Array(12...20) + Array(21...25)),
    Strange(trouble: .grown, numbers: Array(1...1000)),
    Strange(trouble: .incomplete, numbers: Array(1...19), spoil: { $0 + "SS20,\"12/11" }),
    Strange(trouble: .unreadable, numbers: [], spoil: { _ in "<!DOCTYPE html><p>Sign in" }),
  ]

  @Test(
    "A strange list closes nothing; its beginning and its end are told once each",
    arguments: strange)
  func strangeList(_ strange: Strange) async throws {
    try await withFeed { feed in
      for at in 0..<3 { try await feed.list(1...20, at: monday + Double(at)) }
      var now = monday
      for _ in 0..<3 {
        now += hour
        let rows = strange.numbers.map { feed.row($0) + "\r\n" }.joined()
        let header = FictionalTown.header.joined(separator: ",") + "\r\n"
        try feed.put(
          "\(now.timeIntervalSince1970).csv", text: strange.spoil(header + rows), at: now)
        try await feed.round(now + 60)
        #expect(try await feed.troubles() == [strange.trouble])
        let there = try await feed.there()
        #expect(Set(1...20).isSubset(of: there))
        // What is new in it is taken, except where it may be a wrong filter's work.
        let taken = strange.trouble == .grown ? [] : strange.numbers
        #expect(Set(there) == Set(1...20).union(taken))
        #expect(try await feed.mails(by: now + 60) == ["\(strange.trouble.rawValue) begins"])
        if strange.trouble != .unreadable {
          #expect(try await feed.status().held?.trouble == strange.trouble)
          #expect(try await feed.reports().first?.heldBecause.isEmpty == false)
        }
        // A restart in between tells nothing again.
        try feed.restart()
        try await feed.round(now + 120)
        #expect(try await feed.mails(by: now + 120) == ["\(strange.trouble.rawValue) begins"])
      }
      now += hour
      try await feed.list(1...20, at: now)
      #expect(try await feed.troubles().isEmpty)
      #expect(try await feed.status().held == nil)
      #expect(try await feed.mails(by: now + 30 * 60).count == 1)
      try await feed.list(1...20, at: now + hour)
      #expect(
        try await feed.mails(by: now + 2 * hour)
          == ["\(strange.trouble.rawValue) begins", "\(strange.trouble.rawValue) over"])
    }
  }

  @Test("A list that lacks the end of the one before closes nothing, until it has come twice")
  func cutBetweenRows() async throws {
    try await withFeed { feed in
      try await feed.list(1...20, at: monday)
      // Fewer are missing than the limits allow.
      try await feed.list(1...18, at: monday + hour)
      #expect(try await feed.there() == Array(1...20))
      #expect(try await feed.troubles() == [.incomplete])
      #expect(try await feed.status().held?.isWhole == false)
      try feed.restart()
      try await feed.list(1...18, at: monday + 2 * hour)
      #expect(try await feed.there() == Array(1...18))
      #expect(try await feed.status().held == nil)
      // What was changed elsewhere too was not cut off.
      try await feed.list(2...17, at: monday + 3 * hour)
      #expect(try await feed.there() == Array(2...17))
      #expect(try await feed.troubles().isEmpty)
    }
  }

  @Test("A feed that comes and goes within the quiet time is one episode, with one mail")
  func flapping() async throws {
    try await withFeed { feed in
      try await feed.list(1...20, at: monday)
      for at in 1...6 {
        let numbers = at.isMultiple(of: 2) ? 1...20 : 1...5
        try await feed.list(numbers, at: monday + Double(at) * 600)
      }
      #expect(try await feed.mails(by: monday + 90 * 60) == ["shrunk begins"])
      #expect(
        try await feed.mails(by: monday + 3 * hour) == ["shrunk begins", "shrunk over"])
    }
  }

  @Test("A folder that is away is told when it is away, and over when it is back")
  func unreachable() async throws {
    try await withFeed(hold: "quiet: 0s") { feed in
      try await feed.list(1...3, at: monday)
      try FileManager.default.moveItem(atPath: feed.drop, toPath: feed.drop + "-away")
      for at in 1...5 { try await feed.round(monday + Double(at) * hour) }
      #expect(try await feed.troubles() == [.unreachable])
      #expect(try await feed.mails(by: monday + 6 * hour) == ["unreachable begins"])
      try FileManager.default.moveItem(atPath: feed.drop + "-away", toPath: feed.drop)
      try await feed.round(monday + 6 * hour)
      #expect(try await feed.troubles().isEmpty)
      #expect(
        try await feed.mails(by: monday + 6 * hour) == ["unreachable begins", "unreachable over"])
    }
  }

  @Test("A list that cannot be put away is read once, and that is told")
  func notPutAway() async throws {
    try await withFeed { feed in
      try write("in the way", to: feed.archive)
      try await feed.list(1...3, at: monday)
      try await feed.round(monday + hour)
      #expect(try await feed.troubles() == [.notPutAway])
      #expect(try await feed.reports().count == 1)
      #expect(try await feed.there() == [1, 2, 3])
    }
  }
}
