import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How long a connection may take over its part, in seconds.
package struct ConnectionLimits: Hashable, Sendable {
  /// From the first byte of a request to the end of its head.
  package var head: Double
  /// From there to the end of its body.
  package var body: Double
  /// Without a request.
  package var idle: Double
  package var connections: Int

  package init(head: Double = 10, body: Double = 20, idle: Double = 15, connections: Int = 4000) {
    self.head = head
    self.body = body
    self.idle = idle
    self.connections = connections
  }
}

/// Closes a connection that is too slow. A deadline begins with a part's first byte and is not put off by the next
/// one, so that a client that sends a byte now and then is not served for ever ("slow loris").
final class DeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private enum Waiting { case request, head, body, answer }

  private let limits: ConnectionLimits
  private var waiting = Waiting.request
  /// Requests that came and are not answered.
  private var unanswered = 0
  private var deadline: Scheduled<Void>?

  init(_ limits: ConnectionLimits) {
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    // Before the decoder, which tells of a head only when all of it is there.
    try? context.pipeline.syncOperations.addHandler(
      FirstByteHandler { [weak self] in self?.begin(context) }, position: .first)
    if context.channel.isActive { wait(.request, limits.idle, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    wait(.request, limits.idle, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    if waiting == .request { wait(.head, limits.head, context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      wait(.body, limits.body, context)
    case .body: break
    case .end:
      waiting = .answer
      deadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      unanswered = max(0, unanswered - 1)
      if unanswered == 0, waiting == .answer { wait(.request, limits.idle, context) }
    }
    context.write(data, promise: promise)
  }

  private func wait(_ part: Waiting, _ seconds: Double, _ context: ChannelHandlerContext) {
    waiting = part
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) {
      channel.close(promise: nil)
    }
  }
}

/// Tells of bytes as they come, whatever they are.
private final class FirstByteHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let tell: () -> Void

  init(_ tell: @escaping () -> Void) { self.tell = tell }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    tell()
    context.fireChannelRead(data)
  }
}
