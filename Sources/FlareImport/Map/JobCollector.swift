import Triage

/// The jobs of one list, one for each reference.
///
/// Where a reference comes twice, the row that says something later stays (``Triage/isLater(_:than:)``),
/// so that the order of the rows decides nothing.
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
    if isLater(job, than: jobs[Int(known)]) { jobs[Int(known)] = job }
    return true
  }
}
