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

  private let fields: [(HTTPField.Name, String)]

  /// - Parameter text: what may stand in style elements, beside our own stylesheet.
  convenience init(styles text: String) {
    self.init(hashes: text.isEmpty ? [] : [Stylesheet.hash(of: text)])
  }

  init(hashes: [String] = []) {
    fields = Self.fields(styles: hashes)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data) else {
      context.write(data, promise: promise)
      return
    }
    for (name, value) in fields { head.headerFields[name] = value }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  /// The values follow OWASP ASVS 5.0, V3.4 and 14.3.2. `no-referrer` keeps the token, which is part
  /// of the address, from going anywhere; it also makes browsers send `Origin: null` (``FormGate``).
  static func fields(styles: [String] = []) -> [(HTTPField.Name, String)] {
    [
      ("Cache-Control", "no-store"),
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src \(sources(styles)); form-action 'self'; "
          + "frame-ancestors 'none'; base-uri 'none'"
      ),
      ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
      ("Referrer-Policy", "no-referrer"),
      ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
      ("X-Content-Type-Options", "nosniff"),
      // For what is too old to know frame-ancestors.
      ("X-Frame-Options", "DENY"),
      ("X-Robots-Tag", "noindex"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
  }

  private static func sources(_ styles: [String]) -> String {
    ([Stylesheet.hash] + styles).map { "'\($0)'" }.joined(separator: " ")
  }
}
