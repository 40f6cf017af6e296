import TestServers
import Testing
import Web

@Suite("Addresses and methods")
struct RouteTests {
  @Test("The process says that it lives")
  func live() async throws {
    try await TestSite.with { site in
      let answer = try await site.get("/livez")
      #expect(answer.status == 200)
      #expect(answer.body == "ok\n")
    }
  }

  @Test("A daemon whose parts all work is ready")
  func ready() async throws {
    let readiness = Readiness(checks: [
      .init(name: "database", ok: true, sentence: "It can be written."),
      .init(name: "register", ok: true, sentence: "Read 2 minutes ago."),
    ])
    try await TestSite.with(readiness: readiness) { site in
      let answer = try await site.get("/readyz")
      #expect(answer.status == 200)
      #expect(answer.body == "ok database: It can be written.\nok register: Read 2 minutes ago.\n")
    }
  }

  @Test("A daemon with a part that fails is not ready and names the part")
  func notReady() async throws {
    let readiness = Readiness(checks: [
      .init(name: "database", ok: true, sentence: "It can be written."),
      .init(name: "register", ok: false, sentence: "Three days\nold."),
    ])
    try await TestSite.with(readiness: readiness) { site in
      let answer = try await site.get("/readyz")
      #expect(answer.status == 503)
      #expect(answer.body == "ok database: It can be written.\nFAILED register: Three days old.\n")
    }
  }

  @Test("Robots are asked to stay away")
  func robots() async throws {
    try await TestSite.with { site in
      let answer = try await site.get("/robots.txt")
      #expect(answer.body == "User-agent: *\nDisallow: /\n")
    }
  }

  @Test(
    "An address of no page gets the plain page for that",
    arguments: [
      "/", "/c", "/c/", "/c/a/claim/", "/c/a/b/claim", "/c/a/CLAIM", "/livez/", "//livez",
      "/c/\(TestDesk.token)/", "/../etc/passwd", "/%63/abc", "/favicon.ico", "/c/a/%00", "/admin",
    ])
  func nothing(path: String) async throws {
    try await TestSite.with { site in
      for method in ["GET", "HEAD", "POST", "DELETE"] {
        let answer = try await site.send(method, path)
        #expect(answer.status == 404)
        #expect(answer.body.contains("<h1>") == (method != "HEAD"))
      }
    }
  }

  @Test(
    "A method that an address does not know gets 405 and the list of those it knows",
    arguments: [
      ("POST", "/livez", "GET, HEAD, OPTIONS"), ("DELETE", "/readyz", "GET, HEAD, OPTIONS"),
      ("PUT", "/robots.txt", "GET, HEAD, OPTIONS"),
      ("POST", "/c/\(TestDesk.token)", "GET, HEAD, OPTIONS"),
      ("TRACE", "/c/\(TestDesk.token)", "GET, HEAD, OPTIONS"),
      ("GET", "/c/\(TestDesk.token)/claim", "POST, OPTIONS"),
      ("HEAD", "/c/\(TestDesk.token)/undo", "POST, OPTIONS"),
      ("PUT", "/c/\(TestDesk.token)/release", "POST, OPTIONS"),
      ("PATCH", "/c/\(TestDesk.token)/outcome", "POST, OPTIONS"),
    ])
  func wrongMethod(method: String, path: String, allow: String) async throws {
    try await TestSite.with { site in
      let answer = try await site.send(method, path)
      #expect(answer.status == 405)
      #expect(answer.headers["allow"] == allow)
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("A form's address that is opened without its form leads back to the link")
  func tabBroughtBack() async throws {
    try await TestSite.with { site in
      let answer = try await site.get("/c/\(TestDesk.token)/claim")
      #expect(answer.body.contains(#"<a href="/c/\#(TestDesk.token)">Open the offer</a>"#))
    }
  }

  @Test("OPTIONS tells the methods and changes nothing", arguments: ["", "/claim", "/outcome"])
  func options(action: String) async throws {
    try await TestSite.with { site in
      let answer = try await site.send("OPTIONS", "/c/\(TestDesk.token)" + action)
      #expect(answer.status == 204)
      #expect(answer.body.isEmpty)
      #expect(answer.headers["allow"] == (action.isEmpty ? "GET, HEAD, OPTIONS" : "POST, OPTIONS"))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("HEAD answers as GET does, without the page")
  func head() async throws {
    try await TestSite.with { site in
      for path in ["/c/\(TestDesk.token)", "/c/unknown", "/livez", "/nothing"] {
        let get = try await site.get(path)
        let head = try await site.send("HEAD", path)
        #expect(head.status == get.status)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-length"] == get.headers["content-length"])
        #expect(head.headers["content-type"] == get.headers["content-type"])
      }
    }
  }

  @Test("What a mail filter puts behind a link does no harm")
  func query() async throws {
    try await TestSite.with { site in
      let answer = try await site.get("/c/\(TestDesk.token)?utm_source=mail&member=ann&x=%zz")
      #expect(answer.status == 200)
      #expect(await site.desk.changes == 0)
    }
  }
}
