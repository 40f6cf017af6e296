import Testing
import Triage

@Suite("What happened")
struct OutcomeTests {
  @Test("Every outcome is recorded with one press", arguments: OutcomeKind.allCases)
  func record(kind: OutcomeKind) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "bob")
      var fields = [("outcome", kind.rawValue)]
      if kind == .accepted { fields.append(("consent", "yes")) }
      let page = try await site.submit(claimed, "outcome", fields)
      #expect(page.status == 200)
      #expect(page.body.contains("Thank you, that is recorded"))
      let outcome = await site.desk.outcome
      #expect(outcome?.kind == kind)
      #expect(outcome?.consent == (kind == .accepted ? true : nil))
      #expect(outcome?.by == "bob")
    }
  }

  @Test("Help accepted without sharing says that it stays with the holder")
  func noSharing() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let page = try await site.submit(
        claimed, "outcome", [("outcome", "accepted"), ("consent", "no")])
      #expect(page.status == 200)
      #expect(page.body.contains("stays with you"))
      #expect(await site.desk.outcome?.consent == false)
    }
  }

  @Test("Accepted without a word on sharing comes back with the answer kept")
  func consentMissing() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let page = try await site.submit(claimed, "outcome", [("outcome", "accepted")])
      #expect(page.status == 422)
      #expect(page.body.contains(#"value="accepted" checked>"#))
      #expect(
        page.body.contains(##"<a href="#consent-yes">Say whether they agreed to sharing</a>"##))
      #expect(!page.body.contains("14 Mill"))
      #expect(await site.desk.outcome == nil)
      let mended = try await site.submit(
        page, "outcome", [("outcome", "accepted"), ("consent", "yes")])
      #expect(mended.status == 200)
      #expect(await site.desk.outcome?.consent == true)
    }
  }

  @Test(
    "Nothing picked, or something that is not on the list, comes back", arguments: ["", "eaten"])
  func kindMissing(kind: String) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let page = try await site.submit(claimed, "outcome", [("outcome", kind), ("consent", "no")])
      #expect(page.status == 422)
      #expect(page.body.contains(##"<a href="#outcome-no_answer">Pick what happened</a>"##))
      #expect(page.body.contains(#"value="no" checked>"#))
      #expect(page.body.contains("Nothing has been recorded yet."))
      #expect(await site.desk.outcome == nil)
    }
  }

  @Test("What was ticked for sharing beside another outcome is not kept")
  func consentBesideOther() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      _ = try await site.submit(claimed, "outcome", [("outcome", "not_now"), ("consent", "yes")])
      let outcome = await site.desk.outcome
      #expect(outcome?.kind == .notNow)
      #expect(outcome?.consent == nil)
    }
  }

  @Test("A second press finds it recorded, and nothing is recorded twice")
  func twice() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      _ = try await site.submit(claimed, "outcome", [("outcome", "no_answer")])
      let again = try await site.submit(claimed, "outcome", [("outcome", "not_now")])
      #expect(again.status == 200)
      #expect(again.body.contains("Ann recorded what happened on Thursday 19 November, 14:05."))
      #expect(await site.desk.outcome?.kind == .noAnswer)
      #expect(try await site.get("/c/\(TestDesk.token)").body.contains("This offer is finished"))
      #expect(try await site.submit(claimed, "release").status == 409)
      #expect(await site.desk.changes == 2)
    }
  }

  @Test("A page older than the claim records nothing")
  func stale() async throws {
    try await TestSite.with { site in
      let annsPage = try await site.claim(as: "ann")
      _ = try await site.submit(annsPage, "release")
      _ = try await site.claim(as: "bob")
      let page = try await site.submit(annsPage, "outcome", [("outcome", "no_answer")])
      #expect(page.status == 409)
      #expect(await site.desk.outcome == nil)
    }
  }
}
