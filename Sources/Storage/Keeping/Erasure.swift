import Crypto
import Foundation
import GRDB
import Triage

/// That something was erased, and when; of whom only fingerprints, by a key of the instance.
///
/// It is in the database and, since a backup of before knows nothing of it, in a file beside it (``ErasureLog``).
package struct Erasure: Hashable, Sendable, Codable {
  package var id: String
  package var at: Date
  /// HMAC-SHA256 of each identifier, in hexadecimal.
  package var prints: [String]
  /// Later rows that bear such a fingerprint are not stored.
  package var refuses: Bool
  /// By which key the fingerprints are made: the beginning of its SHA-256.
  package var key: String
}

/// The one key of an instance by which fingerprints are made.
struct ErasureKey: Sendable {
  private let key: SymmetricKey

  init(_ db: Database) throws {
    guard let bytes = try Data.fetchOne(db, sql: "SELECT key FROM erasure_key") else {
      throw damage("erasure_key holds no key")
    }
    key = SymmetricKey(data: bytes)
  }

  var name: String {
    key.withUnsafeBytes { hexadecimal(SHA256.hash(data: Data($0)).prefix(8)) }
  }

  func print(_ identifier: String) -> String {
    hexadecimal(HMAC<SHA256>.authenticationCode(for: Data(identifier.utf8), using: key))
  }
}

/// Whether rows bear one of some fingerprints. Not for two tasks at once: it remembers what it has reckoned.
final class PrintTest {
  private let key: ErasureKey
  private let prints: Set<String>
  private var known: [String: Bool] = [:]

  init(_ key: ErasureKey, _ prints: Set<String>) {
    self.key = key
    self.prints = prints
  }

  func holds(_ words: PlaceWords) -> Bool {
    if !words.uprn.isEmpty, holds("uprn:" + words.uprn) { return true }
    if let key = words.key, holds(key) { return true }
    return words.writtenKey.map(holds) ?? false
  }

  func holds(_ reference: JobRef) -> Bool { holds(SubjectMatch.identifier(reference)) }

  /// - Parameter print: ``Job/otherParty``.
  func holds(party print: Int64) -> Bool { holds(partyIdentifier(print)) }

  private func holds(_ identifier: String) -> Bool {
    if let known = known[identifier] { return known }
    let answer = prints.contains(key.print(identifier))
    known[identifier] = answer
    return answer
  }
}
