import Triage

/// The jobs of one list, one for each reference.
///
/// Where a reference comes twice, the row that says something later stays (``Triage/isLater(_:than:)``),
/// so that the order of the rows decides nothing.
struct JobCollector {
  private(set) var jobs: [Job] = []
  private var position: [String: Int32] = [:]
  private let mostJobs: Int
  /// Of the references that came after ``mostJobs``: their hashes.
  private var passed: Set<Int> = []

  /// - Parameter mostJobs: so many are kept; of later ones only whether they came before is known.
  init(mostJobs: Int = .max) {
    self.mostJobs = mostJobs
  }

  /// - Returns: whether the reference was there already.
  mutating func add(_ job: Job) -> Bool {
    let reference = job.id.reference
    guard let known = position[reference] else {
      if jobs.count == mostJobs { return !passed.insert(reference.hashValue).inserted }
      position[reference] = Int32(jobs.count)
      jobs.append(job)
      return false
    }
    if isLater(job, than: jobs[Int(known)]) { jobs[Int(known)] = job }
    return true
  }
}
