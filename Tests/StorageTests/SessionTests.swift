import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

/// Links to sign in and sessions, in a store on a file.
@Suite("Links to sign in, and sessions") struct SessionTests {
  private let ids = Ids()

  private func notice(at now: Date = noon) -> Notice {
    Notice(
      id: ids.next(), recipient: "ann@example.org", channel: "post",
      subject: "Your link to sign in",
      paragraphs: ["Somebody has asked."], created: now)
  }

  private func hash(_ text: String) -> [UInt8] {
    Array((text + String(repeating: ".", count: 32)).utf8.prefix(32))
  }

  @discardableResult
  private func ask(
    _ store: Store, _ link: String, for member: String? = "ann", at now: Date = noon
  ) async throws -> Bool {
    try await store.oweSignIn(
      hash: hash(link), member: member, askedBy: hash("browser"), notice: notice(at: now),
      expires: now + 600, now: now)
  }

  private func enter(
    _ store: Store, _ link: String, _ session: String, former: String? = nil, at now: Date = noon
  ) async throws -> String? {
    try await store.enter(
      link: hash(link), session: hash(session), former: former.map(hash), now: now)
  }

  @Test("A link lets in once, and says whose it is")
  func once() async throws {
    try await withStore { store in
      let isOwed = try await ask(store, "one")
      #expect(isOwed)
      #expect(try await store.signIn(hash: hash("one"))?.isGood(at: noon) == true)
      #expect(try await enter(store, "one", "first") == "ann")
      #expect(try await enter(store, "one", "second") == nil)
      #expect(try await store.session(hash: hash("first"), now: noon)?.member == "ann")
      #expect(try await store.session(hash: hash("second"), now: noon) == nil)
      #expect(try await store.signIn(hash: hash("one"))?.isGood(at: noon) == false)
    }
  }

  @Test("Of forty that press the same button at once, one is let in")
  func race() async throws {
    try await withStore { store in
      try await ask(store, "one")
      let entered = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask { try await enter(store, "one", "session \(number)") != nil }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(entered == 1)
      #expect(try await store.openSessions() == 1)
    }
  }

  @Test("A link that is not known, has ended, or is of a clock that was wrong, lets nobody in")
  func ended() async throws {
    try await withStore { store in
      try await ask(store, "one")
      #expect(try await enter(store, "another", "a") == nil)
      #expect(try await enter(store, "one", "a", at: noon + 600) == nil)
      #expect(try await enter(store, "one", "a", at: noon - 3600) == nil)
      #expect(try await store.openSessions() == 0)
      #expect(try await enter(store, "one", "a", at: noon + 599) == "ann")
    }
  }

  @Test(
    "Links come a minute apart, five an hour and then one where no good one is left, for each member; a restart forgets none"
  )
  func limits() async throws {
    try await withFolder { path in
      var store = try Store(path: path)
      #expect(try await ask(store, "0"))
      #expect(try await false == ask(store, "at once", at: noon + 59))
      #expect(try await ask(store, "of bob", for: "bob", at: noon + 1))
      for number in 1..<5 {
        #expect(try await ask(store, "\(number)", at: noon + Double(number) * 61))
      }
      try store.close()
      store = try Store(path: path)
      #expect(try await false == ask(store, "too many", at: noon + 600))
      #expect(try await store.signIn(hash: hash("too many")) == nil)
      // The last of them is good until then.
      #expect(try await false == ask(store, "one is left", at: noon + 843))
      #expect(try await ask(store, "none is left", at: noon + 844))
      #expect(try await ask(store, "an hour later", at: noon + 3601))
      // What was refused owes nothing.
      #expect(try await store.dueNotices(now: noon + 7200).count == 8)
      try store.close()
    }
  }

  @Test(
    "Whoever asks in somebody's name all day fills no mailbox, and there is always a good link or a next one"
  )
  func nobodyIsLockedOut() async throws {
    try await withStore { store in
      var owed: [Double] = []
      for second in stride(from: 0.0, to: 4 * hour, by: 15) {
        if try await ask(store, "\(second)", at: noon + second) { owed.append(second) }
        let last = try #require(owed.last)
        #expect(second - last < 600, "nobody can sign in at \(second)")
      }
      #expect(owed.count < 32)
    }
  }

