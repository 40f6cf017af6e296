import Foundation
import TestServers
import Testing
import Triage

@testable import Web

@Suite("From the link to the outcome")
struct ClaimFlowTests {
  @Test("The offer shows what is known without the address, and no name is picked")
  func offer() async throws {
    try await TestSite.with { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.status == 200)
      for text in [
        "An offer in New Cross", "Bulky waste quote", "Mill Lane, NG17", "3 days ago",
        "<dt>Received</dt>", "16 November 2026", "high, 50 points", "A visit, always in a pair",
        "+40", "+15",
        "\u{2212}5", "A bulky waste quote is still open.", "This link was made for Ann.",
        #"<html lang="en-GB">"#, #"<option value="">Pick a name</option>"#,
        #"<option value="bob">Bob (Fire service)</option>"#,
        #"<select id="member" name="member" required"#,
      ] { #expect(page.body.contains(text), "\(text)") }
      #expect(!page.body.contains("selected"))
      #expect(!page.body.contains("type=\"radio\""))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("Why the area was chosen stands on every page of the offer, where anybody has said why")
  func areaReason() async throws {
    let why = "Why this area: Many repeat reports, few replies to letters."
    try await TestSite.with { site in
      let pages = [
        try await site.get("/c/\(TestDesk.token)"), try await site.claim(as: "bob"),
        try await site.get("/c/\(TestDesk.token)"),
      ]
      for page in pages { #expect(page.body.contains(why)) }
    }
    var offer = Offer.invented()
    offer.areaReason = nil
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(!page.body.contains("Why this area"))
    }
  }

  @Test("An offer without a street is placed by its area")
  func noStreet() async throws {
    var offer = Offer.invented()
    offer.street = nil
    offer.outwardCode = ""
    offer.offer = .call
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.body.contains("<dd>New Cross</dd>"))
      #expect(page.body.contains("A telephone call first"))
    }
  }

  @Test("The one who claims sees the address and everything kept with it")
  func claim() async throws {
    try await TestSite.with { site in
      let page = try await site.claim(as: "bob")
      #expect(page.status == 200)
      for text in [
        "Claimed by Bob, Thursday 19 November, 14:05.", "14 Mill Lane, Sutton in Ashfield",
        "NG17 9ZZ", "Invented Person, 01632 960014", "Sofa in front garden.\nDog.",
        "UPRN 100030000014",
        "<td>16 Nov 2026</td><td>Bulky waste quote<br>Open<br><span class=\"small\">Street scene</span></td>",
        "Missed bin<br>Closed 13 May 2026<br><span class=\"small\">Street scene</span></td>",
        "<td>no date</td><td>Another job<br>Off the list since 11 Aug 2026<br><span class=\"small\">Housing</span>",
        "2 of 3 no longer open",
        "<td>22 Jul 2026</td><td>Bob<br>No answer, 24 Jul 2026</td>",
        "<td>Ann<br>Went back by itself, without an outcome, 30 May 2026</td>",
        "You can undo this until 14:15.", "Yours until Friday 20 November, 14:05.",
      ] { #expect(page.body.contains(text), "\(text)") }
      #expect(!page.body.contains("Take care"))
    }
  }

  @Test("What the feed does not carry leaves no heading behind")
  func littleKnown() async throws {
    var view = ClaimedView.invented()
    view.contact = ""
    view.notes = ""
    view.households[0].uprn = ""
    view.households[0].address = "14 Mill Lane, ng179zz"
    view.households[0].history = []
    view.households[0].holders = []
    try await TestSite.with(TestDesk(view: view)) { site in
      let page = try await site.claim(as: "ann")
      for text in [
        "Contact</h2>", "Notes of", "UPRN", "NG17 9ZZ", "held an offer", "no longer open",
        "Two households", "Complaints",
      ] {
        #expect(!page.body.contains(text), "\(text)")
      }
      #expect(page.body.contains(#"<td colspan="2">None</td>"#))
    }
  }

  @Test(
    "What the register says of the address is told first",
    arguments: [
      (Register.Flag.noLetter, "Leave no letter, no card and no voicemail."),
      (.notAlone, "Do not visit alone."), (.doNotContact, "Do not contact anybody here."),
    ])
  func cautions(flag: Register.Flag, sentence: String) async throws {
    try await TestSite.with(TestDesk(view: .invented(flags: [flag]))) { site in
      let page = try await site.claim(as: "ann").body
      let caution = try #require(page.range(of: sentence))
      let address = try #require(page.range(of: "14 Mill Lane"))
      #expect(caution.lowerBound < address.lowerBound)
      #expect(page[..<address.lowerBound].components(separatedBy: "<li>").count - 1 == 1)
    }
  }

  @Test("Of two households each is told apart, and of the complaints not whose they were")
  func joint() async throws {
    let view = ClaimedView.joint(flags: [.notAlone])
    try await TestSite.with(TestDesk(offer: view.offer, view: view)) { site in
      let masked = try await site.get("/c/\(TestDesk.token)").body
      #expect(masked.contains("A visit, always in a pair; two households, visit separately</dd>"))
      let page = try await site.claim(as: "ann").body
      var rest = page[...]
      for text in [
        "<h2>Two households: visit separately</h2>", "First household</h2>", "14 Mill Lane",
        "Second household</h2>", "Take care at this address", "9 Church Hill",
        "<h2>About the offer",
        "First household</h3>", "Missed bin", "Another job", "UPRN 100030000014",
        "Second household</h3>", "Another job", "Complaints</h3>",
        "Noise from a neighbour", "Noise from a neighbour",
      ] {
        let found = try #require(rest.range(of: text), "\(text)")
        rest = rest[found.upperBound...]
      }
      #expect(page.components(separatedBy: "Noise from a neighbour").count == 3)
      for text in ["Contact</h2>", "Notes of"] { #expect(!page.contains(text)) }
    }
  }

  @Test("What has its place by lot says so in the place of a band")
  func drawn() async throws {
    var offer = Offer.invented()
    offer.band = ""
    offer.score = Score(reasons: [Reason(code: "type:x", points: 1, sentence: "A bin was missed.")])
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.body.contains("<dd>Drawn by lot, 1 point</dd>"))
    }
  }

