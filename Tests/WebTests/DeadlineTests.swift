import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestServers
import Testing
import Web

@Suite("Slow connections")
struct DeadlineTests {
  private let quick = ConnectionLimits(head: 1, body: 1, idle: 1, connections: 100)

  /// A request whose answer is so long that no buffer of a system takes it, and soon made.
  private func withLongAnswer(
    _ limits: ConnectionLimits,
    _ body: @escaping @Sendable (TestSite, _ request: String) async throws -> Void
  ) async throws {
    try await TestSite.with(connections: limits) { site in
      await site.desk.keep(calendar: String(repeating: "x", count: 8 << 20))
      let ask = try await site.submit(try await site.claim(as: "ann"), "calendar")
      let form = try ask.form("calendar")
      let fields = (form.hidden + [("day", "2026-11-20"), ("part", "evening")]).map {
        "\($0)=\($1)"
      }.joined(separator: "&")
      try await body(
        site,
        "POST \(form.path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(fields.utf8.count)\r\n"
          + "Content-Type: application/x-www-form-urlencoded\r\n\r\n\(fields)")
    }
  }

  @Test(
    "One that asks and never reads is let go, though it goes on asking: the next is served",
    .timeLimit(.minutes(10)))
  func neverReads() async throws {
    let one = ConnectionLimits(
      head: 30, body: 30, idle: 30, answer: 4, pipelined: 1000, connections: 1)
    try await withLongAnswer(one) { site, request in
      let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.autoRead, value: false)
        .connect(host: "127.0.0.1", port: site.port).get()
      try await client.writeAndFlush(ByteBuffer(string: request))
      let asking = client.eventLoop.scheduleRepeatedTask(
        initialDelay: .milliseconds(200), delay: .milliseconds(200)
      ) { _ in client.writeAndFlush(ByteBuffer(string: request), promise: nil) }
      // There is room for one connection.
      let next = try await site.get("/livez")
      #expect(next.status == 200)
      asking.cancel()
      try? await client.close()
    }
  }

  @Test("One that reads slowly and steadily gets a long answer whole", .timeLimit(.minutes(10)))
  func slowReader() async throws {
    try await withLongAnswer(ConnectionLimits(idle: 1, answer: 4)) { site, request in
      let ended = request.replacing("Host: x\r\n", with: "Host: x\r\nConnection: close\r\n")
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
        .channelOption(.maxMessagesPerRead, value: 1)
        .channelOption(.autoRead, value: false)
        .connect(host: "127.0.0.1", port: site.port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(SlowReader())
            return channel
          }
        }
      let reader = try await channel.pipeline.handler(type: SlowReader.self).map(\.ended).get()
      try await channel.writeAndFlush(ByteBuffer(string: ended))
      let count = try await reader.futureResult.get()
      #expect(count > 8 << 20)
    }
  }

  @Test("One that sends more requests than it may before the first is answered is closed")
  func pipelined() async throws {
    try await TestSite.with { site in
      let request = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
      let text = try? await site.sendAll(
        String(repeating: request, count: 200)
          + request.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
      #expect((text ?? "").components(separatedBy: "HTTP/1.1 200 OK").count <= 17)
      let next = try await site.get("/livez")
      #expect(next.status == 200)
    }
  }

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

/// Reads 64 KB now and then, and counts the bytes until the other side closes.
private final class SlowReader: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  let ended = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Int.self)
  private let count = Mutex(0)

  func channelActive(context: ChannelHandlerContext) { readOn(context) }

  private func readOn(_ context: ChannelHandlerContext) {
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .milliseconds(40)) { channel.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count.withLock { $0 += unwrapInboundIn(data).readableBytes }
  }

  func channelReadComplete(context: ChannelHandlerContext) { readOn(context) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ended.succeed(count.withLock { $0 })
  }
}
