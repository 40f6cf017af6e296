import NIOCore
import NIOPosix

/// Sends bytes as they are to a port of the loopback, and answers what came until the server closed.
///
/// Not by Foundation's URLSession, which loses a few strings of libcurl's with each request: LeakSanitizer tells of them,
/// and to be silent about libcurl would hide what the program itself lost.
/// - Throws: ``BrokenAnswer`` after a minute without an end; what NIO says of a connection that fails.
package func sendBytes(_ bytes: String, port: Int) async throws -> String {
  let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .connectTimeout(.seconds(Int64(10 * patience)))
    .connect(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(FirstWords(bytes))
        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
  // By the clock of the one who waits: the server's own patience is what tests ask for.
  let late = channel.channel.eventLoop.scheduleTask(in: .seconds(Int64(60 * patience))) {
    channel.channel.close(promise: nil)
  }
  defer { late.cancel() }
  let received = try await channel.executeThenClose { inbound, _ in
    var received = ByteBuffer()
    for try await var part in inbound { received.writeBuffer(&part) }
    return received
  }
  let text = String(buffer: received)
  late.cancel()
  if (try? await late.futureResult.get()) != nil {
    throw BrokenAnswer("in a minute from port \(port) has no end", text)
  }
  return text
}

/// Sends as soon as it is connected: where the tests' own tasks wait for their turn, the server would wait too, and close.
private final class FirstWords: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let words: ByteBuffer

  init(_ words: String) { self.words = ByteBuffer(string: words) }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(words), promise: nil)
    context.fireChannelActive()
  }
}
