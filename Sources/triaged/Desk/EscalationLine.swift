import Foundation
import Storage
import Triage

/// Who is asked next where nobody claims: the leaders again, then who stands in for them, then the duty mailbox.
///
/// One step at a time: each waits its own time behind the one before, so that whoever is asked has time to act, however
/// long nobody could be asked. Working time counts, without that in which the area was paused or on trial, or the
/// register out of force.
struct EscalationLine {
  let rules: DeskRules
  let team: Team
  /// Of areas, by id.
  let names: [String: String]
  let notices: DeskNotices
  let told: [DeskMark: Date]
  let gaps: [DeskGap]

  private static let kinds: [DeskTelling] = [.remind, .deputy, .duty]

  /// - Returns: `nil` where nobody is to be asked now.
  func step(
    _ item: StoredDeskItem, _ area: Team.AreaTeam, on today: CivilDay, now: Date
  ) -> DeskTold? {
    guard let since = item.since else { return nil }
    // What waits for a time of its own has been told to nobody yet. Where nobody leads the area there is nobody to
    // be told, and it counts from the beginning.
    if area.announce != nil, item.toldSince == nil,
      !team.leaders(of: item.area, on: today).isEmpty
    {
      return nil
    }
    let asked = max(since, area.announce == nil ? since : item.toldSince ?? since)
    let before = EscalationLine.kinds.enumerated().reversed().lazy.compactMap { place, kind in
      told[DeskMark(opportunity: item.opportunity, kind: kind, epoch: since)]
        .map { (place: place, kind: kind, at: $0) }
    }.first
    let waited = waited(from: max(before?.at ?? asked, asked), to: now, in: item.area)
    for kind in EscalationLine.kinds.dropFirst(before.map { $0.place + 1 } ?? 0) {
      guard waited >= after(kind) - (before.map { after($0.kind) } ?? 0) else { return nil }
      if let step = step(kind, item, area, since: since, on: today) { return step }
    }
    return nil
  }

  private func after(_ kind: DeskTelling) -> Double {
    switch kind {
    case .remind: rules.escalate.remind
    case .deputy: rules.escalate.deputy
    case .duty: rules.escalate.duty
    case .leaseEnds, .closed, .askedFirst, .forbidden: .infinity
    }
  }

  /// - Returns: `nil` where there is nobody to ask by this step.
  private func step(
    _ kind: DeskTelling, _ item: StoredDeskItem, _ area: Team.AreaTeam, since: Date,
    on today: CivilDay
  ) -> DeskTold? {
    let leaders = team.leaders(of: item.area, on: today)
    var step = DeskTold(opportunity: item.opportunity, kind: kind, epoch: since)
    switch kind {
    case .remind:
      step.notices = leaders.map { notices.stillOpen(item.item(names), since: since, to: $0) }
    case .deputy:
      // Who stands in for somebody who is away was told in their place already.
      let standIns = area.leaders.compactMap(team.member).compactMap { leader in
        leader.deputy.flatMap(team.member).map { (leader: leader, deputy: $0) }
      }.filter { team.isActive($0.deputy, on: today) && !leaders.contains($0.deputy) }
      guard let first = standIns.first else { return nil }
      step.links = Array(
        Set(standIns.map { Pass.Recipient(member: $0.deputy.id, channel: $0.deputy.channel) }))
      step.cause = first.leader.id
    case .duty:
      guard let duty = area.duty ?? team.duty else { return nil }
      step.notices = [
        notices.forDuty(item.item(names), since: since, leaders: leaders.map(\.name), to: duty)
      ]
    case .leaseEnds, .closed, .askedFirst, .forbidden: return nil
    }
    return step
  }

  /// Working seconds without the gaps.
  private func waited(from: Date, to: Date, in area: String) -> Double {
    var waited = rules.working.workingSeconds(from: from, to: to)
    var counted = from
    for gap in gaps.sorted(by: { $0.since < $1.since })
    where gap.area == nil || gap.area == area {
      // Gaps may lie over one another.
      let (begin, end) = (max(gap.since, counted), min(gap.ended ?? to, to))
      if begin < end {
        waited -= rules.working.workingSeconds(from: begin, to: end)
        counted = end
      }
    }
    return waited
  }
}
