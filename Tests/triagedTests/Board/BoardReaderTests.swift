import Foundation
import Storage
import TestDesk
import Testing
import Triage

@testable import triaged

@Suite("The board of an area, over a real store and a real list") struct BoardReaderTests {
  private let now = BoardGround.now

  /// Eight homes of one lane, of which the week has places for five; Bob holds one.
  private func withLane(_ body: (BoardGround, SignedIn) async throws -> Void) async throws {
    try await BoardGround.with { ground in
      try await ground.feed.list(1...8, at: now - 3600)
      try await ground.feed.round(now)
      let open = try await ground.feed.store.openOpportunities().filter { $0.state == .offered }
      let one = try #require(open.first)
      let attempt = try await ground.feed.store.claim(
        opportunity: one.id, member: "bob", issuedTo: "ann", generation: one.generation, now: now)
      #expect(attempt == .claimed(generation: 1, since: now))
      try await body(ground, try await ground.signedIn("ann@example.org"))
    }
  }

  @Test("It tells what is open, held by whom, and waits for a place, by streets alone")
  func lists() async throws {
    try await withLane { ground, ann in
      let board = try await ground.desk().board(ann, "new-cross")
      #expect(board.area == SignedIn.Area(id: "new-cross", name: "New Cross"))
      #expect(board.capacity == 5 && board.usedThisWeek == board.open.count + 1)
      #expect(board.held.map(\.holder?.id) == ["bob"] && board.held[0].generation == 1)
      #expect(board.held[0].heldSince == now)
      #expect(board.open.count + board.held.count + board.waiting.count == 8)
      #expect(!board.waiting.isEmpty && board.waiting.allSatisfy { $0.why != nil })
      #expect(board.open.allSatisfy { $0.opportunity != nil && $0.holder == nil })
      #expect(board.members.map(\.id) == ["ann", "bob", "dee"])
      for line in board.open + board.held + board.waiting {
        #expect(line.whereabouts == "Pipit Lane, NG17" && !line.reasons.isEmpty)
      }
      // No number of a house, no name of a job, nothing of what was written in it.
      let said = "\(board)"
      #expect(said.firstMatch(of: /\d+ Pipit Lane/) == nil)
      #expect(!said.contains("NG17 9CM") && !said.contains("SS1"))
    }
  }

  @Test("Who has not got a mail about the area stands there by name, until it is delivered")
  func undelivered() async throws {
    try await BoardGround.with { ground in
      try await ground.feed.list(1...8, at: now - 3600)
      try await ground.feed.round(now)
      let store = ground.feed.store
      _ = try await store.bundle(
        now: now, newID: { "99999999-8888-4777-8666-555555555555" },
        link: { announcement, _ in
          withUnsafeBytes(of: announcement) { Array($0) } + [UInt8](repeating: 7, count: 24)
        }, linkExpires: now + 86_400)
      let digest = try #require(try await store.dueDigests(now: now).first).id
      try await store.failed(digest: digest, why: "550 No.", code: 550, now: now)
      let ann = try await ground.signedIn("ann@example.org")
      let board = try await ground.desk().board(ann, "new-cross")
      #expect(board.undelivered == [UndeliveredMails(name: "Ann Archer", count: 1)])
      #expect(!"\(board.undelivered)".contains("@"))
      let bob = try await ground.signedIn("bob@example.org")
      #expect(try await ground.desk().board(bob, "stanton-hill").undelivered.isEmpty)
      _ = try await store.retry(message: digest, now: now)
      #expect(try await ground.desk().board(ann, "new-cross").undelivered.isEmpty)
    }
  }

  @Test("The list's state is told as a sentence can say it")
  func feeds() async throws {
    try await withLane { ground, ann in
      let board = try await ground.desk().board(ann, "new-cross")
      let feed = try #require(board.feeds.first)
      #expect(board.feeds.count == 1 && feed.name == "Street scene")
      #expect(feed.rows == 8 && feed.inArea == 8 && feed.notLocated == 0 && feed.unreadable == 0)
      #expect(feed.cameAt == now - 3540 && feed.troubles.isEmpty)
      let empty = now + 86_400
      try ground.feed.put("empty.csv", text: "", at: empty - 60)
      try await ground.feed.round(empty)
      let after = try await ground.desk(at: empty).board(ann, "new-cross")
      #expect(after.feeds.first?.troubles.isEmpty == false)
    }
  }

