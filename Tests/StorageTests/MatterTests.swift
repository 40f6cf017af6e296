import Foundation
import Testing
import Triage

@testable import Storage

@Suite("What is the matter with the instance, and the mails about it")
struct MatterTests {
  private let register = Matter(.register, "The contact register is missing.")
  private let review = Matter(.rulesReview, "The rules were to be reviewed.")

  private func note(
    _ store: Store, _ current: [Matter], _ now: Date, unseen: Set<Matter.Kind> = []
  ) async throws -> MatterChange {
    @Sendable func notice(_ id: String) -> Notice {
      Notice(
        id: "\(id) \(Int(now.timeIntervalSince(noon)))", recipient: "it@example.org",
        channel: "post", subject: id, paragraphs: ["One."], created: now)
    }
    return try await store.noteMatters(
      current, unseen: unseen, now: now,
      begins: { notice("begins \($0.kind.rawValue)\($0.subject)") },
      over: { notice("over \($0.matter.kind.rawValue)\($0.matter.subject)") })
  }

  private func due(_ store: Store, _ now: Date) async throws -> [String] {
    try await store.dueNotices(now: now).map(\.id)
  }

  @Test("It begins once, and only its sentence changes while it lasts")
  func once() async throws {
    try await withStore { store in
      let first = try await note(store, [review], noon)
      #expect(first.began == [review])
      let later = Matter(.rulesReview, "They still were.")
      #expect(try await note(store, [later], noon + hour) == MatterChange())
      #expect(try await store.openMatters().map(\.matter) == [later])
      #expect(try await store.openMatters().map(\.began) == [noon])
      #expect(try await due(store, noon + hour) == ["begins rules-review 0"])
    }
  }

  @Test("Of two areas each is told; the same said twice is one matter")
  func subjects() async throws {
    try await withStore { store in
      let two = ["north", "south"].map { Matter(.leaderless, of: $0, "Nobody leads it.") }
      #expect(try await note(store, two + two, noon).began == two)
      let change = try await note(store, [two[1]], noon + hour)
      #expect(change.ended.map(\.matter) == [two[0]])
      #expect(try await store.openMatters().map(\.matter) == [two[1]])
    }
  }

  @Test("What is over before its mail was due is told to nobody")
  func shortly() async throws {
    try await withStore { store in
      _ = try await note(store, [register], noon)
      #expect(try await due(store, noon + 119).isEmpty)
      #expect(try await note(store, [], noon + 119).ended.count == 1)
      #expect(try await due(store, noon + day).isEmpty)
      #expect(try await store.openMatters().isEmpty)
    }
  }

  @Test("The end is told where it is news and the beginning was told, and of nothing else")
  func over() async throws {
    try await withStore { store in
      _ = try await note(store, [register, review], noon)
      _ = try await note(store, [], noon + 121)
      #expect(
        try await due(store, noon + hour) == [
          "begins rules-review 0", "begins register 0", "over register 121",
        ])
    }
  }

  @Test("What begins again before its end was told goes on, and nobody is told twice")
  func goesOn() async throws {
    try await withStore { store in
      _ = try await note(store, [register], noon)
      _ = try await note(store, [], noon + hour)
      #expect(try await note(store, [register], noon + hour + 1) == MatterChange())
      #expect(try await due(store, noon + day) == ["begins register 0"])
      #expect(try await store.openMatters().map(\.began) == [noon])
    }
  }

  @Test("Killed and started anew it owes nothing more, and what had ended meanwhile ends")
  func startedAnew() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      _ = try await note(store, [register, review], noon)
      // A kill closes nothing; the lock goes with the process.
      try store.close()
      store = try Store(path: path)
      #expect(try await note(store, [register, review], noon + hour) == MatterChange())
      try store.close()
      store = try Store(path: path)
      #expect(try await note(store, [register], noon + 2 * hour).ended.map(\.matter) == [review])
      #expect(try await due(store, noon + day).count == 2)
      try store.close()
    }
  }

  /// - Returns: how many mails have been owed by then.
  private func told(
    _ store: Store, _ current: [Matter], _ days: Double, unseen: Set<Matter.Kind> = []
  ) async throws -> Int {
    let change = try await note(store, current, noon + days * day, unseen: unseen)
    #expect(unseen.isEmpty || change.ended.isEmpty)
    return try await due(store, noon + 1000 * day).count
  }

  @Test(
    "Of more of it there is another mail, once a week at most; a look that cannot see it ends nothing"
  )
  func grows() async throws {
    func expired(_ count: Int, _ latest: String) -> [Matter] {
      [
        Matter(
          .registerExpired, "\(count) have expired.", extent: .init(count: count, latest: latest))
      ]
    }
    try await withStore { store in
      let first = try await told(store, expired(2, "2026-11-01"), 0)
      #expect(first == 1)
      #expect(try await told(store, expired(3, "2026-11-03"), 3) == 1, "too soon")
      #expect(try await told(store, [], 4, unseen: [.registerExpired]) == 1)
      #expect(try await store.openMatters().count == 1)
      #expect(try await told(store, expired(3, "2026-11-03"), 7) == 2)
      #expect(try await told(store, expired(3, "2026-11-03"), 30) == 2, "nothing new")
      #expect(try await told(store, expired(2, "2026-11-03"), 31) == 2, "fewer")
      #expect(try await told(store, expired(2, "2026-12-20"), 32) == 3, "another one of two")
      #expect(try await told(store, [], 33) == 3)
      #expect(try await told(store, expired(1, "2026-12-21"), 34) == 3, "told two days ago")
      #expect(try await told(store, expired(1, "2026-12-21"), 39) == 4)
    }
  }

  @Test("Where nobody is named to be told, it is written down all the same")
  func nobody() async throws {
    try await withStore { store in
      let change = try await store.noteMatters(
        [register], now: noon, begins: { _ in nil }, over: { _ in nil })
      #expect(change.began == [register])
      _ = try await store.noteMatters(
        [], now: noon + hour, begins: { _ in nil }, over: { _ in nil })
      #expect(try await due(store, noon + day).isEmpty)
    }
  }

  @Test("What is over is kept for the retention time, what lasts for ever")
  func purged() async throws {
    try await withStore { store in
      _ = try await note(store, [register, review], noon)
      _ = try await note(store, [register], noon + hour)
      _ = try await store.purge(
        before: noon + 2 * hour, endedBefore: noon + 2 * hour, snapshotFeeds: [])
      #expect(try await store.openMatters().map(\.matter) == [register])
    }
  }
}

