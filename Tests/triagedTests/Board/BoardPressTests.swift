import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("What a leader does on the board, over a real store, a real list and real mails")
struct BoardPressTests {
  private let now = BoardGround.now

  private func withLane(
    _ edits: (_ config: String) throws -> Void = { _ in },
    _ body: (BoardGround, SignedIn, [Int64]) async throws -> Void
  ) async throws {
    try await BoardGround.with(edits) { ground in
      try await ground.feed.list(1...8, at: now - 3600)
      try await ground.feed.round(now)
      try await ground.deliver()
      let open = try await ground.feed.store.openOpportunities().filter { $0.state == .offered }
      #expect(open.count == 5)
      try await body(ground, try await ground.signedIn("ann@example.org"), open.map(\.id).sorted())
    }
  }

  /// Presses for these, each with its generation of now.
  private func press(
    _ ground: BoardGround, _ person: SignedIn, _ action: BoardAction, _ ids: [Int64],
    generation: Int? = nil, area: String = "new-cross"
  ) async throws -> BoardReceipt {
    var items: [BoardPress.Item] = []
    for id in ids {
      let known = try await ground.feed.store.opportunity(id)?.generation ?? 0
      items.append(.init(opportunity: id, generation: generation ?? known))
    }
    return try await ground.desk().press(
      person, BoardPress(area: area, items: items, action: action))
  }

  private func refusals(_ receipt: BoardReceipt) -> [ClaimError] { receipt.refused.map(\.why) }

  private func look(_ ground: BoardGround, _ token: String) async throws -> LinkView {
    try await claimDesk(
      ground.configuration, store: ground.feed.store, live: await ground.feed.poller.live,
      clock: { now }
    ).look(token)
  }

  /// The claim links in mails to somebody that came since.
  private func links(
    _ ground: BoardGround, to email: String, besides before: [String]
  ) throws -> [String] {
    try ground.mails.filter { !before.contains($0) && $0.contains("To: \(email)") }.flatMap {
      mail in
      Set(mail.matches(of: /\/c\/([A-Za-z0-9_-]{20,})/).map { String($0.output.1) }).sorted()
    }
  }

  @Test("Several are claimed in the name of a member, who is told with links of their own")
  func claimFor() async throws {
    try await withLane { ground, ann, ids in
      let before = try ground.mails
      let receipt = try await press(
        ground, ann, .claim(for: "bob", second: "dee"), Array(ids[..<2]))
      #expect(receipt.done == Array(ids[..<2]) && receipt.refused.isEmpty)
      try await ground.deliver()
      let tokens = try links(ground, to: "\"Bob Baker\" <bob@example.org>", besides: before)
      #expect(tokens.count == 2)
      for token in tokens {
        guard case .held(_, let by, _, let until) = try await look(ground, token) else {
          Issue.record("it is not held")
          return
        }
        #expect(by == "Bob Baker" && until < .distantFuture)
      }
      let told = try #require(try ground.mails.first { !before.contains($0) })
      #expect(told.contains("Passed to you by Ann Archer") && !told.contains("1 Pipit"))
      let board = try await ground.desk().board(ann, "new-cross")
      #expect(board.held.count == 2 && board.open.count == 3)
      #expect(board.held.allSatisfy { $0.holder?.id == "bob" && $0.second?.id == "dee" })
      #expect(board.held.allSatisfy { $0.heldUntil != nil })
      let audit = try await ground.feed.store.audit(of: ids[0])
      #expect(audit.map(\.actor) == ["ann"] && audit.map(\.action) == ["claim"])
      #expect(audit[0].mark.via == "session \(ann.session.prefix(12))" && audit[0].result == "ok")
    }
  }

  @Test("The same press twice answers as the first time, and changes and sends nothing more")
  func twice() async throws {
    try await withLane { ground, ann, ids in
      let action = BoardAction.claim(for: "bob", second: "dee")
      let first = try await press(ground, ann, action, [ids[0]], generation: 0)
      let again = try await press(ground, ann, action, [ids[0], ids[0]], generation: 0)
      #expect(first == again && again.done == [ids[0]])
      #expect(try await ground.feed.store.opportunity(ids[0])?.generation == 1)
    }
  }

