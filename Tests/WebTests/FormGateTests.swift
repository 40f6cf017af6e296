import Foundation
import TestServers
import Testing

@Suite("Which forms are let in")
struct FormGateTests {
  private let path = "/c/\(TestDesk.token)/claim"

  @Test("A form without its nonce changes nothing")
  func missing() async throws {
    try await TestSite.with { site in
      let answer = try await site.post(path, [("generation", "0"), ("member", "ann")])
      #expect(answer.status == 403)
      #expect(await site.desk.changes == 0)
    }
  }

  @Test(
    "A nonce that we did not make changes nothing",
    arguments: [
      "", "0", String(repeating: "0", count: 64), String(repeating: "é", count: 32), "\u{0}",
    ])
  func forged(nonce: String) async throws {
    try await TestSite.with { site in
      let answer = try await site.post(
        path, [("generation", "0"), ("member", "ann"), ("csrf_token", nonce)])
      #expect(answer.status == 403)
      #expect(answer.body.contains("Nothing was changed."))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("A nonce serves its own link, action, member and claim only")
  func othersNonce() async throws {
    try await TestSite.with { site in
      let other = try await site.get("/c/\(TestDesk.otherToken)").form("claim").hidden
      #expect(try await site.post(path, other + [("member", "ann")]).status == 403)

      let claimed = try await site.claim(as: "ann")
      func post(_ action: String, _ fields: [(String, String)]) async throws -> Int {
        try await site.post("/c/\(TestDesk.token)/\(action)", fields).status
      }
      let undo = Dictionary(uniqueKeysWithValues: try claimed.form("undo").hidden)
      let nonce = try #require(undo["csrf_token"])
      let fields = [("csrf_token", nonce), ("generation", "1"), ("member", "ann")]
      #expect(try await post("release", fields) == 403)
      #expect(try await post("claim", fields) == 403)
      #expect(
        try await post("undo", [("csrf_token", nonce), ("generation", "2"), ("member", "ann")])
          == 403)
      #expect(
        try await post("undo", [("csrf_token", nonce), ("generation", "1"), ("member", "bob")])
          == 403)
      #expect(
        try await post("undo", [("csrf_token", nonce), ("generation", "x"), ("member", "ann")])
          == 400)
      #expect(await site.desk.changes == 1)
      #expect(try await post("undo", fields) == 200)
    }
  }

  @Test("A page may stay open for a day, and not for three")
  func age() async throws {
    try await TestSite.with { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      site.clock.pass(hours: 24)
      #expect(try await site.submit(page, "claim", [("member", "ann")]).status == 200)
      site.clock.pass(hours: 48)
      let late = try await site.submit(page, "claim", [("member", "ann")])
      #expect(late.status == 403)
      #expect(late.body.contains(#"<a href="/c/\#(TestDesk.token)">Open the offer again</a>"#))
    }
  }

  @Test("A page goes on working over a restart, and not under another key")
  func restart() async throws {
    let desk = TestDesk()
    let hidden = HiddenFields()
    try await TestSite.with(desk) { site in
      await hidden.keep(try await site.get("/c/\(TestDesk.token)").form("claim").hidden)
    }
    try await TestSite.with(desk, formKey: Array(2...33)) { site in
      let answer = try await site.post(path, await hidden.fields + [("member", "ann")])
      #expect(answer.status == 403)
    }
    try await TestSite.with(desk) { site in
      let answer = try await site.post(path, await hidden.fields + [("member", "ann")])
      #expect(answer.status == 200)
    }
  }

  private actor HiddenFields {
    private(set) var fields: [(String, String)] = []
    func keep(_ fields: [(String, String)]) { self.fields = fields }
  }

  @Test(
    "Only our own pages may send a form",
    arguments: [
      ([], 200),
      ([("Origin", "https://claims.example.org")], 200),
      ([("Origin", "https://claims.example.org"), ("Sec-Fetch-Site", "same-origin")], 200),
      ([("Origin", "null"), ("Sec-Fetch-Site", "same-origin")], 200),
      ([("Origin", "null"), ("Sec-Fetch-Site", "none")], 200),
      ([("Origin", "null")], 200),
      ([("Origin", "null"), ("Sec-Fetch-Site", "cross-site")], 403),
      ([("Sec-Fetch-Site", "same-site")], 403),
      ([("Sec-Fetch-Site", "cross-site")], 403),
      ([("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")], 403),
      ([("Origin", "https://evil.example.org")], 403),
      ([("Origin", "http://claims.example.org")], 403),
      ([("Origin", "https://claims.example.org:8443")], 403),
      ([("Origin", "https://claims.example.org.evil.example")], 403),
      ([("Origin", "http://127.0.0.1")], 403),
      ([("Origin", "")], 403),
    ] as [([(String, String)], Int)])
  func origin(headers: [(String, String)], status: Int) async throws {
    try await TestSite.with { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      let answer = try await site.submit(page, "claim", [("member", "ann")], headers: headers)
      #expect(answer.status == status)
      #expect(await site.desk.changes == (status == 200 ? 1 : 0))
    }
  }

  @Test("The origin is the configured one, with its port and without its path")
  func publicURL() async throws {
    try await TestSite.with(publicURL: "http://Desk.example.org:8080/jobs/") { site in
      let page = try await site.get("/c/\(TestDesk.token)")
      #expect(try page.form("claim").path == "/jobs/c/\(TestDesk.token)/claim")
      let hidden = try page.form("claim").hidden
      for (origin, status) in [
        ("http://desk.example.org", 403), ("http://desk.example.org:8080", 200),
      ] {
        let answer = try await site.post(
          path, hidden + [("member", "ann")], headers: [("Origin", origin)])
        #expect(answer.status == status)
      }
    }
  }

  @Test(
    "Only a form's own type is read",
    arguments: ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
  func contentType(type: String) async throws {
    try await TestSite.with { site in
      let hidden = try await site.get("/c/\(TestDesk.token)").form("claim").hidden
      let body =
        "csrf_token=\(hidden.first { $0.0 == "csrf_token" }?.1 ?? "")&generation=0&member=ann"
      let headers = type.isEmpty ? [] : [("Content-Type", type)]
      #expect(try await site.send("POST", path, headers: headers, body: body).status == 415)
      let good = [("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")]
      #expect(try await site.send("POST", path, headers: good, body: body).status == 200)
    }
  }

  @Test(
    "A body that no browser sends gets 400",
    arguments: [
      "member=ann&member=bob", "member=%zz", "member=%4", "member=%", "member=%ff%fe", "%=1",
      (0..<40).map { "f\($0)=1" }.joined(separator: "&"),
    ])
  func malformed(body: String) async throws {
    try await TestSite.with { site in
      let answer = try await site.send("POST", path, headers: [formType], body: body)
      #expect(answer.status == 400)
      #expect(answer.body.contains("could not be read"))
    }
  }

  @Test("A body above 16 KB gets 413, whether its length is told or not")
  func tooLarge() async throws {
    let large = "member=" + String(repeating: "a", count: 20_000)
    try await TestSite.with { site in
      let told = try await site.send("POST", path, headers: [formType], body: large)
      #expect(told.status == 413)
      let chunked = try await site.send(
        raw: "POST \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
          + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "\(String(large.utf8.count, radix: 16))\r\n\(large)\r\n0\r\n\r\n")
      #expect(chunked.status == 413)
    }
  }
}
