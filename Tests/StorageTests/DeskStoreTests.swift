import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("What the desk writes")
struct DeskStoreTests {
  private func change(
    _ store: Store, _ by: String, _ seen: Int, _ action: DeskAction, at now: Date = noon,
    until: Date? = noon + day, tells: [Notice] = [], opportunity: Int64 = 1
  ) async throws -> DeskResult {
    try await store.change(
      DeskChange(
        opportunity: opportunity, seen: seen, by: by, action: action, now: now, until: until,
        leaders: ["ann"], channel: "smtp", tells: tells,
        takesBack: { told in
          Notice(
            id: "back-" + told.id, recipient: told.recipient, channel: told.channel,
            subject: "taken back", paragraphs: ["It is taken back."], created: now)
        },
        takesBackLink: { member in
          Notice(
            id: "link-back", recipient: member + "@example.org", channel: "smtp",
            subject: "not passed", paragraphs: ["It was not passed."], created: now)
        }))
  }

  private func notice(_ id: String, at now: Date = noon) -> Notice {
    Notice(
      id: id, recipient: "bob@example.org", channel: "smtp", subject: "told",
      paragraphs: ["It was taken over."], created: now)
  }

  @Test("What was told and not tried yet goes with an undo; what was tried is taken back by a mail")
  func undoneMails() async throws {
    for wasTried in [false, true] {
      try await withStore { store in
        try await offerOne(store)
        _ = try await change(store, "bob", 0, .claim(second: nil))
        let told = notice("one")
        _ = try await change(
          store, "dee", 1, .takeOver(why: .urgent, second: nil), tells: [told])
        if wasTried {
          #expect(try await store.noticeAttempting(id: "one", next: noon + 60, now: noon))
        }
        guard case .done = try await change(store, "dee", 2, .undo, at: noon + 5) else {
          Issue.record("it was not undone")
          return
        }
        let left = try await store.dueNotices(now: noon + hour).map(\.id)
        // What was tried and is still owed would arrive behind the mail that takes it back.
        #expect(left == (wasTried ? ["back-one"] : []))
        #expect(try await store.opportunity(1)?.holder == "bob")
      }
    }
  }

