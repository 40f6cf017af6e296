import Crypto
import Foundation
import TestServers
import Testing
import Web

@Suite("Headers")
struct HeaderTests {
  private func check(
    _ answer: HTTPAnswer, _ status: Int, at place: SourceLocation = #_sourceLocation
  ) {
    expectProtected(answer, status, at: place)
    #expect(answer.headers["set-cookie"] == nil, sourceLocation: place)
  }

  @Test("Every answer bears the whole set, pages of error among them")
  func everyAnswer() async throws {
    let token = TestDesk.token
    try await TestSite.with { site in
      check(try await site.get("/livez"), 200)
      check(try await site.get("/readyz"), 200)
      check(try await site.get("/robots.txt"), 200)
      check(try await site.get("/c/\(token)"), 200)
      check(try await site.send("HEAD", "/c/\(token)"), 200)
      check(try await site.send("OPTIONS", "/c/\(token)"), 204)
      check(try await site.get("/c/unknown"), 404)
      check(try await site.get("/nothing"), 404)
      check(try await site.send("DELETE", "/c/\(token)"), 405)
      check(
        try await site.post("/c/\(token)/claim", [("generation", "0"), ("member", "ann")]), 403)
      check(try await site.send("POST", "/c/\(token)/claim", body: "x"), 415)
      check(
        try await site.send("POST", "/c/\(token)/claim", headers: [formType], body: "%zz"),
        400)
      check(
        try await site.send(
          "POST", "/c/\(token)/claim", headers: [formType],
          body: String(repeating: "x", count: 20_000)), 413)
      let offer = try await site.get("/c/\(token)")
      check(try await site.submit(offer, "claim", [("member", "")]), 422)
      let claimed = try await site.submit(offer, "claim", [("member", "ann")])
      check(claimed, 200)
      check(try await site.submit(offer, "claim", [("member", "bob")]), 409)
      let ask = try await site.submit(claimed, "outcome")
      check(ask, 200)
      check(try await site.submit(ask, "outcome"), 422)
      let when = try await site.submit(claimed, "calendar")
      check(
        try await site.submit(when, "calendar", [("day", "2026-11-20"), ("part", "morning")]), 200)
      check(try await site.submit(claimed, "release"), 200)
      await site.desk.withdraw()
      check(try await site.get("/c/\(token)"), 410)
      await site.desk.hold()
      check(try await site.submit(offer, "claim", [("member", "ann")]), 503)
      await site.desk.breakDown()
      check(try await site.get("/c/\(token)"), 500)
    }
  }

  @Test("So does an answer to one question too many")
  func tooMany() async throws {
    try await TestSite.with(limits: RequestLimits(perAddress: 1)) { site in
      _ = try await site.get("/nothing")
      let answer = try await site.get("/nothing")
      check(answer, 429)
      #expect(answer.headers["retry-after"] == "60")
    }
  }

  @Test("A page of an error of our own says nothing of its cause")
  func noCause() async throws {
    try await TestSite.with { site in
      await site.desk.breakDown()
      let answer = try await site.get("/c/\(TestDesk.token)")
      check(answer, 500)
      #expect(answer.text.contains("Something went wrong on our side"))
      for cause in ["Breakdown", "Error", "rror:", ".swift", "SQL"] {
        #expect(!answer.body.contains(cause), "\(cause)")
      }
    }
  }

  @Test("Bytes that are no HTTP are answered with 400 and the whole set")
  func noHTTP() async throws {
    try await TestSite.with { site in
      check(try await site.send(raw: "this is not HTTP\r\n\r\n"), 400)
      let long = String(repeating: "a", count: 100_000)
      check(try await site.send(raw: "GET / HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n"), 400)
      check(
        try await site.send(
          raw: "POST /c/x/claim HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400)
    }
  }

  @Test("The policy names the very stylesheet that the page carries")
  func styleHash() async throws {
    try await TestSite.with { site in
      let answer = try await site.get("/c/\(TestDesk.token)")
      let style = try #require(answer.body.firstMatch(of: /<style>([^<]*)<\/style>/)?.1)
      let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
      #expect(answer.headers["content-security-policy"]?.contains("'sha256-\(hash)'") == true)
    }
  }

  @Test("A page is HTML in UTF-8 and a monitor's answer is plain text")
  func types() async throws {
    try await TestSite.with { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      let plain = try await site.get("/readyz")
      #expect(plain.headers["content-type"] == "text/plain; charset=utf-8")
    }
  }
}
