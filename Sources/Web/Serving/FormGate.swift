import Foundation
import HTTPTypes

/// Lets a POST in only if one of our own pages sent it (OWASP ASVS 5.0, 3.5.1 and 3.5.3).
struct FormGate: Sendable {
  /// Of the public URL.
  let origin: String
  let nonces: FormNonces
  let now: @Sendable () -> Date

  /// Whether the headers speak for a page of our own.
  ///
  /// Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms (Fetch
  /// standard, "append a request Origin header"); it then rests on `Sec-Fetch-Site`, which they
  /// send over https and to loopback, and in any case on the nonce. A browser that sends none of
  /// the two is let through to the nonce.
  func admits(_ headers: HTTPFields) -> Bool {
    if let site = Self.fetchSite.flatMap({ headers[$0] }), site != "same-origin", site != "none" {
      return false
    }
    guard let sent = headers[.origin] else { return true }
    return sent == "null" || sent.lowercased() == origin
  }

  /// Whether the form bears a nonce of ours for this.
  func isOurs(
    _ form: FormBody, _ action: ClaimAction, token: String, member: String, generation: Int
  ) -> Bool {
    nonces.isValid(
      form["csrf_token"], for: action, token: token, member: member, generation: generation,
      at: now())
  }

  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
}