  @Test("Another's area, an area that is not, and the board of Charlie are refused alike")
  func notTheirs() async throws {
    try await withLane { ground, ann in
      let bob = try await ground.signedIn("bob@example.org")
      let desk = await ground.desk()
      for (who, area) in [
        (ann, "stanton-hill"), (ann, "nowhere"), (ann, ""), (bob, "new-cross"),
        (
          SignedIn(member: "charlie", name: "Charlie", areas: [], isAdmin: false, session: ""),
          "new-cross"
        ),
      ] {
        await #expect(throws: BoardError.notYours) { try await desk.board(who, area) }
      }
      #expect(try await desk.board(bob, "stanton-hill").open.isEmpty)
    }
  }

  @Test(
    "The map numbers squares of 200 m, which lines nearby share, and has no words but names"
  )
  func map() async throws {
    try await withLane { ground, ann in
      let board = try await ground.desk().board(ann, "new-cross")
      let map = try #require(board.map)
      // All homes of the list stand at one point.
      #expect((board.open + board.held + board.waiting).allSatisfy { $0.number == 1 })
      #expect(map.matches(of: /class="tm-square"/).count == 1)
      #expect(map.matches(of: /class="tm-disc"/).count == 1)
      #expect(map.contains(">New Cross</title>") && !map.contains("<desc"))
      #expect(!map.contains("Pipit") && !map.contains("pilot area"))
      #expect(!map.contains("style=") && !map.contains("href"))
    }
  }

  @Test(
    "A number is of a square: the same for two homes in it, another for the next, and for two households the middle's"
  )
  func numbers() throws {
    var squares = NumberedSquares()
    func number(_ points: (Double, Double)...) -> Int? {
      squares.number(of: points.map { GridPoint(x: 450_000 + $0.0, y: 359_000 + $0.1) })
    }
    #expect(number((10, 10)) == 1)
    #expect(number((190, 190)) == 1)
    #expect(number((210, 10)) == 2)
    #expect(number((10, 10), (1010, 10)) == 3)
    #expect(number() == nil)
    #expect(number((.nan, 0)) == nil)
    #expect(squares.squares.allSatisfy { $0.x.remainder(dividingBy: 200).magnitude == 100 })
  }

  @Test(
    "What is done tells no more than that, where somebody at the door has said something"
  )
  func done() async throws {
    try await BoardGround.with { ground in
      try await ground.feed.list(1...5, at: now - 3600)
      try await ground.feed.round(now)
      let kinds: [(OutcomeKind, OutcomeKind?)] = [
        (.noThankYou, nil), (.accepted, nil), (.noAnswer, .noAnswer),
      ]
      let open = try await ground.feed.store.openOpportunities().filter { $0.state == .offered }
      for (one, kind) in zip(open, kinds) {
        _ = try await ground.feed.store.claim(
          opportunity: one.id, member: "bob", issuedTo: "ann", generation: 0, now: now)
        let outcome = Outcome(
          kind: kind.0, consent: kind.0 == .accepted ? false : nil, by: "bob", at: now + 60)
        #expect(
          try await ground.feed.store.record(outcome: outcome, opportunity: one.id, generation: 1))
      }
      let ann = try await ground.signedIn("ann@example.org")
      let board = try await ground.desk(at: now + 120).board(ann, "new-cross")
      #expect(board.done.count == 3)
      for line in board.done {
        let at = try #require(open.firstIndex { $0.id == line.opportunity })
        #expect(line.outcome == kinds[at].1)
        #expect(line.holder?.id == "bob" && line.endedAt == now + 60)
      }
      let later = now + 15 * 86_400
      #expect(try await ground.desk(at: later).board(ann, "new-cross").done.isEmpty)
    }
  }

  @Test("Without a register in force the board says so and shows what is open")
  func onHold() async throws {
    try await withLane { ground, ann in
      try FileManager.default.removeItem(atPath: ground.configuration.registerFile)
      let board = try await ground.desk(at: now + 60).board(ann, "new-cross")
      #expect(board.onHold != nil && !board.open.isEmpty && board.held.count == 1)
    }
  }
}
