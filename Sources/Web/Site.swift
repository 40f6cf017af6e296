import Foundation
import HTTPTypes
import Logging
import Triage

/// The pages that people and monitors meet: the claim links, the board behind its sign-in, and the two health answers.
///
/// GET, HEAD and OPTIONS change nothing; a POST is one press at a desk. No scripts; cookies for the board alone
/// (``SessionCookie``).
package struct Site: Sendable {
  private(set) var responder: SiteResponder
  let settings: WebSettings

  /// - Parameters:
  ///   - board: `nil`: there is no board, and nobody signs in.
  ///   - readiness: asked for every `/readyz`; must answer soon.
  ///   - counts: what is answered and refused, for monitors.
  ///   - now: the moment of a request, for the forms' lifetime and the ages shown.
  ///   - ticks: seconds of a clock that is never set, for the limits.
  /// - Throws: ``WebSettingsError``.
  package init(
    desk: ClaimDesk, board: BoardDesk? = nil,
    readiness: @escaping @Sendable () async -> Readiness, settings: WebSettings,
    counts: Tally<WebCount> = Tally(), logger: Logger,
    now: @escaping @Sendable () -> Date = { Date() },
    ticks: @escaping @Sendable () -> Double = Site.monotonic
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
  }

  /// Seconds since the process began, whatever is done to the clock of the machine.
  package static let monotonic: @Sendable () -> Double = {
    let start = ContinuousClock.now
    return { (ContinuousClock.now - start) / .seconds(1) }
  }()

  /// This site in the place of an earlier one. Where the limits are the same, what was counted by them goes on to count.
  func following(_ earlier: Site) -> Site {
    guard settings.limits == earlier.settings.limits else { return self }
    var site = self
    site.responder.limiter = earlier.responder.limiter
    site.responder.refusals = earlier.responder.refusals
    return site
  }
}