  @Test("To whom it is passed gets a link of their own, in a message that goes although it is held")
  func passedLink() async throws {
    try await withStore { store in
      try await offerOne(store)
      for digest in try await store.dueDigests(now: noon) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      _ = try await change(store, "bob", 0, .claim(second: "dee"))
      _ = try await change(store, "bob", 1, .pass(to: "dee", why: .tooMuch))
      let due = try await bundleAll(store, at: noon + 1)
      #expect(due.map(\.recipient) == ["dee"])
      #expect(due[0].items.map(\.cause) == [.passed] && due[0].items[0].causedBy == "bob")
      let link = try await store.link(hash: tokenHash(due[0].items[0].announcement))
      #expect(link?.recipient == "dee" && link?.cause == .passed && link?.revoked == false)
      let stored = try #require(try await store.opportunity(1))
      #expect(stored.holder == "dee" && stored.heldThrough == "dee" && stored.claim?.passes == 1)
      #expect(stored.claim?.second == nil, "nobody goes along with themselves")
      // It went out: the link ends, and a mail says so.
      #expect(
        try await store.attempting(digest: due[0].id, next: noon + hour, now: noon + 2))
      try await store.accepted(digest: due[0].id, now: noon + 2)
      _ = try await change(store, "bob", 2, .undo, at: noon + 9)
      #expect(
        try await store.link(hash: tokenHash(due[0].items[0].announcement))?.revoked == true)
      #expect(try await store.dueNotices(now: noon + 9).map(\.recipient) == ["dee@example.org"])
      #expect(try await store.opportunity(1)?.claim?.second == "dee")
    }
  }

  @Test("A pass that is undone before its mail went out leaves no mail and no link")
  func passedInVain() async throws {
    try await withStore { store in
      try await offerOne(store)
      for digest in try await store.dueDigests(now: noon) {
        try await store.accepted(digest: digest.id, now: noon)
      }
      _ = try await change(store, "bob", 0, .claim(second: nil))
      _ = try await change(store, "bob", 1, .pass(to: "ann", why: .tooMuch))
      _ = try await change(store, "bob", 2, .undo, at: noon + 9)
      #expect(try await bundleAll(store, at: noon + 10).isEmpty)
      #expect(try await store.dueNotices(now: noon + 9).isEmpty)
      // She leads the area: her own link works as before.
      #expect(try await store.link(hash: tokenHash(1))?.revoked == false)
      _ = try await change(store, "bob", 3, .pass(to: "dee", why: .tooMuch), at: noon + 20)
      _ = try await change(store, "bob", 4, .undo, at: noon + 29)
      #expect(try await bundleAll(store, at: noon + 30).isEmpty)
    }
  }

  @Test("An outcome cannot be undone where another one has been made at the household since")
  func undoTooLate() async throws {
    try await withStore { store in
      try await offerOne(store)
      _ = try await change(store, "bob", 0, .claim(second: nil))
      _ = try await change(store, "bob", 1, .record(OutcomeAnswers(kind: .noThankYou)))
      let next = job("A9")
      var told = pass([next], verdict([opportunity([next])]), at: noon + 60)
      told.past.answered = [:]
      try await store.record(told)
      #expect(try await store.counts().open == [.offered: 1])
      let result = try await change(store, "bob", 2, .undo, at: noon + 90)
      #expect(result == .refused(.notUndoable))
    }
  }

  @Test(
    "Every end is undone exactly",
    arguments: [
      DeskAction.decline(why: .inTouch), .decline(why: .notSafe), .release,
      .record(OutcomeAnswers(kind: .notADwelling)),
      .record(OutcomeAnswers(kind: .doNotContact)),
    ])
  func undoneEnd(action: DeskAction) async throws {
    try await withStore { store in
      try await offerOne(store)
      _ = try await change(store, "bob", 0, .claim(second: "dee"))
      let before = try #require(try await store.opportunity(1))
      _ = try await change(store, "bob", 1, action, at: noon + 60)
      #expect(try await store.opportunity(1)?.state != .claimed)
      let result = try await change(store, "bob", 2, .undo, at: noon + 600)
      guard case .done(let done) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(done.undone == action.name)
      var after = try #require(try await store.opportunity(1))
      #expect(after.generation == 3)
      after.generation = before.generation
      after.updatedAt = before.updatedAt
      #expect(after == before)
    }
  }

  @Test("Consent is kept in full, and never for enforcement")
  func consent() async throws {
    try await withStore { store in
      try await offerOne(store)
      _ = try await change(store, "bob", 0, .claim(second: nil))
      let answers = ConsentAnswers(
        isGiven: true, scope: [.support, .partner], on: CivilDay("2025-10-08")!, how: .byPhone,
        wording: "2026-11")
      _ = try await change(
        store, "bob", 1,
        .record(
          OutcomeAnswers(
            kind: .accepted, consent: answers, knownBefore: .notSure, lineThatMattered: "type:x")))
      let kept = try #require(try await store.opportunity(1)?.claim?.consent)
      #expect(kept.answers == answers && kept.by == "bob" && kept.withdrawnAt == nil)
      let row = try await store.read {
        try String.fetchAll(
          $0, sql: "SELECT known_before FROM outcome UNION ALL SELECT line FROM outcome")
      }
      #expect(row == ["not_sure", "type:x"])
      await #expect(throws: StoreError.self) {
        try await store.write {
          try $0.execute(sql: "UPDATE consent SET scope = '[\"enforcement\"]'")
        }
      }
      _ = try await change(store, "bob", 2, .withdrawConsent, at: noon + 9 * day)
      let after = try #require(try await store.opportunity(1)?.claim?.consent)
      #expect(after.withdrawnAt == noon + 9 * day && !after.allows(.partner))
    }
  }

  @Test("Of an outcome that was undone nothing stays of what was said at the door")
  func undoneAnswers() async throws {
    try await withStore { store in
      try await offerOne(store)
      _ = try await change(store, "bob", 0, .claim(second: nil))
      let answers = OutcomeAnswers(kind: .noThankYou, knownBefore: .notSure)
      _ = try await change(store, "bob", 1, .record(answers))
      func requests() async throws -> [String] {
        try await store.read {
          try String.fetchAll($0, sql: "SELECT request FROM desk_event ORDER BY id")
        }
      }
      #expect(try await requests()[1].contains("no_thank_you"))
      _ = try await change(store, "bob", 2, .undo, at: noon + 5)
      #expect(try await requests() == ["claim -", "", "undo"])
      // What was taken back can be done again, and is no repeat.
      _ = try await change(store, "bob", 3, .record(answers), at: noon + 9)
      #expect(try await store.opportunity(1)?.state == .done)
    }
  }

  @Test("The audit takes no change, and loses rows only when their time is over")
  func audit() async throws {
    try await withStore { store in
      try await offerOne(store)
      _ = try await change(store, "bob", 0, .claim(second: nil))
      _ = try await change(store, "bob", 7, .release, at: noon + day)
      for sql in [
        "UPDATE audit SET result = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1",
        "INSERT OR REPLACE INTO audit SELECT id, at, 'x', via, action, opportunity, generation, result, network, agency, hash FROM audit",
        "UPDATE OR REPLACE audit SET id = 1",
      ] {
        await #expect(throws: StoreError.self) {
          try await store.write { try $0.execute(sql: sql) }
        }
      }
      #expect(try await store.audit().map(\.result) == ["ok", "stale"])
      #expect(try await store.audit().map(\.actor) == ["bob", "bob"])
      let purged = try await store.purge(
        before: noon - day, endedBefore: noon + 1, snapshotFeeds: ["list"])
      #expect(purged["audit"] == 1)
      #expect(try await store.audit().map(\.action) == ["release", "purge-audit"])
      #expect(try await store.audit().first?.result == "stale")
      await #expect(throws: StoreError.self) {
        try await store.write { try $0.execute(sql: "DELETE FROM audit") }
      }
    }
  }

  @Test("Five wrong PINs in a row lock a member at a link; of many at a time no more are compared")
  func pins() async throws {
    try await withStore { store in
      try await offerOne(store)
      func attempt(_ isRight: Bool, _ member: String = "ann") async throws -> PINTry {
        try await store.tryPIN(announcement: 1, member: member, isRight: isRight, now: noon)
      }
      for _ in 0..<9 {
        #expect(
          try await store.tryPIN(
            announcement: 1, member: "ann", isRight: false, isGiven: false, now: noon)
            == .wrong(left: 5), "a form without a PIN is no try")
      }
      for left in [4, 3, 2] { #expect(try await attempt(false) == .wrong(left: left)) }
      #expect(try await attempt(true) == .right)
      let answers = try await withThrowingTaskGroup(of: PINTry.self) { group in
        for _ in 0..<40 { group.addTask { try await attempt(false) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.filter { $0 != .locked }.count == 4)
      #expect(try await attempt(true) == .locked)
      #expect(try await attempt(true, "bob") == .right)
    }
  }

  @Test("What is told is owed once, and of what has changed in the meantime not at all")
  func told() async throws {
    try await withStore { store in
      try await offerOne(store)
      func tell(_ kind: DeskTelling, _ epoch: Date, _ id: String) async throws -> Int {
        try await store.tell(
          [DeskTold(opportunity: 1, kind: kind, epoch: epoch, notices: [notice(id)])], now: noon)
      }
      #expect(try await tell(.remind, noon, "1") == 1)
      #expect(try await tell(.remind, noon, "2") == 0)
      #expect(try await tell(.leaseEnds, noon, "3") == 0, "nobody holds it")
      _ = try await change(store, "bob", 0, .claim(second: nil))
      #expect(try await tell(.duty, noon, "4") == 0, "somebody holds it")
      #expect(try await tell(.leaseEnds, noon + day, "5") == 1)
      #expect(try await tell(.leaseEnds, noon + 2 * day, "6") == 1, "another lease")
      #expect(try await store.dueNotices(now: noon).map(\.id) == ["5"], "the others do not hold")
      // What was not sent is told again when the claim is undone; what was sent is not.
      _ = try await change(store, "bob", 1, .undo)
      #expect(try await store.dueNotices(now: noon).isEmpty)
      #expect(try await tell(.remind, noon, "7") == 1)
      try await store.noticeAccepted(id: "7", now: noon)
      _ = try await change(store, "bob", 2, .claim(second: nil))
      _ = try await store.dueNotices(now: noon)
      _ = try await change(store, "bob", 3, .undo)
      #expect(try await tell(.remind, noon, "8") == 0)
    }
  }
}
