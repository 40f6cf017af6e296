import Crypto
import Foundation

/// The hidden value in the forms of a claim link: for this link, this action, this member and this claim
/// (``DailyCode``).
///
/// That one can be sent twice is no harm: it names the generation, so every change it stands for
/// happens at most once.
struct FormNonces: Sendable {
  private let code: DailyCode

  init(key: [UInt8]) {
    code = DailyCode(key: key)
  }

  /// - Parameters:
  ///   - member: empty in the form in which a name is yet to be picked.
  ///   - generation: of the claim; in the form that claims, of the offer that its page showed.
  func nonce(
    for action: ClaimAction, token: String, member: String, generation: Int, at now: Date
  ) -> String {
    code.make(bond(action, token, member, generation), at: now)
  }

  func isValid(
    _ nonce: String, for action: ClaimAction, token: String, member: String, generation: Int,
    at now: Date
  ) -> Bool {
    code.isValid(nonce, bond(action, token, member, generation), at: now)
  }

  /// Every part is a digest or a number, so no two lists of parts make the same message.
  private func bond(
    _ action: ClaimAction, _ token: String, _ member: String, _ generation: Int
  ) -> Data {
    Data("triaged form 1".utf8) + SHA256.hash(data: Data(token.utf8))
      + SHA256.hash(data: Data(member.utf8)) + Data(" \(action.rawValue) \(generation)".utf8)
  }
}
