import Triage

/// Which of the opportunities that a verdict has may be open, and which that are open are to go or to be made anew.
struct WantedOpportunities {
  /// Positions in the verdict. Where somebody holds one of the households nothing is touched or made, and nothing at
  /// one that asked not to be contacted; no household has two (law 6).
  let positions: [Int]
  /// Ids of those that nobody holds and whose households are to be in one of other households: one becomes two, two
  /// become one, or another pair. Each is taken back with its links and made anew under another id, for one id
  /// that was "noise, since 3 May" and is two households now would tell which of them complained first.
  let recomposed: Set<Int64>
  private let judged: JudgedOpportunities

  init(_ judged: JudgedOpportunities, _ open: OpenOpportunities) {
    self.judged = judged
    var taken = open.held.union(open.optedOut)
    positions = judged.opportunities.indices.filter { at in
      let households = judged.opportunities[at].households
      guard taken.isDisjoint(with: households) else { return false }
      taken.formUnion(households)
      return true
    }
    var composition: [AddressKey: [AddressKey]] = [:]
    for at in positions {
      let households = judged.opportunities[at].households
      for household in households { composition[household] = households }
    }
    var recomposed: Set<Int64> = []
    for (address, stored) in open.byAddress where stored.state != .claimed {
      let households = stored.households(at: address)
      let isOther = households.contains { household in
        composition[household].map { $0 != households } ?? false
      }
      if isOther { recomposed.insert(stored.id) }
    }
    self.recomposed = recomposed
  }

  /// Ids of those that are open, that nobody holds, and that are not to be as they are, ascending.
  func missing(from open: OpenOpportunities) -> [Int64] {
    let staying = Set(positions.map { judged.opportunities[$0].address })
    return open.byAddress.filter { address, stored in
      stored.state != .claimed && judged.untouched.isDisjoint(with: stored.households(at: address))
        && (!staying.contains(address) || recomposed.contains(stored.id))
    }.values.map(\.id).sorted()
  }
}
