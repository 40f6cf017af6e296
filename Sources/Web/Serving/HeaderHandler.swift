import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Puts the whole set of protective headers on every answer that leaves the server.
///
/// It sits behind the encoder and not in the responder because a request that is no HTTP is
/// answered with 400 by the server itself, before any responder is asked.
final class HeaderHandler: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data) else {
      context.write(data, promise: promise)
      return
    }
    for (name, value) in Self.fields { head.headerFields[name] = value }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  /// The values follow OWASP ASVS 5.0, V3.4 and 14.3.2. `no-referrer` keeps the token, which is part
  /// of the address, from going anywhere; it also makes browsers send `Origin: null` (``FormGate``).
  static let fields: [(HTTPField.Name, String)] = [
    ("Cache-Control", "no-store"),
    (
      "Content-Security-Policy",
      "default-src 'none'; style-src '\(Stylesheet.hash)'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
  ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
