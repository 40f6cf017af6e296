import Triage

/// What `retention:` and `archive_days:` of triaged.yaml say.
struct RetentionSection {
  var days = RetentionDays()
  /// Where the days of jobs stand, or the section where they do not.
  var place: (line: Int, column: Int) = (0, 0)
}

/// For how many days each class of data is kept.
func readRetention(_ file: Section) -> RetentionSection {
  var read = RetentionSection()
  if case .days(let usual, let range) = DataClass.archive.keeping {
    read.days[.archive] = file.int("archive_days", default: usual, in: range)
  }
  guard let section = file.section("retention") else { return read }
  for dataClass in DataClass.allCases where dataClass != .archive {
    guard case .days(let usual, let range) = dataClass.keeping else { continue }
    read.days[dataClass] = section.days(dataClass.rawValue, default: usual, in: range)
  }
  if section.has(DataClass.archive.rawValue) {
    section.problem(
      at: DataClass.archive.rawValue,
      "For how many days lists are kept as they were received, 'archive_days' says, beside 'retention'."
    )
  }
  if section.has(DataClass.optOuts.rawValue) {
    section.problem(
      at: DataClass.optOuts.rawValue,
      "Requests not to be contacted again have no days: they hold for good.")
  }
  checkOrder(of: read.days, section)
  read.place = section.place(of: DataClass.jobs.rawValue)
  section.finish()
  return read
}

/// What would be forgotten before what it is needed for.
private func checkOrder(of days: RetentionDays, _ section: Section) {
  func outlives(_ longer: DataClass, _ shorter: DataClass, _ why: String) {
    guard let one = days[longer], let other = days[shorter], one < other else { return }
    let key = section.has(longer.rawValue) ? longer : shorter
    section.problem(
      at: key.rawValue,
      "'\(longer.rawValue)' (\(one) days) may not be fewer than '\(shorter.rawValue)' (\(other)): \(why)"
    )
  }
  outlives(
    .audit, .claims, "who did what would be forgotten before what it was done to is gone.")
  outlives(
    .claims, .jobs,
    "an outcome would be forgotten before its job, and the same job would be offered a second time."
  )
  if let jobs = days[.jobs], jobs < yearOfHistory {
    section.problem(
      at: DataClass.jobs.rawValue, severity: .warning,
      "The rules count jobs of 12 months; with 'jobs' of \(jobs) days what was closed before that is not known, and "
        + "an address may be called new that is not.")
  }
}

/// Days.
private let yearOfHistory = 365

/// That an address keeps the days that safeguarding has for it: they rest on its job.
func checkSafeguarding(
  _ retention: RetentionSection, _ rules: Rules, file: String, problems: ProblemList
) {
  guard let jobs = retention.days[.jobs], jobs < rules.safeguarding.days else { return }
  problems.add(
    file, line: retention.place.line, column: retention.place.column,
    "'jobs' (\(jobs) days) may not be fewer than the \(rules.safeguarding.days) days of 'safeguarding' in rules.yaml: "
      + "an address would be offered again before they are over.")
}
