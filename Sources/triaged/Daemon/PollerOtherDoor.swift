import Foundation
import Logging
import Storage
import Triage

extension Poller {
  /// Tells the leaders of jobs that showed the other door when it was judged last, each once. Killed before, it
  /// is done after the next start, since what is known is judged first thing then.
  func tellOtherDoor(now: Date) async throws {
    guard !shown.isEmpty else { return }
    let inputs = await live.inForce(now: now)
    let names = Dictionary(
      inputs.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    let configuration = configuration
    let today = CivilDay(now, in: configuration.timeZone)
    let told = try await store.tellOtherDoor(shown, now: now) { untold in
      otherDoorMails(untold, configuration, areaNames: names, today: today, now: now)
    }
    if told > 0 {
      logger.notice(
        "Jobs may be for safeguarding; the leaders are told.", metadata: ["jobs": "\(told)"])
    }
  }
}

/// Those of a verdict's jobs that show the other door and are as young as an address is left alone for:
/// of the history that a first list brings nobody needs to hear today.
func otherDoorJobs(
  _ verdict: Verdict, _ jobs: [Job], _ rules: Rules, glossary: Glossary = Glossary(), now: Date
) -> [OtherDoorJob] {
  if verdict.safeguarding.isEmpty { return [] }
  let shown = Set(verdict.safeguarding)
  let oldest = now.addingTimeInterval(-Double(rules.safeguarding.days) * 86_400)
  return jobs.filter { shown.contains($0.id) && ($0.received ?? now) >= oldest }.map { job in
    OtherDoorJob(
      job: job.id, area: job.area, kind: rules.type(of: job)?.name ?? glossary.words(for: job.type))
  }
}

/// One mail to each leader of an area, of all its jobs. Without anybody to tell there is none: somebody may lead
/// the area tomorrow.
func otherDoorMails(
  _ untold: [OtherDoorJob], _ configuration: Configuration, areaNames: [String: String],
  today: CivilDay, now: Date
) -> [OtherDoorMail] {
  Dictionary(grouping: untold, by: \.area).sorted { $0.key < $1.key }.flatMap { area, jobs in
    configuration.team.leaders(of: area, on: today).map { leader in
      OtherDoorMail(
        notice: .otherDoor(
          jobs, area: areaNames[area] ?? area, safeguarding: configuration.rules.safeguarding,
          id: UUID().uuidString.lowercased(), to: leader, instance: configuration.instance,
          created: now), jobs: jobs)
    }
  }
}
