import Triage

/// What is different between two sets of areas, for the mail after an edit and for `areas diff`.
package struct AreaChanges: Hashable, Sendable {
  /// An area that is there before, after, or both.
  package struct Change: Hashable, Sendable {
    package var id: String
    package var name: String
    /// Square metres; `nil` where the area was or is not there.
    package var before: Double?
    package var after: Double?
    /// About how many square metres came to it and went from it.
    package var gained: Double
    package var lost: Double
    /// What is different beside its boundary.
    package var details: [Detail]

    /// The same number, or a different one by a boundary that merely moved.
    package var isBoundaryChanged: Bool { before != after || gained > 0 || lost > 0 }
  }

  package enum Detail: String, Hashable, Sendable, Codable, CaseIterable {
    case name, reason, from, until, margin
    /// Its place among the areas that both sets have: who owns what overlaps.
    case order
  }

  /// In the order of the later set; what was removed in that of the earlier.
  package var added: [Change] = []
  package var removed: [Change] = []
  package var changed: [Change] = []

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  /// Areas are the same when their ids are.
  package init(from before: [PilotArea], to after: [PilotArea]) {
    let earlier = Dictionary(before.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    let later = Dictionary(after.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
    let ranks = (
      AreaChanges.ranks(before.filter { later[$0.id] != nil }),
      AreaChanges.ranks(after.filter { earlier[$0.id] != nil })
    )
    for area in after {
      let size = area.squareMetres
      guard let old = earlier[area.id] else {
        added.append(
          Change(
            id: area.id, name: area.name, before: nil, after: size, gained: size, lost: 0,
            details: []))
        continue
      }
      var change = Change(
        id: area.id, name: area.name, before: old.squareMetres, after: size, gained: 0, lost: 0,
        details: AreaChanges.details(old, area))
      if ranks.0[area.id] != ranks.1[area.id] { change.details.append(.order) }
      if old.polygons != area.polygons {
        let shared = sharedGround(old, area).squareMetres
        change.gained = max(0, size - shared)
        change.lost = max(0, old.squareMetres - shared)
        changed.append(change)
      } else if !change.details.isEmpty {
        changed.append(change)
      }
    }
    for area in before where later[area.id] == nil {
      let size = area.squareMetres
      removed.append(
        Change(
          id: area.id, name: area.name, before: size, after: nil, gained: 0, lost: size,
          details: []))
    }
  }

  private static func ranks(_ areas: [PilotArea]) -> [String: Int] {
    Dictionary(
      areas.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { one, _ in one })
  }

  private static func details(_ old: PilotArea, _ new: PilotArea) -> [Detail] {
    Detail.allCases.filter { detail in
      switch detail {
      case .name: old.name != new.name
      case .reason: old.reason != new.reason
      case .from: old.from != new.from
      case .until: old.until != new.until
      case .margin: old.margin != new.margin
      case .order: false
      }
    }
  }
}
