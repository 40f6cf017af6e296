import Foundation
import Logging
import Storage
import Triage

/// The desk loop's work: leases that end, and what holders, leaders, deputies and the duty mailbox are told by itself.
///
/// All that is told is owed once, in the transaction that marks it as told: killed anywhere and started again it loses
/// nothing and tells nothing twice. By a clock that is not believed, and while the contact register is out of force, it
/// takes nothing from anybody and reminds nobody.
actor DeskWatch {
  private let configuration: Configuration
  private let store: Store
  private let live: LiveInputs
  private let clock: ClockWatch
  private let logger: Logger
  private let outcomes: OutcomeReminders
  private var leases = LeaseClock()

  init(
    _ configuration: Configuration, store: Store, live: LiveInputs, clock: ClockWatch,
    logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.live = live
    self.clock = clock
    self.logger = logger
    outcomes = OutcomeReminders(configuration: configuration, store: store, logger: logger)
  }

  private var rules: DeskRules { configuration.desk }
  private var working: WorkingTime { configuration.desk.working }

  /// - Parameters:
  ///   - now: what the wall clock shows.
  ///   - machine: of the same moment.
  func round(now: Date, machine: MachineTime = .now()) async throws {
    guard try await clock.isTrusted(now: now, machine: machine) else { return leases.forget() }
    let inForce = await live.inForce(now: now)
    guard try await isRegisterInForce(inForce, now: now), let register = inForce.register.register
    else { return leases.forget() }
    let names = Dictionary(
      inForce.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    try await giveLeases(now: now)
    let items = try await store.deskItems()
    try await lapse(items, names, now: now, seconds: machine.seconds)
    let told = try await store.deskTold()
    let missing = try await outcomes.missing(now: now)
    var due = holders(items, names, missing, now: now)
    due += try await forbidden(by: register, items, names, told, now: now)
    due += try await waiting(items, names, told, now: now)
    due.removeAll {
      told[DeskMark(opportunity: $0.opportunity, kind: $0.kind, epoch: $0.epoch)] != nil
    }
    let count = try await store.tell(due, now: now)
    if count > 0 {
      logger.notice("The claim desk owes mails.", metadata: ["count": "\(count)"])
    }
    try await outcomes.tell(missing, names, now: now)
  }

  // MARK: - The register

  /// Without the register nobody can open what they hold, nor claim: their time stands still.
  private func isRegisterInForce(_ inForce: LiveInputs.InForce, now: Date) async throws -> Bool {
    guard inForce.register.register != nil else {
      // The moment of its saving is nobody's loss.
      if !inForce.isRegisterBeingSaved, try await store.beginGapEverywhere(now: now) {
        logger.warning(
          "The contact register is out of force: until it is back no claim goes back, and nobody is reminded of one."
        )
      }
      return false
    }
    let working = working
    let later = try await store.endGapEverywhere(now: now) { until, since in
      // Less than an hour takes nothing from anybody; were there a whole day for it, a register that is away for a
      // moment each day would keep every claim for ever. Whole hours, for the sake of who reads the end.
      let hours = working.workingSeconds(from: since, to: now) / 3600
      if hours < 1 { return nil }
      return working.adding(workingSeconds: hours.rounded(.up) * 3600, to: until)
    }
    if let later {
      logger.notice(
        "The contact register is back: what is held is held for longer, by the working time that was lost.",
        metadata: ["ends_later": "\(later)"])
    }
    return true
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

  // MARK: - What goes back

  private func lapse(
    _ items: [StoredDeskItem], _ names: [String: String], now: Date, seconds: Double
  ) async throws {
    let team = configuration.team
    let today = CivilDay(now, in: configuration.timeZone)
    let words = notices(now)
    let leaders = Dictionary(
      team.areas.map { ($0.area, Set(team.leaders(of: $0.area, on: today).map(\.id))) },
      uniquingKeysWith: { one, _ in one })
    let left = try await store.lapse(
      allBut: Set(team.members.filter { team.isActive($0, on: today) }.map(\.id)),
      leaders: leaders, now: now,
      tells: mails(items, names, on: today) { words.left($0, area: $1, to: $2) })
    if !left.isEmpty {
      logger.notice(
        "Claims of people who are not active any more went back.",
        metadata: ["count": "\(left.count)"])
    }
    let ended = leases.ended(
      try await store.leases(endingBefore: now), now: now, seconds: seconds)
    // Nobody loses what they were not reminded of: the service was down for that time, say, or the mail is on its way.
    let unreminded = ended.filter { rules.remindBefore > 0 && !$0.isReminded }
    let late = try await store.putOff(
      unreminded, until: working.endOfNextWorkingDay(after: now))
    if late > 0 {
      logger.notice(
        "Claims whose holders could not be reminded in time are held for one working day more.",
        metadata: ["count": "\(late)"])
    }
    let over = ended.filter { !unreminded.contains($0) }
    if over.isEmpty { return }
    let lapsed = try await store.lapse(
      over, leaders: leaders, now: now,
      tells: mails(items, names, on: today) { words.lapsed($0, area: $1, to: $2) })
    if !lapsed.isEmpty {
      logger.notice(
        "Claims whose time was over went back.", metadata: ["count": "\(lapsed.count)"])
    }
  }

  private typealias Lost = [(item: DeskItem, holder: String)]

  /// The mails to those who lead the areas of what went back, one for each area.
  private func mails(
    _ items: [StoredDeskItem], _ names: [String: String], on today: CivilDay,
    _ mail: @escaping @Sendable (_ lost: Lost, _ area: String, _ leader: Member) -> Notice
  ) -> @Sendable ([Lease]) -> [Notice] {
    let team = configuration.team
    let byID = Dictionary(items.map { ($0.opportunity, $0) }, uniquingKeysWith: { one, _ in one })
    return { leases in
      let known = leases.compactMap { lease in byID[lease.opportunity].map { (lease, $0) } }
      let byArea = Dictionary(grouping: known, by: \.1.area)
      return byArea.sorted { $0.key < $1.key }.flatMap { area, lost in
        team.leaders(of: area, on: today).map { leader in
          mail(
            lost.map { lease, item in
              (
                item: item.item(names),
                holder: team.member(lease.holder)?.name ?? "Somebody who has left the team"
              )
            }, names[area] ?? area, leader)
        }
      }
    }
  }

  // MARK: - Holders

  private func holders(
    _ items: [StoredDeskItem], _ names: [String: String],
    _ missing: [OutcomeReminders.Missing], now: Date
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
            notices: [
              notices.leaseEnds(
                item.item(names), at: until,
                missing: missing.first { $0.claim.opportunity == item.opportunity }.map {
                  (since: $0.since, cause: $0.cause)
                }, to: holder)
            ]))
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

  /// The register has come to forbid the address of what somebody holds. Where it was corrected before the mail has
  /// gone out, the mail goes no more.
  private func forbidden(
    by register: Register, _ items: [StoredDeskItem], _ names: [String: String],
    _ told: [DeskMark: Date], now: Date
  ) async throws -> [DeskTold] {
    let unsent = try await store.unsentForbidden()
    var corrected: Set<Int64> = []
    var due: [DeskTold] = []
    for item in items where item.isHeld {
      guard let since = item.since, let holder = item.holder.flatMap(configuration.team.member)
      else { continue }
      let isTold =
        told[DeskMark(opportunity: item.opportunity, kind: .forbidden, epoch: since)] != nil
      guard !isTold || unsent.contains(item.opportunity),
        let stored = try await store.opportunity(item.opportunity)
      else { continue }
      let isForbidden = stored.flags(in: register).contains { $0.contains(.doNotContact) }
      if isTold, !isForbidden { corrected.insert(item.opportunity) }
      guard isForbidden, !isTold else { continue }
      due.append(
        DeskTold(
          opportunity: item.opportunity, kind: .forbidden, epoch: since,
          notices: [notices(now).forbidden(item.item(names), to: holder)]))
    }
    try await store.withdrawForbidden(corrected)
    return due
  }

  // MARK: - What nobody has claimed

  private func waiting(
    _ items: [StoredDeskItem], _ names: [String: String], _ told: [DeskMark: Date], now: Date
  ) async throws -> [DeskTold] {
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(try await store.pauses(), on: today)
    let standing = Set(
      team.areas.filter { $0.paused != nil || $0.isShadow || configuration.rules.isShadow }
        .map(\.area))
    let gaps = try await store.deskGaps(standing: standing, now: now)
    let line = EscalationLine(
      rules: rules, team: team, names: names, notices: notices(now), told: told, gaps: gaps)
    var due: [DeskTold] = []
    for item in items where !item.isHeld && !item.isShadow {
      guard let area = team.area(item.area), area.paused == nil, !area.isShadow else { continue }
      due += try await previousHolder(item, told, now: now)
      // Nobody is asked at night, nor on a holiday.
      guard !standing.contains(item.area), working.isOpen(at: now) else { continue }
      if let step = line.step(item, area, on: today, now: now) { due.append(step) }
    }
    return due
  }

  /// Who held one here before is sent it too, with a link of their own.
  private func previousHolder(
    _ item: StoredDeskItem, _ told: [DeskMark: Date], now: Date
  ) async throws -> [DeskTold] {
    guard item.wasHeldBefore, let offered = item.offeredAt,
      told[DeskMark(opportunity: item.opportunity, kind: .askedFirst, epoch: offered)] == nil,
      let stored = try await store.opportunity(item.opportunity)
    else { return [] }
    let desk = LinkDesk(
      configuration: configuration, store: store, live: live,
      floor: DiskFloor(folder: configuration.state), clock: { now })
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
}

extension StoredDeskItem {
  /// - Parameter names: of areas, by id.
  func item(_ names: [String: String]) -> DeskItem {
    DeskItem(
      opportunity: opportunity, areaName: names[area] ?? area, jobType: jobType, offer: offer,
      since: received)
  }
}
