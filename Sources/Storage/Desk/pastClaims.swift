import Foundation
import GRDB
import Triage

/// A claim that has ended.
package struct PastClaim: Hashable, Sendable {
  package var opportunity: Int64
  package var holder: String
  package var from: Date
  package var until: Date
  /// "released", "lapsed", "passed", "taken_over", "declined" or "outcome".
  package var ended: String
  package var outcome: Outcome?
  /// With which classes of agencies it may be shared, as it stands now: of two households with none where this one
  /// did not agree.
  package var scope: Set<Agency.Kind>
}

private let joint =
  "EXISTS (SELECT 1 FROM second_household AS other WHERE other.opportunity = claim.opportunity)"

/// Whether what was agreed is of the household that was asked for. A consent of one household names none.
private func agreed(_ row: Row) throws -> Bool {
  let all = try households(row["households"] ?? "[]")
  if all.isEmpty { return !row["joint"] }
  return all.contains(row["first"] ? 1 : 2)
}

extension Store {
  /// The claims at an address that ended since then, the last first; of joint opportunities those of either
  /// household. What was undone is as if it had not been.
  package func pastClaims(at address: AddressKey, since: Date) async throws -> [PastClaim] {
    try await read { db in
      try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT claim.opportunity, claim.holder, claim.claimed_at, claim.ended_at, claim.ended_how,
              \(outcomeColumns), consent.households,
              \(joint) AS joint, (SELECT address_key FROM opportunity WHERE id = claim.opportunity) = ?1 AS first
            FROM claim
            LEFT JOIN outcome ON outcome.opportunity = claim.opportunity
              AND outcome.generation = claim.generation
            \(withConsent)
            WHERE claim.ended_at >= ?2 AND claim.ended_how <> 'undone' AND claim.opportunity IN (
              SELECT id FROM opportunity WHERE address_key = ?1 AND generation > 0
              UNION SELECT opportunity FROM second_household WHERE address_key = ?1)
            ORDER BY claim.ended_at DESC, claim.opportunity DESC, claim.generation DESC
            """, arguments: [address.text, milliseconds(since)]
        )
      ).map { row in
        let end = try Storage.outcome(row)
        return PastClaim(
          opportunity: row["opportunity"], holder: row["holder"], from: instant(row["claimed_at"]),
          until: instant(row["ended_at"]), ended: row["ended_how"], outcome: end?.outcome,
          scope: try agreed(row) ? end?.scope ?? [] : [])
      }
    }
  }
}
