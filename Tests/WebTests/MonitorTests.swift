import Foundation
import FoundationNetworking
import Logging
import ServiceLifecycle
import Testing
import Triage

@testable import Web

@Suite("What monitors meet over TCP")
struct MonitorTests {
  private struct Failure: Error {}

  private func running(
    readiness: Readiness = Readiness(checks: []), metrics: String? = "# HELP a b\n",
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: @escaping @Sendable (_ base: String) async throws -> Void
  ) async throws {
    let (ports, isRunning) = AsyncStream.makeStream(of: Int.self)
    let site = MonitorSite(
      host: "127.0.0.1", port: 0,
      metrics: {
        guard let metrics else { throw Failure() }
        return (metrics, "text/plain; version=0.0.4; charset=utf-8")
      }, readiness: { readiness }, logger: logger,
      onRunning: { isRunning.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await site.run() }
      group.addTask {
        guard let port = await ports.first(where: { _ in true }) else { return }
        try await body("127.0.0.1:\(port)")
      }
      try await group.next()
      group.cancelAll()
    }
  }

  /// Keeps what its level lets through.
  private struct Journal: LogHandler {
    let kept: TestLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { kept.log(event: event) }
  }

  @Test("What the HTTP server says of a stop that cuts it short comes into no journal")
  func cutShort() async throws {
    let kept = TestLog()
    let logger = Logger(label: "test") { _ in Journal(kept: kept) }
    try await running(logger: logger) { base in
      let answer = try await ask("GET", base, "/livez")
      #expect(answer.status == 200)
    }
    #expect(kept.lines == [])
  }

  @Test("Every answer has its date")
  func dated() async throws {
    try await running { base in
      let url = try #require(URL(string: "http://\(base)/livez"))
      let session = URLSession(configuration: .ephemeral)
      defer { session.invalidateAndCancel() }
      let before = Int(Date.now.timeIntervalSince1970)
      let answer = try #require(try await session.data(from: url).1 as? HTTPURLResponse)
      let possible = before...Int(Date.now.timeIntervalSince1970)
      let date = try #require(answer.value(forHTTPHeaderField: "Date"))
      #expect(possible.map { httpDate($0) }.contains(date))
    }
  }

  private func ask(
    _ method: String, _ base: String, _ path: String
  ) async throws -> (status: Int, type: String, body: String) {
    var request = URLRequest(url: try #require(URL(string: "http://\(base)\(path)")))
    request.httpMethod = method
    let session = URLSession(configuration: .ephemeral)
    defer { session.invalidateAndCancel() }
    let (data, answer) = try await session.data(for: request)
    let http = try #require(answer as? HTTPURLResponse)
    return (
      http.statusCode, http.value(forHTTPHeaderField: "Content-Type") ?? "",
      String(decoding: data, as: UTF8.self)
    )
  }

  @Test("Metrics, whether it lives and whether it is ready; no other verb of the admin socket")
  func routes() async throws {
    let readiness = Readiness(checks: [
      .init(name: "store", ok: false, sentence: "The database cannot be written.")
    ])
    try await running(readiness: readiness) { base in
      let metrics = try await ask("GET", base, "/metrics")
      #expect(metrics.status == 200 && metrics.body == "# HELP a b\n")
      #expect(metrics.type == "text/plain; version=0.0.4; charset=utf-8")
      #expect(try await ask("GET", base, "/livez").body == "ok\n")
      let ready = try await ask("GET", base, "/readyz")
      #expect(
        ready.status == 503 && ready.body == "FAILED store: The database cannot be written.\n")
      #expect(try await ask("HEAD", base, "/metrics").body.isEmpty)
      for path in [
        "/", "/status", "/links", "/claims", "/pause", "/metrics/", "/c/token", "/board",
      ] {
        #expect(try await ask("GET", base, path).status == 404, "\(path)")
      }
      for method in ["POST", "PUT", "DELETE"] {
        #expect(try await ask(method, base, "/metrics").status == 405, "\(method)")
      }
    }
  }

  @Test("What goes wrong is told to the journal, not to whoever asks")
  func failing() async throws {
    try await running(metrics: nil) { base in
      let answer = try await ask("GET", base, "/metrics")
      #expect(answer.status == 500 && !answer.body.contains("Failure"))
    }
  }
}
