import Crypto
import Foundation
import Triage

/// The hidden value in every form that shows that we made it: HMAC-SHA256 over what the form is bound to and the day
/// (UTC) on which its page was made, as 64 hexadecimal digits.
///
/// Today's and yesterday's are taken, so a page may stay open for a day and over a restart, and there is nothing to
/// store.
struct DailyCode: Sendable {
  private let key: SymmetricKey

  init(key: [UInt8]) {
    self.key = SymmetricKey(data: key)
  }

  /// - Parameter bond: what the form is bound to. No two forms may have the same by chance: texts in it are digests.
  func make(_ bond: Data, at now: Date) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: dated(bond, day(now)), using: key)
    return hexadecimal(code)
  }

  /// Compares in constant time.
  func isValid(_ code: String, _ bond: Data, at now: Date) -> Bool {
    guard let code = DailyCode.bytes(hex: code) else { return false }
    return [0, 1].contains { age in
      HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: dated(bond, day(now) - age), using: key)
    }
  }

  private func dated(_ bond: Data, _ day: Int) -> Data { bond + Data(" \(day)".utf8) }

  private func day(_ moment: Date) -> Int {
    Int((moment.timeIntervalSince1970 / 86_400).rounded(.down))
  }

  private static func bytes(hex: String) -> [UInt8]? {
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
