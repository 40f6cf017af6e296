import Foundation
import Geography
import Storage
import Triage

/// The areas in force and what is in them, as the map and its tables need it: no address, name or reference
/// is in it, and places are squares of fifty metres.
struct AreaSheet: Codable, Sendable {
  /// What one area holds.
  struct Holding: Codable, Sendable {
    /// The area's id.
    var area: String
    var waiting = 0
    var offered = 0
    var claimed = 0
    /// By the raw value of what became of them.
    var jobs: [String: Int] = [:]

    func jobs(_ kind: AreaPicture.Kind) -> Int { jobs[kind.rawValue] ?? 0 }
  }

  var now: Date
  /// As ``writeAreas(_:grid:)`` writes them.
  var areas: Data
  /// In the areas' order, then what lies in none; `nil`: nothing is known of jobs.
  var holdings: [Holding]?
  var marks: [AreaPicture.Mark] = []

  /// Areas alone, where there is no database.
  init(areas: [PilotArea], grid: Grid, now: Date) {
    self.now = now
    self.areas = Data(writeAreas(areas, grid: grid))
  }

  /// - Parameters:
  ///   - jobs: as the areas hold them now.
  ///   - verdict: on these jobs, in their order.
  ///   - open: the stored opportunities that are open, by address.
  init(
    areas: [PilotArea], grid: Grid, jobs: [Job], verdict: Verdict,
    open: [AddressKey: OpportunityState], now: Date
  ) {
    self.init(areas: areas, grid: grid, now: now)
    var byArea: [String: Holding] = [:]
    var counts: [AreaPicture.Mark: Int] = [:]
    var homes: [AddressKey: String] = [:]
    for (at, job) in jobs.enumerated() {
      let address = verdict.addresses[at]
      if let address, open[address] != nil, homes[address] == nil { homes[address] = job.area }
      let kind = AreaPicture.Kind(job, verdict.standings[at], address.flatMap { open[$0] })
      byArea[job.area, default: Holding(area: job.area)].jobs[kind.rawValue, default: 0] += 1
      if let point = job.place.point {
        counts[AreaPicture.Mark(at: point, kind: kind), default: 0] += 1
      }
    }
    for (address, state) in open {
      let area = homes[address] ?? ""
      switch state {
      case .waiting: byArea[area, default: Holding(area: area)].waiting += 1
      case .offered: byArea[area, default: Holding(area: area)].offered += 1
      case .claimed: byArea[area, default: Holding(area: area)].claimed += 1
      case .done, .withdrawn: continue
      }
    }
    var holdings = areas.map { byArea.removeValue(forKey: $0.id) ?? Holding(area: $0.id) }
    holdings += byArea.values.sorted { $0.area < $1.area }
    self.holdings = holdings
    marks = counts.map { mark, jobs in
      AreaPicture.Mark(at: mark.at, kind: mark.kind, jobs: jobs)
    }.sorted { ($0.at.x, $0.at.y, $0.kind.rawValue) < ($1.at.x, $1.at.y, $1.kind.rawValue) }
  }
}

extension AreaPicture.Kind {
  /// What has become of a job whose address has an open opportunity in this state, or none.
  init(_ job: Job, _ standing: JobStanding, _ state: OpportunityState?) {
    switch standing {
    case .inOpportunity: self = state == .claimed ? .claimed : .opportunity
    case .belowTheLine: self = .belowTheLine
    case .noOpportunity, .typeNotInTable:
      self = job.closed != nil || job.gone != nil ? .closed : .open
    }
  }
}

extension AdminOffice {
  /// The areas in force with what is in them, judged as a pass would judge now; nothing is recorded.
  func areaSheet(now: Date) async throws -> AreaSheet {
    let inputs = await live.inForce(now: now)
    let judging = Judging(configuration)
    let known = try await judging.known(in: store, now: now)
    let jobs = judging.relocated(known.jobs, inputs.index)
    let verdict = judging.judge(jobs, known, inputs, now: now)
    return AreaSheet(
      areas: inputs.areas, grid: configuration.grid, jobs: jobs, verdict: verdict,
      open: known.past.open, now: now)
  }
}
