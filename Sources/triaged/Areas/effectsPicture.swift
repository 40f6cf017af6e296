import Foundation
import Storage
import Triage

/// The areas before and after an edit, with the jobs that are counted and those of opportunities, each by
/// what has become of it. Blocks on the disk.
func effectsPicture(
  from: [PilotArea], to: [PilotArea], _ before: JudgedAreas, _ after: JudgedAreas,
  open: [OpenPlace], counted: [JobRef: ArchiveRead.Word], updates: Set<String>,
  _ configuration: Configuration,
  today: CivilDay, now: Date
) -> AreaPicture {
  let oldest = now.addingTimeInterval(-Double(AreaEffects.days) * 86_400)
  let states = Dictionary(open.map { ($0.address, $0.state) }, uniquingKeysWith: { one, _ in one })
  let kinds = after.kinds(states).merging(before.kinds(states)) { new, _ in new }
  var counts: [AreaPicture.Mark: Int] = [:]
  for (job, word) in counted where word.before >= 0 || word.after >= 0 {
    guard let point = word.point else { continue }
    // What only an older list has is off the list, but for lists that say no more than what is new.
    let kind =
      kinds[job] ?? (updates.contains(job.feed) && !word.isClosed ? .open : .closed)
    let isLate = word.received.map { $0 > oldest && $0 <= now } ?? true
    guard isLate || kind == .opportunity || kind == .claimed else { continue }
    counts[AreaPicture.Mark(at: point, kind: kind), default: 0] += 1
  }
  let marks = counts.map { mark, jobs in
    AreaPicture.Mark(at: mark.at, kind: mark.kind, jobs: jobs)
  }.sorted {
    ($0.at.x, $0.at.y, $0.kind.rawValue) < ($1.at.x, $1.at.y, $1.kind.rawValue)
  }
  return effectsPicture(from: from, to: to, marks: marks, configuration, today: today)
}

/// - Parameter marks: none where there is nothing to count.
func effectsPicture(
  from: [PilotArea], to: [PilotArea], marks: [AreaPicture.Mark] = [],
  _ configuration: Configuration,
  today: CivilDay
) -> AreaPicture {
  AreaPicture(
    title: "The areas before and after the edit", areas: to, before: from,
    context: readNeighbours(configuration).wards, marks: marks, fewest: 3, today: today,
    attribution: configuration.attribution)
}

extension JudgedAreas {
  /// What has become of each job in an area.
  fileprivate func kinds(
    _ states: [AddressKey: OpportunityState]
  ) -> [JobRef: AreaPicture.Kind] {
    var kinds: [JobRef: AreaPicture.Kind] = [:]
    kinds.reserveCapacity(jobs.count)
    for (at, job) in jobs.enumerated() {
      let state = verdict.addresses[at].flatMap { states[$0] }
      kinds[job.id] = AreaPicture.Kind(job, verdict.standings[at], state)
    }
    return kinds
  }
}
