import TestServers
import Testing
import Triage

@testable import Web

@Suite("What happened")
struct OutcomeTests {
  private let learned = [[("known", "no")], [("line", "repeat")]]
  private let when = [("on", "2026-11-19"), ("how", "by_phone")]

  @Test(
    "Every outcome is recorded, with what was learned where somebody was met",
    arguments: OutcomeKind.asked)
  func record(kind: OutcomeKind) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "bob")
      var pages = [[("kind", kind.rawValue)]]
      if kind == .accepted { pages += [[("consent", "yes")], [("scope-partner", "yes")], when] }
      let isMet = [.accepted, .notNow, .noThankYou, .doNotContact].contains(kind)
      if isMet { pages += learned }
      let page = try await site.record(claimed, pages)
      #expect(page.status == 200)
      #expect(page.body.contains("Thank you, that is recorded"))
      let answers = try #require(await site.desk.answers)
      #expect(answers.kind == kind)
      #expect(answers.knownBefore == (isMet ? .no : nil))
      #expect(answers.lineThatMattered == (isMet ? "repeat" : nil))
      #expect((answers.consent != nil) == (kind == .accepted))
      #expect(await site.desk.outcome?.by == "bob")
      #expect(await site.desk.changes == 2)
    }
  }

  @Test("A consent is kept with its scope, day, way and the wording that was read out")
  func consent() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      var page = try await site.record(claimed, [[("kind", "accepted")]])
      #expect(page.text.contains("We would like to tell those who can help. May we?"))
      page = try await site.submit(page, "outcome", [("consent", "yes")])
      #expect(page.text.contains("The support team Partner services"))
      page = try await site.submit(page, "outcome", [("scope-support", "yes")])
      #expect(
        page.body.contains(#"<option value="2026-11-19" selected>Thursday 19 November</option>"#))
      page = try await site.submit(page, "outcome", when)
      page = try await site.submit(page, "outcome", [("known", "not_sure")])
      #expect(page.text.contains("There were 3 jobs at the address in 12 months."))
      page = try await site.submit(page, "outcome", [("line", "none")])
      #expect(page.status == 200)
      let answers = try #require(await site.desk.answers)
      #expect(
        answers.consent
          == ConsentAnswers(
            isGiven: true, scope: [.support], on: CivilDay("2026-11-19")!, how: .byPhone,
            wording: "2026-05"))
      #expect(answers.lineThatMattered == OutcomeAnswers.noLine)
    }
  }

  @Test("A consent is kept with the wording that its page had, whatever has come into force since")
  func wording() async throws {
    try await TestSite.with { site in
      let page = try await site.record(
        try await site.claim(as: "ann"), [[("kind", "accepted")], [("consent", "yes")]])
      await site.desk.reword("2027-01")
      var next = try await site.submit(page, "outcome", [("scope-support", "yes")])
      for answers in [when] + learned { next = try await site.submit(next, "outcome", answers) }
      #expect(await site.desk.answers?.consent?.wording == "2026-05")
    }
  }

  @Test("Of two households it is asked which of them agreed")
  func joint() async throws {
    var offer = Offer.invented()
    offer.isJoint = true
    try await TestSite.with(TestDesk(offer: offer)) { site in
      var page = try await site.record(
        try await site.claim(as: "ann"), [[("kind", "accepted")], [("consent", "yes")]])
      #expect(page.text.contains("Who agreed?"))
      #expect(page.text.contains("First household Second household"))
      #expect(try await site.submit(page, "outcome").status == 422)
      page = try await site.submit(page, "outcome", [("household-2", "yes")])
      for answers in [[("scope-partner", "yes")], when] + learned {
        page = try await site.submit(page, "outcome", answers)
      }
      #expect(page.text.contains("Thank you, that is recorded"))
      #expect(await site.desk.answers?.consent?.households == [2])
    }
  }

  @Test("Help accepted without sharing says that it stays with the holder, and offers no note")
  func noSharing() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let page = try await site.record(
        claimed, [[("kind", "accepted")], [("consent", "no")], when] + learned)
      #expect(page.status == 200)
      #expect(page.body.contains("stays with you"))
      #expect(throws: HTTPAnswer.NoForm.self) { try page.form("hand-off") }
      #expect(throws: HTTPAnswer.NoForm.self) { try page.form("withdraw-consent") }
      #expect(await site.desk.answers?.consent?.scope == [])
      #expect(await site.desk.outcome?.consent == false)
    }
  }

  @Test(
    "A page without its answer comes back with the problem linked to the field",
    arguments: [
      ([], "kind", "Pick what happened"),
      ([[("kind", "accepted")]], "consent", "Say whether they agreed to sharing"),
      ([[("kind", "accepted")], [("consent", "yes")]], "scope", "Pick at least one"),
      (
        [[("kind", "accepted")], [("consent", "no")]], "how",
        "Say whether it was in person or by phone"
      ),
      ([[("kind", "not_now")]], "known", "Say whether your service knew them"),
      ([[("kind", "not_now")], [("known", "no")]], "line", "Pick the line that mattered most"),
    ] as [([[(String, String)]], String, String)])
  func missing(pages: [[(String, String)]], field: String, problem: String) async throws {
    try await TestSite.with { site in
      let before = try await site.record(try await site.claim(as: "ann"), pages)
      #expect(before.status == 200)
      let page = try await site.submit(before, "outcome")
      #expect(page.status == 422)
      #expect(page.body.contains("<title>Error: "))
      #expect(page.body.contains("<a href=\"#\(field)\">\(problem)"))
      #expect(page.body.contains("id=\"\(field)\""))
      #expect(!page.body.contains("14 Mill"))
      #expect(await site.desk.changes == 1)
    }
  }

  @Test(
    "Each page goes back to the one before it, with its answer kept, and the first to the offer")
  func back() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      var page = try await site.record(
        claimed, [[("kind", "accepted")], [("consent", "yes")], [("scope-partner", "yes")], when])
      let wanted = [
        #"<option value="2026-11-19" selected>"#,
        #"value="yes" checked><label for="scope-partner">"#,
        #"id="consent" value="yes" checked>"#, #"id="kind" value="accepted" checked>"#,
      ]
      for text in wanted {
        page = try await site.submit(page, "outcome", back: true)
        #expect(page.status == 200)
        #expect(page.body.contains(text), "\(text)")
      }
      page = try await site.submit(page, "open", back: true)
      #expect(page.body.contains("14 Mill Lane"))
      #expect(await site.desk.changes == 1)
    }
  }

  @Test("An answer that was changed on the way back leaves nothing of the old way behind")
  func changedMind() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      var page = try await site.record(claimed, [[("kind", "accepted")], [("consent", "yes")]])
      page = try await site.submit(page, "outcome", back: true)
      page = try await site.submit(page, "outcome", back: true)
      page = try await site.submit(page, "outcome", [("kind", "no_answer")])
      #expect(page.body.contains("Thank you, that is recorded"))
      #expect(await site.desk.answers == OutcomeAnswers(kind: .noAnswer))
    }
  }

  @Test(
    "What no page of ours offers is no answer",
    arguments: [
      [("kind", "eaten")], [("kind", "")], [("kind", "declined")],
      [("kind", "no_answer"), ("line", "invented"), ("step", "line")],
    ])
  func invented(fields: [(String, String)]) async throws {
    try await TestSite.with { site in
      let page = try await site.submit(try await site.claim(as: "ann"), "outcome")
      let hidden = try page.form("outcome").hidden.filter { pair in
        !fields.contains { $0.0 == pair.0 }
      }
      let answer = try await site.post("/c/\(TestDesk.token)/outcome", hidden + fields)
      #expect(answer.status == 422)
      #expect(await site.desk.outcome == nil)
    }
  }

  @Test("Enforcement is never among those to share with, even if a form says so")
  func enforcement() async throws {
    var offer = Offer.invented()
    offer.questions.consentClasses = [.support, .enforcement]
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.record(
        try await site.claim(as: "ann"), [[("kind", "accepted")], [("consent", "yes")]])
      #expect(!page.body.contains("enforcement"))
      let refused = try await site.submit(page, "outcome", [("scope-enforcement", "yes")])
      #expect(refused.status == 422)
    }
  }

  @Test("A second press answers as the first, and nothing is recorded twice")
  func twice() async throws {
    try await TestSite.with { site in
      let page = try await site.submit(try await site.claim(as: "ann"), "outcome")
      let first = try await site.submit(page, "outcome", [("kind", "no_answer")])
      let again = try await site.submit(page, "outcome", [("kind", "no_answer")])
      #expect(again.status == 200)
      #expect(again.body == first.body)
      let other = try await site.submit(page, "outcome", [("kind", "not_a_dwelling")])
      #expect(other.status == 200)
      #expect(other.body.contains("Ann recorded what happened on Thursday 19 November, 14:05."))
      #expect(await site.desk.outcome?.kind == .noAnswer)
      #expect(try await site.get("/c/\(TestDesk.token)").body.contains("This offer is finished"))
      #expect(await site.desk.changes == 2)
    }
  }

  @Test("What was recorded can be undone for a while, and the holder has it again")
  func undo() async throws {
    try await TestSite.with { site in
      let page = try await site.record(try await site.claim(as: "ann"), [[("kind", "no_answer")]])
      #expect(page.text.contains("You can undo this until 14:15."))
      let undone = try await site.submit(page, "undo")
      #expect(undone.status == 200)
      #expect(undone.text.contains("Your last step is undone. It is yours until"))
      #expect(await site.desk.outcome == nil)
    }
  }

  @Test("A page older than the claim asks nothing and records nothing")
  func stale() async throws {
    try await TestSite.with { site in
      let annsPage = try await site.claim(as: "ann")
      let question = try await site.submit(annsPage, "outcome")
      _ = try await site.submit(annsPage, "release")
      _ = try await site.claim(as: "bob")
      #expect(try await site.submit(annsPage, "outcome").status == 409)
      let page = try await site.submit(question, "outcome", [("kind", "no_answer")])
      #expect(page.status == 409)
      #expect(await site.desk.outcome == nil)
    }
  }
}

