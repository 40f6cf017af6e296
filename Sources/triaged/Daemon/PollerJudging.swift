import Foundation
import Logging
import Storage
import Triage

extension Poller {
  func mustJudge(_ inputs: LiveInputs.InForce, now: Date) -> Bool {
    guard let judged else { return true }
    return now.timeIntervalSince(judged.at) >= Poller.judgeEvery || now < judged.at
      // Agreements, secondments, pauses and the dates of areas go by the day.
      || CivilDay(judged.at, in: configuration.timeZone)
        != CivilDay(now, in: configuration.timeZone)
      || judged.areas != inputs.areasFingerprint || judged.register != inputs.register
  }

  /// Judges what is known once more: a window may have opened or closed, a boundary or the
  /// register may have changed.
  func judgeAgain(now: Date) async throws {
    await recording.enter()
    defer { recording.leave() }
    let inputs = await live.inForce(now: now)
    let known = try await known(now: now)
    let jobs = relocated(known.jobs, inputs.index)
    let verdict = judge(jobs, known, inputs, now: now)
    let result = try await store.record(
      Pass(
        feed: nil, verdict: verdict, past: known.past,
        rekeyed: Rekeyed(known, jobs, verdict, changed: 0), recipients: recipients(now: now),
        leading: leading(now: now), now: now))
    judged = Judged(at: now, areas: inputs.areasFingerprint, register: inputs.register)
    if result.made + result.reopened + result.withdrawn + result.offered > 0 {
      logger.notice(
        "Judged again.",
        metadata: [
          "made": "\(result.made)", "withdrawn": "\(result.withdrawn)",
          "offered": "\(result.offered)",
        ])
    }
  }

  /// - Parameter feed: of which all jobs are asked for, however old.
  func known(now: Date, allOf feed: String? = nil) async throws -> KnownState {
    try await judging.known(in: store, now: now, allOf: feed)
  }

  func judge(
    _ jobs: [Job], _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) -> Verdict {
    let verdict = judging.judge(jobs, known, inputs, now: now)
    shown = otherDoorJobs(
      verdict, jobs, configuration.rules, glossary: configuration.glossary, now: now)
    return verdict
  }

  /// By area id: to whom a newly offered opportunity is owed.
  func recipients(now: Date) -> [String: [Pass.Recipient]] {
    let today = CivilDay(now, in: configuration.timeZone)
    return Dictionary(
      configuration.team.areas.map { area in
        let leaders = configuration.team.leaders(of: area.area, on: today)
        return (area.area, leaders.map { Pass.Recipient(member: $0.id, channel: $0.channel) })
      }, uniquingKeysWith: { one, _ in one })
  }

  /// By area id: the ids of those who are told of it today.
  func leading(now: Date) -> [String: Set<String>] {
    recipients(now: now).mapValues { Set($0.map(\.member)) }
  }

  func relocated(_ jobs: [Job], _ index: AreaIndex) -> [Job] { judging.relocated(jobs, index) }

  func relocated(_ job: Job, _ index: AreaIndex) -> Job? { judging.relocated(job, index) }
}
