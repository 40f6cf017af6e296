import Foundation
import Notify
import TestServers
import Testing
import Triage

@Suite struct RenderTests {
  @Test("The headers say who, what, when and that a machine wrote it")
  func headers() async throws {
    let mail = try await read(sampleDigest(3))
    #expect(mail.header("From") == "Street Scene desk <desk@desk.example>")
    #expect(mail.header("To") == "Ann Archer <ann@team.example>")
    #expect(mail.header("Reply-To") == "leads@desk.example")
    #expect(mail.header("Subject") == "Street Scene: 3 new in New Cross")
    #expect(mail.header("Date") == "Sat, 21 Nov 2026 08:30:00 +0000")
    #expect(mail.header("Message-ID") == "<3f2b8c1e-0000-4000-8000-000000000001@desk.example>")
    #expect(mail.header("Auto-Submitted") == "auto-generated")
    #expect(mail.header("X-Auto-Response-Suppress") == "All")
    #expect(mail.header("MIME-Version") == "1.0")
  }

  @Test("An attempt after the first gives the same bytes")
  func sameBytes() throws {
    var digest = try sampleDigest(3)
    let first = try render(digest, identity: identity, wording: .builtIn)
    digest.attempts = 7
    #expect(try render(digest, identity: identity, wording: .builtIn) == first)
  }

  @Test("The mails of one area and civil day refer to one root, those of another to another")
  func threads() async throws {
    func root(_ created: String, area: String = "new-cross") async throws -> String {
      var digest = try sampleDigest(1, created: created)
      digest.items[0].area = area
      let mail = try await read(digest)
      #expect(mail.header("References") == mail.header("In-Reply-To"))
      #expect(mail.header("References") != mail.header("Message-ID"))
      return try #require(mail.header("References"))
    }
    let morning = try await root("2026-06-21T06:00:00Z")
    #expect(morning == "<new-cross.2026-06-21@desk.example>")
    // British Summer Time: 22:59 UTC is still the same day, 23:00 is the next.
    let evening = try await root("2026-06-21T22:59:59Z")
    let night = try await root("2026-06-21T23:00:00Z")
    #expect(evening == morning)
    #expect(night != morning)
    let elsewhere = try await root("2026-06-21T06:00:00Z", area: "old town\r\n<x>")
    #expect(elsewhere == "<old_town___x_.2026-06-21@desk.example>")
  }

  @Test(
    "What is drawn by lot says so in the place of a band, and two households are to be visited apart"
  )
  func drawnAndJoint() async throws {
    var digest = try sampleDigest(2)
    digest.items[0].band = ""
    digest.items[1].isJoint = true
    let mail = try await read(digest)
    for words in [mail.textWords, try #require(mail.htmlWords)] {
      #expect(words.components(separatedBy: "Priority: drawn by lot").count == 2)
      #expect(words.components(separatedBy: "Two households, visit separately").count == 2)
    }
  }

  @Test(
    "Ages count civil days of the council, also across the clock changes",
    arguments: [
      ("2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z", "today"),
      ("2026-11-20T23:59:59Z", "2026-11-21T00:00:00Z", "yesterday"),
      ("2026-06-20T22:59:59Z", "2026-06-21T23:00:00Z", "2 days ago"),
      ("2026-03-28T12:00:00Z", "2026-03-30T00:00:00Z", "2 days ago"),
      ("2026-10-24T22:30:00Z", "2026-10-25T23:30:00Z", "yesterday"),
      ("2026-11-22T08:00:00Z", "2026-11-21T08:00:00Z", "today"),
    ])
  func ages(since: String, created: String, age: String) async throws {
    var digest = try sampleDigest(1, created: created)
    digest.items[0].since = try instant(since)
    let mail = try await read(digest)
    #expect(try #require(mail.text).contains("received \(age) ("))
    #expect(try #require(mail.htmlWords).contains("received \(age) ("))
  }

  @Test("The Date is in the council's civil time")
  func summerDate() async throws {
    let mail = try await read(sampleDigest(1, created: "2026-07-01T23:05:09Z"))
    #expect(mail.header("Date") == "Thu, 02 Jul 2026 00:05:09 +0100")
  }

