import Crypto
import Foundation

/// The hidden value in every form behind a sign-in, and in those that sign in: bound to the session (or to the link
/// that is used) and to the address that the form is sent to (``DailyCode``).
struct BoardNonces: Sendable {
  private let code: DailyCode

  init(key: [UInt8]) {
    code = DailyCode(key: key)
  }

  /// - Parameter session: ``Triage/SignedIn/session``; before there is one, the link's token or nothing.
  func nonce(_ route: BoardRoute, session: String, at now: Date) -> String {
    code.make(bond(route, session), at: now)
  }

  func isValid(_ nonce: String, _ route: BoardRoute, session: String, at now: Date) -> Bool {
    code.isValid(nonce, bond(route, session), at: now)
  }

  /// Every part is a digest, so no two lists of parts make the same message.
  private func bond(_ route: BoardRoute, _ session: String) -> Data {
    Data("triaged board form 1".utf8) + SHA256.hash(data: Data(session.utf8))
      + SHA256.hash(data: Data(route.path.utf8))
  }
}
