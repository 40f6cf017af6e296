import Foundation
import Hummingbird
import Logging
import Triage

/// The pages that people and monitors meet: the claim links and the two health answers.
///
/// GET, HEAD and OPTIONS change nothing; a POST is one call of the desk. One cookie, for the board
/// (``SessionCookie``); no scripts.
package struct Site: Sendable {
  private let responder: SiteResponder
  private let settings: WebSettings
  private let logger: Logger
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - board: `nil`: there is no board, and nobody signs in.
  ///   - readiness: asked for every `/readyz`; must answer soon.
  ///   - now: the moment of a request, for the forms' lifetime and the ages shown.
  ///   - onRunning: told the port once requests are accepted.
  /// - Throws: ``WebSettingsError``.
  package init(
    desk: ClaimDesk, board: BoardDesk? = nil, readiness: @escaping @Sendable () async -> Readiness,
    settings: WebSettings,
    logger: Logger, now: @escaping @Sendable () -> Date = { Date() },
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) throws {
    guard settings.formKey.count >= 32 else {
      throw WebSettingsError.formKeyTooShort(bytes: settings.formKey.count)
    }
    guard ["http", "https"].contains(settings.publicURL.scheme?.lowercased()),
      settings.publicURL.host?.isEmpty == false
    else { throw WebSettingsError.publicURLWithoutHost }
    let gate = FormGate(
      origin: settings.origin, nonces: FormNonces(key: settings.formKey), now: now)
    responder = SiteResponder(
      desk: desk, board: board.map { BoardRoom(desk: $0, settings: settings, now: now) },
      settings: settings, gate: gate, readiness: readiness, now: now,
      views: Views(wording: settings.wording, serviceName: settings.serviceName), logger: logger)
    self.settings = settings
    self.logger = logger
    self.onRunning = onRunning
  }

  /// The server, to be run in a service group. Ends on graceful shutdown, after the requests under
  /// way. An idle connection, or one whose header does not end, is closed after 30 seconds.
  package func service() -> some ApplicationProtocol {
    Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            HeaderHandler(
              styles: settings.pictureStyle.isEmpty
                ? [] : [Stylesheet.hash(of: settings.pictureStyle)])
          ],
          idleTimeout: .seconds(30),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))),
      configuration: .init(address: .hostname(settings.host, port: settings.port)),
      onServerRunning: { [onRunning] channel in
        await onRunning(channel.localAddress?.port ?? 0)
      },
      logger: logger)
  }
}
