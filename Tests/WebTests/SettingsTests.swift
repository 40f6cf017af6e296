import Foundation
import Logging
import ServiceLifecycle
import Testing
import Web

@Suite("Settings")
struct SettingsTests {
  private func site(publicURL: String, keyBytes: Int) throws -> Site {
    try Site(
      desk: TestDesk().desk, readiness: { Readiness(checks: []) },
      settings: WebSettings(
        host: "127.0.0.1", port: 0, publicURL: URL(string: publicURL)!, serviceName: "Jobs",
        timeZone: .gmt, formKey: Array(repeating: 7, count: keyBytes)),
      logger: Logger(label: "settings") { _ in TestLog() })
  }

  @Test("A short form key is refused")
  func shortKey() {
    #expect(throws: WebSettingsError.formKeyTooShort(bytes: 31)) {
      try site(publicURL: "https://claims.example.org", keyBytes: 31)
    }
  }

  @Test(
    "A public URL that no browser could name is refused",
    arguments: ["claims", "ftp://x", "https:"])
  func noHost(url: String) {
    #expect(throws: WebSettingsError.publicURLWithoutHost) {
      try site(publicURL: url, keyBytes: 32)
    }
  }
}

@Suite("The server as a service")
struct ServiceTests {
  @Test("It runs in a service group and ends when the group is asked to")
  func group() async throws {
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let site = try Site(
      desk: TestDesk().desk, readiness: { Readiness(checks: []) },
      settings: WebSettings(
        host: "127.0.0.1", port: 0, publicURL: URL(string: "http://localhost")!,
        serviceName: "Jobs", timeZone: .gmt, formKey: Array(repeating: 7, count: 32)),
      logger: Logger(label: "service") { _ in TestLog() })
    let server = PageServer(
      site, logger: Logger(label: "service") { _ in TestLog() },
      onRunning: { running.yield($0) })
    let services = ServiceGroup(
      services: [ClosureService { try await server.run() }],
      logger: Logger(label: "group") { _ in TestLog() })
    async let ended: Void = services.run()
    let port = try #require(await ports.first { _ in true })
    #expect(port > 0)
    await services.triggerGracefulShutdown()
    try await ended
  }
}
