import Foundation
import Triage

/// The jobs of one list, one for each reference.
///
/// Where a reference comes twice, the row with the later of its received and closed instants
/// stays; among rows that tie, the greater in the order of ``Triage/Job``'s remaining content. So
/// the order of the rows decides nothing.
struct JobCollector {
  private(set) var jobs: [Job] = []
  private var position: [String: Int32] = [:]

  /// - Returns: whether the reference was there already.
  mutating func add(_ job: Job) -> Bool {
    let reference = job.id.reference
    guard let known = position[reference] else {
      position[reference] = Int32(jobs.count)
      jobs.append(job)
      return false
    }
    if JobCollector.isNewer(job, than: jobs[Int(known)]) { jobs[Int(known)] = job }
    return true
  }

  static func isNewer(_ one: Job, than other: Job) -> Bool {
    let (latest, otherLatest) = (latest(one), latest(other))
    if latest != otherLatest { return latest > otherLatest }
    return content(other).lexicographicallyPrecedes(content(one))
  }

  private static func latest(_ job: Job) -> Date {
    job.updated ?? max(job.received ?? .distantPast, job.closed ?? .distantPast)
  }

  private static func content(_ job: Job) -> [String] {
    func text(_ date: Date?) -> String { date.map { "\($0.timeIntervalSince1970)" } ?? "" }
    let point = job.place.point
    return [
      text(job.closed), text(job.received), text(job.due), job.status, job.jobClass, job.type,
      job.callerType, job.place.uprn, job.place.postcode, job.place.address, job.notes,
      job.contact, job.area, "\(point?.x ?? 0)", "\(point?.y ?? 0)",
    ]
  }
}
