import Foundation
import GRDB
import Triage

/// What ``outcome(_:)`` reads, from `outcome` ``withConsent``.
let outcomeColumns = """
  outcome.kind, outcome.by, outcome.at, outcome.declined,
  outcome.consent = 1 AND consent.withdrawn_at IS NULL AS agreed,
  CASE WHEN consent.withdrawn_at IS NULL THEN consent.scope END AS agreed_scope
  """

/// What was agreed stands beside the outcome; `outcome.consent` alone is what was answered at first.
let withConsent = """
  LEFT JOIN consent ON consent.opportunity = outcome.opportunity
    AND consent.generation = outcome.generation
  """

/// An outcome as it stands now, and with which classes of agencies it may be shared: with none where nothing was
/// agreed, where it was taken back, and of before the scope was asked.
/// - Returns: `nil` where a left join has found none.
func outcome(_ row: Row) throws -> (outcome: Outcome, scope: Set<Agency.Kind>)? {
  guard let kind: String = row["kind"] else { return nil }
  let scope: String? = row["agreed_scope"]
  return (
    Outcome(
      kind: try word(kind, "outcome.kind"), consent: row["agreed"], by: row["by"],
      at: instant(row["at"]),
      declined: try (row["declined"] as String?).map { try word($0, "outcome.declined") }),
    Set(
      try sentences(scope ?? "[]", "consent.scope").map { try word($0, "consent.scope") })
  )
}
