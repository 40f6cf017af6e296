import Foundation
import TestServers
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
    "A name that no member has, or two names of which one may be empty, do nothing",
    arguments: [
      [("X-Remote-User", "charlie@example.org")],
      [("X-Remote-User", "ann@example.org"), ("X-Remote-User", "bob@example.org")],
      [("X-Remote-User", ""), ("X-Remote-User", "ann@example.org")],
      [("X-Remote-User", "ann@example.org"), ("X-Remote-User", "")],
      [("X-Remote-User", ""), ("X-Remote-User", "")],
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
