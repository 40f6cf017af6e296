import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("What leaves the desk on paper, and who lets it")
struct HandOffTests {
  private let now = Counter.now
  private let day = 86_400.0
  private var monday: CivilDay { CivilDay(now, in: TimeZone(identifier: "Europe/London")!) }

  @Test("A hand-off is made inside the consent's scope alone, until it is taken back")
  func handOff() async throws {
    try await withCounter { counter in
      counter.configuration.team.agencies.append(
        Agency(name: "Wardens", kind: .enforcement, exception: nil))
      counter.configuration.team.agencies.append(
        Agency(
          name: "Lapsed", kind: .partner,
          agreement: Agreement(reference: "x", ends: monday.plus(-1))))
      let token = try await counter.offerOne()
      let (view, _) = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      #expect(view.offer.questions.consentClasses == [.support, .partner])
      let consent = ConsentAnswers(
        isGiven: true, scope: [.partner, .enforcement, .observer], on: monday, how: .inPerson,
        wording: view.offer.questions.consentWording.version)
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .accepted, consent: consent)))
      #expect(receipt.consent == true)
      func note(_ agency: String) async throws -> DeskAnswer {
        try await counter.press(token, "bob", 2, .handOff(to: agency))
      }
      guard case .handOff(let made) = try await note("Fire and rescue") else {
        Issue.record("no note")
        return
      }
      #expect(made.consent.answers.scope == [.partner] && made.from.id == "bob")
      #expect(made.households[0].address.hasPrefix("12 Mill Lane"))
      for name in ["Council", "Wardens", "Lapsed"] {
        await #expect(throws: ClaimError.outsideConsent(agency: name)) { try await note(name) }
      }
      await #expect(throws: ClaimError.outsideConsent(agency: "")) { try await note("<script>") }
      // Much later, through the same link.
      let later = now + 100 * day
      let withdrawn = try await counter.done(token, "bob", 2, .withdrawConsent, at: later)
      #expect(withdrawn.action == "withdraw-consent")
      await #expect(throws: ClaimError.expired) {
        try await counter.press(token, "bob", 3, .handOff(to: "Fire and rescue"), at: later + 600)
      }
      let audit = try await counter.feed.store.audit(of: 1).filter { $0.action == "hand-off" }
      #expect(
        audit.map(\.result) == ["ok"] + Array(repeating: "outside consent", count: 4))
    }
  }

  @Test("Help yes, sharing no: no note for anybody, and the board shows only that it is done")
  func noSharing() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.view(token, "bob", 0, .claim(second: "ann"))
      let consent = ConsentAnswers(
        isGiven: false, scope: [.partner], on: monday, how: .byPhone, wording: "1")
      let receipt = try await counter.done(
        token, "bob", 1, .record(OutcomeAnswers(kind: .accepted, consent: consent)))
      #expect(receipt.consent == false)
      for agency in ["Council", "Fire and rescue"] {
        await #expect(throws: ClaimError.outsideConsent(agency: agency)) {
          try await counter.press(token, "bob", 2, .handOff(to: agency))
        }
      }
      await #expect(throws: ClaimError.outsideConsent(agency: "")) {
        try await counter.press(token, "bob", 2, .withdrawConsent)
      }
      let line = try #require(try await counter.board().done.first)
      #expect(line.opportunity == 1 && line.outcome == nil)
      let said = "\(line)"
      for word in ["accepted", "onsent", "shar"] { #expect(!said.contains(word), "\(word)") }
    }
  }

  @Test(
    "A PIN is asked with the name; five wrong ones lock the member there, the proxy's word is enough"
  )
  func pin() async throws {
    try await withCounter { counter in
      let file = counter.feed.folder.path + "/pin"
      try write("4711\n", to: file)
      let at = try #require(counter.configuration.team.members.firstIndex { $0.id == "bob" })
      counter.configuration.team.members[at].pinFile = file
      let token = try await counter.offerOne()
      guard case .open(let offer) = try await counter.desk().look(token) else { return }
      #expect(offer.withPIN == ["bob"])
      let claim = DeskAction.claim(second: "ann")
      // A form without a PIN, as a scanner sends it, is no try.
      for (pin, left) in [("", 5), ("", 5), ("4712", 4), ("4712", 3)] {
        await #expect(throws: ClaimError.wrongPIN(triesLeft: left)) {
          try await counter.press(token, "bob", 0, claim, pin: pin)
        }
      }
      _ = try await counter.press(token, "bob", 0, claim, pin: "4711")
      // The holder's page is bound to who opened it.
      _ = try await counter.press(token, "bob", 1, .renew)
      for _ in 1...5 { _ = try? await counter.press(token, "bob", 2, claim, pin: "1") }
      await #expect(throws: ClaimError.pinLocked) {
        try await counter.press(token, "bob", 2, claim, pin: "4711")
      }
      _ = try await counter.press(token, "bob", 2, claim, proxy: "bob")
      await #expect(throws: ClaimError.notInTeam) {
        try await counter.press(token, "bob", 2, claim, proxy: "dee")
      }
      let said = try await counter.feed.store.audit().map { "\($0)" }.joined()
      #expect(!said.contains("4711") && !said.contains("4712"))
    }
  }

  @Test("A sheet and a calendar file tell nothing of why; each is in the audit, a look is not")
  func papers() async throws {
    try await withCounter { counter in
      let token = try await counter.offerOne()
      _ = try await counter.desk().look(token)
      #expect(try await counter.feed.store.audit().isEmpty)
      _ = try await counter.view(token, "bob", 0, .claim(second: "dee"))
      guard case .sheet(let sheet) = try await counter.press(token, "bob", 1, .sheet) else {
        Issue.record("no sheet")
        return
      }
      #expect(sheet.second?.id == "dee" && sheet.isVisit && !sheet.emergency.isEmpty)
      #expect(sheet.households[0].history.isEmpty && sheet.households[0].holders.isEmpty)
      guard
        case .calendar(let file) = try await counter.press(
          token, "bob", 1, .calendar(on: monday.plus(1), at: .morning))
      else {
        Issue.record("no calendar")
        return
      }
      #expect(file.contains("SUMMARY:Street Scene visit\r\n"))
      #expect(file.contains("DTSTART:20261124T090000Z\r\nDTEND:20261124T120000Z\r\n"))
      #expect(!file.contains("Bulky") && !file.lowercased().contains("note of"))
      await #expect(throws: ClaimError.stale) { try await counter.press(token, "dee", 1, .sheet) }
      let rows = try await counter.feed.store.audit(of: 1)
      #expect(rows.map(\.action) == ["claim", "sheet", "calendar", "sheet"])
      #expect(rows.map(\.result) == ["ok", "ok", "ok", "stale"])
      #expect(Set(rows.map(\.mark)) == [AuditMark(via: "link 1", network: "a private network")])
    }
  }

  @Test("A code that the rules do not name is told in the glossary's words, and never as it is")
  func glossary() async throws {
    try await withCounter { counter in
      counter.configuration.glossary = Glossary(["QX7": "Leaning lamp post"])
      let jobs = [
        counter.job("B1", "12 Mill Lane"), counter.job("Q1", "12 Mill Lane", type: " qx7 "),
        counter.job("Q2", "12 Mill Lane", type: "QX8", days: 9),
      ]
      try await counter.record(jobs, [counter.single([jobs[0]])])
      try await counter.deliver()
      let (view, _) = try await counter.view(
        try counter.token(), "bob", 0, .claim(second: "ann"))
      let types = view.households[0].history.map(\.type)
      #expect(types.contains("Leaning lamp post") && types.contains("Another job"))
      #expect(!"\(view)".contains("QX8"))
    }
  }
}
