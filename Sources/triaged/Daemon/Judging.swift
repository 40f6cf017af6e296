import FlareImport
import Foundation
import Storage
import Triage

/// How what is known is judged: by the poll, and by whoever asks what an edit of the areas would change.
struct Judging: Sendable {
  let configuration: Configuration
  /// By feed: metres within which a postcode may lie on the other side of an edge.
  private let approximateMetres: [String: Double]

  init(_ configuration: Configuration) {
    self.configuration = configuration
    approximateMetres = Dictionary(
      configuration.feeds.map { ($0.name, $0.settings.approximateMetres) },
      uniquingKeysWith: { one, _ in one })
  }

  /// Jobs of 12 months and those that are open, with what is known of their addresses.
  /// - Parameter feed: of which all jobs are asked for, however old.
  func known(in store: Store, now: Date, allOf feed: String? = nil) async throws -> KnownState {
    try await store.known(
      since: now.addingTimeInterval(-365 * 86_400),
      weekStart: weekStart(of: now, in: configuration.timeZone), allOf: feed)
  }

  /// Without a register in force nothing is made or opened again.
  func judge(
    _ jobs: [Job], _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) -> Verdict {
    let verdict = triage(input(jobs, known, inputs, now: now))
    return inputs.register.register == nil ? verdict.refreshing(known.past, jobs: jobs) : verdict
  }

  /// All that a pass judges by at a moment.
  func input(
    _ jobs: [Job], _ known: KnownState, _ inputs: LiveInputs.InForce, now: Date
  ) -> TriageInput {
    // Without a register what is open is still judged, so that a claim sees today's facts; an empty one
    // bars nobody, so nothing else may come of that judgement.
    let register = inputs.register.register
    let today = CivilDay(now, in: configuration.timeZone)
    var team = configuration.team.paused(known.pauses, on: today)
    if register == nil { for at in team.areas.indices { team.areas[at].weeklyCapacity = 0 } }
    return TriageInput(
      jobs: jobs, rules: configuration.rules, register: register ?? Register(), team: team,
      now: now, today: today, past: known.past, shadowFeeds: configuration.shadowFeeds,
      endedFeeds: configuration.endedFeeds(on: today), areas: inputs.index,
      usualMargin: configuration.areaMargin)
  }

  /// The mirror keeps a job where it was; which area holds it is asked anew on every pass.
  func relocated(_ jobs: [Job], _ index: AreaIndex) -> [Job] {
    jobs.compactMap { relocated($0, index) }
  }

  /// - Returns: `nil` for a job that no area holds any more.
  func relocated(_ job: Job, _ index: AreaIndex) -> Job? {
    guard let (position, grade) = placing(job.place, of: job.id.feed, index) else { return nil }
    let area = index.areas[position].id
    if area == job.area, grade == job.place.location { return job }
    var moved = job
    moved.area = area
    moved.place.location = grade
    return moved
  }

  /// The position of the area that a place of a feed's job belongs to, and how well that is known.
  func placing(
    _ place: Place, of feed: String, _ index: AreaIndex
  ) -> (position: Int, grade: LocationGrade)? {
    guard let point = place.point else { return nil }
    return index.placing(
      point, grade: place.location, approximateMetres: approximateMetres[feed] ?? 250)
  }
}
