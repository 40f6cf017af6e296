import Foundation
import TestServers
import Testing

@testable import Web

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
    #expect(limiter.admit(NetworkAddress("2001:db8::1"), .page).wait == nil)
    #expect(limiter.admit(NetworkAddress("2001:db8::2"), .page).wait == nil)
    #expect(limiter.admit(NetworkAddress("2001:db8::3"), .page).wait == 30)
    #expect(limiter.admit(NetworkAddress("2001:db8:0:1::1"), .page).wait == nil)
  }

  @Test("Memory is bounded whatever comes, and who was stopped before stays so")
  func bounded() {
    let limiter = Limiter(
      RequestLimits(perLink: 0, perAddress: 1, unknown: 0, all: 0), ticks: { 0 }, most: 100)
    let first = NetworkAddress("192.0.2.1")
    #expect(limiter.admit(first, .page).wait == nil)
    for number in 0..<200_000 {
      let address = NetworkAddress("\(number / 65_536).\(number / 256 % 256).\(number % 256).1")
      _ = limiter.admit(address, .link("\(number)"))
    }
    #expect(limiter.count <= 101 + 256)
    #expect(limiter.admit(first, .page).wait == 60)
  }

  /// Newcomers of networks of their own who are let in.
  private func newcomers(_ limiter: Limiter, _ subject: Limiter.Subject = .page) -> Int {
    (1...40).count { limiter.admit(NetworkAddress("198.\(50 + $0).7.1"), subject).wait == nil }
  }

  @Test("One address that floods is refused by its own bound and uses up nothing of everybody's")
  func oneFloods() {
    let limiter = Limiter(
      RequestLimits(perLink: 0, perAddress: 10, unknown: 0, all: 50), ticks: { 0 })
    let admitted = (1...1000).count { _ in
      limiter.admit(NetworkAddress("192.0.2.1"), .page).wait == nil
    }
    #expect(admitted == 10 && newcomers(limiter) == 40)
    #expect(limiter.admit(NetworkAddress("198.51.100.1"), .page).wait == 2)
  }

  @Test("One address that asks for links again and again keeps nobody else from asking")
  func oneAsks() {
    let limiter = Limiter(RequestLimits(perLink: 20, unknown: 5, all: 0), ticks: { 0 })
    let admitted = (1...1000).count { _ in
      limiter.admit(NetworkAddress("192.0.2.1"), .askingForLinks).wait == nil
    }
    #expect(admitted == 5 && newcomers(limiter, .askingForLinks) == 40)
  }

  @Test("Guesses take no room: neither those of one address nor those of a whole network")
  func guessesTakeNoRoom() {
    let limiter = Limiter(RequestLimits(unknown: 10, all: 0), ticks: { 0 }, most: 100)
    for number in 0..<5000 { _ = limiter.admit(NetworkAddress("192.0.2.1"), .link("\(number)")) }
    #expect(limiter.count == 2)
    // A /48 has 65,536 networks, and is one neighbour: all that have no room in it share one bucket.
    let admitted = (0..<5000).count { number in
      let address = NetworkAddress("2001:db8:1:\(String(number, radix: 16))::1")
      return limiter.admit(address, .link("other \(number)")).wait == nil
    }
    #expect(admitted < 70, "guessing is bounded where there is no room too: \(admitted)")
    // By chance one or two may share the attacker's.
    #expect(newcomers(limiter, .link("theirs")) > 30)
  }

  @Test("Many guesses at once are no more than one after the other; what is known is given back")
  func atOnce() {
    let limiter = Limiter(RequestLimits(perLink: 2, unknown: 10, all: 0), ticks: { 0 })
    let address = NetworkAddress("192.0.2.1")
    let asked = (1...50).map { limiter.admit(address, .link("\($0)")) }
    #expect(asked.count { $0.wait == nil } == 10)
    // An office opens thirty links one after the other.
    let office = NetworkAddress("192.0.2.2")
    for number in 1...30 {
      let admission = limiter.admit(office, .link("good \(number)"))
      #expect(admission.wait == nil)
      limiter.found(admission, isKnown: true)
    }
    // The first of them counted for its link too.
    #expect(limiter.admit(office, .link("good 1")).wait == nil)
    #expect(limiter.admit(office, .link("good 1")).wait == 30)
  }

  @Test(
    "A guess that is sent with a form that is not ours tells nothing, and the link stays unknown",
    arguments: ["/c/GUESS/claim", "/sign-in/GUESS"])
  func withForm(path: String) async throws {
    try await TestSite.with(board: TestBoard()) { site in
      var statuses: [Int] = []
      for number in 1...12 {
        let guess = path.replacing("GUESS", with: "guess-\(number)-0123456789-abcde")
        statuses.append(try await site.post(guess, [("generation", "0")]).status)
        statuses.append(try await site.get(guess.replacing("/claim", with: "")).status)
      }
      #expect(statuses.count { $0 == 404 } == 5)
      #expect(statuses.suffix(14).allSatisfy { $0 == 429 }, "\(statuses)")
    }
  }

  @Test("What is refused at the door is told in the journal, once a minute with how many it was")
  func journal() async throws {
    try await TestSite.with(limits: RequestLimits(perAddress: 5)) { site in
      let token = TestDesk.token
      let offer = try await site.get("/c/\(token)")
      let evil = [("Origin", "https://evil.example.org")]
      for _ in 1...2 {
        #expect(try await site.submit(offer, "claim", headers: evil).status == 403)
      }
      for _ in 1...5 { _ = try await site.get("/c/\(token)") }
      site.clock.pass(hours: 1.5 / 60)
      for _ in 1...6 { _ = try await site.get("/c/\(token)") }
      let lines = site.log.lines.filter { $0.contains("Requests to the pages were refused") }
      try #require(lines.count == 2)
      #expect(lines[0].contains("notice") && lines[0].contains("1 forms from elsewhere"))
      #expect(lines[1].contains("4 over the limits, 1 forms from elsewhere"), "\(lines[1])")
    }
  }
}
