import Crypto
import Foundation

/// The hidden value in every form that shows that we made it: for this link, this action, this
/// member and this claim.
///
/// HMAC-SHA256 over those and the day (UTC) on which the page was made. Today's and yesterday's
/// are taken, so a page may stay open for a day and over a restart, and there is nothing to store.
/// That one can be sent twice is no harm: it names the generation, so every change it stands for
/// happens at most once.
struct FormNonces {
  private let key: SymmetricKey

  init(key: [UInt8]) {
    self.key = SymmetricKey(data: key)
  }

  /// - Parameters:
  ///   - member: empty in the form in which a name is yet to be picked.
  ///   - generation: of the claim; in the form that claims, of the offer that its page showed.
  func nonce(
    for action: ClaimAction, token: String, member: String, generation: Int, at now: Date
  ) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: message(action, token, member, generation, day: day(now)), using: key)
    return Data(code).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  /// Compares in constant time.
  func isValid(
    _ nonce: String, for action: ClaimAction, token: String, member: String, generation: Int,
    at now: Date
  ) -> Bool {
    guard let code = bytes(hex: nonce) else { return false }
    return [0, 1].contains { age in
      HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: message(action, token, member, generation, day: day(now) - age),
        using: key)
    }
  }

  private func day(_ moment: Date) -> Int {
    Int((moment.timeIntervalSince1970 / 86_400).rounded(.down))
  }

  /// Every part is a digest or a number, so no two lists of parts make the same message.
  private func message(
    _ action: ClaimAction, _ token: String, _ member: String, _ generation: Int, day: Int
  ) -> Data {
    var message = Data("triaged form 1".utf8)
    message += SHA256.hash(data: Data(token.utf8))
    message += SHA256.hash(data: Data(member.utf8))
    message += Data(" \(action.rawValue) \(generation) \(day)".utf8)
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