  @Test("The subject names two areas, and counts more")
  func areas() throws {
    var digest = try sampleDigest(3)
    digest.items[1].areaName = "Old Town"
    #expect(
      try render(digest, identity: identity, wording: .builtIn).subject
        == "Street Scene: 3 new in New Cross and Old Town")
    digest.items[2].areaName = "Hill End"
    #expect(
      try render(digest, identity: identity, wording: .builtIn).subject
        == "Street Scene: 3 new in 3 areas")
  }

  @Test("More than fits is counted in the HTML and complete in the text")
  func overflow() async throws {
    let digest = try sampleDigest(300)
    let mail = try await read(digest)
    #expect(mail.defects == [])
    #expect(mail.textLinks == digest.items.map(\.link))
    let html = try #require(mail.html)
    #expect(html.utf8.count + html.utf8.count { $0 == 10 } <= 80_000)
    let links = try #require(mail.htmlLinks).map { $0[0] }
    #expect(links.last == identity.publicURL)
    let shown = links.count - 1
    #expect(shown > 30)
    #expect(Array(links.dropLast()) == digest.items.prefix(shown).map(\.link))
    #expect(html.contains("and \(300 - shown) more"))
  }

  @Test("Nothing that a value holds can begin a header, a part or a tag")
  func injection() async throws {
    let payloads = [
      "x\r\nBcc: charlie@evil.example", "x\nBcc: c@evil.example\n\nbody", "x\r\n\r\n<b>", "a\0b",
      "x\u{85}y\u{2028}z\u{2029}w", "\u{1B}[31mred", "<script>alert(1)</script>",
      "\"\u{301} onmouseover=\"alert(1)", "<\u{338}img src=x>", "=?utf-8?q?Bcc=3A_x?=",
      "{{link}}{{{link}}}", "--=_triaged_3f2b8c1e-0000-4000-8000-000000000001--",
      "\r\n--=_triaged_3f2b8c1e-0000-4000-8000-000000000001\r\n", "\\\" <c@evil.example>, \"",
      ".\r\nMAIL FROM:<c@evil.example>", "", " ", String(repeating: "word ", count: 500),
      String(repeating: "w", count: 3000), String(repeating: "é", count: 300), "日本語🙂👩‍👩‍👧 e\u{301}",
    ]
    var messages: [Message] = []
    for payload in payloads {
      var digest = try sampleDigest(2)
      digest.recipient.name = payload
      digest.items[0].areaName = payload
      digest.items[0].area = payload
      digest.items[0].street = payload
      digest.items[0].jobType = payload
      digest.items[0].band = payload
      digest.items[0].score.reasons[0].sentence = payload
      var identity = identity
      identity.displayName = payload
      identity.serviceName = payload
      messages.append(try render(digest, identity: identity, wording: .builtIn))
    }
    let links = try sampleDigest(2).items.map(\.link)
    let plain = try await read(sampleDigest(2))
    for (payload, mail) in zip(payloads, try await readMails(messages.map(\.bytes))) {
      #expect(mail.defects == [], "\(payload.prefix(40).debugDescription)")
      #expect(mail.headers?.map { $0[0] } == plain.headers?.map { $0[0] })
      let to = try #require(mail.header("To"))
      #expect(to.hasSuffix(" <ann@team.example>") || to == "ann@team.example")
      #expect(mail.htmlLinks?.map { $0[0] } == links)
      #expect(mail.tags == plain.tags)
      #expect(mail.attributes == plain.attributes)
    }
  }

  @Test("A quote does not end an attribute, not even with an accent upon it")
  func attribute() async throws {
    let plain = try await read(sampleDigest(1))
    for quote in ["\"", "\"\u{301}", "'\u{20E3}", ">\u{338}"] {
      var digest = try sampleDigest(1)
      digest.items[0].link += quote + " onmouseover=" + quote + "alert(1)"
      let mail = try await read(digest)
      #expect(mail.attributes == plain.attributes)
      #expect(mail.htmlLinks?.map { $0[0] } == [digest.items[0].link])
    }
  }

  @Test("Any text comes back from quoted-printable and encoded words as it was")
  func roundTrip() async throws {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("aZ09 .=-_?\"\\&<'£é日🙂F")
    var texts = [
      " ", "Caffè – “Ünïcödé”", "From here", ".", "..", "a=b", "x =", "=?", "tail.  end",
    ]
    for length in [1, 10, 70, 75, 76, 77, 120] {
      texts.append(String((0..<length).map { _ in alphabet.randomElement(using: &random)! }))
    }
    var messages: [Message] = []
    for text in texts {
      var digest = try sampleDigest(1)
      digest.items[0].score.reasons = [Reason(code: "x", points: 2, sentence: text)]
      digest.items[0].areaName = text
      messages.append(try render(digest, identity: identity, wording: .builtIn))
    }
    for (text, mail) in zip(texts, try await readMails(messages.map(\.bytes))) {
      let words = text.split(separator: " ").joined(separator: " ")
      #expect(mail.defects == [], "\(text.debugDescription)")
      #expect(
        try #require(mail.text).contains("   - \(words) (2 points)\n"),
        "\(text.debugDescription)")
      // A header bears no space at its end (a text of one space leaves one there).
      let subject = words.isEmpty ? "Street Scene: 1 new in" : "Street Scene: 1 new in \(words)"
      #expect(mail.header("Subject") == String(subject.prefix(150)))
    }
  }

  @Test(
    "An address that is none is refused for good, and not repeated",
    arguments: [
      "", "ann", "ann@", "@team.example", "ann@team@x", "ann b@team.example", "ann\r\n@t.example",
      "<ann@t.example>", "ann@t.example,bob@t.example", "änn@t.example", "ann@-t.example",
      "a..b@t.example", "ann@t..example",
    ])
  func address(address: String) throws {
    #expect(!isMailAddress(address))
    var digest = try sampleDigest(1)
    digest.recipient.email = address
    let error = #expect(throws: DeliveryError.self) {
      try render(digest, identity: identity, wording: .builtIn)
    }
    #expect(error?.permanent == true)
    #expect(address.isEmpty || error?.why.contains(address) == false)
  }

  @Test("An identity that cannot be used says all that is wrong with it")
  func identityProblems() throws {
    #expect(identity.problems == [])
    var broken = identity
    broken.from = "desk\r\nBcc: x@y.example"
    broken.replyTo = "nobody"
    broken.messageIDDomain = "desk.example>\r\n"
    broken.publicURL = "desk"
    broken.timeZone = "Europe/Nowhere"
    #expect(broken.problems.count == 5)
    let digest = try sampleDigest(1)
    #expect(throws: DeliveryError.self) {
      try render(digest, identity: broken, wording: .builtIn)
    }
  }

  @Test(
    "A digest of a set time keeps the thread of its area and day, also where it brings nothing new")
  func slotThread() async throws {
    let empty = try await read(slotDigest(0))
    #expect(empty.header("Subject") == "Street Scene: 0 new in New Cross")
    #expect(empty.header("References") == "<new-cross.2026-11-23@desk.example>")
    let full = try await read(slotDigest(3))
    #expect(full.header("References") == empty.header("References"))
    #expect(empty.textLinks == [identity.publicURL])
    let words = empty.textWords
    #expect(words.contains("comes all the same") && !words.contains("What to do"))
    #expect(words.contains("14 are below the line."))
    #expect(
      words.contains(
        "The list came at 07:55 today: 1,312 rows, 14 in New Cross, 2 not located."))
  }

  @Test("What is held is told with its holder, and the same bytes come on every attempt")
  func facts() async throws {
    var digest = try slotDigest(40, isPack: true)
    let first = try render(digest, identity: identity, wording: .builtIn)
    digest.attempts = 3
    #expect(try render(digest, identity: identity, wording: .builtIn) == first)
    let text = try #require(try await read(digest).text)
    for line in [
      "For the meeting at 10:00 tomorrow.", "2 are held:",
      "   - Forest Road, NG17: Bulky waste quote, held by Dee Dale since 20 November, until 17:00 today",
      "13 offered before are still open:", "   - and 3 more, on the board",
      "2 wait for a place in the week; 14 are below the line.",
      "The next mail like this comes at 13:00 today.",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }

  @Test("No value of the facts can begin a header, a part or a tag")
  func factInjection() async throws {
    let plain = try await read(slotDigest(1))
    for payload in [
      "x\r\nBcc: c@evil.example", "<img src=x onerror=alert(1)>", "\"><b>", "{{link}}",
    ] {
      var digest = try slotDigest(1)
      digest.facts?.areas[0].name = payload
      digest.facts?.areas[0].held[0].holder = payload
      digest.facts?.areas[0].held[0].whereabouts = payload
      digest.facts?.areas[0].open[0].jobType = payload
      digest.facts?.areas[0].lists[0].name = payload
      let mail = try await read(digest)
      #expect(mail.defects == [] && mail.tags == plain.tags && mail.attributes == plain.attributes)
      #expect(mail.headers?.map { $0[0] } == plain.headers?.map { $0[0] })
      #expect(mail.textWords == mail.htmlWords)
    }
  }

  @Test("A test says so in the first word of its subject")
  func test() throws {
    var digest = try sampleDigest(1)
    digest.isTest = true
    #expect(
      try render(digest, identity: identity, wording: .builtIn).subject
        == "TEST: Street Scene: 1 new in New Cross")
  }

  @Test("A digest without items, and an id that is no token, are refused")
  func refused() throws {
    let empty = try sampleDigest(0)
    #expect(throws: DeliveryError.self) {
      try render(empty, identity: identity, wording: .builtIn)
    }
    var odd = try sampleDigest(1)
    odd.id = "x@y>\r\n"
    let digest = odd
    #expect(throws: DeliveryError.self) {
      try render(digest, identity: identity, wording: .builtIn)
    }
  }

  private func read(_ digest: Digest) async throws -> ReadMail {
    let message = try render(digest, identity: identity, wording: .builtIn)
    return try #require(try await readMails([message.bytes]).first)
  }
}
