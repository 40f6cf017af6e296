import Foundation
import Geography
import Triage

/// What `triaged areas list` tells of the areas in force. Holds no personal data.
struct AreasAccount: Codable, Hashable, Sendable {
  struct Area: Codable, Hashable, Sendable {
    var id: String
    var name: String
    var squareKilometres: Double
    /// Days as in "2026-04-01".
    var from: String?
    var until: String?
    var countsToday: Bool
    /// Why it was chosen; empty where nobody said.
    var reason: String
    /// Metres; `nil`: the usual.
    var margin: Double?
    var overlaps: [Overlap]
  }

  /// Ground that another area holds too.
  struct Overlap: Codable, Hashable, Sendable {
    var with: String
    /// About.
    var squareMetres: Double
    /// Whose the jobs there are on days on which both count: the id of the area that comes first.
    var owner: String
  }

  var now: Date
  /// In their stated order.
  var areas: [Area]
  var standing: AreasStanding

  init(
    _ inForce: AreasInForce, trouble: AreaTrouble?, _ configuration: Configuration, now: Date
  ) {
    self.now = now
    standing = AreasStanding(
      inForce, trouble: trouble, timeZone: configuration.timeZone.identifier)
    let set = inForce.areas
    var overlaps: [Int: [Overlap]] = [:]
    for overlap in findOverlaps(set).found {
      for (one, other) in [(overlap.first, overlap.second), (overlap.second, overlap.first)] {
        overlaps[one, default: []].append(
          Overlap(
            with: set[other].id, squareMetres: overlap.squareMetres.rounded(),
            owner: set[overlap.first].id))
      }
    }
    areas = set.enumerated().map { at, area in
      Area(
        id: area.id, name: area.name, squareKilometres: area.squareMetres / 1_000_000,
        from: area.from?.description, until: area.until?.description,
        countsToday: area.counts(on: inForce.day), reason: area.reason, margin: area.margin,
        overlaps: overlaps[at] ?? [])
    }
  }

  var plainText: String {
    var lines: [String] = []
    for area in areas {
      lines.append(
        "\(plainLine(area.id)): \(plainLine(area.name)), \(squareKilometres(area.squareKilometres * 1_000_000))"
      )
      lines.append("  " + dates(area))
      if !area.reason.isEmpty { lines.append("  reason: \(plainLine(area.reason))") }
      if let margin = area.margin { lines.append("  margin: \(margin) m") }
      for overlap in area.overlaps {
        let shared = CivilWords.grouped(Int(overlap.squareMetres))
        let whose =
          overlap.owner == area.id ? "it comes first" : "\(plainLine(overlap.owner)) comes first"
        lines.append("  shares about \(shared) m² with \(plainLine(overlap.with)); \(whose)")
      }
    }
    return (lines + [""] + standing.lines(at: now)).joined(separator: "\n")
  }

  private func dates(_ area: Area) -> String {
    let counts = area.countsToday ? "counts today" : "does not count today"
    return switch (area.from, area.until) {
    case (nil, nil): counts
    case (let from?, nil): "\(counts), from \(from)"
    case (nil, let until?): "\(counts), until \(until)"
    case (let from?, let until?): "\(counts), from \(from) until \(until)"
    }
  }
}
