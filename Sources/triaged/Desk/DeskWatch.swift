import Foundation
import Logging
import Storage
import Triage

/// The desk loop's work: leases that end, and what holders, leaders, deputies and the duty mailbox are told by itself.
///
/// All that is told is owed once, in the transaction that marks it as told: killed anywhere and started again it loses
/// nothing and tells nothing twice.
actor DeskWatch {
  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let logger: Logger
  private var clock = LeaseClock()

  init(_ configuration: Configuration, store: Store, live: LiveInputs, logger: Logger) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.logger = logger
  }

  private var rules: DeskRules { configuration.desk }
  private var working: WorkingTime { configuration.desk.working }

  /// - Parameter monotonic: seconds of a clock that nobody can set.
  func round(now: Date, monotonic: Double = monotonicSeconds()) async throws {
    let names = await areaNames(now: now)
    try await giveLeases(now: now)
    let items = try await store.deskItems()
    try await lapse(items, names, now: now, monotonic: monotonic)
    let told = try await store.deskTold()
    var due = holders(items, names, now: now)
    due += try await forbidden(items, names, told, now: now)
    due += try await waiting(items, names, told, now: now)
    due.removeAll {
      told.contains(DeskMark(opportunity: $0.opportunity, kind: $0.kind, epoch: $0.epoch))
    }
    let count = try await store.tell(due, now: now)
    if count > 0 {
      logger.notice("The claim desk owes mails.", metadata: ["count": "\(count)"])
    }
  }

  /// Claims of before there were leases get a whole one: ended by their age, all of them would go back at once, on the
  /// day of an upgrade and without a reminder.
  private func giveLeases(now: Date) async throws {
    let count = try await store.giveLeases(until: working.endOfNextWorkingDay(after: now))
    if count > 0 {
      logger.notice(
        "Claims of an earlier version are held until the end of the next working day.",
        metadata: ["count": "\(count)"])
    }
  }

  // MARK: - Leases

  private func lapse(
    _ items: [StoredDeskItem], _ names: [String: String], now: Date, monotonic: Double
  ) async throws {
    let (ended, jump) = clock.ended(
      try await store.leases(endingBefore: now), now: now, monotonic: monotonic)
    if let jump {
      logger.warning(
        "The clock has jumped ahead; no claim goes back for an hour.",
        metadata: ["seconds": "\(Int(jump))"])
    }
    if ended.isEmpty { return }
    let notices = notices(now)
    let team = configuration.team
    let today = CivilDay(now, in: configuration.timeZone)
    let byID = Dictionary(items.map { ($0.opportunity, $0) }, uniquingKeysWith: { one, _ in one })
    let lapsed = try await store.lapse(ended, now: now) { leases in
      let byArea = Dictionary(grouping: leases.compactMap { byID[$0.opportunity] }, by: \.area)
      return byArea.sorted { $0.key < $1.key }.flatMap { area, items in
        team.leaders(of: area, on: today).map { leader in
          notices.lapsed(
            items.map {
              (
                item: $0.item(names),
                holder: $0.holder.flatMap(team.member)?.name ?? "Somebody who has left the team"
              )
            }, area: names[area] ?? area, to: leader)
        }
      }
    }
    if !lapsed.isEmpty {
      logger.notice(
        "Claims whose time was over went back.", metadata: ["count": "\(lapsed.count)"])
    }
  }

  // MARK: - Holders

  private func holders(
    _ items: [StoredDeskItem], _ names: [String: String], now: Date
  ) -> [DeskTold] {
    let notices = notices(now)
    var due: [DeskTold] = []
    for item in items where item.isHeld {
      guard let holder = item.holder.flatMap(configuration.team.member) else { continue }
      if let until = item.until, until > now,
        working.workingSeconds(from: now, to: until) <= rules.remindBefore
      {
        due.append(
          DeskTold(
            opportunity: item.opportunity, kind: .leaseEnds, epoch: until,
            notices: [notices.leaseEnds(item.item(names), at: until, to: holder)]))
      }
      if let closed = item.jobClosed, closed <= now, !item.wasClosed, !item.isClosedSeen,
        let since = item.since
      {
        let day = CivilDay(closed, in: configuration.timeZone)
        due.append(
          DeskTold(
            opportunity: item.opportunity, kind: .closed, epoch: since,
            notices: [notices.closedByCouncil(item.item(names), on: day, to: holder)]))
      }
    }
    return due
  }

  /// The register has come to forbid the address of what somebody holds.
  private func forbidden(
    _ items: [StoredDeskItem], _ names: [String: String], _ told: Set<DeskMark>, now: Date
  ) async throws -> [DeskTold] {
    guard let register = await live.inForce(now: now).register.register else { return [] }
    var due: [DeskTold] = []
    for item in items where item.isHeld {
      guard let since = item.since, let holder = item.holder.flatMap(configuration.team.member),
        !told.contains(
          DeskMark(opportunity: item.opportunity, kind: .forbidden, epoch: since)),
        let stored = try await store.opportunity(item.opportunity),
        stored.flags(in: register).contains(where: { $0.contains(.doNotContact) })
      else { continue }
      due.append(
        DeskTold(
          opportunity: item.opportunity, kind: .forbidden, epoch: since,
          notices: [notices(now).forbidden(item.item(names), to: holder)]))
    }
    return due
  }

  // MARK: - What nobody has claimed

  private func waiting(
    _ items: [StoredDeskItem], _ names: [String: String], _ told: Set<DeskMark>, now: Date
  ) async throws -> [DeskTold] {
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(try await store.pauses(), on: today)
    let paused = team.pausedAreas
    var due: [DeskTold] = []
    for item in items where !item.isHeld && !item.isShadow && !paused.contains(item.area) {
      guard let area = team.area(item.area), !area.isShadow, let since = item.since else {
        continue
      }
      due += try await previousHolder(item, told, now: now)
      // Nobody is asked at night, nor on a holiday.
      guard !configuration.rules.isShadow, working.isOpen(at: now) else { continue }
      due += escalation(item, area, names, since: since, today: today, now: now)
    }
    return due
  }

  private func escalation(
    _ item: StoredDeskItem, _ area: Team.AreaTeam, _ names: [String: String], since: Date,
    today: CivilDay, now: Date
  ) -> [DeskTold] {
    let team = configuration.team
    let notices = notices(now)
    let waited = working.workingSeconds(from: since, to: now)
    let leaders = team.leaders(of: item.area, on: today)
    var due: [DeskTold] = []
    func step(_ kind: DeskTelling, _ change: (inout DeskTold) -> Void) {
      var told = DeskTold(opportunity: item.opportunity, kind: kind, epoch: since)
      change(&told)
      due.append(told)
    }
    if waited >= rules.escalate.remind {
      step(.remind) { told in
        told.notices = leaders.map {
          notices.stillOpen(item.item(names), since: since, to: $0)
        }
      }
    }
    if waited >= rules.escalate.deputy {
      // Who stands in for somebody who is away was told in their place already.
      let standIns = area.leaders.compactMap(team.member).compactMap { leader in
        leader.deputy.flatMap(team.member).map { (leader: leader, deputy: $0) }
      }.filter { team.isActive($0.deputy, on: today) && !leaders.contains($0.deputy) }
      if let first = standIns.first {
        step(.deputy) { told in
          told.links = Array(
            Set(standIns.map { Pass.Recipient(member: $0.deputy.id, channel: $0.deputy.channel) }))
          told.cause = first.leader.id
        }
      }
    }
    if waited >= rules.escalate.duty, let duty = area.duty ?? team.duty {
      step(.duty) { told in
        told.notices = [
          notices.forDuty(
            item.item(names), since: since, leaders: leaders.map(\.name), to: duty)
        ]
      }
    }
    return due
  }

  /// Who held one here before is sent it too, with a link of their own.
  private func previousHolder(
    _ item: StoredDeskItem, _ told: Set<DeskMark>, now: Date
  ) async throws -> [DeskTold] {
    guard let offered = item.offeredAt,
      !told.contains(
        DeskMark(opportunity: item.opportunity, kind: .askedFirst, epoch: offered)),
      let stored = try await store.opportunity(item.opportunity)
    else { return [] }
    let desk = LinkDesk(configuration: configuration, store: store, live: live, clock: { now })
    guard let asked = try await desk.askedFirst(stored, now: now) else { return [] }
    let member = asked.member
    return [
      DeskTold(
        opportunity: item.opportunity, kind: .askedFirst, epoch: offered,
        links: [Pass.Recipient(member: member.id, channel: member.channel)])
    ]
  }

  // MARK: - Words

  private func notices(_ now: Date) -> DeskNotices {
    DeskNotices(
      instance: configuration.instance, words: CivilWords(zone: configuration.timeZone, now: now),
      newID: { UUID().uuidString.lowercased() })
  }

  private func areaNames(now: Date) async -> [String: String] {
    Dictionary(
      await live.inForce(now: now).areas.map { ($0.id, $0.name) },
      uniquingKeysWith: { one, _ in one })
  }
}

/// Seconds of the machine's clock that nobody can set; it goes on while the machine sleeps.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_BOOTTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension StoredDeskItem {
  fileprivate func item(_ names: [String: String]) -> DeskItem {
    DeskItem(
      opportunity: opportunity, areaName: names[area] ?? area, jobType: jobType, offer: offer,
      since: received)
  }
}
