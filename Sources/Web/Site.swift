import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Triage

/// The pages that people and monitors meet: the claim links, the board behind its sign-in, and the two health answers.
///
/// GET, HEAD and OPTIONS change nothing; a POST is one press at a desk. No scripts; cookies for the board alone
/// (``SessionCookie``).
package struct Site: Sendable {
  private let responder: SiteResponder
  private let settings: WebSettings
  private let logger: Logger
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - board: `nil`: there is no board, and nobody signs in.
  ///   - readiness: asked for every `/readyz`; must answer soon.
  ///   - counts: what is answered and refused, for monitors.
  ///   - now: the moment of a request, for the forms' lifetime and the ages shown.
  ///   - ticks: seconds of a clock that is never set, for the limits.
  ///   - onRunning: told the port once requests are accepted.
  /// - Throws: ``WebSettingsError``.
  package init(
    desk: ClaimDesk, board: BoardDesk? = nil,
    readiness: @escaping @Sendable () async -> Readiness, settings: WebSettings,
    counts: Tally<WebCount> = Tally(), logger: Logger,
    now: @escaping @Sendable () -> Date = { Date() },
    ticks: @escaping @Sendable () -> Double = Site.monotonic,
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
      proxies: Proxies(
        trusted: Set(settings.trustedProxies),
        nameHeader: settings.proxyNameHeader.flatMap { HTTPField.Name($0) },
        member: settings.proxyMember), limiter: Limiter(settings.limits, ticks: ticks),
      refusals: RefusalTally(logger, counts: counts, ticks: ticks),
      views: Views(wording: settings.wording, serviceName: settings.serviceName), logger: logger)
    self.settings = settings
    self.logger = logger
    self.onRunning = onRunning
  }

  /// Seconds since the process began, whatever is done to the clock of the machine.
  package static let monotonic: @Sendable () -> Double = {
    let start = ContinuousClock.now
    return { (ContinuousClock.now - start) / .seconds(1) }
  }()

  /// The server, to be run in a service group. Ends on graceful shutdown, after the requests under
  /// way. A connection that is slow over its part is closed (``ConnectionLimits``); beyond the most of them no further
  /// one is accepted until one ends.
  package func service() -> some ApplicationProtocol {
    Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            HeaderHandler(styles: settings.pictureStyle), DeadlineHandler(settings.connections),
          ],
          idleTimeout: .seconds(30),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(
          settings.connections.connections, logger: logger)),
      onServerRunning: { [onRunning] channel in
        await onRunning(channel.localAddress?.port ?? 0)
      },
      logger: logger)
  }
}
