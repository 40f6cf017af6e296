import GRDB
import Triage

/// What goes into which message.
struct Bundles {
  /// Where a message goes, and of which slot it is; empty: of none.
  struct Address: Hashable {
    var recipient: String
    var channel: String
    var slot: String
  }

  struct Bundle {
    var announcements: [OwedAnnouncement] = []
    /// By area, whose slots these are.
    var slots: [String: AnnouncementPlan.Slot] = [:]

    /// Whether there is something to say.
    var isTold: Bool { !announcements.isEmpty || slots.values.contains(where: \.sendsEmpty) }
  }

  private let plan: AnnouncementPlan
  /// By area, for whom its slot in force is still to be dealt with.
  private var open: [String: [String: Pass.Recipient]] = [:]
  private(set) var bundles: [Address: Bundle] = [:]

  init(_ db: Database, _ plan: AnnouncementPlan) throws {
    self.plan = plan
    for (area, planned) in plan.areas {
      guard let slot = planned.slot else { continue }
      let done = try doneSlots(db, area: area, slot: slot.key)
      for leader in slot.leaders where !done.contains(leader.member) {
        open[area, default: [:]][leader.member] = leader
        bundles[Address(leader, slot), default: Bundle()].slots[area] = slot
      }
    }
  }

  /// In an order that does not depend on chance.
  var ordered: [(Address, Bundle)] {
    bundles.sorted {
      ($0.key.recipient, $0.key.channel, $0.key.slot)
        < ($1.key.recipient, $1.key.channel, $1.key.slot)
    }
  }

  mutating func add(_ owed: OwedAnnouncement) {
    let atOnce = Address(recipient: owed.recipient, channel: owed.channel, slot: "")
    guard let planned = plan.areas[owed.area] else {
      bundles[atOnce, default: Bundle()].announcements.append(owed)
      return
    }
    if planned.isQuiet { return }
    var owed = owed
    owed.isScheduled = true
    // By the channel that the team file names now.
    if owed.cause == .offered, let slot = planned.slot,
      let leader = open[owed.area]?[owed.recipient]
    {
      bundles[Address(leader, slot), default: Bundle()].announcements.append(owed)
      return
    }
    let isUrgent = planned.atOnceFrom.map { owed.points >= $0 } ?? false
    // Whoever leads the area no more is found out when it is sent, and need not wait for that.
    let isOfLeader = planned.leaders.contains(owed.recipient)
    if isUrgent || owed.cause != .offered || !isOfLeader {
      bundles[atOnce, default: Bundle()].announcements.append(owed)
    }
  }
}

extension Bundles.Address {
  fileprivate init(_ leader: Pass.Recipient, _ slot: AnnouncementPlan.Slot) {
    self.init(recipient: leader.member, channel: leader.channel, slot: slot.key)
  }
}
