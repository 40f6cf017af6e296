import Foundation
import Synchronization
import TestServers
import Testing
import Triage

@testable import Web

@Suite("The board in a browser that knows no scripts") struct BoardTests {
  @Test("The board tells every list, and escapes what comes from lists")
  func board() async throws {
    try await withBoard { site, _, cookie in
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(page.status == 200)
      for text in [
        "3 of this week’s 5 places are used.", "Mill Lane, NG17", "Church Hill, NG17",
        "Quince &lt;Avenue&gt;, NG17", "Bob Baker, with Dee Dale", "Pipit Lane, NG17",
        "This week&#39;s places are used up.", "Low Street, NG17",
        "The list came Thursday 19 November, 14:05: 312 rows, 14 in New Cross, 2 not located.",
        "It is late.", "A quote is &lt;open&gt;.", "Square 1 on the map",
        "<svg class=\"tm\"><title>A &#123;&#123;name}} map</title></svg>",
      ] {
        #expect(page.body.contains(text), "\(text)")
      }
      #expect(page.body.matches(of: /type="checkbox"/).count == 3)
      #expect(!page.body.contains("<script") && !page.body.contains("style="))
    }
  }

  @Test(
    "Who has not got their mails is told by name, and what to do; else nothing of it stands there")
  func undelivered() async throws {
    try await withBoard { site, board, cookie in
      let well = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(!well.body.contains("did not arrive"))
      board.state.withLock {
        $0.undelivered = [
          UndeliveredMails(name: "Ann <Archer>", count: 2), UndeliveredMails(name: nil, count: 1),
        ]
      }
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      for text in [
        "Mails that did not arrive", "<li>Ann &lt;Archer&gt;: 2 mails about this area</li>",
        "<li>Somebody who has left the team: 1 mail about this area</li>", "tell them yourself",
      ] { #expect(page.body.contains(text), "\(text)") }
    }
  }

  @Test("Whoever leads another area, or nothing, sees nothing of it, by GET and by POST")
  func notTheirs() async throws {
    try await withBoard(as: "bob") { site, board, cookie in
      for path in ["/board/new-cross", "/board/nowhere", "/status"] {
        let answer = try await site.send("GET", path, headers: [cookie])
        #expect(answer.status == 403 && answer.body.contains("This page is not for you"))
        #expect(!answer.body.contains("Mill Lane") && !answer.body.contains("New Cross"))
      }
      let own = try await site.send("GET", "/board/stanton-hill", headers: [cookie])
      let nonce = try own.form("choose").hidden
      for form in ["choose", "claim", "pass", "release", "revoke"] {
        let answer = try await site.post(
          "/board/new-cross/\(form)", nonce + [("do", "release"), ("item-1", "0")],
          headers: [cookie])
        #expect(answer.status == 403)
      }
      #expect(board.state.withLock(\.presses).isEmpty)
    }
    let none = TestBoard()
    try await TestSite.with(board: none) { site in
      for path in ["/board", "/board/new-cross", "/status"] {
        let answer = try await site.get(path)
        #expect(answer.status == 303 && answer.headers["location"] == "/sign-in")
        // Coming from another site the browser keeps its cookie back, and is to go on having it.
        #expect(answer.headers["set-cookie"] == nil)
        #expect(!answer.body.contains("Mill"))
      }
    }
  }

  @Test("Claiming for somebody asks who, and who goes along, and tells of each what came of it")
  func claimForSomebody() async throws {
    try await withBoard { site, board, cookie in
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      let nothing = try await site.submit(page, "choose", [("do", "claim")], headers: [cookie])
      #expect(nothing.status == 422 && nothing.body.contains("Tick at least one line first"))
      let step = try await site.submit(
        page, "choose", [("do", "claim"), ("item-1", "0"), ("item-2", "7")], headers: [cookie])
      #expect(step.status == 200 && step.body.contains("Who takes it on?"))
      for (answers, problem) in [
        ([], "Pick who takes it on"), ([("member", "charlie")], "Pick who takes it on"),
        ([("member", "bob")], "Pick who goes along"),
        ([("member", "bob"), ("second", "bob")], "Pick somebody else"),
        ([("member", "bob"), ("second", "charlie")], "Pick who goes along"),
      ] as [([(String, String)], String)] {
        let answer = try await site.submit(step, "claim", answers, headers: [cookie])
        #expect(answer.status == 422 && answer.body.contains(problem), "\(answers)")
      }
      #expect(board.state.withLock(\.presses).isEmpty)
      let done = try await site.submit(
        step, "claim", [("member", "bob"), ("second", "dee")], headers: [cookie])
      #expect(done.status == 200 && done.body.contains("<h1>Claimed</h1>"))
      #expect(done.body.contains("#1 Mill Lane, NG17"))
      #expect(done.body.contains("#2 Church Hill, NG17: it has changed since"))
      let press = try #require(board.state.withLock(\.presses).first)
      #expect(press.area == "new-cross" && press.action == .claim(for: "bob", second: "dee"))
      #expect(
        press.items == [.init(opportunity: 1, generation: 0), .init(opportunity: 2, generation: 7)])
    }
  }

