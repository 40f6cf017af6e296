import Foundation

/// Whether one row about a job says something later than another row about it: by the time of what
/// happened, and among rows that tie by their content.
///
/// A strict order over all that a row can say, so that neither the order of rows nor that of lists
/// decides anything.
package func isLater(_ one: Job, than other: Job) -> Bool {
  let (time, otherTime) = (eventTime(of: one), eventTime(of: other))
  if time != otherTime { return time > otherTime }
  return content(of: other).lexicographicallyPrecedes(content(of: one))
}

/// When the council last did something about the job, as far as the row says it.
package func eventTime(of job: Job) -> Date {
  job.updated ?? max(job.received ?? .distantPast, job.closed ?? .distantPast)
}

private func content(of job: Job) -> [String] {
  func text(_ date: Date?) -> String { date.map { "\($0.timeIntervalSince1970)" } ?? "" }
  let place = job.place
  return [
    text(job.closed), text(job.received), text(job.due), text(job.updated), job.status,
    job.jobClass, job.type, job.callerType, place.uprn, place.postcode, place.address, job.notes,
    job.contact, job.area, place.point.map { "\($0.x) \($0.y)" } ?? "", place.location.rawValue,
  ]
}
