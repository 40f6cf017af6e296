import Foundation
import Logging
import Storage
import Triage

/// Tells that outcomes are missing: whoever holds the claims, once of each, and once a week those who lead the area.
///
/// Nobody is told at night, at the week-end or on a holiday. The list of a week is told on its first working day, or
/// later in that week where the service was down then; that a week is told is written down with its mails, also where
/// nothing was missing, so that no restart and no clock tells it twice.
struct OutcomeReminders: Sendable {
  let configuration: Configuration
  let store: Store
  let logger: Logger

  struct Missing: Sendable {
    var claim: UnrecordedClaim
    var since: CivilDay
    var cause: UnrecordedClaim.Cause
  }

  private var zone: TimeZone { configuration.timeZone }
  private var working: WorkingTime { configuration.desk.working }

  /// What is missing today, the longest first.
  func missing(now: Date) async throws -> [Missing] {
    let today = CivilDay(now, in: zone)
    let since = now.addingTimeInterval(-UnrecordedClaim.lapsedDays * 86_400)
    return try await store.unrecordedClaims(lapsedSince: since).compactMap { claim in
      claim.missing(on: today, in: zone).map {
        Missing(claim: claim, since: $0.since, cause: $0.cause)
      }
    }.sorted { ($0.since, $0.claim.opportunity) < ($1.since, $1.claim.opportunity) }
  }

  /// - Parameter names: of areas, by id.
  func tell(_ missing: [Missing], _ names: [String: String], now: Date) async throws {
    guard working.isOpen(at: now) else { return }
    try await remind(missing, names, now: now)
    try await tellWeek(missing, names, now: now)
  }

  // MARK: - Holders

  private func remind(
    _ missing: [Missing], _ names: [String: String], now: Date
  ) async throws {
    let today = CivilDay(now, in: zone)
    let told = missing.isEmpty ? [] : try await store.outcomeReminders()
    // Of a lease that ends today its own reminder says so as well.
    let soon = configuration.desk.remindBefore > 0 ? working.end(of: today) : now
    let due = missing.filter { one in
      let isEnding = one.claim.lapsedAt == nil && one.claim.until.map { $0 <= soon } == true
      // Whoever did something with it today knows of it.
      let isInHand = one.claim.actedAt.map { CivilDay($0, in: zone) >= today } == true
      return !isEnding && !isInHand && !told.contains(reminder(one))
    }
    for (id, due) in Dictionary(grouping: due, by: \.claim.holder).sorted(by: { $0.key < $1.key }) {
      guard let holder = configuration.team.member(id),
        configuration.team.isActive(holder, on: today)
      else { continue }
      let notice = notices(now).missing(due.map { inWords($0, names) }, to: holder)
      if try await store.remind(of: due.map(reminder), notice, now: now) {
        logger.notice(
          "Somebody is reminded of outcomes that are missing.",
          metadata: ["count": "\(due.count)"])
      }
    }
  }

  private func reminder(_ missing: Missing) -> OutcomeReminder {
    OutcomeReminder(
      opportunity: missing.claim.opportunity, generation: missing.claim.generation,
      day: missing.since)
  }

  // MARK: - Leaders

  private func tellWeek(
    _ missing: [Missing], _ names: [String: String], now: Date
  ) async throws {
    let today = CivilDay(now, in: zone)
    let monday = CivilDay(weekStart(of: now, in: zone), in: zone)
    let team = configuration.team
    let told = try await store.areasTold(inWeekOf: monday)
    // Where nobody leads today, whoever does later in the week is told.
    let areas = team.areas.map(\.area).filter {
      !told.contains($0) && !team.leaders(of: $0, on: today).isEmpty
    }
    if areas.isEmpty { return }
    let byArea = Dictionary(grouping: missing, by: \.claim.area)
    var lists: [String: [OutcomeNotices.AreaList]] = [:]
    for area in areas {
      guard let missing = byArea[area] else { continue }
      let list = OutcomeNotices.AreaList(
        name: names[area] ?? area, missing: missing.map { inWords($0, names) })
      for leader in team.leaders(of: area, on: today) { lists[leader.id, default: []].append(list) }
    }
    let notices = notices(now)
    let mails = team.members.compactMap { leader in
      lists[leader.id].map { notices.week($0, to: leader) }
    }
    if try await store.tellWeek(of: monday, areas: areas, mails, now: now), !mails.isEmpty {
      logger.notice(
        "Leaders are told which outcomes are missing this week.",
        metadata: ["mails": "\(mails.count)"])
    }
  }

  // MARK: - Words

  private func inWords(_ missing: Missing, _ names: [String: String]) -> OutcomeNotices.Missing {
    let claim = missing.claim
    return OutcomeNotices.Missing(
      item: DeskItem(
        opportunity: claim.opportunity, areaName: names[claim.area] ?? claim.area,
        jobType: claim.jobType, offer: claim.offer, since: claim.received),
      since: missing.since, cause: missing.cause,
      holder: configuration.team.member(claim.holder)?.name ?? "somebody who has left the team")
  }

  private func notices(_ now: Date) -> OutcomeNotices {
    OutcomeNotices(
      instance: configuration.instance, words: CivilWords(zone: zone, now: now),
      board: configuration.publicURL + "/board", newID: { UUID().uuidString.lowercased() })
  }
}
