import Foundation
import Storage
import Triage

extension AdminOffice {
  /// What is open, what waits and why, judged as a pass would judge now; nothing is recorded.
  /// - Parameter area: an id; `nil` is every area.
  func queue(area: String?, now: Date) async throws -> QueueReport {
    let inputs = await live.inForce(now: now)
    if let area { try known(area: area, inputs) }
    // Beside the poll loop, which is not to take this for a pass of its own.
    let judging = Judging(configuration)
    let known = try await judging.known(in: store, now: now)
    let jobs = judging.relocated(known.jobs, inputs.index)
    let verdict = judging.judge(jobs, known, inputs, now: now)
    let today = CivilDay(now, in: configuration.timeZone)
    var trouble: String?
    if case .notInForce(let why) = inputs.register { trouble = why }
    var report = QueueReport(
      verdict: verdict, stored: try await store.openOpportunities(), past: known.past,
      areas: inputs.areas, team: configuration.team.paused(known.pauses, on: today),
      rules: configuration.rules, registerTrouble: trouble,
      timeZone: configuration.timeZone.identifier, now: now)
    if let area { report.areas.removeAll { $0.id != area } }
    return report
  }

  /// - Throws: a refusal that names the areas that there are.
  func known(area: String, _ inputs: LiveInputs.InForce) throws {
    let ids = inputs.areas.map(\.id)
    if ids.contains(area) { return }
    throw AdminRefusal(.unknown, thereIsNo("area", area, among: ids))
  }
}
