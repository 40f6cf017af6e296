import Foundation
import Synchronization
import TestServers
import Testing
import Triage

@testable import Web

@Suite("Signing in to the board, and out, in a browser that knows no scripts")
struct BoardSignInTests {
  @Test("The way in: a form, a mail, a button, and a cookie that only this host gets")
  func wayIn() async throws {
    let board = TestBoard()
    try await TestSite.with(board: board) { site in
      let form = try await site.get("/sign-in")
      #expect(form.status == 200 && form.headers["set-cookie"] == nil)
      let sent = try await site.submit(form, "sign-in", [("email", "ann@example.org")])
      #expect(sent.status == 200 && sent.body.contains("Look at your mail"))
      #expect(!sent.body.contains("ann@example.org"))
      #expect(
        sent.headers["set-cookie"]
          == "\(askedCookie.1); Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Strict")
      #expect(board.state.withLock(\.asked) == ["ann@example.org"])
      let page = try await site.get("/sign-in/\(TestBoard.token)")
      #expect(page.status == 200 && page.body.contains("Sign in as Ann Archer"))
      #expect(page.headers["set-cookie"] == nil)
      let entered = try await signIn(site)
      #expect(entered.status == 303 && entered.headers["location"] == "/board")
      let cookie = try #require(entered.headers["set-cookie"])
      #expect(
        cookie
          == "__Host-triaged=session-secret-number-1-x; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict"
      )
      let moved = try await site.send("GET", "/board", headers: [try sessionCookie(entered)])
      #expect(moved.status == 303 && moved.headers["location"] == "/board/new-cross")
    }
  }

  @Test(
    "With a base path every link and form has it, and the cookie has the path that __Host- wants")
  func basePath() async throws {
    let board = TestBoard()
    try await TestSite.with(publicURL: "https://council.example.org/triage/", board: board) {
      site in
      let page = try await site.get("/sign-in/\(TestBoard.token)")
      let form = try page.form(TestBoard.token)
      #expect(form.path == "/triage/sign-in/\(TestBoard.token)")
      let entered = try await site.post(
        "/sign-in/\(TestBoard.token)", form.hidden, headers: [askedCookie])
      #expect(entered.headers["location"] == "/triage/board")
      #expect(entered.headers["set-cookie"]?.contains("; Path=/;") == true)
    }
  }

  @Test("A scanner that opens a link a hundred times by GET, HEAD and OPTIONS leaves it as it is")
  func scanner() async throws {
    let board = TestBoard()
    let none = RequestLimits(perLink: 0, perAddress: 0, unknown: 0, all: 0)
    try await TestSite.with(limits: none, board: board) { site in
      let path = "/sign-in/\(TestBoard.token)"
      for _ in 0..<100 {
        for (method, status) in [("GET", 200), ("HEAD", 200), ("OPTIONS", 204)] {
          let answer = try await site.send(method, path)
          #expect(answer.status == status && answer.headers["set-cookie"] == nil)
        }
      }
      // Nor does a POST without what the page gave.
      #expect(try await site.post(path, []).status == 403)
      #expect(
        try await site.post(path, [("csrf_token", String(repeating: "0", count: 64))]).status == 403
      )
      // Nor one that presses the button, and fills in what it is asked.
      for _ in 0..<50 {
        let pressed = try await site.submit(try await site.get(path), TestBoard.token)
        #expect(pressed.status == 422 && pressed.headers["set-cookie"] == nil)
        #expect(
          pressed.body.contains("another device") && !pressed.body.contains("There is a problem"))
        let filled = try await site.submit(
          pressed, TestBoard.token, [("email", "test@example.com")])
        #expect(filled.status == 422 && filled.body.contains("There is a problem"))
      }
      #expect(board.state.withLock(\.changes) == 0)
      #expect(try await signIn(site).status == 303)
    }
  }

  @Test("On another device the address is typed once more")
  func otherDevice() async throws {
    let board = TestBoard()
    try await TestSite.with(board: board) { site in
      let page = try await site.get("/sign-in/\(TestBoard.token)")
      let asks = try await site.submit(page, TestBoard.token)
      let entered = try await site.submit(asks, TestBoard.token, [("email", "ann@example.org")])
      #expect(entered.status == 303 && entered.headers["location"] == "/board")
    }
  }

  @Test("Used, ended and unknown links answer with the same page, to GET and to POST")
  func badLinks() async throws {
    let board = TestBoard()
    try await TestSite.with(board: board) { site in
      let form = try (try await site.get("/sign-in/\(TestBoard.token)")).form(TestBoard.token)
      _ = try await site.post(form.path, form.hidden, headers: [askedCookie])
      let used = try await site.get("/sign-in/\(TestBoard.token)")
      let again = try await site.post(form.path, form.hidden, headers: [askedCookie])
      let unknown = try await site.get("/sign-in/AAAAAAAAAAAAAAAAAAAAAAAAAAA")
      #expect(used.status == 404 && used.body == unknown.body && again.body == unknown.body)
      #expect(again.status == 404 && again.headers["set-cookie"] == nil)
    }
  }

  @Test("An address that is none is asked for again; one of nobody is told like any other")
  func ask() async throws {
    let board = TestBoard()
    try await TestSite.with(board: board) { site in
      let form = try await site.get("/sign-in")
      for bad in ["", "ann", String(repeating: "a", count: 300) + "@example.org"] {
        let answer = try await site.submit(form, "sign-in", [("email", bad)])
        #expect(answer.status == 422 && answer.body.contains("There is a problem"))
      }
      let known = try await site.submit(form, "sign-in", [("email", "ann@example.org")])
      let nobody = try await site.submit(form, "sign-in", [("email", "charlie@example.org")])
      #expect(known.body == nobody.body && known.status == nobody.status)
      #expect(board.state.withLock(\.asked) == ["ann@example.org", "charlie@example.org"])
      let foreign = try await site.submit(
        form, "sign-in", [("email", "ann@example.org")],
        headers: [("Origin", "https://evil.example")])
      #expect(foreign.status == 403)
      #expect(board.state.withLock(\.asked).count == 2)
    }
  }

  @Test(
    "The session that a browser had ends with signing in; what somebody planted is never taken over"
  )
  func fixation() async throws {
    try await withBoard { site, board, first in
      board.state.withLock { $0.links["SECOND-LINK-0123456789-abcde"] = "ann" }
      let page = try await site.get("/sign-in/SECOND-LINK-0123456789-abcde")
      let again = try await site.submit(
        page, "SECOND-LINK-0123456789-abcde",
        headers: [("Cookie", first.1 + "; " + askedCookie.1)])
      let second = try sessionCookie(again)
      #expect(second != first)
      #expect(try await site.send("GET", "/board/new-cross", headers: [first]).status == 303)
      #expect(try await site.send("GET", "/board/new-cross", headers: [second]).status == 200)
    }
  }

  @Test("Signing out is a press of a button: it ends the session and clears the cookie")
  func signOut() async throws {
    try await withBoard { site, board, cookie in
      let page = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(try await site.send("GET", "/sign-out", headers: [cookie]).status == 405)
      #expect(try await site.post("/sign-out", [], headers: [cookie]).status == 403)
      #expect(board.state.withLock(\.sessions).count == 1)
      let out = try await site.submit(page, "sign-out", headers: [cookie])
      #expect(out.status == 200 && out.body.contains("You are signed out"))
      #expect(page.headers["clear-site-data"] == nil)
      #expect(out.headers["clear-site-data"] == #""cache", "storage""#)
      #expect(
        out.headers["set-cookie"]
          == "__Host-triaged=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
      #expect(board.state.withLock(\.sessions).isEmpty)
      let after = try await site.send("GET", "/board/new-cross", headers: [cookie])
      #expect(after.status == 303 && after.headers["location"] == "/sign-in")
      #expect(after.headers["set-cookie"]?.contains("Max-Age=0") == true)
      let press = try await site.submit(
        page, "choose", [("do", "claim"), ("item-1", "0")], headers: [cookie])
      #expect(press.status == 403 && press.body.contains("Nothing was changed"))
    }
  }

  @Test("A cookie that cannot be ours, or two of the name, is no session")
  func oddCookies() async throws {
    try await withBoard { site, _, cookie in
      let secret = cookie.1
      for bad in [
        "", "x", "triaged=session-secret-number-1-x", "__Host-triaged=", "__Host-triaged=a b",
        secret + "; " + secret, secret + "; __Host-triaged=AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        secret + String(repeating: "A", count: 100),
      ] {
        let answer = try await site.send("GET", "/board/new-cross", headers: [("Cookie", bad)])
        #expect(answer.status == 303, "\(bad)")
      }
      let among = ("Cookie", "other=1; " + secret + "; more=2")
      #expect(try await site.send("GET", "/board/new-cross", headers: [among]).status == 200)
    }
  }
}
