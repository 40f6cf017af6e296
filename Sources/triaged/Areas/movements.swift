import Foundation
import Storage
import Triage

/// What becomes of the open opportunities when the areas change.
///
/// Judged by the rules of the poll with either set: what is an opportunity with the earlier set alone goes
/// out, with the later alone comes in. What is claimed is touched by neither, as in the poll; where its
/// place has left its area that is told.
/// - Parameter open: those that are open, or were when the edit took effect.
func movements(
  _ before: JudgedAreas, _ after: JudgedAreas, open: [OpenPlace], _ judging: Judging
) -> [AreaEffects.Movement] {
  var movements: [AreaEffects.Movement] = []
  let states = Dictionary(open.map { ($0.address, $0.state) }, uniquingKeysWith: { one, _ in one })
  for (address, old) in before.opportunities {
    guard let state = states[address], state == .waiting || state == .offered else { continue }
    if let new = after.opportunities[address] {
      if new.area != old.area {
        movements.append(.init(.moved, new, state, from: old.area, to: new.area))
      }
    } else {
      movements.append(
        .init(
          .out, old, state, from: old.area, to: nil,
          why: after.whyNot(old.trigger, of: old.area)))
    }
  }
  for (address, new) in after.opportunities where before.opportunities[address] == nil {
    let state = states[address] ?? (after.verdict.offered.contains(address) ? .offered : .waiting)
    if state == .claimed { continue }
    movements.append(.init(.in, new, state, from: nil, to: new.area))
  }
  for held in open where held.state == .claimed {
    func area(_ index: AreaIndex) -> String? {
      judging.placing(held.place, of: held.feed, index).map { index.areas[$0.position].id }
    }
    let (from, to) = (area(before.index), area(after.index))
    guard from != to else { continue }
    movements.append(
      AreaEffects.Movement(
        what: .kept, street: held.place.street, outwardCode: held.place.outwardCode,
        jobType: held.jobType, state: .claimed, from: from ?? held.area, to: to))
  }
  return movements.sorted { $0.order.lexicographicallyPrecedes($1.order) }
}

extension AreaEffects.Movement {
  fileprivate init(
    _ what: AreaEffects.What, _ opportunity: Opportunity, _ state: OpportunityState, from: String?,
    to: String?, why: String? = nil
  ) {
    self.init(
      what: what, street: opportunity.place.street, outwardCode: opportunity.place.outwardCode,
      jobType: opportunity.jobType, state: state, from: from, to: to, why: why)
  }

  /// The same for the same movements, whatever the order of the jobs.
  fileprivate var order: [String] {
    let rank = AreaEffects.What.allCases.firstIndex(of: what) ?? 0
    return [
      "\(rank)", from ?? "", to ?? "", street ?? "", outwardCode, jobType, state.rawValue,
      why ?? "",
    ]
  }
}
