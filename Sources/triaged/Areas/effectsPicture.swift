import Foundation
import Storage
import Triage

/// The areas before and after an edit, with the jobs that are counted and those of opportunities, each by
/// what has become of it.
func effectsPicture(
  from: [PilotArea], to: [PilotArea], _ before: JudgedAreas, _ after: JudgedAreas,
  open: [OpenPlace], counted: [JobRef: ArchiveRead.Word], today: CivilDay, now: Date
) -> AreaPicture {
  let oldest = now.addingTimeInterval(-Double(AreaEffects.days) * 86_400)
  let claimed = Set(open.filter { $0.state == .claimed }.map(\.address))
  let kinds = after.kinds(claimed: claimed).merging(before.kinds(claimed: claimed)) { new, _ in new
  }
  struct Key: Hashable {
    var x: Double
    var y: Double
    var kind: AreaPicture.Kind
  }
  var counts: [Key: Int] = [:]
  for (job, word) in counted where word.before >= 0 || word.after >= 0 {
    guard let point = word.point else { continue }
    // What only an older list has is off the list.
    let kind = kinds[job] ?? .closed
    let isLate = word.received.map { $0 > oldest && $0 <= now } ?? true
    guard isLate || kind == .opportunity || kind == .claimed else { continue }
    // Fifty metres, as the marks stand.
    let square = GridPoint(
      x: (point.x / 50).rounded(.down) * 50 + 25, y: (point.y / 50).rounded(.down) * 50 + 25)
    counts[Key(x: square.x, y: square.y, kind: kind), default: 0] += 1
  }
  let marks = counts.map { key, jobs in
    AreaPicture.Mark(at: GridPoint(x: key.x, y: key.y), kind: key.kind, jobs: jobs)
  }.sorted {
    ($0.at.x, $0.at.y, $0.kind.rawValue) < ($1.at.x, $1.at.y, $1.kind.rawValue)
  }
  return AreaPicture(
    title: "The areas before and after the edit", areas: to, before: from, marks: marks,
    today: today)
}

extension JudgedAreas {
  /// What has become of each job in an area.
  fileprivate func kinds(claimed: Set<AddressKey>) -> [JobRef: AreaPicture.Kind] {
    var kinds: [JobRef: AreaPicture.Kind] = [:]
    kinds.reserveCapacity(jobs.count)
    for (at, job) in jobs.enumerated() {
      let isClaimed = verdict.addresses[at].map { claimed.contains($0) } ?? false
      kinds[job.id] =
        switch verdict.standings[at] {
        case .inOpportunity: isClaimed ? .claimed : .opportunity
        case .belowTheLine: .belowTheLine
        case .noOpportunity, .typeNotInTable:
          job.closed != nil || job.gone != nil ? .closed : .open
        }
    }
    return kinds
  }
}
