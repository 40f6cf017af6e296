import Foundation
import Storage
import Synchronization
import Testing
import Triage

@testable import triaged

@Suite("The way in to the board, over a real store and real mails") struct BoardDoorTests {
  private let now = BoardGround.now
  private let mine = SignInPress(browser: BoardGround.browser)

  @Test("A leader asks, gets a mail with the link in its body alone, and is let in once")
  func wholeWay() async throws {
    try await BoardGround.with { ground in
      let token = try await ground.token(" Ann@Example.org ")
      let mail = try #require(try ground.mails.first)
      let head = mail.components(separatedBy: "\r\n\r\n")[0]
      #expect(head.contains("Subject: Your link to sign in\r\n"))
      #expect(!head.contains(token) && !head.contains("sign-in"))
      #expect(head.contains("To: ann@example.org"))
      #expect(mail.contains("before 10:10"))
      let link = try await ground.desk().look(token)
      #expect(link == SignInLink(name: "Ann Archer", until: now + 600))
      let session = try await ground.desk().enter(token, mine, Visitor())
      #expect(session.secret.count == 27)
      let ann = try await ground.desk().who(session.secret, Visitor())
      #expect(ann.member == "ann" && ann.name == "Ann Archer" && !ann.isAdmin)
      #expect(ann.areas.map(\.id) == ["new-cross"] && ann.session.count == 64)
      await #expect(throws: BoardError.badLink) {
        try await ground.desk().enter(token, mine, Visitor())
      }
    }
  }

  @Test(
    "Neither link nor secret is in the database's files, the journal, or the state folder but the mail"
  )
  func nothingRaw() async throws {
    try await BoardGround.with { ground in
      let token = try await ground.token("ann@example.org")
      let session = try await ground.desk().enter(token, mine, Visitor())
      _ = try await ground.desk().who(session.secret, Visitor())
      let state = ground.feed.folder.path + "/state"
      var looked: [String] = []
      for name in try FileManager.default.subpathsOfDirectory(atPath: state)
      where !name.hasPrefix("mail/") {
        guard let bytes = FileManager.default.contents(atPath: state + "/" + name) else { continue }
        looked.append(name)
        for secret in [token, session.secret] {
          #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
      }
      #expect(looked.contains("triaged.sqlite") && looked.contains("triaged.sqlite-wal"))
      let journal = ground.feed.journal.lines.joined(separator: "\n")
      #expect(journal.contains("A link to sign in was asked for"))
      for secret in [token, session.secret, "ann@example.org", "Ann Archer"] {
        #expect(!journal.contains(secret))
      }
    }
  }

  @Test(
    "An address of nobody, of a member who leads nothing, and of one too often are told alike, and no mail is sent"
  )
  func saysNothing() async throws {
    try await BoardGround.with { ground in
      for email in [
        "charlie@example.org", "dee@example.org", "", "ann@example.org.evil.example", "ann", "@",
        String(repeating: "a", count: 100_000),
      ] {
        _ = try await ground.desk().ask(email, BoardGround.browser, Visitor())
      }
      try await ground.deliver()
      #expect(try ground.mails.isEmpty)
      _ = try await ground.desk().ask("ann@example.org", BoardGround.browser, Visitor())
      _ = try await ground.desk().ask("ANN@example.org", BoardGround.browser, Visitor())
      try await ground.deliver()
      #expect(try ground.mails.count == 1)
      // Every answer came at the end of a full step of time.
      #expect(ground.rests.all.count == 9)
      #expect(ground.rests.all.allSatisfy { $0 > .zero && $0 <= .milliseconds(500) })
    }
  }

  @Test(
    "The store is asked for an address of nobody too: where it cannot write, both are told alike")
  func asksTheStore() async throws {
    try await BoardGround.with { ground in
      let desk = await ground.desk()
      try ground.feed.store.close()
      for email in ["nobody@example.org", "ann@example.org"] {
        let before = ground.feed.journal.lines.count
        #expect(try await desk.ask(email, BoardGround.browser, Visitor()) == BoardGround.browser)
        let said = ground.feed.journal.lines.dropFirst(before)
        #expect(said.count == 1 && said.first?.contains("could not be written down") == true)
      }
    }
  }

  @Test("What is refused at the door is in the audit: whose it was and why, and not what was typed")
  func refusedAreAudited() async throws {
    try await BoardGround.with { ground in
      let desk = await ground.desk()
      let net = Visitor(network: .public)
      let token = try await ground.token("ann@example.org")
      await #expect(throws: BoardError.needsAddress) {
        try await desk.enter(token, SignInPress(email: "charlie@example.org"), net)
      }
      await #expect(throws: BoardError.badLink) {
        try await ground.desk(at: now + 700).enter(token, mine, net)
      }
      let ann = try await desk.who(try await desk.enter(token, mine, net).secret, net)
      await #expect(throws: BoardError.badLink) { try await desk.enter(token, mine, net) }
      await #expect(throws: BoardError.badLink) { try await desk.enter("guess", mine, net) }
      await #expect(throws: BoardError.notYours) { try await desk.status(ann) }
      await #expect(throws: BoardError.notYours) { try await desk.signEverybodyOut(ann) }
      for name in ["dee", "(nobody)", "mallory@example.com"] {
        await #expect(throws: BoardError.notYours) {
          try await desk.who(nil, Visitor(proxyMember: name, network: .private))
        }
      }
      let rows = try await ground.feed.store.audit()
      let refused = rows.filter { $0.result != "ok" }
      let shown = refused.map { "\($0.actor) \($0.action): \($0.result), \($0.mark.network)" }
      #expect(
        shown == [
          "ann sign-in: needs address, the internet", "ann sign-in: bad link, the internet",
          "ann sign-in: bad link, the internet", "ann status: not theirs, the internet",
          "ann sign-everybody-out: not theirs, the internet",
          "dee sign-in: not theirs, a private network",
          "(nobody) sign-in: not theirs, a private network",
          "(nobody) sign-in: not theirs, a private network",
        ])
      #expect(refused.prefix(3).allSatisfy { $0.mark.via.hasPrefix("sign-in link ") })
      let all = rows.map { "\($0)" }.joined()
      for typed in ["charlie@example.org", "mallory", token] { #expect(!all.contains(typed)) }
    }
  }

  @Test(
    "An answer comes at the end of a full step, however long the work took, also where it fails")
  func steady() async throws {
    struct Broken: Error {}
    for (took, rest) in [(0, 500), (1, 499), (499, 1), (500, 500), (1234, 266)] {
      let start = ContinuousClock.now
      let looks = Looks(start, then: start + .milliseconds(took))
      let rests = BoardGround.Rests()
      let pace = SteadyPace(now: { looks.next() }, rest: { rests.add($0) })
      await #expect(throws: Broken.self) { try await pace.run { throw Broken() } }
      #expect(rests.all == [.milliseconds(rest)], "\(took)")
    }
  }

  @Test("Used, ended, altered and unknown links are told alike")
  func badLinks() async throws {
    try await BoardGround.with { ground in
      let token = try await ground.token("ann@example.org")
      let late = now + 600
      for (bad, at) in [
        (token, late), (token + "A", now), (String(token.dropLast()), now), ("", now),
      ] {
        await #expect(throws: BoardError.badLink) { try await ground.desk(at: at).look(bad) }
        await #expect(throws: BoardError.badLink) {
          try await ground.desk(at: at).enter(bad, mine, Visitor())
        }
      }
      // None of it has used the link up.
      _ = try await ground.desk(at: late - 1).enter(token, mine, Visitor())
      await #expect(throws: BoardError.badLink) { try await ground.desk().look(token) }
    }
  }

  @Test(
    "In another browser than the one that asked, the button alone does nothing: the address is typed once more"
  )
  func otherBrowser() async throws {
    try await BoardGround.with { ground in
      let token = try await ground.token("ann@example.org")
      for press in [
        SignInPress(), SignInPress(browser: "another"), SignInPress(email: "bob@example.org"),
        SignInPress(browser: "", email: "it-desk@example.org"),
      ] {
        for _ in 0..<20 {
          await #expect(throws: BoardError.needsAddress) {
            try await ground.desk().enter(token, press, Visitor())
          }
        }
      }
      let session = try await ground.desk().enter(
        token, SignInPress(browser: "another", email: " ANN@example.org"), Visitor())
      #expect(try await ground.desk().who(session.secret, Visitor()).member == "ann")
      // Who asks again in the same browser keeps its secret, and gets one where there is none.
      let fresh = try await ground.desk().ask("nobody@example.org", nil, Visitor())
      #expect(fresh.count == 27 && fresh != BoardGround.browser)
      #expect(try await ground.desk().ask("x@example.org", fresh, Visitor()) == fresh)
    }
  }

  @Test("A link that has ended before its mail could go is not sent any more")
  func lateMail() async throws {
    try await BoardGround.with { ground in
      _ = try await ground.desk().ask("ann@example.org", BoardGround.browser, Visitor())
      try await ground.deliver(at: now + 601)
      #expect(try ground.mails.isEmpty)
      #expect(try await ground.feed.store.dueNotices(now: now + 10_000).isEmpty)
    }
  }

  @Test(
    "A session of before does not go on after signing in, and a secret that a browser brought is never taken"
  )
  func fixation() async throws {
    try await BoardGround.with { ground in
      let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAA"
      let token = try await ground.token("ann@example.org")
      let first = try await ground.desk().enter(
        token, SignInPress(browser: BoardGround.browser, former: planted), Visitor())
      #expect(first.secret != planted)
      await #expect(throws: BoardError.signedOut) {
        try await ground.desk().who(planted, Visitor())
      }
      let later = now + 120
      let again = try await ground.token("ann@example.org", at: later)
      let second = try await ground.desk(at: later).enter(
        again, SignInPress(browser: BoardGround.browser, former: first.secret), Visitor())
      #expect(second.secret != first.secret)
      await #expect(throws: BoardError.signedOut) {
        try await ground.desk(at: later).who(first.secret, Visitor())
      }
      #expect(try await ground.desk(at: later).who(second.secret, Visitor()).member == "ann")
    }
  }

  @Test(
    "Signing out ends the session; without one, or with another's hash, nobody is let in"
  )
  func signOut() async throws {
    try await BoardGround.with { ground in
      let session = try await ground.signIn("ann@example.org")
      let ann = try await ground.desk().who(session.secret, Visitor())
      for bad in [nil, "", "x", ann.session] {
        await #expect(throws: BoardError.signedOut) { try await ground.desk().who(bad, Visitor()) }
      }
      try await ground.desk().leave(session.secret)
      await #expect(throws: BoardError.signedOut) {
        try await ground.desk().who(session.secret, Visitor())
      }
    }
  }

  @Test("Who leads no area any more is signed out at the next look, and stays so")
  func noLeader() async throws {
    try await BoardGround.with { config in
      try edit(
        config + "/team.yaml", "email: ann@example.org, channel: post,",
        "email: ann@example.org, channel: post, until: 2026-11-23,")
    } _: { ground in
      let evening = now + 8 * 3600
      let session = try await ground.signIn("ann@example.org", at: evening)
      let night = now + 14.2 * 3600  // After midnight; the secondment ended with the day.
      var at = evening
      while at < night - 900 {
        #expect(try await ground.desk(at: at).who(session.secret, Visitor()).member == "ann")
        at += at + 900 < now + 13.9 * 3600 ? 900 : 3600
      }
      await #expect(throws: BoardError.signedOut) {
        try await ground.desk(at: night).who(session.secret, Visitor())
      }
      await #expect(throws: BoardError.signedOut) {
        try await ground.desk(at: evening + 60).who(session.secret, Visitor())
      }
      let how = try await ground.feed.store.openSessions()
      #expect(how == 0)
    }
  }

  @Test(
    "A deputy is let in while the leader is away, and the leader too; afterwards the leader alone")
  func deputy() async throws {
    try await BoardGround.with { config in
      try edit(
        config + "/team.yaml", "channel: post, deputy: bob}",
        "channel: post, deputy: dee, away: {from: 2026-11-20, until: 2026-11-25}}")
    } _: { ground in
      let dee = try await ground.signedIn("dee@example.org")
      #expect(dee.areas.map(\.id) == ["new-cross"])
      #expect(try await ground.signedIn("ann@example.org").areas.map(\.id) == ["new-cross"])
      let back = now + 4 * 86_400
      _ = try await ground.desk(at: back).ask("dee@example.org", BoardGround.browser, Visitor())
      let count = try ground.mails.count
      try await ground.deliver(at: back)
      #expect(try ground.mails.count == count)
    }
  }

  @Test(
    "A proxy's name needs no session and gives what the member leads; of Charlie and of the admin's word nothing"
  )
  func proxy() async throws {
    try await BoardGround.with { ground in
      let desk = await ground.desk()
      let ann = try await desk.who(nil, Visitor(proxyMember: "ann"))
      #expect(ann.areas.map(\.id) == ["new-cross"] && ann.session == "proxy:ann")
      for other in ["charlie", "dee", "(admin)", ""] {
        await #expect(throws: BoardError.notYours) {
          try await desk.who(nil, Visitor(proxyMember: other))
        }
      }
      // Whom the proxy names counts, whatever cookie came along.
      let session = try await ground.signIn("ann@example.org")
      let bob = try await desk.who(session.secret, Visitor(proxyMember: "bob"))
      #expect(bob.member == "bob" && bob.areas.map(\.id) == ["stanton-hill"])
    }
  }

  @Test(
    "The admin is let in and sees the status alone; a leader sees no status and signs nobody else out"
  )
  func admin() async throws {
    try await BoardGround.with { ground in
      let admin = try await ground.signedIn("it-desk@example.org")
      #expect(admin.member == SignedIn.admin && admin.isAdmin && admin.areas.isEmpty)
      let status = try await ground.desk().status(admin)
      #expect(status.areas.map(\.area.id).sorted() == ["new-cross", "stanton-hill"])
      #expect(status.sessions == 1 && status.isReady)
      await #expect(throws: BoardError.notYours) {
        try await ground.desk().board(admin, "new-cross")
      }
      let ann = try await ground.signedIn("ann@example.org")
      await #expect(throws: BoardError.notYours) { try await ground.desk().status(ann) }
      await #expect(throws: BoardError.notYours) { try await ground.desk().signEverybodyOut(ann) }
      #expect(try await ground.desk().signEverybodyOut(admin) == 2)
    }
  }
}

/// A clock that is looked at twice.
private final class Looks: Sendable {
  private let left: Mutex<[ContinuousClock.Instant]>

  init(_ first: ContinuousClock.Instant, then second: ContinuousClock.Instant) {
    left = Mutex([first, second])
  }

  func next() -> ContinuousClock.Instant { left.withLock { $0.removeFirst() } }
}
