import Foundation
import TestServers
import Testing
import Triage

@testable import Web

@Suite("What the holder can do")
struct HolderTests {
  @Test(
    "The page has the lease, the card, the checklist and the numbers to ring, and a form for everything"
  )
  func claimed() async throws {
    try await TestSite.with { site in
      let page = try await site.claim(as: "ann")
      for text in [
        "Yours until Friday 20 November, 14:05.", "We come about the sofa.",
        "How long has it been there?", "Anything about rent.", "Open cases at the address",
        "Safeguarding, out of hours: 01632 960 999",
      ] { #expect(page.text.contains(text), "\(text)") }
      #expect(page.body.contains(#"<a href="tel:01632960999">"#))
      for action in ClaimAction.allCases
      where ![.claim, .open, .takeOver, .keep, .back, .withdraw, .handOff].contains(action) {
        #expect(try page.form(action.rawValue).hidden.count == 3, "\(action)")
      }
      #expect(throws: HTTPAnswer.NoForm.self) { try page.form("keep") }
    }
  }

  /// What is asked, what is answered, and what is then done.
  static let questions: [(ClaimAction, [(String, String)], DeskAction)] = [
    (.pass, [("to", "bob"), ("why", "nearer")], .pass(to: "bob", why: .nearer)),
    (.snooze, [("day", "2026-11-24")], .snooze(until: CivilDay("2026-11-24")!)),
    (.decline, [("why", "not_safe")], .decline(why: .notSafe)),
    (.setOut, [("minutes", "90")], .setOut(minutes: 90)),
    (
      .visitAgain, [("day", "2026-11-23"), ("part", "evening")],
      .visitAgain(on: CivilDay("2026-11-23")!, at: .evening)
    ),
    (
      .calendar, [("day", "2026-11-20"), ("part", "morning")],
      .calendar(on: CivilDay("2026-11-20")!, at: .morning)
    ),
  ]

  @Test(
    "A question shows no address, goes back, and does nothing before it is answered",
    arguments: questions)
  func question(action: ClaimAction, fields: [(String, String)], done: DeskAction) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let ask = try await site.submit(claimed, action.rawValue)
      #expect(ask.status == 200)
      for secret in ["14 Mill", "960014", "Sofa", "Missed bin"] {
        #expect(!ask.body.contains(secret))
      }
      let wrong = try await site.submit(ask, action.rawValue)
      #expect(wrong.status == 422)
      #expect(wrong.body.contains("<title>Error: "))
      for link in wrong.body.matches(of: /<li><a href="#([^"]*)">/) {
        #expect(wrong.body.contains("id=\"\(link.1)\""))
      }
      #expect(await site.desk.changes == 1)
      let back = try await site.submit(wrong, "open", back: true)
      #expect(back.body.contains("14 Mill Lane"))
      let answer = try await site.submit(wrong, action.rawValue, fields)
      #expect(answer.status == 200)
      #expect(await site.desk.presses.last?.action == done)
      #expect(await site.desk.presses.last?.isProven == true)
    }
  }

  @Test(
    "What was done is told in a sentence, and can be undone",
    arguments: [
      (ClaimAction.pass, "Passed on to Bob"), (.snooze, "It is put off. It stays yours until"),
      (.decline, "The offer is declined"), (.visitAgain, "Noted: nobody answered."),
      (.renew, "You hold it longer: until Saturday 21 November, 14:05."),
      (.release, "You have given the offer back"),
    ])
  func receipt(action: ClaimAction, sentence: String) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      var page = try await site.submit(claimed, action.rawValue)
      if let question = Self.questions.first(where: { $0.0 == action }) {
        page = try await site.submit(page, action.rawValue, question.1)
      }
      #expect(page.status == 200)
      #expect(page.text.contains(sentence))
      // The same press twice answers as the first time.
      let undone = try await site.submit(page, "undo")
      #expect(undone.text.contains("Your last step is undone. It is yours until"))
      #expect(undone.body.contains("14 Mill Lane"))
      #expect(await site.desk.claim?.holder.id == "ann")
      #expect(await site.desk.changes == 3)
    }
  }

  @Test("Who has set out finds the way back at the top of the page, and says so there")
  func outing() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      #expect(throws: HTTPAnswer.NoForm.self) { try claimed.form("back") }
      let ask = try await site.submit(claimed, "set-out")
      #expect(ask.text.contains("15:35, in an hour and a half"))
      let out = try await site.submit(ask, "set-out", [("minutes", "90")])
      #expect(out.text.contains("You want to be back by Thursday 19 November, 15:35."))
      // Before the address is looked for, and the way to say that it takes longer beside it.
      let top = try #require(out.body.range(of: "You are out")).lowerBound
      #expect(top < out.body.range(of: "14 Mill Lane")!.lowerBound)
      let longer = try await site.submit(
        try await site.submit(out, "set-out"), "set-out", [("minutes", "120")])
      #expect(longer.text.contains("back by Thursday 19 November, 16:05."))
      let back = try await site.submit(longer, "back")
      #expect(back.text.contains("Good that you are back.") && !back.text.contains("You are out"))
    }
  }

  @Test("A double click does it once and shows the same page")
  func doubleClick() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let first = try await site.submit(claimed, "renew")
      let second = try await site.submit(claimed, "renew")
      #expect(second.status == 200)
      #expect(second.body == first.body)
      #expect(await site.desk.changes == 2)
    }
  }

  @Test("In a second tab that is older than the last change nothing works")
  func twoTabs() async throws {
    try await TestSite.with { site in
      let old = try await site.claim(as: "ann")
      let ask = try await site.submit(old, "pass")
      _ = try await site.submit(old, "renew")
      for page in [
        try await site.submit(old, "release"), try await site.submit(old, "snooze"),
        try await site.submit(ask, "pass", [("to", "bob"), ("why", "away")]),
      ] {
        #expect(page.status == 409)
        #expect(page.text.contains("This page is out of date"))
      }
      #expect(await site.desk.changes == 2)
    }
  }

  @Test(
    "Days on which nobody works are not offered, and one sent all the same comes back with the question"
  )
  func days() async throws {
    try await TestSite.with { site in
      let ask = try await site.submit(try await site.claim(as: "ann"), "snooze")
      #expect(ask.body.contains(#"<option value="2026-11-20">Friday 20 November</option>"#))
      for day in ["2026-11-19", "2026-11-21", "2026-11-22", "2026-12-18"] {
        #expect(!ask.body.contains(#"value="\#(day)""#), "\(day)")
      }
      let wrong = try await site.submit(ask, "snooze", [("day", "2026-11-21")])
      #expect(wrong.status == 422)
      #expect(wrong.text.contains("Pick another day"))
      let again = try await site.submit(try await site.open(as: "ann"), "visit-again")
      #expect(again.body.contains(#"<option value="2026-11-23" selected>"#))
      #expect(again.body.contains(#"id="part" value="morning" checked>"#))
    }
  }

  @Test("When the council closes the job the page says so, until its holder goes on")
  func closed() async throws {
    try await TestSite.with { site in
      _ = try await site.claim(as: "ann")
      await site.desk.closeByCouncil()
      let page = try await site.open(as: "ann")
      #expect(page.text.contains("It was closed on 19 November 2026. You still hold the offer"))
      let kept = try await site.submit(page, "keep")
      #expect(kept.text.contains("You go on with it. It is yours until Friday 20 November, 14:05."))
      #expect(!kept.text.contains("The council has closed the job"))
    }
  }

  @Test("What was tried is listed, and after the last try there is no other")
  func tries() async throws {
    try await TestSite.with { site in
      var page = try await site.claim(as: "ann")
      for day in ["2026-11-23", "2026-11-26"] {
        let ask = try await site.submit(page, "visit-again")
        page = try await site.submit(ask, "visit-again", [("day", day), ("part", "afternoon")])
      }
      #expect(
        page.text.contains(
          "Thursday 19 November, 14:05: no answer. Next try: Monday 23 November, in the afternoon.")
      )
      #expect(throws: HTTPAnswer.NoForm.self) { try page.form("visit-again") }
    }
  }

  @Test("The sheet has nothing that says why somebody calls")
  func sheet() async throws {
    try await TestSite.with(TestDesk(view: .invented(flags: [.noLetter, .notAlone]))) { site in
      let page = try await site.submit(try await site.claim(as: "ann"), "sheet")
      for text in [
        "Street Scene visit", "14 Mill Lane", "Leave no letter and no card.", "Leave no voicemail.",
        "Two go together", "01632 960 999", "Ann",
      ] { #expect(page.text.contains(text), "\(text)") }
      for secret in [
        "Bulky", "sofa", "Sofa", "960014", "Missed bin", "points", "high", "Take care", "agreed",
        "UPRN",
        "Support", "support", "help",
      ] { #expect(!page.text.contains(secret), "\(secret)") }
      let plain = try await TestSite.sheet(of: .invented())
      #expect(plain.text == page.text)
      #expect(await site.desk.changes == 1)
      #expect(try await site.submit(page, "open", back: true).body.contains("14 Mill Lane"))
    }
  }

  @Test("The calendar file is one to keep")
  func calendar() async throws {
    try await TestSite.with { site in
      let ask = try await site.submit(try await site.claim(as: "ann"), "calendar")
      let file = try await site.submit(
        ask, "calendar", [("day", "2026-11-20"), ("part", "evening")])
      #expect(file.headers["content-type"] == "text/calendar; charset=utf-8")
      #expect(file.headers["content-disposition"] == #"attachment; filename="visit.ics""#)
      #expect(file.headers["cache-control"] == "no-store")
      #expect(file.body.hasPrefix("BEGIN:VCALENDAR\r\n"))
    }
  }

  @Test(
    "Every refusal has a page with its status and a next step",
    arguments: [
      (ClaimError.heldBy(name: "Bob", since: .thursday), 409, "Bob has this offer"),
      (.withdrawn, 410, "This offer is no longer open"),
      (.done(name: "Bob", at: .thursday), 409, "Bob recorded what happened"),
      (.unknown, 404, "This link is not in use"), (.expired, 404, "This link is not in use"),
      (.stale, 409, "This page is out of date"),
      (.notInTeam, 403, "That name is not on this area’s list"),
      (.tooMany(limit: 3, agency: nil), 409, "You have 3 offers in hand already"),
      (.onHold(why: "secret"), 503, "Claims are on hold"),
      (.noRoom, 503, "This cannot be done at the moment"),
      (.askedFirst(name: "Bob", until: .thursday), 409, "Bob is asked first"),
      (.pinLocked, 403, "This link takes no more PINs from you"),
      (.passedEnough(leaders: ["Ann", "Bob"]), 409, "Ann, Bob"),
      (.triedEnough, 409, "Record what happened now"),
      (.notThatDay, 422, "That day cannot be chosen"),
      (.outsideConsent(agency: "Police"), 403, "Police"),
      (.notUndoable, 409, "It cannot be undone any more"), (.needsSecond, 422, "out of date"),
      (.wrongPIN(triesLeft: 2), 403, "out of date"),
    ])
  func refusals(error: ClaimError, status: Int, text: String) async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      await site.desk.refuse(error)
      let page = try await site.submit(claimed, "renew")
      #expect(page.status == status)
      #expect(page.text.contains(text))
      #expect(!page.body.contains("14 Mill"))
      #expect(!page.body.contains("secret"))
      // What is wrong with the claim itself leads back to it without picking a name again.
      switch error {
      case .passedEnough, .triedEnough, .notThatDay, .outsideConsent, .notUndoable:
        await site.desk.refuse(nil)
        #expect(try await site.submit(page, "open").body.contains("14 Mill Lane"))
      default: #expect(throws: HTTPAnswer.NoForm.self) { try page.form("open") }
      }
    }
  }

  @Test("Passed to who went along, it is asked who goes with them, and the other answers are kept")
  func passSecond() async throws {
    try await TestSite.with { site in
      let page = try await site.submit(try await site.claim(as: "ann"), "pass")
      await site.desk.refuse(.needsSecond)
      let asked = try await site.submit(page, "pass", [("to", "bob"), ("why", "nearer")])
      #expect(asked.status == 200 && asked.text.contains("Who goes with them?"))
      #expect(!asked.body.contains("14 Mill"))
      let again = try await site.submit(asked, "pass")
      #expect(again.status == 422 && again.text.contains("Pick who goes with them"))
      await site.desk.refuse(nil)
      let done = try await site.submit(again, "pass", [("second", "ann")])
      #expect(done.text.contains("Passed on to Bob"))
      #expect(
        await site.desk.presses.last?.action == .pass(to: "bob", why: .nearer, second: "ann"))
    }
  }

  @Test("What the register forbids by now, or has a note made of it, is said on a page of its own")
  func plainRefusals() async throws {
    try await TestSite.with { site in
      let page = try await site.claim(as: "ann")
      for (refusal, said) in [
        (ClaimError.forbidden, "Nobody is to contact this address"),
        (.noteMade, "It cannot be undone: another service has a note"),
      ] {
        await site.desk.refuse(refusal)
        let refused = try await site.submit(page, "renew")
        #expect(refused.status == 409 && refused.text.contains(said))
        #expect(try refused.form("open").hidden.isEmpty == false)
      }
    }
  }

}

extension TestSite {
  static func sheet(of view: ClaimedView) async throws -> HTTPAnswer {
    let (answers, found) = AsyncStream.makeStream(of: HTTPAnswer.self)
    try await TestSite.with(TestDesk(view: view)) { site in
      found.yield(try await site.submit(try await site.claim(as: "ann"), "sheet"))
    }
    return await answers.first { _ in true }!
  }
}