  @Test(
    "Asking for nobody, and once too often, writes as much as asking for somebody, and leaves nothing"
  )
  func writesAlike() async throws {
    try await withStore { store in
      func changes() async throws -> Int { try await store.read { $0.totalChangesCount } }
      func rows() async throws -> Int {
        try await store.read {
          try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM sign_in) + count(*) FROM notice")!
        }
      }
      let start = try await changes()
      #expect(try await ask(store, "one"))
      let known = try await changes()
      let kept = try await rows()
      #expect(try await false == ask(store, "none", for: nil))
      let nobody = try await changes()
      #expect(try await false == ask(store, "too often"))
      #expect(try await changes() - nobody == nobody - known)
      #expect(nobody - known >= known - start)
      #expect(try await rows() == kept)
      #expect(try await store.signIn(hash: hash("none")) == nil)
    }
  }

  @Test("Signing in ends the session before it and makes the member's other links useless")
  func renewed() async throws {
    try await withStore { store in
      try await ask(store, "one")
      try await ask(store, "two", at: noon + 61)
      try await ask(store, "three", at: noon + 122)
      try await ask(store, "of bob", for: "bob", at: noon + 1)
      #expect(try await enter(store, "one", "old", at: noon + 130) == "ann")
      #expect(try await enter(store, "two", "x", at: noon + 130) == nil)
      #expect(try await enter(store, "three", "x", at: noon + 130) == nil)
      #expect(try await enter(store, "of bob", "new", former: "old", at: noon + 131) == "bob")
      #expect(try await store.session(hash: hash("old"), now: noon + 132) == nil)
      #expect(try await store.session(hash: hash("new"), now: noon + 132)?.member == "bob")
    }
  }

  @Test("A session ends after half an hour without use, and after twelve hours whatever happens")
  func sessionLimits() async throws {
    try await withStore { store in
      for name in ["idle", "used"] {
        try await ask(store, name, for: name)
        _ = try await enter(store, name, name)
      }
      var at = noon
      while at < noon + 12 * hour - 1 {
        #expect(try await store.session(hash: hash("used"), now: at) != nil)
        at += 1700
      }
      #expect(try await store.session(hash: hash("used"), now: noon + 12 * hour) == nil)
      #expect(try await store.session(hash: hash("idle"), now: noon + 1800) == nil)
      // It stays ended, also for a clock that is set back.
      #expect(try await store.session(hash: hash("idle"), now: noon + 1) == nil)
    }
  }

  @Test("A clock that is set back by hours ends a session rather than make it longer")
  func clockBack() async throws {
    try await withStore { store in
      try await ask(store, "one")
      _ = try await enter(store, "one", "session")
      #expect(try await store.session(hash: hash("session"), now: noon - 60) != nil)
      #expect(try await store.session(hash: hash("session"), now: noon - hour) == nil)
    }
  }

  @Test("A session is ended by its person, by the admin for all, and once")
  func ends() async throws {
    try await withStore { store in
      for name in ["a", "b", "c"] {
        try await ask(store, name, for: name)
        _ = try await enter(store, name, name)
      }
      try await ask(store, "waiting", for: "d")
      try await store.end(session: hash("a"), .signedOut, now: noon)
      #expect(try await store.session(hash: hash("a"), now: noon) == nil)
      #expect(try await store.signEverybodyOut(now: noon + 1) == 2)
      #expect(try await store.signEverybodyOut(now: noon + 1) == 0)
      #expect(try await enter(store, "waiting", "d", at: noon + 2) == nil)
      let how = try await store.read {
        try String.fetchAll($0, sql: "SELECT ended_how FROM session ORDER BY hash")
      }
      #expect(how == ["signed out", "all signed out", "all signed out"])
    }
  }

  @Test("Links and sessions that are over go with the retention; what goes on stays")
  func purged() async throws {
    try await withStore { store in
      for name in ["old", "ended", "open"] {
        try await ask(store, name, for: name)
        _ = try await enter(store, name, name)
      }
      try await store.end(session: hash("ended"), .signedOut, now: noon)
      _ = try await store.session(hash: hash("open"), now: noon + 1700)
      let result = try await store.purge(
        before: noon - day, endedBefore: noon - day, sessionsBefore: noon + 1000,
        snapshotFeeds: [])
      #expect(result["sign_in"] + result["session"] == 5)
      #expect(try await store.session(hash: hash("open"), now: noon + 1800)?.member == "open")
      let left = try await store.read {
        try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM sign_in) + count(*) FROM session")
      }
      #expect(left == 1)
    }
  }
}
