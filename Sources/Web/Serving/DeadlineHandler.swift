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
  /// While an answer is made and taken, without any of it going out. Longer than any page takes to make.
  package var answer: Double
  /// Requests that may come before the first of them is answered. Browsers send one at a time.
  package var pipelined: Int
  package var connections: Int

  package init(
    head: Double = 10, body: Double = 20, idle: Double = 15, answer: Double = 60,
    pipelined: Int = 16, connections: Int = 4000
  ) {
    self.head = head
    self.body = body
    self.idle = idle
    self.answer = answer
    self.pipelined = pipelined
    self.connections = connections
  }
}

/// Closes a connection that is too slow, in either direction.
///
/// A deadline of what comes in begins with a part's first byte and is not put off by the next one, so that a client that
/// sends a byte now and then is not served for ever ("slow loris"). That of what goes out is put off by every piece that
/// the system has taken from us, so that a slow phone gets a long page, and a client that never reads is let go.
final class DeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private enum Waiting { case request, head, body, answer }

  private let limits: ConnectionLimits
  private var waiting = Waiting.request
  /// Requests that came and whose answers have not gone out.
  private var unanswered = 0
  /// Of what comes in.
  private var deadline: Scheduled<Void>?
  /// Of what goes out.
  private var progress: Scheduled<Void>?

  init(_ limits: ConnectionLimits) {
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    // Before the decoder, which tells of a head only when all of it is there.
    try? context.pipeline.syncOperations.addHandler(
      FirstByteHandler { [weak self] in self?.begin(context) }, position: .first)
    if context.channel.isActive { wait(.request, limits.idle, context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancel() }

  func channelActive(context: ChannelHandlerContext) {
    wait(.request, limits.idle, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancel()
    context.fireChannelInactive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    if waiting == .request { wait(.head, limits.head, context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      guard unanswered <= limits.pipelined else {
        context.close(promise: nil)
        return
      }
      wait(.body, limits.body, context)
    case .body: break
    case .end:
      if unanswered == 0 {
        // The answer came before the whole question.
        wait(.request, limits.idle, context)
      } else {
        waiting = .answer
        deadline?.cancel()
        // A further request puts nothing off.
        if progress == nil { expectProgress(context) }
      }
    }
    context.fireChannelRead(data)
  }

  /// A long body goes in pieces: of one piece is told only when all of it has gone.
  private static let piece = 64 << 10

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var part = unwrapOutboundIn(data)
    while case .body(var body) = part, body.readableBytes > Self.piece,
      let piece = body.readSlice(length: Self.piece)
    {
      write(.body(piece), context, nil)
      part = .body(body)
    }
    write(part, context, promise)
  }

  private func write(
    _ part: HTTPResponsePart, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
  ) {
    let isEnd = if case .end = part { true } else { false }
    let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenSuccess { self.wentOut(isEnd: isEnd, context) }
    context.write(wrapOutboundOut(part), promise: promise)
  }

  /// The system has taken a piece of an answer.
  private func wentOut(isEnd: Bool, _ context: ChannelHandlerContext) {
    if isEnd { unanswered = max(0, unanswered - 1) }
    progress?.cancel()
    progress = nil
    if unanswered > 0 {
      expectProgress(context)
    } else if waiting == .answer {
      wait(.request, limits.idle, context)
    }
  }

  private func wait(_ part: Waiting, _ seconds: Double, _ context: ChannelHandlerContext) {
    waiting = part
    deadline?.cancel()
    deadline = close(in: seconds, context)
  }

  private func expectProgress(_ context: ChannelHandlerContext) {
    progress = close(in: limits.answer, context)
  }

  private func close(in seconds: Double, _ context: ChannelHandlerContext) -> Scheduled<Void> {
    let channel = context.channel
    return context.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) {
      channel.close(promise: nil)
    }
  }

  private func cancel() {
    deadline?.cancel()
    progress?.cancel()
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
