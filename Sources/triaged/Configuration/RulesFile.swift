import Triage

/// `rules.yaml`: what the partnership has agreed.
func readRules(_ path: String, problems: ProblemList) -> Rules? {
  Section.read(path, problems: problems).map(readRules(in:))
}

/// The same from a file that has been parsed.
func readRules(in file: Section) -> Rules {
  let signals = file.section("signals")
  let points = 0...100
  var rules = Rules(
    version: file.requiredText("version"), agreedBy: file.text("agreed_by", default: ""),
    agreedOn: readCivilDate("agreed_on", in: file), reviewOn: readCivilDate("review_on", in: file),
    types: file.sections("types").map(readJobType),
    signals: Signals(
      repeatWithinYear: signals?.int("repeat", default: 0, in: points) ?? 0,
      secondKind: signals?.int("second_kind", default: 0, in: points) ?? 0,
      moreOftenLately: signals?.int("more_often_lately", default: 0, in: points) ?? 0,
      firstInYear: signals?.int("first", default: 0, in: points) ?? 0),
    bands: readBands(file), stopWords: file.list("stop_words"),
    callersWithoutResident: file.list("callers_without_resident"))
  signals?.finish()
  if let areas = file.section("areas") {
    for id in areas.keys {
      guard let area = areas.section(id) else { continue }
      rules.overrides.append(
        AreaOverride(
          area: id, by: area.requiredText("by"), why: area.requiredText("why"),
          rules: AreaRules(
            types: rules.types, signals: rules.signals, bands: readBands(area))))
      area.finish()
    }
    areas.finish()
  }
  if rules.types.isEmpty { file.problem(at: "types", "'types' needs at least one job type.") }
  if rules.bands.isEmpty { file.problem(at: "bands", "'bands' needs at least one band.") }
  if rules.version.isEmpty { file.problem(at: "version", "'version' must not be empty.") }
  var seen: Set<String> = []
  for type in rules.types where !seen.insert(type.id).inserted {
    file.problem(at: "types", "The job type '\(type.id)' stands twice.")
  }
  file.finish()
  return rules
}

private func readJobType(_ section: Section) -> JobType {
  let window = section.section("window")
  let offers = ["visit", "call", "none"]
  let offer = section.text("offer", default: "none")
  if !offers.contains(offer) {
    section.problem(at: "offer", "'offer' takes one of: visit, call, none.")
  }
  let type = JobType(
    id: section.requiredText("id"), name: section.requiredText("name"),
    match: JobPattern(
      jobClass: section.list("class"), type: section.list("type"), status: section.list("status")),
    offer: OfferKind(rawValue: offer), points: section.int("points", default: 0, in: 0...100),
    window: Window(
      opensAfterHours: 24 * (window?.int("opens", default: 0, in: 0...3650) ?? 0),
      closesAfterDays: window?.int("closes", default: 28, in: 0...3650) ?? 28),
    afterClosing: section.bool("after_closing", default: false),
    reason: section.text("reason", default: ""))
  window?.finish()
  if type.match == JobPattern() {
    section.problem(nil, "The job type '\(type.id)' says neither class nor type nor status.")
  }
  if type.offer != nil, type.reason.isEmpty {
    section.problem(nil, "The job type '\(type.id)' makes an offer and gives no 'reason'.")
  }
  if type.window.opensAfterHours > 24 * type.window.closesAfterDays {
    section.problem(at: "window", "The window of '\(type.id)' closes before it opens.")
  }
  section.finish()
  return type
}

/// `bands: {high: 50, medium: 30}`, highest first in what is returned.
private func readBands(_ section: Section) -> [Band] {
  guard let bands = section.section("bands") else { return [] }
  let list = bands.keys.map { Band(name: $0, from: bands.int($0, default: 0, in: 0...1000)) }
  bands.finish()
  return list.sorted { $0.from > $1.from }
}

/// A civil date `yyyy-MM-dd`, or an empty text.
func readCivilDate(_ key: String, in section: Section) -> String {
  let text = section.text(key, default: "")
  if text.isEmpty { return "" }
  let parts = text.split(separator: "-", omittingEmptySubsequences: false)
  let fits =
    parts.count == 3 && parts.map(\.count) == [4, 2, 2]
    && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
    && (1...12).contains(Int(parts[1]) ?? 0) && (1...31).contains(Int(parts[2]) ?? 0)
  if !fits { section.problem(at: key, "'\(key)' takes a date such as 2026-11-30.") }
  return fits ? text : ""
}
