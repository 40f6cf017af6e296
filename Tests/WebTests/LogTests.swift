import TestServers
import Testing
import Triage

@Suite("The journal")
struct LogTests {
  @Test("One line per answer, with pattern, status and duration, and nothing that is secret")
  func accessLines() async throws {
    try await TestSite.with { site in
      let claimed = try await site.claim(as: "ann")
      let ask = try await site.submit(claimed, "outcome")
      _ = try await site.submit(ask, "outcome", [("kind", "eaten")])
      _ = try await site.get("/nothing/\(TestDesk.token)")
      _ = try await site.send(raw: "GET /c/\(TestDesk.token) nonsense\r\n\r\n")
      await site.desk.breakDown()
      #expect(try await site.get("/c/\(TestDesk.token)").status == 500)

      let lines = site.log.lines
      let answered = lines.filter { $0.hasPrefix("info answered") }
      #expect(answered.count == 6)
      #expect(answered.contains { $0.contains("/c/{token}/claim") && $0.contains("200") })
      #expect(answered.contains { $0.contains("/c/{token}/outcome") && $0.contains("422") })
      #expect(answered.allSatisfy { $0.contains("ms") })
      #expect(lines.contains { $0.hasPrefix("error") && $0.contains("Breakdown") })
      let nonces = try ["outcome", "release"].map { action in
        try #require(try claimed.form(action).hidden.first { $0.0 == "csrf_token" }?.1)
      }
      for secret in [TestDesk.token, "Mill", "960014", "member="] + nonces {
        #expect(!lines.contains { $0.contains(secret) }, "\(secret)")
      }
    }
  }
}
