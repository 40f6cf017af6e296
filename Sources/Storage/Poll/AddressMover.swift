import GRDB
import Triage

/// Carries what is stored under one address over to what that address is now, inside the pass's transaction:
/// jobs, opportunities, claims, households that asked not to be contacted.
///
/// Nobody is told again because of it. Where two open opportunities turn out to be at one address, what is
/// held stays, else what was offered, else the older; the other is taken back.
struct AddressMover {
  private let db: Database
  private let now: Int64
  private let moves: [AddressKey: AddressKey]

  init(_ db: Database, _ moves: [AddressKey: AddressKey], now: Int64) {
    self.db = db
    self.moves = moves
    self.now = now
  }

  /// An open opportunity with the households that it has and those that it is to have.
  private struct Entry {
    let id: Int64
    let state: OpportunityState
    let before: [AddressKey]
    let after: [AddressKey]

    var moves: Bool { before != after }
    /// Lower stays.
    var rank: (Int, Int64) {
      let states: [OpportunityState] = [.claimed, .offered]
      return (states.firstIndex(of: state) ?? states.count, id)
    }
  }

  func write(_ rekeyed: Rekeyed, _ ids: JobIDs, into result: inout PassResult) throws {
    let rekey = try FastStatement(db, "UPDATE job SET address_key = ? WHERE id = ?")
    var addressOf: [Int64: AddressKey] = [:]
    for (job, address) in rekeyed.jobs {
      guard let id = try ids.find(job) else { continue }
      if let address { rekey.bind(address.text) } else { rekey.bindNull() }
      rekey.bind(id)
      try rekey.run()
      addressOf[id] = address
    }
    try moveEnded()
    try moveOptOuts()
    try moveOpen(addressOf, into: &result)
  }

  private func moveOpen(
    _ addressOf: [Int64: AddressKey], into result: inout PassResult
  ) throws {
    let entries = try openEntries(addressOf)
    guard entries.contains(where: \.moves) else { return }
    let (moving, lost) = settle(entries.sorted { $0.rank < $1.rank })
    result.withdrawn += try withdrawOpportunities(db, lost, now: now)
    // Out of one another's way first.
    for entry in moving { try set(entry.id, entry.after.map { _ in nil }) }
    for entry in moving {
      try set(entry.id, entry.after.map(\.text))
      if entry.after.count == 2, entry.after[1] < entry.after[0] { try swap(entry) }
    }
    result.moved += moving.count
  }

  /// Which of them move, and which have to give way.
  private func settle(_ entries: [Entry]) -> (moving: [Entry], lost: [Int64]) {
    /// Claims that cannot move, since another claim has the address: they keep theirs.
    var staying: [Int64: [AddressKey]] = [:]
    while true {
      var taken = Set(staying.values.flatMap(\.self))
      var moving: [Entry] = []
      var lost: [Int64] = []
      var stopped: Entry?
      for entry in entries where staying[entry.id] == nil {
        // Two households that turn out to be one are no joint opportunity.
        let isWhole = Set(entry.after).count == entry.after.count
        if isWhole, taken.isDisjoint(with: entry.after) {
          taken.formUnion(entry.after)
          if entry.moves { moving.append(entry) }
        } else if entry.state == .claimed {
          stopped = entry
          break
        } else {
          lost.append(entry.id)
        }
      }
      guard let stopped else { return (moving, lost) }
      staying[stopped.id] = stopped.before
    }
  }

  private func openEntries(_ addressOf: [Int64: AddressKey]) throws -> [Entry] {
    let rows = try FastStatement(
      db,
      """
      SELECT opportunity.id, opportunity.state, opportunity.address_key, opportunity.trigger_job,
        second_household.address_key
      FROM opportunity
      LEFT JOIN second_household ON second_household.opportunity = opportunity.id
      WHERE opportunity.ended_at IS NULL
      """)
    var entries: [Entry] = []
    while try rows.next() {
      var before = [AddressKey(text: rows.text(2))]
      if !rows.isNull(4) { before.append(AddressKey(text: rows.text(4))) }
      var after = before.map { moves[$0] ?? $0 }
      // Its address has become several: it goes with the job that made it.
      if before.count == 1, after == before, let address = addressOf[rows.int(3)] {
        after = [address]
      }
      entries.append(
        Entry(
          id: rows.int(0), state: try word(rows.text(1), "opportunity.state"), before: before,
          after: after))
    }
    return entries
  }

  /// - Parameter addresses: of one household or two; `nil` is a place of its own that no address has.
  private func set(_ id: Int64, _ addresses: [String?]) throws {
    let second = addresses.count == 2 ? addresses[1] ?? "moving:second:\(id)" : nil
    if let second {
      try db.execute(
        sql: "UPDATE second_household SET address_key = ? WHERE opportunity = ?",
        arguments: [second, id])
    }
    try db.execute(
      sql: "UPDATE opportunity SET address_key = ?, updated_at = ? WHERE id = ?",
      arguments: [addresses[0] ?? "moving:\(id)", now, id])
  }

  /// Of a joint opportunity the lesser key is the first.
  private func swap(_ entry: Entry) throws {
    let places = "address, postcode, uprn, x, y, location"
    guard
      let first = try Row.fetchOne(
        db, sql: "SELECT \(places) FROM opportunity WHERE id = ?", arguments: [entry.id]),
      let second = try Row.fetchOne(
        db, sql: "SELECT \(places) FROM second_household WHERE opportunity = ?",
        arguments: [entry.id])
    else { return }
    let values = places.split(separator: ", ").map { "\($0) = ?" }.joined(separator: ", ")
    func write(_ table: String, _ id: String, _ key: AddressKey, _ place: Row) throws {
      try db.execute(
        sql: "UPDATE \(table) SET address_key = ?, \(values) WHERE \(id) = ?",
        arguments: [key.text] + StatementArguments(place.databaseValues) + [entry.id])
    }
    try set(entry.id, [nil, nil])
    try write("opportunity", "id", entry.after[1], second)
    try write("second_household", "opportunity", entry.after[0], first)
  }

  /// So that the timeline of an address knows of earlier claims.
  private func moveEnded() throws {
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT id, address_key FROM opportunity WHERE generation > 0 AND ended_at IS NOT NULL
        """)
    {
      guard let to = moves[AddressKey(text: row[1])] else { continue }
      try db.execute(
        sql: "UPDATE opportunity SET address_key = ? WHERE id = ?",
        arguments: [to.text, row[0] as Int64])
    }
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT opportunity, second_household.address_key FROM second_household
        JOIN opportunity ON opportunity.id = second_household.opportunity
        WHERE opportunity.ended_at IS NOT NULL
        """)
    {
      guard let to = moves[AddressKey(text: row[1])] else { continue }
      try db.execute(
        sql: "UPDATE second_household SET address_key = ? WHERE opportunity = ?",
        arguments: [to.text, row[0] as Int64])
    }
  }

  private func moveOptOuts() throws {
    for row in try Row.fetchAll(db, sql: "SELECT opportunity, address_key FROM opt_out") {
      let from = AddressKey(text: row[1])
      guard let to = moves[from] else { continue }
      try db.execute(
        sql: """
          UPDATE OR REPLACE opt_out SET address_key = ? WHERE opportunity = ? AND address_key = ?
          """, arguments: [to.text, row[0] as Int64, from.text])
    }
  }
}

private func < (one: AddressKey, other: AddressKey) -> Bool { one.text < other.text }
