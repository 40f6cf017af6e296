import Foundation
import Storage
import Triage

/// "We are back".
extension LinkDesk {
  /// Heard whatever has become of the link and of the claim since the page was made: were it refused, somebody would be
  /// looked for who sits at home. Whoever holds it sees their page again, where it can be shown; others no more than
  /// that it was heard.
  func back(_ token: String, _ press: DeskPress, _ outing: Int64) async throws -> DeskAnswer {
    let now = clock()
    guard let link = try await store.link(hash: Links.hash(token)) else { throw ClaimError.unknown }
    if let named = press.visitor.proxyMember, named != press.member { throw ClaimError.notInTeam }
    guard let member = team.member(press.member) else { throw ClaimError.notInTeam }
    let area = try await store.opportunity(link.opportunity)?.opportunity.area
    let today = CivilDay(now, in: zone)
    let change = DeskChange(
      opportunity: link.opportunity, seen: press.generation, by: member.id, action: press.action,
      now: now, mark: .link(link.announcement, press.visitor.network),
      isByLeader: area.map { team.leads(member.id, in: $0, on: today) } ?? false)
    guard case .done = try await store.change(change) else { throw ClaimError.stale }
    var receipt = Receipt(action: press.action.name)
    do {
      let opened = try await open(token)
      guard opened.stored.state == .claimed, opened.stored.holder == member.id,
        team.isActive(member, on: today)
      else { return .done(receipt) }
      let register = try await self.register(opened)
      receipt.undo = try await undo(member, opened)
      return .claimed(try await claimedView(opened, member, register), after: receipt)
    } catch is ClaimError {
      return .done(receipt)
    }
  }
}
