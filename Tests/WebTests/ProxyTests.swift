import Foundation
import NIOCore
import Testing
import Triage

@testable import Web

@Suite("Behind a reverse proxy")
struct ProxyTests {
  private let proxy = [NetworkAddress("127.0.0.1")!]

  @Test("Whom a trusted proxy names needs to pick no name, and can be nobody else")
  func named() async throws {
    try await TestSite.with(trustedProxies: proxy, proxyNameHeader: "X-Remote-User") { site in
      let bob = [("X-Remote-User", "bob@example.org")]
      let offer = try await site.send("GET", "/c/\(TestDesk.token)", headers: bob)
      #expect(!offer.body.contains("<select"))
      let claimed = try await site.submit(offer, "claim", headers: bob)
      #expect(claimed.text.contains("Claimed by Bob"))
      #expect(await site.desk.presses.last?.visitor.proxyMember == "bob")
      let ann = [("X-Remote-User", "ann@example.org")]
      #expect(try await site.submit(claimed, "release", headers: ann).status == 403)
      #expect(await site.desk.changes == 1)
    }
  }

  @Test(
    "A name that no member has, or two names, do nothing",
    arguments: [
      [("X-Remote-User", "charlie@example.org")],
      [("X-Remote-User", "ann@example.org"), ("X-Remote-User", "bob@example.org")],
    ])
  func stranger(headers: [(String, String)]) async throws {
    try await TestSite.with(trustedProxies: proxy, proxyNameHeader: "X-Remote-User") { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      let page = try await site.submit(offer, "claim", [("member", "ann")], headers: headers)
      #expect(page.status == 403)
      #expect(await site.desk.changes == 0)
    }
  }

  @Test(
    "The header is nothing from anybody else, and nothing where none is configured",
    arguments: [
      ([NetworkAddress("192.0.2.1")!], "X-Remote-User"), ([NetworkAddress("127.0.0.1")!], nil),
    ] as [([NetworkAddress], String?)])
  func stripped(trusted: [NetworkAddress], header: String?) async throws {
    try await TestSite.with(trustedProxies: trusted, proxyNameHeader: header) { site in
      let headers = [("X-Remote-User", "ann@example.org")]
      let offer = try await site.send("GET", "/c/\(TestDesk.token)", headers: headers)
      #expect(offer.body.contains("<select"))
      let claimed = try await site.submit(offer, "claim", [("member", "bob")], headers: headers)
      #expect(claimed.text.contains("Claimed by Bob"))
      #expect(await site.desk.presses.last?.visitor.proxyMember == nil)
    }
  }

  @Test(
    "The kind of network is told to the desk, of the last hop that is not ours",
    arguments: [
      ([], Visitor.Network.thisMachine),
      (["203.0.113.9"], .public), (["10.1.2.3"], .private), (["10.1.2.3, 203.0.113.9"], .public),
      (["203.0.113.9, 127.0.0.1"], .public), (["203.0.113.9", "10.1.2.3"], .private),
      (["unknown"], .unknown), (["203.0.113.9, nonsense"], .unknown),
      (["[2001:db8::1]:443"], .public),
      (["fd00::1"], .private), (["::ffff:192.168.1.1"], .private),
    ])
  func network(forwarded: [String], network: Visitor.Network) async throws {
    try await TestSite.with(trustedProxies: proxy) { site in
      let offer = try await site.get("/c/\(TestDesk.token)")
      _ = try await site.submit(
        offer, "claim", [("member", "ann")], headers: forwarded.map { ("X-Forwarded-For", $0) })
      #expect(await site.desk.presses.last?.visitor.network == network)
    }
  }

  @Test("An address is read strictly, with and without a port")
  func addresses() {
    #expect(NetworkAddress("192.0.2.1")?.bytes == [192, 0, 2, 1])
    #expect(NetworkAddress("192.0.2.1:8080")?.bytes == [192, 0, 2, 1])
    #expect(NetworkAddress("::ffff:192.0.2.1")?.bytes == [192, 0, 2, 1])
    #expect(NetworkAddress("2001:db8::1")?.prefix == [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0])
    #expect(NetworkAddress("[2001:db8:0:1:2::1]:80")?.prefix.count == 8)
    for text in ["", "192.0.2", "192.0.2.256", "example.org", "1.2.3.4.5", "::g", "[::1"] {
      #expect(NetworkAddress(text) == nil, "\(text)")
    }
  }
}

