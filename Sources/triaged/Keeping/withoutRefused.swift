import FlareImport
import Storage
import Triage

/// A list as if the rows of whom nothing is stored any more, and those of closed pilots, lay outside all areas.
func withoutRefused(_ list: ImportedList, _ refused: RefusedSubjects) -> ImportedList {
  var list = list
  let before = list.jobs
  list.jobs = refused.allowed(before)
  guard list.jobs.count < before.count else { return list }
  let allowed = Set(list.jobs.map(\.id))
  for job in before where !allowed.contains(job.id) {
    list.report.counts.inArea -= 1
    list.report.counts.outside += 1
    list.report.inAreaByArea[job.area, default: 1] -= 1
    list.report.byGrade[job.place.location.rawValue, default: 1] -= 1
  }
  return list
}
