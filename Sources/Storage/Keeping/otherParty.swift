import GRDB
import Triage

/// What others' jobs hold of a subject: a fingerprint of the address that a complaint is about (``Job/otherParty``).
extension SubjectMatch {
  /// The fingerprints of their addresses.
  var parties: Set<Int64> { partyPrints(identifiers) }
}

/// The fingerprints of those of some identifiers that are addresses.
func partyPrints(_ identifiers: some Sequence<String>) -> Set<Int64> {
  Set(
    identifiers.filter { $0.hasPrefix("uprn:") || $0.hasPrefix("addr:") }.map {
      AddressKey(text: $0).print
    })
}

/// By which identifier an erasure knows one of them.
func partyIdentifier(_ print: Int64) -> String { "party:\(print)" }

/// The identifiers of an erasure, with those of the complaints that are about who is erased.
func withParties(_ identifiers: some Collection<String>) -> [String] {
  identifiers.sorted() + partyPrints(identifiers).sorted().map(partyIdentifier)
}

/// Complaints of others that are about them.
func complaintsAbout(_ db: Database, _ parties: Set<Int64>) throws -> [Int64] {
  try Int64.fetchAll(
    db,
    sql: """
      SELECT id FROM job WHERE other_party IN (SELECT value FROM json_each(?)) ORDER BY id
      """, arguments: [try json(parties.sorted())])
}

/// Forgets of others' jobs whom they are about.
/// - Parameter isTheirs: told a fingerprint.
/// - Returns: of how many jobs.
func forgetParties(_ db: Database, _ isTheirs: (Int64) -> Bool) throws -> Int {
  let prints = try Int64.fetchAll(
    db, sql: "SELECT DISTINCT other_party FROM job WHERE other_party NOTNULL"
  ).filter(isTheirs)
  try db.execute(
    sql: """
      UPDATE job SET other_party = NULL WHERE other_party IN (SELECT value FROM json_each(?))
      """, arguments: [try json(prints)])
  return db.changesCount
}
