import GRDB
import Triage

/// What a pass finds open, and what stands against opening anything else, read inside its transaction: a claim
/// or an outcome may have come in since the pass was judged.
struct OpenOpportunities {
  struct Stored {
    let id: Int64
    let state: OpportunityState
    let judged: Int64
    let area: String
    let isShadow: Bool
    let shadowAt: Int64?
    let second: AddressKey?

    /// - Parameter address: of the first.
    func households(at address: AddressKey) -> [AddressKey] {
      [address] + (second.map { [$0] } ?? [])
    }
  }

  /// By the first household.
  private(set) var byAddress: [AddressKey: Stored] = [:]
  /// Households of claims.
  private(set) var held: Set<AddressKey> = []
  /// Households that asked not to be contacted. The register says so too, at the latest when the next pass is
  /// judged.
  private(set) var optedOut: Set<AddressKey> = []
  /// How many outcomes each job has been part of.
  private(set) var answered: [Int64: Int] = [:]

  init(_ db: Database) throws {
    let rows = try FastStatement(
      db,
      """
      SELECT opportunity.address_key, id, state, judged, area, shadow, shadow_at,
        second_household.address_key
      FROM opportunity
      LEFT JOIN second_household ON second_household.opportunity = opportunity.id
      WHERE ended_at IS NULL
      """)
    while try rows.next() {
      let address = AddressKey(text: rows.text(0))
      let second = rows.isNull(7) ? nil : AddressKey(text: rows.text(7))
      let state: OpportunityState = try word(rows.text(2), "opportunity.state")
      let stored = Stored(
        id: rows.int(1), state: state, judged: rows.int(3), area: rows.text(4),
        isShadow: rows.int(5) == 1, shadowAt: rows.isNull(6) ? nil : rows.int(6), second: second)
      byAddress[address] = stored
      if state == .claimed { held.formUnion(stored.households(at: address)) }
    }
    let asked = try FastStatement(db, "SELECT address_key FROM opt_out")
    while try asked.next() { optedOut.insert(AddressKey(text: asked.text(0))) }
    let outcomes = try FastStatement(
      db,
      """
      SELECT opportunity_job.job, count(*) FROM opportunity
      JOIN opportunity_job ON opportunity_job.opportunity = opportunity.id
      WHERE opportunity.state = 'done'
      GROUP BY opportunity_job.job
      """)
    while try outcomes.next() { answered[outcomes.int(0)] = Int(outcomes.int(1)) }
  }
}
