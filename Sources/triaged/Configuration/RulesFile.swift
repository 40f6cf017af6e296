import Triage

/// `rules.yaml`: what the partnership has agreed.
func readRules(_ path: String, problems: ProblemList) -> Rules? {
  Section.read(path, problems: problems).map(readRules(in:))
}

/// The same from a file that has been parsed. Every problem is told, those of the sense among them
/// (``checkRules(_:_:in:)``).
func readRules(in file: Section) -> Rules {
  let bandSection = file.section("bands")
  let types = file.sections("types").map(readJobType)
  var rules = Rules(
    version: file.requiredText("version"), agreedBy: file.text("agreed_by", default: ""),
    agreedOn: file.civilDay("agreed_on")?.description ?? "",
    reviewOn: file.civilDay("review_on")?.description ?? "",
    isShadow: file.bool("shadow", default: false), types: types.map(\.type),
    signals: readSignals(file.section("signals")), bands: readBands(bandSection),
    stopWords: file.list("stop_words"),
    callersWithoutResident: file.list("callers_without_resident"),
    safeguarding: readSafeguarding(file))
  rules.overrides = readOverrides(file, of: rules, types)
  checkRules(rules, types, in: file)
  if let bandSection {
    checkBands(
      AreaRules(types: rules.types, signals: rules.signals, bands: rules.bands), in: bandSection)
  }
  file.finish()
  return rules
}

/// `bands: {high: 50, medium: 30}`, highest first in what is returned.
func readBands(_ bands: Section?) -> [Band] {
  guard let bands else { return [] }
  let list = bands.keys.map { Band(name: $0, from: bands.int($0, default: 0, in: 0...1000)) }
  bands.finish()
  return list.sorted { $0.from > $1.from }
}

private func readSafeguarding(_ file: Section) -> Safeguarding {
  guard let section = file.section("safeguarding") else { return Safeguarding() }
  let read = Safeguarding(
    words: section.list("words"), flags: section.list("flags"),
    ring: section.text("ring", default: ""), days: section.days("days", default: 90, in: 0...365))
  if read.ring.isEmpty, !(read.words + read.flags).isEmpty {
    section.problem(
      section.has("ring") ? section.node("ring") : nil,
      "'safeguarding' has words or flags and no 'ring': say whom to ring, with the number.")
  }
  for key in ["words", "flags"] {
    for item in section.items(key) where !item.text.contains(where: { $0 != "*" && $0 != " " }) {
      section.problem(item.node, "An empty entry in '\(key)' would show every job the other door.")
    }
  }
  section.finish()
  return read
}