@Suite("Jobs that show the other door")
struct OtherDoorTests {
  private func door(_ job: Job) -> OtherDoorJob {
    OtherDoorJob(job: job.id, area: job.area, kind: "Welfare")
  }

  private func tell(
    _ store: Store, _ jobs: [OtherDoorJob], _ id: String, at now: Date = noon
  ) async throws -> Int {
    try await store.tellOtherDoor(jobs, now: now) { untold in
      [
        OtherDoorMail(
          notice: Notice(
            id: id, recipient: "ann@example.org", channel: "post", subject: "Other door",
            paragraphs: untold.map(\.job.reference).sorted(), created: now), jobs: untold)
      ]
    }
  }

  @Test("Each is told once, when it is recorded, whatever happens in between")
  func once() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      let jobs = [job("A1"), job("A2", uprn: "10002")]
      #expect(try await tell(store, jobs.map(door), "early") == 0, "it is not recorded yet")
      _ = try await store.record(pass([jobs[0]], verdict([])))
      #expect(try await tell(store, jobs.map(door), "one") == 1)
      try store.close()
      store = try Store(path: path)
      #expect(try await tell(store, jobs.map(door), "again") == 0)
      _ = try await store.record(pass(jobs, verdict([]), at: noon + hour))
      #expect(try await tell(store, jobs.map(door), "two") == 1)
      let mails = try await store.dueNotices(now: noon + day)
      #expect(mails.map(\.id) == ["one", "two"])
      #expect(mails.map(\.paragraphs) == [["A1"], ["A2"]])
      try store.close()
    }
  }

  @Test("A job that nobody could be told of is asked for again")
  func nobody() async throws {
    try await withStore { store in
      let one = job("A1")
      _ = try await store.record(pass([one], verdict([])))
      let told = try await store.tellOtherDoor([door(one)], now: noon) { _ in [] }
      #expect(told == 0)
      #expect(try await tell(store, [door(one)], "one") == 1)
    }
  }

  @Test(
    "A mail that is refused for good is told again an hour later, unless somebody else has heard")
  func refused() async throws {
    try await withStore { store in
      let one = job("A1")
      _ = try await store.record(pass([one], verdict([])))
      #expect(try await tell(store, [door(one)], "one") == 1)
      #expect(try await store.otherDoorAreas() == ["one": "north"])
      #expect(try await store.noticeFailed(id: "one", why: "No such mailbox.", now: noon))
      let counts = try await store.noticeCounts(now: noon + 1)
      #expect(counts.otherDoorFailed == 1 && counts.failed == 0)
      #expect(try await tell(store, [door(one)], "soon", at: noon + hour - 1) == 0)
      #expect(try await tell(store, [door(one)], "two", at: noon + hour) == 1)
      #expect(try await store.noticeAccepted(id: "two", now: noon + hour))
      #expect(try await store.noticeCounts(now: noon + hour).otherDoorFailed == 0)
      #expect(try await tell(store, [door(one)], "three", at: noon + day) == 0)
    }
  }

  @Test(
    "A mail to somebody who leads no more is taken back, and those who lead now are told at once")
  func gone() async throws {
    try await withStore { store in
      let one = job("A1")
      _ = try await store.record(pass([one], verdict([])))
      #expect(try await tell(store, [door(one)], "one") == 1)
      try await store.withdrawOtherDoor(notice: "one")
      #expect(try await store.dueNotices(now: noon + day).isEmpty)
      #expect(try await tell(store, [door(one)], "two") == 1)
      try await store.noticeAccepted(id: "two", now: noon)
      try await store.withdrawOtherDoor(notice: "two")
      #expect(try await tell(store, [door(one)], "three") == 0, "what was accepted stays")
    }
  }
}
