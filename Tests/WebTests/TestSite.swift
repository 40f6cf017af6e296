import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestServers
import Triage
import Web

/// The real server on a port of the system's choice, and a client that sends bytes as they are.
struct TestSite: Sendable {
  let port: Int
  let desk: TestDesk
  let clock: TestClock
  let log: TestLog

  /// Runs a site for as long as the body takes.
  static func with(
    _ desk: TestDesk = TestDesk(), publicURL: String = "https://claims.example.org",
    readiness: Readiness = Readiness(checks: []),
    formKey: [UInt8] = Array(1...32), languages: [Language] = [.english],
    wording: PageWording = .builtIn, trustedProxies: [NetworkAddress] = [],
    proxyNameHeader: String? = nil, limits: RequestLimits = RequestLimits(),
    connections: ConnectionLimits = .patient, board: TestBoard? = nil,
    pictureStyle: String = "",
    _ body: @escaping @Sendable (TestSite) async throws -> Void
  ) async throws {
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let clock = TestClock()
    let log = TestLog()
    let site = try Site(
      desk: desk.desk, board: board?.desk, readiness: { readiness },
      settings: WebSettings(
        host: "127.0.0.1", port: 0, publicURL: URL(string: publicURL)!,
        serviceName: "Street Scene jobs", timeZone: TimeZone(identifier: "Europe/London")!,
        formKey: formKey, languages: languages, wording: wording,
        pictureStyle: pictureStyle, trustedProxies: trustedProxies,
        proxyNameHeader: proxyNameHeader,
        proxyMember: { ["ann@example.org": "ann", "bob@example.org": "bob"][$0] }, limits: limits,
        connections: connections),
      logger: Logger(label: "site") { _ in log }, now: { clock.now },
      ticks: { clock.now.timeIntervalSince1970 })
    let server = PageServer(
      site, logger: Logger(label: "site") { _ in log }, onRunning: { running.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      group.addTask {
        guard let port = await ports.first(where: { _ in true }) else { return }
        try await body(TestSite(port: port, desk: desk, clock: clock, log: log))
      }
      try await group.next()
      group.cancelAll()
    }
  }

  /// Sends bytes and reads until the server closes.
  func send(raw bytes: String) async throws -> HTTPAnswer {
    try HTTPAnswer(try await sendAll(bytes))
  }

  /// Sends a byte now and then behind a start, until the server closes.
  func drip(_ start: String) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await channel.executeThenClose { inbound, outbound in
      if !start.isEmpty { try await outbound.write(ByteBuffer(string: start)) }
      let dripping = channel.channel.eventLoop.scheduleRepeatedTask(
        initialDelay: .milliseconds(50), delay: .milliseconds(50)
      ) { _ in
        if !start.isEmpty { channel.channel.writeAndFlush(ByteBuffer(string: "a"), promise: nil) }
      }
      defer { dripping.cancel() }
      // A reset is an end too.
      do { for try await _ in inbound {} } catch is IOError {} catch is ChannelError {}
    }
  }

  /// What came until the server closed.
  func sendAll(_ bytes: String) async throws -> String { try await sendBytes(bytes, port: port) }

  func send(
    _ method: String, _ path: String, headers: [(String, String)] = [], body: String? = nil
  ) async throws -> HTTPAnswer {
    try await openPage(method, path, port: port, headers: headers, body: body)
  }

  func get(_ path: String) async throws -> HTTPAnswer { try await send("GET", path) }

  /// Sends fields as a form does.
  func post(
    _ path: String, _ fields: [(String, String)], headers: [(String, String)] = []
  ) async throws -> HTTPAnswer {
    try await openPage("POST", path, port: port, headers: headers, form: fields)
  }

  /// Fills in a form of a page and sends it.
  func submit(
    _ page: HTTPAnswer, _ action: String, _ fields: [(String, String)] = [], back: Bool = false,
    headers: [(String, String)] = []
  ) async throws -> HTTPAnswer {
    let form = try page.form(action, back: back)
    return try await post(form.path, form.hidden + fields, headers: headers)
  }

  /// Opens the link, picks a name and claims.
  func claim(as member: String, token: String = TestDesk.token) async throws -> HTTPAnswer {
    try await submit(try await get("/c/\(token)"), "claim", [("member", member)])
  }

  /// Opens the link of what somebody holds, or has recorded.
  func open(as member: String) async throws -> HTTPAnswer {
    try await submit(try await get("/c/\(TestDesk.token)"), "open", [("member", member)])
  }

  /// Goes through the outcome's questions with an answer for each page.
  func record(_ claimed: HTTPAnswer, _ pages: [[(String, String)]]) async throws -> HTTPAnswer {
    var page = try await submit(claimed, "outcome")
    for answers in pages { page = try await submit(page, "outcome", answers) }
    return page
  }
}

extension ConnectionLimits {
  /// The program's own, but for how long an answer may take to be made: as many times as long as the tests wait, whose threads
  /// make it here.
  fileprivate static var patient: Self {
    var limits = ConnectionLimits()
    limits.answer *= patience
    return limits
  }
}

extension HTTPAnswer {
  struct NoForm: Error {
    let action: String
  }

  /// What the page reads as: without markup.
  var text: String {
    body.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
      .replacing(/<[^<>]*>/, with: " ").replacing("&amp;", with: "&").replacing("&#39;", with: "'")
      .replacing(/\s+/, with: " ")
  }

  /// The form that is sent to an address ending so, with what it carries unseen.
  /// - Parameter back: the one that leads back from a question.
  func form(
    _ action: String, back: Bool = false
  ) throws -> (path: String, hidden: [(String, String)]) {
    for part in body.components(separatedBy: "<form ").dropFirst() {
      let form = part.components(separatedBy: "</form>")[0]
      guard let path = form.firstMatch(of: /action="([^"]*)"/)?.1, path.hasSuffix("/" + action),
        form.prefix(while: { $0 != ">" }).contains(#"class="back""#) == back
      else { continue }
      let hidden = form.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
      return (String(path), hidden.map { (String($0.1), unescaped($0.2)) })
    }
    throw NoForm(action: action)
  }
}

/// What a browser takes out of an attribute.
private func unescaped(_ text: Substring) -> String {
  String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing(
    "&quot;", with: "\""
  )
  .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
}

/// A clock that a test sets.
final class TestClock: Sendable {
  private let moment = Mutex(Date.thursday)
  var now: Date { moment.withLock { $0 } }
  func pass(hours: Double) { moment.withLock { $0 += hours * 3600 } }
}

/// Keeps what was logged, with everything attached to it.
final class TestLog: LogHandler, Sendable {
  private let kept = Mutex<[String]>([])
  var lines: [String] { kept.withLock { $0 } }

  var metadata: Logger.Metadata {
    get { [:] }
    set { kept.withLock { $0.append("\(newValue)") } }
  }
  var logLevel: Logger.Level {
    get { .trace }
    set { _ = newValue }
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set { kept.withLock { $0.append("\(key)=\(newValue.map { "\($0)" } ?? "")") } }
  }

  func log(event: LogEvent) {
    kept.withLock {
      $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])")
    }
  }
}
