import Foundation
import TestServers
import Testing
import Triage

@testable import Web

@Suite("What a link says when nothing can be claimed")
struct NotClaimedTests {
  @Test(
    "Who holds as many as may be held is told whose limit it is, and sees no address",
    arguments: [
      (nil as String?, "You have 3 offers in hand already", "as many as one person may hold"),
      (
        "Fire <&> rescue", "Fire &lt;&amp;&gt; rescue has 3 offers in hand already", "hold together"
      ),
    ])
  func enough(agency: String?, heading: String, why: String) async throws {
    try await TestSite.with { site in
      await site.desk.fill(.tooMany(limit: 3, agency: agency))
      let page = try await site.claim(as: "bob")
      #expect(page.status == 409)
      #expect(page.body.contains(heading) && page.body.contains(why), "\(page.body)")
      #expect(page.body.contains("Back to the offer") && !page.body.contains("14 Mill"))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("A second person is told who holds it since when, and sees no address")
  func conflict() async throws {
    try await TestSite.with { site in
      let open = try await site.get("/c/\(TestDesk.otherToken)")
      #expect(try await site.claim(as: "ann").status == 200)
      let refused = try await site.submit(open, "claim", [("member", "bob")])
      #expect(refused.status == 409)
      #expect(refused.body.contains("Held by Ann since Thursday 19 November, 14:05."))
      #expect(!refused.body.contains("14 Mill"))
      #expect(await site.desk.changes == 1)
    }
  }

  @Test("A form without a name comes back with the problem linked to its field")
  func noName() async throws {
    try await TestSite.with { site in
      for round in 1...2 {
        let offer = try await site.get("/c/\(TestDesk.token)")
        let action = round == 1 ? "claim" : "open"
        let page = try await site.submit(offer, action, [("member", "")])
        #expect(page.status == 422)
        #expect(page.body.contains("<title>Error: "))
        #expect(page.body.contains(##"<a href="#member">Pick your name from the list</a>"##))
        #expect(page.body.contains(#"aria-describedby="member-wrong""#))
        if round == 1 {
          #expect(await site.desk.changes == 0)
          #expect(try await site.submit(page, "claim", [("member", "ann")]).status == 200)
        }
      }
    }
  }

  @Test("Somebody who is not of the area's team cannot claim")
  func outsider() async throws {
    try await TestSite.with { site in
      let page = try await site.claim(as: "charlie")
      #expect(page.status == 403)
      #expect(page.body.contains("not on this area’s list"))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("An offer that is withdrawn is told as such, on the link and on every form")
  func withdrawn() async throws {
    try await TestSite.with { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      let claimed = try await site.submit(offer, "claim", [("member", "ann")])
      await site.desk.withdraw()
      #expect(try await site.get("/c/\(TestDesk.token)").status == 410)
      #expect(try await site.submit(offer, "claim", [("member", "bob")]).status == 410)
      let late = try await site.submit(claimed, "release")
      #expect(late.status == 410)
      #expect(late.body.contains("no longer open"))
    }
  }

  @Test("While the register is not in force nothing is claimed and no reason is told to the public")
  func onHold() async throws {
    try await TestSite.with { site in
      await site.desk.hold()
      let page = try await site.claim(as: "ann")
      #expect(page.status == 503)
      #expect(page.body.contains("Claims are on hold"))
      #expect(!page.body.contains("three days old"))
    }
  }

  @Test("An unknown link and an expired one are told alike, to the byte")
  func unknownAndExpired() async throws {
    try await TestSite.with { site in
      func stripped(_ answer: HTTPAnswer) -> [String] {
        [answer.body] + answer.headers.filter { $0.key != "date" }.map { "\($0): \($1)" }.sorted()
      }
      let expired = try await site.get("/c/\(TestDesk.expiredToken)")
      #expect(expired.status == 404)
      for token in ["BBBBBBBBBBBBBBBBBBBBBB", "x", "%00", String(repeating: "y", count: 5000)] {
        let unknown = try await site.get("/c/\(token)")
        #expect(unknown.status == 404)
        #expect(stripped(unknown) == stripped(expired))
      }
    }
  }
}
