import Testing

@testable import triaged

@Suite("Whether somebody could listen at an address")
struct ListenTests {
  @Test("The system's choice is a port", arguments: ["127.0.0.1", "localhost"])
  func choice(host: String) {
    guard case .possible(let port) = tryToListen(at: host, 0) else {
      Issue.record("nobody can listen on this machine")
      return
    }
    #expect(port > 0)
  }

  @Test("An address of no interface (RFC 5737) is told, and of a name nobody is asked")
  func others() {
    #expect(
      tryToListen(at: "192.0.2.77", 0) == .impossible(why: "Cannot assign requested address"))
    #expect(tryToListen(at: "triage.example.org", 8480) == .unknown)
  }
}