  @Test("Each is answered by itself: what may not be done is not, and the others are")
  func apart() async throws {
    try await withLane { ground, ann, ids in
      let claim = BoardAction.claim(for: "bob", second: "dee")
      _ = try await press(ground, ann, .claim(for: "dee", second: "bob"), [ids[1]])
      let mixed = try await press(ground, ann, claim, [ids[0], ids[1], 9999])
      #expect(mixed.done == [ids[0]])
      #expect(mixed.refused.map(\.opportunity) == [ids[1], 9999])
      #expect(refusals(mixed) == [.heldBy(name: "Dee Dale", since: now), .withdrawn])
      // A page that is older than the offer changes nothing.
      let stale = try await press(ground, ann, claim, [ids[2]], generation: 7)
      #expect(refusals(stale) == [.stale])
      for (action, why) in [
        (BoardAction.claim(for: "bob", second: nil), ClaimError.needsSecond),
        (.claim(for: "bob", second: "bob"), .needsSecond),
        (.claim(for: "bob", second: "charlie"), .needsSecond),
        (.claim(for: "charlie", second: "dee"), .notInTeam),
        (.pass(to: "charlie", why: .away), .notInTeam), (.release, .stale),
      ] {
        #expect(refusals(try await press(ground, ann, action, [ids[3]])) == [why])
      }
      #expect(try await ground.feed.store.opportunity(ids[3])?.generation == 0)
      let results = try await ground.feed.store.audit(of: ids[3]).map(\.result)
      #expect(
        results == [
          "needs second", "needs second", "needs second", "not in team", "not in team", "stale",
        ])
    }
  }

  @Test(
    "What is passed on is the other's, who gets a link; whoever held it is told and not named as the reason"
  )
  func pass() async throws {
    try await withLane { ground, ann, ids in
      _ = try await press(ground, ann, .claim(for: "bob", second: "dee"), [ids[0]])
      try await ground.deliver()
      let before = try ground.mails
      // Who went along does not go alone.
      let alone = BoardAction.pass(to: "dee", why: .away)
      #expect(refusals(try await press(ground, ann, alone, [ids[0]])) == [.needsSecond])
      let receipt = try await press(
        ground, ann, .pass(to: "dee", why: .away, second: "bob"), [ids[0]])
      #expect(receipt.done == [ids[0]])
      try await ground.deliver()
      #expect(try links(ground, to: "\"Dee Dale\" <dee@example.org>", besides: before).count == 1)
      let told = try #require(
        try ground.mails.first { !before.contains($0) && $0.contains("To: bob@example.org") })
      #expect(told.contains("not yours any more") && told.contains("Ann Archer has taken back"))
      #expect(!told.contains("Pipit"))
      let stored = try #require(try await ground.feed.store.opportunity(ids[0]))
      #expect(stored.holder == "dee" && stored.claim?.second == "bob" && stored.claim?.passes == 1)
    }
  }

  @Test("What is taken back is open again, and whoever held it is told")
  func release() async throws {
    try await withLane { ground, ann, ids in
      _ = try await press(ground, ann, .claim(for: "bob", second: "dee"), [ids[0]])
      let before = try ground.mails
      #expect(try await press(ground, ann, .release, [ids[0]]).done == [ids[0]])
      try await ground.deliver()
      #expect(try await ground.feed.store.opportunity(ids[0])?.state == .offered)
      #expect(
        try ground.mails.contains { !before.contains($0) && $0.contains("To: bob@example.org") })
      let board = try await ground.desk().board(ann, "new-cross")
      #expect(board.open.count == 5 && board.held.isEmpty)
    }
  }

  @Test(
    "Links that are ended open nothing, whoever has them; what is held stays held and can be passed on"
  )
  func revoke() async throws {
    try await withLane { ground, ann, ids in
      let tokens = try links(ground, to: "\"Ann Archer\" <ann@example.org>", besides: [])
      #expect(tokens.count == 5)
      _ = try await press(ground, ann, .claim(for: "bob", second: "dee"), [ids[0]])
      let before = try ground.mails
      try await ground.deliver()
      let bobs = try links(ground, to: "\"Bob Baker\" <bob@example.org>", besides: before)
      #expect(try await press(ground, ann, .revokeLinks, ids).done == ids)
      for token in tokens + bobs {
        await #expect(throws: ClaimError.unknown) { try await look(ground, token) }
      }
      #expect(try await ground.feed.store.opportunity(ids[0])?.holder == "bob")
      let then = try ground.mails
      _ = try await press(ground, ann, .pass(to: "dee", why: .away, second: "ann"), [ids[0]])
      try await ground.deliver()
      let dees = try links(ground, to: "\"Dee Dale\" <dee@example.org>", besides: then)
      guard case .held = try await look(ground, try #require(dees.first)) else {
        Issue.record("Dee's link opens nothing")
        return
      }
      #expect(
        refusals(try await press(ground, ann, .revokeLinks, [ids[1]], generation: 5)) == [.stale])
    }
  }

  @Test(
    "The contact register is asked as at a claim: what it forbids is withdrawn, and without it nothing is claimed"
  )
  func register() async throws {
    try await withLane { ground, ann, ids in
      let file = ground.configuration.registerFile
      let good = try text(of: file)
      let first = try #require(try await ground.feed.store.opportunity(ids[0]))
      try FileManager.default.removeItem(atPath: file)
      let claim = BoardAction.claim(for: "bob", second: "dee")
      let held = try await press(ground, ann, claim, ids)
      #expect(held.done.isEmpty && held.refused.count == 5)
      #expect(
        held.refused.allSatisfy { if case .onHold = $0.why { true } else { false } })
      let address = first.opportunity.place.address.split(separator: ",")[0]
      try write(good + ",\(address),NG17 9CM,do_not_contact,\n", to: file)
      try FileManager.default.setAttributes(
        [.modificationDate: now - 60], ofItemAtPath: file)
      let live = await ground.feed.poller.live
      for at in [now + 60, now + 120, now + 180] { _ = await live.inForce(now: at) }
      let mixed = try await press(ground, ann, claim, [ids[0], ids[1]])
      #expect(mixed.done == [ids[1]] && refusals(mixed) == [.withdrawn])
      #expect(try await ground.feed.store.opportunity(ids[0])?.state == .withdrawn)
    }
  }

  @Test(
    "Whoever leads another area, or asks in the name of their own for another's, changes nothing")
  func notTheirs() async throws {
    try await withLane { ground, ann, ids in
      let bob = try await ground.signedIn("bob@example.org")
      for action in [
        BoardAction.claim(for: "bob", second: "dee"), .release, .revokeLinks,
        .pass(to: "dee", why: .away),
      ] {
        await #expect(throws: BoardError.notYours) { try await press(ground, bob, action, ids) }
        let asOwn = try await press(ground, bob, action, ids, area: "stanton-hill")
        #expect(asOwn.done.isEmpty)
        #expect(asOwn.refused.allSatisfy { $0.why == .withdrawn })
      }
      #expect(
        try await ground.feed.store.openOpportunities().allSatisfy { $0.generation == 0 })
      let tokens = try links(ground, to: "\"Ann Archer\" <ann@example.org>", besides: [])
      guard case .open = try await look(ground, tokens[0]) else {
        Issue.record("a link was ended by somebody who may not")
        return
      }
    }
  }

  @Test(
    "Signing in and out, the view of a board and what was refused are in the audit, without a resident"
  )
  func audited() async throws {
    try await withLane { ground, ann, _ in
      let session = try await ground.signIn("ann@example.org", at: now + 120)
      let desk = await ground.desk(at: now + 120)
      let visitor = Visitor(network: .private)
      let again = try await desk.who(session.secret, visitor)
      _ = try await desk.board(again, "new-cross")
      await #expect(throws: BoardError.notYours) { try await desk.board(again, "stanton-hill") }
      try await desk.leave(session.secret)
      let rows = try await ground.feed.store.audit().filter { $0.at == now + 120 }
      #expect(rows.map(\.action) == ["sign-in", "board new-cross", "board", "sign-out"])
      #expect(rows.map(\.result) == ["ok", "ok", "not theirs", "ok"])
      #expect(rows.allSatisfy { $0.actor == "ann" && $0.mark.via.hasPrefix("session ") })
      #expect(rows[1].mark.network == "a private network")
      #expect(!"\(rows)".contains(session.secret) && !"\(rows)".contains("Pipit"))
      _ = ann
    }
  }
}
