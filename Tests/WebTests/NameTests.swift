import Foundation
import TestServers
import Testing
import Triage

@testable import Web

@Suite("Who somebody is, and who goes along")
struct NameTests {
  private let pins = ["ann": "4711"]

  @Test("A PIN is asked with the name, and a wrong one comes back with the tries that are left")
  func pin() async throws {
    try await TestSite.with(TestDesk(pins: pins)) { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      #expect(
        offer.body.contains(#"<input type="password" inputmode="numeric" class="pin" name="pin""#))
      let wrong = try await site.submit(offer, "claim", [("member", "ann"), ("pin", "0000")])
      #expect(wrong.status == 403)
      #expect(wrong.text.contains("That PIN is wrong. You have 4 tries left"))
      #expect(!wrong.body.contains("0000"))
      let right = try await site.submit(wrong, "claim", [("member", "ann"), ("pin", "4711")])
      #expect(right.body.contains("14 Mill Lane"))
      // A page that came to her alone needs none again; one that anybody can open does.
      let ask = try await site.submit(right, "snooze")
      #expect(try await site.submit(ask, "open", back: true).status == 200)
      #expect(try await site.open(as: "ann").status == 403)
      #expect(
        try await site.submit(
          try await site.get("/c/\(TestDesk.token)"), "open", [("member", "ann"), ("pin", "4711")]
        ).status == 200)
    }
  }

  @Test("After too many wrong PINs the link takes none from that member, and others go on")
  func locked() async throws {
    try await TestSite.with(TestDesk(pins: pins)) { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      for _ in 1...4 {
        _ = try await site.submit(offer, "claim", [("member", "ann"), ("pin", "1")])
      }
      for pin in ["1", "4711"] {
        let locked = try await site.submit(offer, "claim", [("member", "ann"), ("pin", pin)])
        #expect(locked.status == 403)
        #expect(locked.text.contains("Ask your team leader for a new link."))
      }
      #expect(try await site.claim(as: "bob").status == 200)
    }
  }

  @Test("Who goes along is named with the claim, other than the claimer")
  func second() async throws {
    let offer = Offer.invented(needsSecond: true)
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.body.contains(#"<optgroup label="Fire service">"#))
      for second in ["", "ann", "charlie"] {
        let wrong = try await site.submit(page, "claim", [("member", "ann"), ("second", second)])
        #expect(wrong.status == 422)
        #expect(
          wrong.body.contains(##"<a href="#second">Pick somebody else who goes with you</a>"##))
      }
      let claimed = try await site.submit(page, "claim", [("member", "ann"), ("second", "bob")])
      #expect(claimed.text.contains("Bob goes with you."))
    }
  }

  @Test("Who was here before is asked first, which the page says to the others")
  func askedFirst() async throws {
    var offer = Offer.invented()
    offer.askedFirst = .init(member: TestDesk.bob, until: .thursday + 86_400)
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(
        page.text.contains(
          "Bob was here before and is asked first, until Friday 20 November, 14:05."))
      let refused = try await site.claim(as: "ann")
      #expect(refused.status == 409)
      #expect(refused.text.contains("Bob is asked first"))
      #expect(try await site.claim(as: "bob").status == 200)
    }
  }

  @Test("A colleague takes it over with a name and a reason, and nothing else")
  func takeOver() async throws {
    try await TestSite.with { site in
      let anns = try await site.claim(as: "ann")
      let held = try await site.get("/c/\(TestDesk.token)")
      #expect(held.text.contains("If Ann cannot go, you can take it over."))
      let ask = try await site.submit(held, "take-over")
      #expect(ask.text.contains("Take it over from Ann"))
      #expect(!ask.body.contains(" selected") && !ask.body.contains("14 Mill"))
      for fields in [
        [], [("member", "bob")], [("why", "agreed")], [("member", "bob"), ("why", "x")],
      ] {
        #expect(try await site.submit(ask, "take-over", fields).status == 422)
      }
      #expect(await site.desk.changes == 1)
      let taken = try await site.submit(ask, "take-over", [("member", "bob"), ("why", "urgent")])
      #expect(taken.text.contains("You have taken it over."))
      #expect(taken.body.contains("14 Mill Lane"))
      #expect(try await site.submit(anns, "release").status == 409)
      #expect(
        try await site.submit(ask, "take-over", [("member", "ann"), ("why", "urgent")]).status
          == 409)
      #expect(try await site.submit(taken, "undo").text.contains("Your last step is undone"))
      #expect(await site.desk.claim?.holder.id == "ann")
    }
  }

  @Test("A form of the holder's page that is bound to one does nothing for another")
  func bound() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      for action in ClaimAction.allCases where (try? claimed.form(action.rawValue)) != nil {
        let form = try claimed.form(action.rawValue)
        for (name, value) in [("member", "bob"), ("member", ""), ("generation", "7")] {
          let fields = form.hidden.map { $0.0 == name ? (name, value) : $0 }
          #expect(try await site.post(form.path, fields).status == 403, "\(action)")
        }
        // Another form's nonce.
        let others = try claimed.form(action == .renew ? "release" : "renew").hidden
        #expect(try await site.post(form.path, others).status == 403, "\(action)")
      }
      #expect(await site.desk.changes == 1)
    }
  }
}
