import Foundation
import Storage
import Triage
import Web

/// The instance as its admin sees it in a browser: what `triaged status` says, shorter.
struct BoardOverview: Sendable {
  let configuration: Configuration
  let store: Store
  let live: LiveInputs
  let office: AdminOffice
  let readiness: @Sendable () async -> Readiness
  let clock: @Sendable () -> Date

  func status(by person: SignedIn) async throws -> BoardStatus {
    let now = clock()
    guard person.isAdmin else {
      try await store.audit(person.refusedAudit("status", now))
      throw BoardError.notYours
    }
    let report = try await office.status(now: now, isBrief: true)
    return BoardStatus(
      now: now, startedAt: office.started, isReady: await readiness().isReady,
      matters: report.problems, feeds: report.feedLines(area: nil), areas: try await areas(now),
      sessions: try await store.openSessions(),
      mailsPending: report.mail.owed + report.mail.noticesOwed,
      mailsFailed: report.mail.refused + report.mail.noticesRefused,
      rulesVersion: configuration.rules.version)
  }

  private func areas(_ now: Date) async throws -> [BoardStatus.AreaLine] {
    let today = CivilDay(now, in: configuration.timeZone)
    let team = configuration.team.paused(try await store.pauses(), on: today)
    let open = try await store.openOpportunities()
    return await live.inForce(now: now).areas.map { area in
      let here = open.filter { $0.opportunity.area == area.id }
      func count(_ state: OpportunityState) -> Int { here.count { $0.state == state } }
      return BoardStatus.AreaLine(
        area: SignedIn.Area(id: area.id, name: area.name), open: count(.offered),
        held: count(.claimed), waiting: count(.waiting), paused: team.area(area.id)?.paused)
    }
  }
}
