import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Links and claims, by whoever runs the service")
struct LinksAndClaimsTests {
  private let now = Counter.now

  @Test("A revoked link opens nothing, whoever has it; who had it and who has seen what is told")
  func breach() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.press(token, "bob", 0, .claim(second: "dee"))
      let office = await counter.office()
      let before = try await office.links(LinksWish(opportunity: 1), now: now)
      #expect(before.links.map(\.recipient) == ["ann"] && before.links.allSatisfy(\.good))
      #expect(try await office.links(LinksWish(recipient: "bob"), now: now).links.isEmpty)

      let report = try await office.revokeLinks(LinksWish(opportunity: 1, by: "it"), now: now)
      #expect(report.links == 1 && report.sessions == 0 && report.owedAnew == 0)
      let story = try #require(report.story)
      #expect(story.links.map(\.recipient) == ["ann"])
      #expect(story.links.allSatisfy { $0.revoked && !$0.good })
      #expect(story.claim?.holder == "bob")
      #expect(story.views.map(\.who) == ["bob", "(admin)"])
      #expect(story.views.map(\.action) == ["claim", "revoke-links"])
      #expect(story.views[1].via == "command by it")
      #expect(!report.plainText.contains("12 Mill"), "no address")

      await #expect(throws: ClaimError.unknown) { try await counter.desk(at: now).look(token) }
      await #expect(throws: ClaimError.unknown) {
        try await counter.press(token, "bob", 1, .release)
      }
      let again = try await office.revokeLinks(LinksWish(opportunity: 1, by: "it"), now: now)
      #expect(again.links == 0, "they were useless already")
    }
  }

  @Test("What is on offer is told again, with a link that is good, where that is asked for")
  func sendAnew() async throws {
    try await withCounter { counter in
      let old = try await counter.offerOne()
      let report = try await counter.office().revokeLinks(
        LinksWish(recipient: "ann", sendAnew: true, by: "it"), now: now)
      #expect(report.links == 1 && report.owedAnew == 1)
      try await counter.deliver(at: now + 60)
      let tokens = try counter.tokens(to: "Ann Archer")
      #expect(tokens.count == 2)
      for token in tokens {
        if token == old {
          await #expect(throws: ClaimError.unknown) { try await counter.desk(at: now).look(token) }
        } else {
          guard case .open = try await counter.desk(at: now).look(token) else {
            Issue.record("the new link is good")
            return
          }
        }
      }
      let audit = try await counter.feed.store.audit()
      #expect(audit.last?.action == "revoke-links of ann" && audit.last?.actor == "(admin)")
    }
  }

  @Test("Links of somebody else stay good; all means all, and the sessions on the board too")
  func scopes() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let office = await counter.office()
      await #expect(throws: AdminRefusal.self) {
        try await office.revokeLinks(LinksWish(recipient: "nobody", by: "it"), now: now)
      }
      await #expect(throws: AdminRefusal.self) {
        try await office.revokeLinks(LinksWish(opportunity: 99, by: "it"), now: now)
      }
      await #expect(throws: AdminRefusal.self) {
        try await office.revokeLinks(LinksWish(by: "it"), now: now)
      }
      await #expect(throws: AdminRefusal.self) {
        try await office.revokeLinks(
          LinksWish(opportunity: 1, recipient: "ann", by: "it"), now: now)
      }
      #expect(
        try await office.revokeLinks(LinksWish(recipient: "bob", by: "it"), now: now).links == 0)
      _ = try await counter.desk(at: now).look(token)
      #expect(try await office.revokeLinks(LinksWish(all: true, by: "it"), now: now).links == 1)
      await #expect(throws: ClaimError.unknown) { try await counter.desk(at: now).look(token) }
    }
  }

  @Test("What is held is listed by street; freed it is open again, and its holder is told")
  func release() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let office = await counter.office()
      #expect(try await office.claims(area: nil, now: now).plainText == "Nobody holds anything.")
      await #expect(throws: AdminRefusal.self) { try await office.release(1, by: "it", now: now) }
      _ = try await counter.press(token, "bob", 0, .claim(second: "dee"))

      let held = try await office.claims(area: "new-cross", now: now)
      let line = try #require(held.claims.first)
      #expect(held.claims.count == 1 && line.opportunity == 1 && line.area == "new-cross")
      #expect(line.holder == "bob" && line.second == "dee" && line.isInTeam)
      #expect(line.whereabouts.contains("Mill Lane") && line.until != nil)
      #expect(!held.plainText.contains("12 Mill"), "no house number: \(held.plainText)")
      await #expect(throws: AdminRefusal.self) {
        try await office.claims(area: "nowhere", now: now)
      }

      let done = try await office.release(1, by: "it", now: now + 60)
      #expect(
        done.done
          == "Opportunity 1, which bob held, is open again for others; they are told by mail.")
      #expect(try await counter.feed.store.opportunity(1)?.state == .offered)
      #expect(try await office.claims(area: nil, now: now).claims.isEmpty)
      try await counter.deliver(at: now + 120)
      #expect(try counter.mails.contains { $0.contains("is not yours any more") })
      let row = try #require(try await counter.feed.store.audit(of: 1).last)
      #expect(row.action == "release" && row.actor == "(admin)" && row.mark.via == "command by it")
      await #expect(throws: AdminRefusal.self) { try await office.release(1, by: "it", now: now) }
      await #expect(throws: AdminRefusal.self) { try await office.release(99, by: "it", now: now) }
      // Somebody else can claim it through the same link.
      _ = try await counter.view(token, "dee", 2, .claim(second: "bob"), at: now + 180)
    }
  }

  @Test("Presses on claim are counted by what came of them")
  func counted() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      let meters = Meters()
      let desk = await counter.desk(at: now).counting(meters.claims)
      func claim(_ member: String, _ second: String) async -> Bool {
        let press = DeskPress(
          member: member, generation: 0, action: .claim(second: second), visitor: Visitor())
        return (try? await desk.press(token, press)) != nil
      }
      #expect(await claim("bob", "dee"))
      #expect(await claim("bob", "dee"))
      #expect(await !claim("dee", "bob"))
      #expect(meters.claims[.won] == 1)
      #expect(meters.claims[.reopened] == 1)
      #expect(meters.claims[.lost] == 1)
      let seen = ClaimCount.allCases.filter { meters.claims[$0] > 0 }
      #expect(seen == [.won, .reopened, .lost])
    }
  }
}