  @Test("The same person gets the same page again, as often as they ask")
  func again() async throws {
    try await TestSite.with { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      let first = try await site.submit(offer, "claim", [("member", "ann")])
      let second = try await site.submit(offer, "claim", [("member", "ann")])
      #expect(second.status == 200)
      #expect(second.body == first.body)
      let held = try await site.get("/c/\(TestDesk.token)")
      #expect(held.status == 200)
      #expect(held.body.contains("Held by Ann since Thursday 19 November, 14:05."))
      #expect(held.body.contains("If you are Ann, pick your name to open it."))
      let opened = try await site.submit(held, "open", [("member", "ann")])
      #expect(opened.status == 200)
      #expect(opened.body.contains("14 Mill Lane"))
      #expect(await site.desk.changes == 1)
    }
  }

  @Test("A claim form sent once more after the claim was given back claims nothing")
  func replayed() async throws {
    try await TestSite.with { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      let claimed = try await site.submit(offer, "claim", [("member", "ann")])
      let held = try await site.get("/c/\(TestDesk.token)")
      #expect(try await site.submit(held, "open", [("member", "ann")]).body == claimed.body)
      _ = try await site.submit(claimed, "release")
      // The Back button, to the page of the offer and to the one that opened it again.
      for (old, action) in [(offer, "claim"), (held, "open")] {
        for member in ["ann", "bob"] {
          let stale = try await site.submit(old, action, [("member", member)])
          #expect(stale.status == 409)
          #expect(stale.body.contains("This page is older than the offer"))
          #expect(
            stale.body.contains(#"<a href="/c/\#(TestDesk.token)">Open the offer afresh</a>"#))
          #expect(!stale.body.contains("14 Mill"))
        }
      }
      #expect(await site.desk.changes == 2)
      // Another's generation cannot be put on an old form.
      let fresh = try await site.get("/c/\(TestDesk.token)")
      let nonce = try offer.form("claim").hidden.filter { $0.0 == "csrf_token" }
      let path = "/c/\(TestDesk.token)/claim"
      #expect(
        try await site.post(path, nonce + [("generation", "2"), ("member", "ann")]).status == 403)
      #expect(try await site.submit(fresh, "claim", [("member", "ann")]).status == 200)
      // It is held again: its holder gets the page whatever their form is.
      #expect(try await site.submit(offer, "claim", [("member", "ann")]).status == 200)
      #expect(try await site.submit(offer, "claim", [("member", "bob")]).status == 409)
      #expect(await site.desk.changes == 3)
    }
  }

  @Test("Undo gives the offer back as if nothing had been, until its time is over")
  func undo() async throws {
    try await TestSite.with { site in
      let first = try await site.claim(as: "ann")
      let undone = try await site.submit(first, "undo")
      #expect(undone.status == 200)
      #expect(undone.body.contains("Your last step is undone"))
      let second = try await site.claim(as: "bob")
      #expect(second.status == 200)
      // Ann's page is older than Bob's claim.
      for action in ["undo", "release"] {
        #expect(try await site.submit(first, action).status == 409)
      }
      await site.desk.pass(minutes: 10)
      let late = try await site.submit(second, "undo")
      #expect(late.status == 409)
      #expect(late.body.contains("It cannot be undone any more"))
      #expect(await site.desk.changes == 3)
    }
  }

  @Test("The page offers no undo when its time is over")
  func undoOver() async throws {
    try await TestSite.with { site in
      _ = try await site.claim(as: "ann")
      site.clock.pass(hours: 0.2)
      let page = try await site.open(as: "ann")
      #expect(throws: HTTPAnswer.NoForm.self) { try page.form("undo") }
      #expect(try page.form("release").path == "/c/\(TestDesk.token)/release")
    }
  }

  @Test("An offer given back can be claimed by another")
  func release() async throws {
    try await TestSite.with { site in
      let page = try await site.submit(try await site.claim(as: "ann"), "release")
      #expect(page.status == 200)
      #expect(page.body.contains("You have given the offer back"))
      #expect(page.body.contains(#"<a href="/c/\#(TestDesk.token)">Look at the offer again</a>"#))
      #expect(try await site.claim(as: "bob").status == 200)
    }
  }

  @Test("The address is on no answer to a GET, whatever the state")
  func neverOnGet() async throws {
    let secrets = ["14 Mill", "NG17 9ZZ", "100030000014", "960014", "Sofa", "Missed bin"]
    try await TestSite.with { site in
      func look() async throws {
        for path in [""] + ClaimAction.allCases.map({ "/" + $0.rawValue }) {
          let body = try await site.get("/c/\(TestDesk.token)\(path)").body
          #expect(!body.isEmpty)
          for secret in secrets { #expect(!body.contains(secret), "\(path) \(secret)") }
        }
      }
      try await look()
      let claimed = try await site.claim(as: "ann")
      for secret in secrets { #expect(claimed.body.contains(secret), "\(secret)") }
      try await look()
      _ = try await site.record(claimed, [[("kind", "no_answer")]])
      try await look()
      await site.desk.withdraw()
      try await look()
    }
  }
}
