import Crypto
import Foundation

/// Makes the tokens of claim links, and their hashes.
///
/// A token is derived from a secret key and the announcement it belongs to, so that a mail which
/// is sent again bears the same link, and only the token's SHA-256 has to be stored. The key lives
/// beside the database in a file that only the daemon reads.
struct Links: Sendable {
  private let key: SymmetricKey
  let publicURL: String

  init(key: SymmetricKey, publicURL: String) {
    self.key = key
    self.publicURL = publicURL
  }

  /// 160 bits of HMAC-SHA256 in base64url (RFC 4648 section 5): 27 characters.
  func token(announcement: Int64, digest: String) -> String {
    let cause = Data("claim-link \(announcement) \(digest)".utf8)
    let code = HMAC<SHA256>.authenticationCode(for: cause, using: key)
    return base64URL(Data(code.prefix(20)))
  }

  func url(announcement: Int64, digest: String) -> String {
    "\(publicURL)/c/\(token(announcement: announcement, digest: digest))"
  }

  /// Of a link to sign in: as long, and derived from the id of the mail that brings it, so that neither mail nor
  /// link is in the database.
  func signInToken(notice: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("sign-in-link \(notice)".utf8), using: key)
    return base64URL(Data(code.prefix(20)))
  }

  func signInURL(notice: String) -> String {
    "\(publicURL)/sign-in/\(signInToken(notice: notice))"
  }

  /// A secret for a session: 160 random bits, 27 characters.
  static func newSecret() -> String {
    var random = SystemRandomNumberGenerator()
    return base64URL(Data((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
  }

  /// What the store knows of a token.
  static func hash(_ token: String) -> [UInt8] {
    Array(SHA256.hash(data: Data(token.utf8)))
  }

  /// A key of its own for the nonces of forms.
  var formKey: [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Data("form-nonce".utf8), using: key))
  }

  /// Reads the key file, or makes one (32 random bytes, mode 0600) where there is none yet.
  static func key(at path: String) throws -> SymmetricKey {
    if let bytes = FileManager.default.contents(atPath: path) {
      guard bytes.count == 32 else {
        throw StartError("The key file \(path) is damaged: it must hold 32 bytes.", .file)
      }
      return SymmetricKey(data: bytes)
    }
    let key = SymmetricKey(size: .bits256)
    let bytes = key.withUnsafeBytes { Data($0) }
    let unfinished = path + ".new"
    try? FileManager.default.removeItem(atPath: unfinished)
    guard
      FileManager.default.createFile(
        atPath: unfinished, contents: bytes, attributes: [.posixPermissions: 0o600])
    else { throw StartError("The key file \(path) cannot be written.", .disk) }
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: unfinished))
    try handle.synchronize()
    try handle.close()
    try FileManager.default.moveItem(atPath: unfinished, toPath: path)
    return key
  }
}

func base64URL(_ data: Data) -> String {
  data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
    .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
}

/// Why the daemon does not start: one sentence.
struct StartError: Error, CustomStringConvertible {
  let description: String
  let code: ExitReason.Code

  init(_ description: String, _ code: ExitReason.Code = .other) {
    self.description = description
    self.code = code
  }
}
