import Crypto
import Foundation

/// The hidden value in every form behind a sign-in, and in those that sign in: bound to the session (or to the link
/// that is used) and to the address that the form is sent to.
///
/// HMAC-SHA256 over those and the day (UTC), as ``FormNonces``; today's and yesterday's are taken.
struct BoardNonces: Sendable {
  private let key: SymmetricKey

  init(key: [UInt8]) {
    self.key = SymmetricKey(data: key)
  }

  /// - Parameter session: ``Triage/SignedIn/session``; before there is one, the link's token or nothing.
  func nonce(_ route: BoardRoute, session: String, at now: Date) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: message(route, session, day: day(now)), using: key)
    return Data(code).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// Compares in constant time.
  func isValid(_ nonce: String, _ route: BoardRoute, session: String, at now: Date) -> Bool {
    guard let code = bytes(hex: nonce) else { return false }
    return [0, 1].contains { age in
      HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: message(route, session, day: day(now) - age), using: key)
    }
  }

  private func day(_ moment: Date) -> Int {
    Int((moment.timeIntervalSince1970 / 86_400).rounded(.down))
  }

  /// Every part is a digest or a number, so no two lists of parts make the same message.
  private func message(_ route: BoardRoute, _ session: String, day: Int) -> Data {
    var message = Data("triaged board form 1".utf8)
    message += SHA256.hash(data: Data(session.utf8))
    message += SHA256.hash(data: Data(route.path.utf8))
    message += Data(" \(day)".utf8)
    return message
  }

  private func bytes(hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