@Suite("After the outcome")
struct ConsentTests {
  private func accepted(_ site: TestSite) async throws -> HTTPAnswer {
    try await site.record(
      try await site.claim(as: "ann"),
      [
        [("kind", "accepted")], [("consent", "yes")], [("scope-partner", "yes")],
        [("on", "2026-11-19"), ("how", "in_person")], [("known", "yes")], [("line", "none")],
      ])
  }

  @Test("A note is made for the agencies inside the scope, which are listed, and for no other")
  func handOff() async throws {
    try await TestSite.with { site in
      let recorded = try await accepted(site)
      let ask = try await site.submit(recorded, "hand-off")
      #expect(ask.text.contains("Fire service Housing & home"))
      #expect(try await site.submit(ask, "hand-off").status == 422)
      // As a browser sends it.
      let form = try ask.form("hand-off")
      let note = try await site.post(
        form.path,
        form.hidden.map { ($0.0, $0.1.replacing("\n", with: "\r\n")) } + [("to", "Housing & home")])
      #expect(note.status == 200)
      for text in [
        "For Housing & home", "14 Mill Lane", "Partner services", "2026-05",
        "19 November 2026, In person, with Ann",
      ] { #expect(note.text.contains(text), "\(text)") }
      // Nothing of the score.
      for text in ["points", "There were 3 jobs", "high"] { #expect(!note.text.contains(text)) }
      let refused = try await site.submit(ask, "hand-off", [("to", "Police")])
      #expect(refused.status == 403)
      #expect(refused.text.contains("There is no consent to share this with Police"))
      #expect(!refused.body.contains("14 Mill"))
    }
  }

  @Test("Consent can be taken back, now or later through the same link, and no note is made then")
  func withdraw() async throws {
    try await TestSite.with { site in
      let recorded = try await accepted(site)
      let ask = try await site.submit(recorded, "hand-off")
      let finished = try await site.open(as: "ann")
      #expect(finished.status == 200)
      let question = try await site.submit(finished, "withdraw-consent")
      #expect(question.text.contains("Have they taken their consent back?"))
      let done = try await site.submit(question, "withdraw-consent")
      #expect(done.text.contains("The consent is taken back"))
      #expect(await site.desk.isConsentWithdrawn)
      #expect(try await site.submit(ask, "hand-off", [("to", "Fire service")]).status == 403)
    }
  }

  @Test("A finished offer opens for who recorded it, and for nobody else")
  func finished() async throws {
    try await TestSite.with { site in
      _ = try await accepted(site)
      let link = try await site.get("/c/\(TestDesk.token)")
      #expect(link.text.contains("This offer is finished"))
      #expect(!link.body.contains("Fire service\"") && !link.text.contains("Hand it on"))
      let other = try await site.open(as: "bob")
      #expect(other.status == 200)
      #expect(throws: HTTPAnswer.NoForm.self) { try other.form("hand-off") }
    }
  }
}