@Suite("Limits")
struct LimitTests {
  private let proxy = [NetworkAddress("127.0.0.1")!]

  @Test("Whoever guesses links gets no further after ten a minute, and hears when to ask again")
  func unknown() async throws {
    try await TestSite.with { site in
      for number in 1...10 { #expect(try await site.get("/c/guess\(number)").status == 404) }
      let page = try await site.get("/c/guess")
      #expect(page.status == 429)
      #expect(page.headers["retry-after"] == "6")
      #expect(page.text.contains("Please wait a minute"))
      // A right guess would not be told either.
      #expect(try await site.get("/c/\(TestDesk.token)").status == 429)
      site.clock.pass(hours: 1.0 / 60)
      #expect(try await site.get("/c/\(TestDesk.token)").status == 200)
      // A link that was opened well is not held up by a neighbour's guessing.
      for number in 1...11 { _ = try await site.get("/c/guess\(number)") }
      #expect(try await site.get("/c/\(TestDesk.token)").status == 200)
      #expect(try await site.get("/c/guess").status == 429)
      #expect(try await site.get("/livez").status == 200)
    }
  }

  @Test(
    "One link, one address and all together each have their bound",
    arguments: [
      (RequestLimits(perLink: 3), 200, 200), (RequestLimits(perAddress: 3), 429, 200),
      (RequestLimits(all: 3), 429, 429),
    ])
  func bounds(limits: RequestLimits, otherLink: Int, otherAddress: Int) async throws {
    try await TestSite.with(trustedProxies: proxy, limits: limits) { site in
      var statuses: [Int] = []
      for (token, address) in [
        (TestDesk.token, 9), (TestDesk.token, 9), (TestDesk.token, 9), (TestDesk.token, 9),
        (TestDesk.otherToken, 9), (TestDesk.otherToken, 10),
      ] {
        let page = try await site.send(
          "GET", "/c/\(token)", headers: [("X-Forwarded-For", "203.0.113.\(address)")])
        statuses.append(page.status)
      }
      #expect(statuses == [200, 200, 200, 429, otherLink, otherAddress])
    }
  }

  @Test("Of version 6 a whole network counts as one address")
  func version6() {
    let limiter = Limiter(RequestLimits(perAddress: 2), ticks: { 0 })
    #expect(limiter.admit(NetworkAddress("2001:db8::1"), link: nil) == nil)
    #expect(limiter.admit(NetworkAddress("2001:db8::2"), link: nil) == nil)
    #expect(limiter.admit(NetworkAddress("2001:db8::3"), link: nil) == 30)
    #expect(limiter.admit(NetworkAddress("2001:db8:0:1::1"), link: nil) == nil)
  }

  @Test("Memory is bounded whatever comes, and who was stopped before stays so")
  func bounded() {
    let limiter = Limiter(
      RequestLimits(perLink: 0, perAddress: 1, unknown: 0, all: 0), ticks: { 0 }, most: 100)
    let first = NetworkAddress("192.0.2.1")
    #expect(limiter.admit(first, link: nil) == nil)
    for number in 0..<5000 {
      _ = limiter.admit(NetworkAddress("10.0.\(number / 250).\(number % 250)"), link: "\(number)")
    }
    #expect(limiter.count <= 101)
    #expect(limiter.admit(first, link: nil) == 60)
    #expect(limiter.admit(NetworkAddress("198.51.100.1"), link: nil) == 60)
  }
}

@Suite("Slow connections")
struct DeadlineTests {
  private let quick = ConnectionLimits(head: 1, body: 1, idle: 1, connections: 100)

  @Test(
    "One that never says a word, and one that drips a head or a body, is closed in time",
    arguments: [
      "", "GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ",
      "POST /c/\(TestDesk.token)/claim HTTP/1.1\r\nHost: x\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nmember=",
    ])
  func drip(start: String) async throws {
    try await TestSite.with(connections: quick) { site in
      let clock = ContinuousClock()
      let began = clock.now
      // A reset is an end too.
      do { try await site.drip(start) } catch is ChannelError {} catch is IOError {}
      #expect(clock.now - began < .seconds(10))
      #expect(await site.desk.changes == 0)
    }
  }

  @Test("A connection that is kept open is served as long as it keeps asking")
  func keptOpen() async throws {
    try await TestSite.with(connections: ConnectionLimits(head: 5, body: 5, idle: 5)) { site in
      let request = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
      let text = try await site.sendAll(
        request + request + request.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
      #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 4)
    }
  }
}