  @Test("Passing on asks why, taking back and ending links ask once more")
  func otherPresses() async throws {
    try await withBoard { site, board, cookie in
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      func step(_ action: String) async throws -> HTTPAnswer {
        try await site.submit(page, "choose", [("do", action), ("item-3", "2")], headers: [cookie])
      }
      let pass = try await step("pass")
      let missing = try await site.submit(pass, "pass", [("member", "dee")], headers: [cookie])
      #expect(missing.status == 422 && missing.body.contains("Pick why"))
      let passed = try await site.submit(
        pass, "pass", [("member", "dee"), ("why", "away")], headers: [cookie])
      #expect(passed.body.contains("Passed on"))
      for (action, heading) in [("release", "Taken back"), ("revoke", "Links ended")] {
        let done = try await site.submit(try await step(action), action, headers: [cookie])
        #expect(done.status == 200 && done.body.contains("<h1>\(heading)</h1>"))
      }
      #expect(
        board.state.withLock(\.presses).map(\.action) == [
          .pass(to: "dee", why: .away), .release, .revokeLinks,
        ])
      #expect(try await step("choose").status == 400)
      #expect(try await step("burn").status == 400)
    }
  }

  @Test("Who is out stands on the board whatever became of the claim, until they are back")
  func out() async throws {
    try await withBoard { site, board, cookie in
      let nobody = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(!nobody.body.contains("Out on a visit"))
      board.state.withLock { $0.out = [5, 6] }
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(page.body.contains("Bob Baker, with Dee Dale"))
      #expect(page.body.contains("<strong>not back: was to be back by"))
      let step = try await site.submit(
        page, "choose", [("do", "back"), ("out-5", "9"), ("item-3", "2")], headers: [cookie])
      #expect(step.status == 200 && step.body.contains("Bob Baker, with Dee Dale: Mill Lane, NG17"))
      let done = try await site.submit(step, "back", headers: [cookie])
      #expect(done.status == 200 && done.body.contains("#9 Mill Lane, NG17"))
      let press = try #require(board.state.withLock(\.presses).first)
      #expect(press.action == .back)
      #expect(press.items == [.init(opportunity: 9, generation: 0, outing: 5)])
    }
  }

  @Test("A form is good for its session, its area and its action alone")
  func nonces() async throws {
    try await withBoard(as: "eve") { site, board, cookie in
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      let step = try await site.submit(
        page, "choose", [("do", "release"), ("item-3", "2")], headers: [cookie])
      let hidden = try step.form("release").hidden
      for path in ["/board/new-cross/revoke", "/board/a%20b%2Fc/release"] {
        #expect(try await site.post(path, hidden, headers: [cookie]).status == 403)
      }
      board.state.withLock { $0.links["SECOND-LINK-0123456789-abcde"] = "eve" }
      let other = try sessionCookie(
        try await site.submit(
          try await site.get("/sign-in/SECOND-LINK-0123456789-abcde"),
          "SECOND-LINK-0123456789-abcde", headers: [askedCookie]))
      #expect(
        try await site.post("/board/new-cross/release", hidden, headers: [other]).status == 403)
      for headers in [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let answer = try await site.post(
          "/board/new-cross/release", hidden, headers: [cookie, headers])
        #expect(answer.status == 403)
      }
      site.clock.pass(hours: 49)
      #expect(
        try await site.post("/board/new-cross/release", hidden, headers: [cookie]).status == 403)
      #expect(board.state.withLock(\.presses).isEmpty)
    }
  }

  @Test("An area may be called anything: its path is escaped, and leads back to it")
  func oddArea() async throws {
    try await withBoard(as: "eve") { site, _, cookie in
      let list = try await site.send("GET", "/board", headers: [cookie])
      #expect(list.status == 200 && list.body.contains("href=\"/board/a%20b%2Fc\""))
      #expect(list.body.contains("Odd &lt;area&gt;"))
      #expect(try await site.send("GET", "/board/a%20b%2Fc", headers: [cookie]).status == 200)
    }
  }

  @Test("The status is the admin's, who can sign everybody out")
  func status() async throws {
    try await withBoard(as: "ida") { site, board, cookie in
      let moved = try await site.send("GET", "/board", headers: [cookie])
      #expect(moved.headers["location"] == "/status")
      let page = try await site.send("GET", "/status", headers: [cookie])
      #expect(page.status == 200)
      for text in ["A list is &lt;late&gt;.", "not ready", "staff are away", "14 in an area"] {
        #expect(page.body.contains(text), "\(text)")
      }
      let out = try await site.submit(page, "sign-everybody-out", headers: [cookie])
      #expect(out.status == 200 && out.body.contains("Ended: 1 session."))
      #expect(board.state.withLock(\.sessions).isEmpty)
    }
  }

  @Test("No secret, token, address or name is logged, and every answer has all protective headers")
  func quiet() async throws {
    try await withBoard { site, _, cookie in
      let form = try await site.get("/sign-in")
      let sent = try await site.submit(form, "sign-in", [("email", "ann@example.org")])
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      let step = try await site.submit(
        page, "choose", [("do", "release"), ("item-3", "2")], headers: [cookie])
      let moved = try await site.get("/board")
      let link = try await site.get("/sign-in/AAAAAAAAAAAAAAAAAAAAAAAAAAA")
      let theirs = try await site.send("GET", "/status", headers: [cookie])
      let foreign = try await site.post("/sign-out", [], headers: [cookie])
      let out = try await site.submit(page, "sign-out", headers: [cookie])
      for (answer, status) in [
        (form, 200), (sent, 200), (page, 200), (step, 200), (moved, 303), (link, 404),
        (theirs, 403), (foreign, 403), (out, 200),
      ] { expectProtected(answer, status) }
      let log = site.log.lines.joined(separator: "\n")
      #expect(log.contains("/board/{area}") && log.contains("/sign-in/{token}"))
      for secret in ["session-secret", TestBoard.token, "ann@example.org", "Ann", "Mill Lane"] {
        #expect(!log.contains(secret), "\(secret)")
      }
    }
  }

  @Test("Who asks for links again and again is told to wait, whatever is asked for; others are not")
  func tooOften() async throws {
    let board = TestBoard()
    try await TestSite.with(
      trustedProxies: [NetworkAddress("127.0.0.1")!], board: board
    ) { site in
      let form = try await site.get("/sign-in")
      func ask(_ address: String) async throws -> Int {
        try await site.submit(
          form, "sign-in", [("email", "ann@example.org")],
          headers: [("X-Forwarded-For", address)]
        ).status
      }
      var answers: [Int] = []
      for _ in 0..<12 { answers.append(try await ask("198.51.100.7")) }
      #expect(answers == Array(repeating: 200, count: 10) + [429, 429])
      let other = try await ask("198.51.100.8")
      #expect(other == 200)
      #expect(board.state.withLock(\.asked).count == 11)
    }
  }

  @Test("Without a desk for it there is no board")
  func none() async throws {
    try await TestSite.with { site in
      for path in ["/sign-in", "/board", "/board/new-cross", "/status"] {
        let answer = try await site.get(path)
        #expect(answer.status == 404)
      }
    }
  }

  @Test("In Welsh the board speaks Welsh")
  func welsh() async throws {
    let board = TestBoard()
    try await TestSite.with(languages: [.english, .welsh], board: board) { site in
      let page = try await site.send("GET", "/sign-in", headers: [("Accept-Language", "cy")])
      #expect(page.body.contains("Mewngofnodi") && page.body.contains("lang=\"cy"))
    }
  }
}
