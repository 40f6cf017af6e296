import HummingbirdCore
import NIOCore

/// How connections from a network are served: protected answers, deadlines, and heads of bounded size.
/// - Parameter styles: see ``HeaderHandler``.
func guardedChannels(
  styles: String = "", _ limits: ConnectionLimits
) -> HTTP1Channel.Configuration {
  HTTP1Channel.Configuration(
    additionalChannelHandlers: [HeaderHandler(styles: styles), DeadlineHandler(limits)],
    idleTimeout: .seconds(30),
    httpDecoderConfiguration: .init(
      maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))
}
