import Triage

/// A job type with where it stands.
struct ReadJobType {
  var type: JobType
  var section: Section
}

/// One entry under `types`.
func readJobType(_ section: Section) -> ReadJobType {
  let offer = readOffer(section)
  let type = JobType(
    id: section.requiredText("id"), name: section.requiredText("name"),
    match: JobPattern(
      jobClass: section.list("class"), type: section.list("type"), status: section.list("status"),
      callerType: section.list("caller"), except: section.list("except")),
    offer: offer?.kind, isSafeguarding: offer?.isSafeguarding ?? false,
    isComplaint: section.bool("complaint", default: false),
    points: section.int("points", default: 0, in: 0...100),
    window: readWindow(section, of: "'\(section.text("id", default: ""))'") ?? Window(),
    afterClosing: section.bool("after_closing", default: false), revisit: readRevisit(section),
    reason: section.text("reason", default: ""))
  var pattern = type.match
  pattern.except = []
  if pattern == JobPattern() {
    section.problem(
      nil, "The job type '\(type.id)' says neither 'class' nor 'type' nor 'status' nor 'caller'.")
  }
  for item in section.items("except") where item.text.isEmpty {
    section.problem(item.node, "An empty entry in 'except' would keep every job out.")
  }
  if !isPlainID(type.id) {
    section.problem(at: "id", "'id' takes small letters, digits and hyphens.")
  }
  if type.offer == nil, type.points > 0 {
    section.problem(
      at: "points", severity: .warning,
      "The points of '\(type.id)' count for nothing, since it makes no offer.")
  }
  section.finish()
  return ReadJobType(type: type, section: section)
}

/// `offer: visit | call | none | safeguarding`.
/// - Returns: `nil` where nothing is said.
func readOffer(_ section: Section) -> (kind: OfferKind?, isSafeguarding: Bool)? {
  guard section.has("offer") else { return nil }
  let kinds = OfferKind.allCases.map(\.rawValue)
  let text = section.choice("offer", default: "none", among: kinds + ["none", "safeguarding"])
  return (OfferKind(rawValue: text), text == "safeguarding")
}

/// `window: {opens: 36h, fades: 14d, closes: 28d}`.
/// - Parameters:
///   - base: what holds where a key is left out.
///   - what: whose window it is, for a problem.
/// - Returns: `nil` where nothing is said.
func readWindow(_ section: Section, of what: String, base: Window = Window()) -> Window? {
  guard let part = section.section("window") else { return nil }
  let window = Window(
    opensAfterHours: part.hours("opens", default: base.opensAfterHours, in: 0...87_600),
    fadesAfterDays: part.has("fades")
      ? part.days("fades", default: 0, in: 0...3650) : base.fadesAfterDays,
    closesAfterDays: part.days("closes", default: base.closesAfterDays, in: 0...3650))
  if window.opensAfterHours > 24 * window.closesAfterDays {
    part.problem(
      at: "closes",
      "The window of \(what) closes before it opens: 'closes' takes more than 'opens'.")
  }
  if let fades = window.fadesAfterDays,
    fades >= window.closesAfterDays || 24 * fades < window.opensAfterHours
  {
    part.problem(
      at: "fades",
      "The window of \(what) fades outside itself: 'fades' lies between 'opens' and 'closes'.")
  }
  part.finish()
  return window
}

private func readRevisit(_ section: Section) -> Revisit? {
  guard let part = section.section("revisit") else { return nil }
  let revisit = Revisit(
    afterDays: part.days("after", default: 3, in: 1...365),
    times: part.int("times", default: 3, in: 1...20))
  part.finish()
  return revisit
}
