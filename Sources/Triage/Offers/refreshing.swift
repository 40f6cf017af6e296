extension Verdict {
  /// The verdict of a pass without a contact register in force. Whoever is not to be contacted cannot be told
  /// from anybody else then, so that nothing is made, listed or opened again: what is open already, with the
  /// same households, goes on being judged; what would be of other households stays untouched; the rest is missing and
  /// so withdrawn.
  /// - Parameters:
  ///   - past: what the judgement was told of.
  ///   - jobs: those that were judged, in the order of ``standings``.
  package func refreshing(_ past: PastOffers, jobs: [Job]) -> Verdict {
    var seconds: [AddressKey: AddressKey] = [:]
    for (second, first) in past.joint { seconds[first] = second }
    let open = Set(
      past.open.keys.map { first in
        Set(([first] + (seconds[first].map { [$0] } ?? [])).map { aliases[$0] ?? $0 })
      })
    var verdict = self
    verdict.isRefreshOnly = true
    verdict.opportunities.removeAll { !open.contains(Set($0.households)) }
    // Two households of which one may be in the register are no reason to take back what the other has.
    verdict.untouched = Set(opportunities.flatMap(\.households))
      .subtracting(verdict.opportunities.flatMap(\.households))
    verdict.belowTheLine = []
    let kept = Set(verdict.opportunities.map(\.address))
    verdict.offered.formIntersection(kept)
    verdict.drawn.formIntersection(kept)
    verdict.shadowed.formIntersection(kept)
    let counted = Set(verdict.opportunities.flatMap(\.jobs))
    for at in verdict.standings.indices where !counted.contains(jobs[at].id) {
      switch verdict.standings[at] {
      case .inOpportunity, .belowTheLine:
        verdict.standings[at] = .noOpportunity(why: .registerNotInForce)
      case .noOpportunity, .typeNotInTable: break
      }
    }
    return verdict
  }
}
