import Triage

/// `areas`: departures from the agreed rules, each with who decided it and why.
/// - Parameter types: of the base rules, with where they stand.
func readOverrides(_ file: Section, of rules: Rules, _ types: [ReadJobType]) -> [AreaOverride] {
  guard let areas = file.section("areas") else { return [] }
  var overrides: [AreaOverride] = []
  for id in areas.keys {
    guard let area = areas.section(id) else { continue }
    areas.mention(area: id, ofKey: id)
    var own = AreaRules(types: rules.types, signals: rules.signals, bands: rules.bands)
    own.signals = readSignals(area.section("signals"), base: rules.signals)
    own.types = readTypes(area, base: rules.types)
    let bands = area.section("bands")
    if let bands { own.bands = readBands(bands) }
    overrides.append(
      AreaOverride(
        area: id, by: said("by", in: area), on: area.civilDay("on")?.description ?? "",
        why: said("why", in: area), rules: own))
    // What the base rules have wrong is told there.
    if let section = bands ?? area.section("signals") ?? area.section("types") {
      checkBands(own, in: section, isReachAlone: bands == nil, of: id)
    }
    area.finish()
  }
  areas.finish()
  return overrides
}

/// A departure without somebody who answers for it is no agreement.
private func said(_ key: String, in area: Section) -> String {
  let text = area.requiredText(key)
  if text.isEmpty, area.has(key) { area.problem(at: key, "'\(key)' must not be empty.") }
  return text
}

private func readTypes(_ area: Section, base: [JobType]) -> [JobType] {
  guard let section = area.section("types") else { return base }
  var types = base
  for id in section.keys {
    guard let at = types.firstIndex(where: { $0.id == id }) else {
      let meant = Section.suggestion(for: id, among: base.map(\.id))
      section.problem(
        ofKey: id, "There is no job type '\(id)'\(meant.isEmpty ? "." : meant)")
      _ = section.node(id)
      continue
    }
    guard let own = section.section(id) else { continue }
    if let offer = readOffer(own) {
      (types[at].offer, types[at].isSafeguarding) = (offer.kind, offer.isSafeguarding)
      if offer.kind != nil, types[at].reason.isEmpty {
        own.problem(
          at: "offer", "The job type '\(id)' makes an offer here and has no 'reason' above.")
      }
    }
    types[at].points = own.int("points", default: types[at].points, in: 0...100)
    types[at].window =
      readWindow(own, of: "'\(id)'", base: types[at].window) ?? types[at].window
    own.finish()
  }
  section.finish()
  return types
}
