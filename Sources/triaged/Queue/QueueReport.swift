import Foundation
import Storage
import Triage

/// What is open in each area, what waits and why, for whoever runs the service. Judged as a pass would judge
/// now. No address is in it: opportunities are told by their ids and streets.
struct QueueReport: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  /// Why nothing can be announced or claimed; `nil`: the contact register is in force.
  var registerTrouble: String?
  var areas: [Area]

  struct Area: Codable, Hashable {
    var id: String
    var name: String
    /// New offers in a week, how many of them this week has had, and how many of those by lot.
    var weeklyCapacity: Int
    var usedThisWeek: Int
    var drawnThisWeek: Int
    /// Per cent of the places that are drawn by lot.
    var drawnPercent: Int
    /// Why nothing new is offered; `nil`: it is.
    var paused: String?
    /// The points at which the lowest band begins, and its name.
    var lineAt: Int?
    var lowestBand: String?
    /// On offer and not claimed.
    var open: [Line] = []
    var held: [Line] = []
    var waiting: [Line] = []
    var onTrial: [Line] = []
    var belowTheLine: [Line] = []

    var leftThisWeek: Int { max(0, weeklyCapacity - usedThisWeek) }
  }

  struct Line: Codable, Hashable {
    /// `nil`: it is stored by the next pass, or is below the line and stored by none.
    var opportunity: Int64?
    /// "Mill Lane, NG17".
    var whereabouts: String
    var jobType: String
    /// When the job was received.
    var since: Date
    var points: Int
    /// "drawn by lot" for what has its place by lot; empty below the line.
    var band: String
    var isDrawn: Bool
    /// Two households, visited separately.
    var isJoint: Bool
    var reasons: [Reason]
    /// Who holds it, since when, and the end of the lease.
    var holder: String?
    var heldSince: Date?
    var heldUntil: Date?
    /// Why it is where it is, where that is not plain.
    var why: String?
  }
}

extension QueueReport {
  /// - Parameters:
  ///   - stored: the opportunities that are open.
  ///   - areas: those in force, in their order.
  ///   - team: with what is paused today.
  init(
    verdict: Verdict, stored: [StoredOpportunity], past: PastOffers, areas: [PilotArea], team: Team,
    rules: Rules, registerTrouble: String?, timeZone: String, now: Date
  ) {
    self.timeZone = timeZone
    self.now = now
    self.registerTrouble = registerTrouble
    var ids = areas.map(\.id)
    var known = Set(ids)
    for area in stored.map(\.opportunity.area) where known.insert(area).inserted {
      ids.append(area)
    }
    self.areas = ids.map { id in
      let lowest = rules.inForce(in: id).bands.min { $0.from < $1.from }
      let areaTeam = team.area(id)
      return Area(
        id: id, name: areas.first { $0.id == id }?.name ?? id,
        weeklyCapacity: areaTeam?.weeklyCapacity ?? 0,
        usedThisWeek: past.offeredThisWeek[id] ?? 0, drawnThisWeek: past.drawnThisWeek[id] ?? 0,
        drawnPercent: areaTeam?.drawnPercent ?? 0, paused: areaTeam?.paused, lineAt: lowest?.from,
        lowestBand: lowest?.name)
    }
    let positions = Dictionary(
      self.areas.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { one, _ in one })
    var byHousehold: [AddressKey: StoredOpportunity] = [:]
    for one in stored { for key in one.opportunity.households { byHousehold[key] = one } }

    // Under which key an address may still be stored.
    let former = Dictionary(
      verdict.aliases.map { ($1, $0) }, uniquingKeysWith: { $0.text < $1.text ? $0 : $1 })
    var seen: Set<Int64> = []
    for opportunity in verdict.opportunities {
      let address = opportunity.address
      let before = opportunity.households.lazy
        .compactMap { byHousehold[$0] ?? former[$0].flatMap { byHousehold[$0] } }.first
      if let before, !seen.insert(before.id).inserted { continue }
      if before?.state == .claimed, let before {
        add(before, to: \.held, positions, team)
        continue
      }
      guard let at = positions[opportunity.area] else { continue }
      var line = Line(opportunity, id: before?.id, areaName: self.areas[at].name)
      line.isDrawn = verdict.drawn.contains(address)
      if before?.state == .offered {
        self.areas[at].open.append(line)
      } else if opportunity.isShadow {
        line.why =
          verdict.shadowed.contains(address)
          ? "It would be on offer if it were not on trial."
          : "It would wait if it were not on trial."
        self.areas[at].onTrial.append(line)
      } else {
        line.why = whyItWaits(
          isNext: verdict.offered.contains(address), self.areas[at])
        self.areas[at].waiting.append(line)
      }
    }
    for one in stored where seen.insert(one.id).inserted {
      if one.state == .claimed {
        add(one, to: \.held, positions, team)
      } else {
        add(
          one, to: one.state == .offered ? \.open : \.waiting, positions, team,
          why: "Its reason is gone: it is taken back by the next pass.")
      }
    }
    for opportunity in verdict.belowTheLine {
      guard let at = positions[opportunity.area] else { continue }
      var line = Line(opportunity, id: nil, areaName: self.areas[at].name)
      line.band = ""
      if let from = self.areas[at].lineAt, let band = self.areas[at].lowestBand {
        line.why = "It lacks \(CivilWords.counted(max(0, from - line.points), "point")) to \(band)."
      }
      self.areas[at].belowTheLine.append(line)
    }
  }

  private func whyItWaits(isNext: Bool, _ area: Area) -> String {
    if isNext { return "It is offered by the next pass." }
    if registerTrouble != nil { return "The contact register is not in force." }
    if area.paused != nil { return "The area is paused." }
    if area.weeklyCapacity == 0 { return "The area has no places." }
    if area.leftThisWeek == 0 { return "This week's places are used up." }
    return "The places that are left are for others."
  }

  private mutating func add(
    _ stored: StoredOpportunity, to list: WritableKeyPath<Area, [Line]>, _ positions: [String: Int],
    _ team: Team, why: String? = nil
  ) {
    guard let at = positions[stored.opportunity.area] else { return }
    var line = Line(stored.opportunity, id: stored.id, areaName: areas[at].name)
    line.isDrawn = stored.isDrawn
    line.why = why
    if let holder = stored.holder {
      line.holder = team.member(holder)?.name ?? "somebody who has left the team"
      line.heldSince = stored.claimedAt
      line.heldUntil = stored.claim?.until
    }
    areas[at][keyPath: list].append(line)
  }
}

extension QueueReport.Line {
  fileprivate init(_ opportunity: Opportunity, id: Int64?, areaName: String) {
    self.init(
      opportunity: id,
      whereabouts: Triage.whereabouts(
        street: opportunity.street, outwardCode: opportunity.place.outwardCode,
        otherwise: areaName),
      jobType: opportunity.jobType, since: opportunity.since, points: opportunity.score.points,
      band: bandWords(opportunity.band), isDrawn: false, isJoint: opportunity.second != nil,
      reasons: opportunity.score.reasons)
  }
}
