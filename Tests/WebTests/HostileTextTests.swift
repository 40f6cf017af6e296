import Foundation
import TestServers
import Testing
import Triage

@Suite("Text that means harm")
struct HostileTextTests {
  /// The second has a combining mark behind each sign: one `Character` that is no plain quote.
  static let hostile = [
    #"<script>alert(1)</script>"' onfocus=alert(1) x="&amp;"#,
    "<\u{301}b>\"\u{301} onfocus=alert(1) autofocus '\u{338}&\u{20D2}#60;",
    "</title></style></select><img src=x onerror=alert(1)>",
    "{{{service}}}{{#page}}{{/page}}{{% CONTENT_TYPE:TEXT}}",
    "a\u{202E}b\u{2066}c\u{0}d\u{1B}[31m\u{9B}e\u{FFFF}",
  ]

  @Test("It is inert in every field of every page", arguments: hostile, [false, true])
  func everyField(text: String, isJoint: Bool) async throws {
    let members = [
      Member(id: "ann", name: text, agency: text, email: "", channel: ""),
      Member(id: text, name: "Bob", agency: "", email: "", channel: ""),
    ]
    let offer = Offer(
      issuedTo: text, areaName: text, areaReason: text, offer: .visit, jobType: text, street: text,
      outwardCode: text,
      since: .thursday, band: text,
      score: Score(reasons: [Reason(code: text, points: 1, sentence: text)]), members: members,
      generation: 0)
    var asked = offer
    asked.questions.consentWording = ConsentWording(version: text, text: [text])
    asked.questions.days = .aMonth
    let view = ClaimedView(
      offer: asked, claim: ClaimedView.invented().claim,
      households: Array(
        repeating: HouseholdView(
          address: text, postcode: text, uprn: text, flags: Set(Register.Flag.allCases),
          history: [HistoryLine(received: nil, type: text, state: .open, feed: text)],
          holders: [
            HolderLine(name: text, from: .thursday, until: .thursday, ending: .givenBack)
          ]), count: isJoint ? 2 : 1),
      complaints: [HistoryLine(received: nil, type: text, state: .open, feed: text)],
      contact: text, notes: text, undoUntil: .thursday,
      card: PromptCard(opening: text, ask: [text], avoid: [text]), checklist: [text],
      emergency: [EmergencyNumber(name: text, number: text)])
    try await TestSite.with(TestDesk(offer: asked, view: view)) { site in
      var pages = [try await site.get("/c/\(TestDesk.token)")]
      let claimed = try await site.claim(as: "ann")
      #expect(claimed.status == 200)
      pages.append(claimed)
      pages.append(try await site.get("/c/\(TestDesk.token)"))
      pages.append(try await site.submit(pages[0], "claim", [("member", text)]))
      pages.append(try await site.submit(pages[0], "claim", [("member", "")]))
      for action in ["pass", "snooze", "decline", "calendar", "outcome"] {
        let ask = try await site.submit(claimed, action)
        pages.append(ask)
        pages.append(
          try await site.submit(
            ask, action, ["to", "why", "day", "part", "kind", "agencies"].map { ($0, text) }))
      }
      pages.append(try await site.submit(claimed, "sheet"))
      var ask = try await site.submit(claimed, "outcome")
      for answers in [
        [("kind", "accepted")], [("consent", "yes")], [("scope-partner", "yes")],
        [("on", "2026-11-19"), ("how", "in_person")], [("known", "no")],
        // A browser sends a code as it stands; what is not plain in it is no answer.
        [("line", text)], [("line", "none")],
      ] where (try? ask.form("outcome")) != nil {
        ask = try await site.submit(ask, "outcome", answers)
        pages.append(ask)
      }
      let note = try await site.submit(ask, "hand-off")
      pages.append(note)
      pages.append(try await site.submit(note, "hand-off", [("to", text)]))
      pages.append(try await site.submit(note, "hand-off", [("to", "Fire service")]))
      pages.append(try await site.get("/c/\(TestDesk.token)"))
      for page in pages { check(page) }
      // A template in a text stays a text.
      for page in pages.prefix(3) {
        #expect(page.body.contains("{{{service}}}") == text.contains("{{{service}}}"))
      }
    }
  }

  /// Takes the page apart as a browser does and finds only what the templates hold.
  private func check(_ page: HTTPAnswer, at place: SourceLocation = #_sourceLocation) {
    let scalars = Array(page.body.unicodeScalars)
    #expect(
      !scalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }, sourceLocation: place)
    #expect(
      !scalars.contains {
        (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
      },
      sourceLocation: place)
    var tags: Set<String> = []
    var attributes: Set<String> = []
    var index = 0
    while index < scalars.count {
      defer { index += 1 }
      guard scalars[index] == "<" else { continue }
      var quoted = false
      var outside = ""
      index += 1
      while index < scalars.count, quoted || scalars[index] != ">" {
        if scalars[index] == "\"" { quoted.toggle() }
        if !quoted { outside.unicodeScalars.append(scalars[index]) }
        index += 1
      }
      let words = outside.split(separator: " ")
      tags.insert(String(words.first ?? ""))
      for word in words.dropFirst() { attributes.insert(String(word.prefix { $0 != "=" })) }
    }
    let known: Set = [
      "!doctype", "html", "head", "meta", "title", "style", "body", "a", "header", "p", "main",
      "h1",
      "h2", "dl", "div", "dt", "dd", "ul", "li", "span", "form", "label", "select", "option",
      "input",
      "button", "footer", "table", "caption", "thead", "tbody", "tr", "th", "td", "fieldset",
      "legend",
      "br", "h3", "optgroup",
    ]
    let strange = tags.filter { !known.contains($0.hasPrefix("/") ? String($0.dropFirst()) : $0) }
    #expect(strange == [], sourceLocation: place)
    let usual: Set = [
      "html", "lang", "charset", "name", "content", "class", "href", "id", "for", "method",
      "action",
      "type", "value", "required", "autocomplete", "scope", "role", "colspan", "novalidate",
      "checked",
      "aria-describedby", "aria-invalid", "aria-labelledby", "selected", "label", "maxlength",
      "inputmode",
    ]
    #expect(attributes.subtracting(usual) == [], sourceLocation: place)
  }

  @Test("It reads as it was written")
  func unchanged() async throws {
    var offer = Offer.invented()
    offer.areaName = #"O'Hare & "Sons" <North>"#
    try await TestSite.with(TestDesk(offer: offer)) { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.body.contains("An offer in O&#39;Hare &amp; &quot;Sons&quot; &lt;North&gt;"))
    }
  }
}
