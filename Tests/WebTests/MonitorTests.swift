import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestServers
import Testing
import Triage

@testable import Web

@Suite("What monitors meet over TCP")
struct MonitorTests {
  private struct Failure: Error {}

  private func running(
    readiness: Readiness = Readiness(checks: []), metrics: String? = "# HELP a b\n",
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: @escaping @Sendable (_ port: Int) async throws -> Void
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
        try await body(port)
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
    try await running(logger: logger) { port in
      // One connection is open when the stop comes.
      let (answers, came) = AsyncStream.makeStream(of: Void.self)
      let open = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelInitializer { $0.pipeline.addHandler(FirstAnswer(came)) }
        .connect(host: "127.0.0.1", port: port).get()
      try await open.writeAndFlush(
        ByteBuffer(string: "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
      try #require(await answers.first { true } != nil)
      let answer = try await openPage("GET", "/livez", port: port)
      #expect(answer.status == 200)
      #expect(open.isActive)
    }
    #expect(kept.lines == [])
  }

  @Test("Every answer has its date")
  func dated() async throws {
    try await running { port in
      let before = Int(Date.now.timeIntervalSince1970)
      let answer = try await openPage("GET", "/livez", port: port)
      let possible = before...Int(Date.now.timeIntervalSince1970)
      let date = try #require(answer.headers["date"])
      #expect(possible.map { httpDate($0) }.contains(date))
    }
  }

  @Test("Metrics, whether it lives and whether it is ready; no other verb of the admin socket")
  func routes() async throws {
    let readiness = Readiness(checks: [
      .init(name: "store", ok: false, sentence: "The database cannot be written.")
    ])
    try await running(readiness: readiness) { port in
      let metrics = try await openPage("GET", "/metrics", port: port)
      #expect(metrics.status == 200 && metrics.body == "# HELP a b\n")
      #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(try await openPage("GET", "/livez", port: port).body == "ok\n")
      let ready = try await openPage("GET", "/readyz", port: port)
      #expect(
        ready.status == 503 && ready.body == "FAILED store: The database cannot be written.\n")
      #expect(try await openPage("HEAD", "/metrics", port: port).body.isEmpty)
      for path in [
        "/", "/status", "/links", "/claims", "/pause", "/metrics/", "/c/token", "/board",
      ] {
        #expect(try await openPage("GET", path, port: port).status == 404, "\(path)")
      }
      for method in ["POST", "PUT", "DELETE"] {
        #expect(try await openPage(method, "/metrics", port: port).status == 405, "\(method)")
      }
    }
  }

  @Test("What goes wrong is told to the journal, not to whoever asks")
  func failing() async throws {
    try await running(metrics: nil) { port in
      let answer = try await openPage("GET", "/metrics", port: port)
      #expect(answer.status == 500 && !answer.body.contains("Failure"))
    }
  }
}

/// Says when something has come.
private final class FirstAnswer: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  private let came: AsyncStream<Void>.Continuation

  init(_ came: AsyncStream<Void>.Continuation) { self.came = came }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { came.yield() }

  func channelInactive(context: ChannelHandlerContext) { came.finish() }
}
