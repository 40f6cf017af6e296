import Foundation
import Storage
import Triage

/// Says what of the areas waits for a time of its own, and which times have come.
struct AnnouncementPlanner: Sendable {
  let configuration: Configuration
  let store: Store
  /// How areas stand, by id. Asked at a slot only: it is judged anew.
  let facts: @Sendable (_ areas: Set<String>, _ now: Date) async throws -> [DigestFacts.Area]

  /// - Parameters:
  ///   - held: of areas that are held back no slot is told; it is told afterwards if it is still useful.
  ///   - areas: those in force, with their names.
  func plan(held: HeldBack, areas: [PilotArea], now: Date) async throws -> AnnouncementPlan {
    let today = CivilDay(now, in: configuration.timeZone)
    var plan = AnnouncementPlan()
    var slots: [String: AnnouncementSlot] = [:]
    var leaders: [String: [Member]] = [:]
    for team in configuration.team.areas {
      guard let schedule = team.announce else { continue }
      leaders[team.area] = configuration.team.leaders(of: team.area, on: today)
      plan.areas[team.area] = AnnouncementPlan.Area(
        atOnceFrom: leastPoints(schedule.atOnce, in: team.area),
        isQuiet: schedule.isQuiet(at: now),
        leaders: Set((leaders[team.area] ?? []).map(\.id)))
      if !held.areas.contains(team.area), areas.contains(where: { $0.id == team.area }) {
        slots[team.area] = schedule.slotInForce(at: now)
      }
    }
    let open = try await store.areasWithOpenSlots(
      slots.reduce(into: [:]) { wanted, slot in
        wanted[slot.key] = (slot.value.key, (leaders[slot.key] ?? []).map(\.id))
      })
    if open.isEmpty { return plan }
    for area in try await facts(open, now) {
      guard let slot = slots[area.id], let schedule = configuration.team.area(area.id)?.announce
      else { continue }
      plan.areas[area.id]?.slot = AnnouncementPlan.Slot(
        key: slot.key, due: slot.due, meeting: slot.meeting, next: schedule.next(after: now)?.due,
        usefulUntil: slot.usefulUntil, sendsEmpty: schedule.sendsEmpty,
        leaders: (leaders[area.id] ?? []).map { .init(member: $0.id, channel: $0.channel) },
        facts: area)
    }
    return plan
  }

  private func leastPoints(_ atOnce: AnnouncementSchedule.AtOnce, in area: String) -> Int? {
    switch atOnce {
    case .everything: Int.min
    case .nothing: nil
    case .band(let band):
      configuration.rules.inForce(in: area).bands.first { $0.name == band }?.from
    }
  }
}

extension AdminOffice {
  /// What a digest says of areas beside what is new: judged as a pass would judge now; nothing is recorded.
  func digestFacts(_ areas: Set<String>, now: Date) async throws -> [DigestFacts.Area] {
    let lists = try await status(now: now)
    return try await queue(area: nil, now: now).areas.filter { areas.contains($0.id) }.map { area in
      DigestFacts.Area(
        id: area.id, name: area.name,
        held: area.held.compactMap { line in
          line.opportunity.map {
            DigestFacts.Held(
              opportunity: $0, whereabouts: line.whereabouts, jobType: line.jobType,
              holder: line.holder ?? "somebody who has left the team", since: line.heldSince,
              until: line.heldUntil)
          }
        },
        // Of which the queue says why it stands there, the next pass takes back.
        open: area.open.filter { $0.why == nil }.compactMap { line in
          line.opportunity.map {
            DigestFacts.Open(
              opportunity: $0, whereabouts: line.whereabouts, jobType: line.jobType,
              since: line.since)
          }
        },
        waiting: area.waiting.count, belowTheLine: area.belowTheLine.count,
        lists: lists.feedLines(area: area.id))
    }
  }
}

extension Team {
  /// Areas that are told at times of their own, or not at some.
  var scheduledAreas: Set<String> {
    Set(areas.filter { $0.announce != nil }.map(\.area))
  }

  /// Areas of which nothing is told at a moment.
  func quietAreas(at now: Date) -> Set<String> {
    Set(areas.filter { $0.announce?.isQuiet(at: now) == true }.map(\.area))
  }
}
