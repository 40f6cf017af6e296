import Triage

/// `agencies` of `team.yaml`: who takes part, and on what ground.
func readAgencies(_ file: Section, today: CivilDay) -> [Agency] {
  var agencies: [Agency] = []
  for section in file.sections("agencies") {
    let agency = Agency(
      name: section.requiredText("name"), kind: section.choice("class", default: .support),
      agreement: readAgreement(section),
      openClaims: section.has("open_claims")
        ? section.int("open_claims", default: 1, in: 1...10_000) : nil,
      exception: readException(section))
    if agencies.contains(where: { $0.name == agency.name }) {
      section.problem(at: "name", "The agency '\(agency.name)' stands twice.")
    }
    checkException(agency, on: today, section)
    section.finish()
    checkAgreement(agency.agreement, of: "The agency '\(agency.name)'", on: today, in: section)
    agencies.append(agency)
  }
  return agencies
}

/// `exception: {by: Director of housing, on: 2026-11-02, until: 2027-01-31, why: ...}`.
private func readException(_ section: Section) -> SignedException? {
  guard let part = section.section("exception") else { return nil }
  let (by, why) = (part.requiredText("by"), part.requiredText("why"))
  for (key, text) in [("by", by), ("why", why)] where text.isEmpty && part.has(key) {
    part.problem(at: key, "'\(key)' must not be empty.")
  }
  let (on, until) = (part.requiredCivilDay("on"), part.requiredCivilDay("until"))
  part.finish()
  guard let on, let until, !by.isEmpty, !why.isEmpty else { return nil }
  if until < on { part.problem(at: "until", "The exception ends before it is signed.") }
  return SignedException(by: by, on: on, until: until, why: why)
}

/// A visit that ends in a sanction ends the trust, so an enforcement unit takes part only on the word of a
/// named person, and for a time.
private func checkException(_ agency: Agency, on today: CivilDay, _ section: Section) {
  guard agency.kind == .enforcement else {
    if section.has("exception") {
      section.problem(
        at: "exception", severity: .warning,
        "Only an agency of class enforcement needs an exception.")
    }
    return
  }
  guard let exception = agency.exception else {
    // What is wrong with one that is there was told where it stands.
    if !section.has("exception") {
      section.problem(
        at: "class",
        "The agency '\(agency.name)' is of class enforcement, which takes no part without an 'exception' that "
          + "names by whom, on, until and why.")
    }
    return
  }
  if exception.until < today {
    // No passing date keeps the service from starting: its people are told of nothing from that day on.
    section.problem(
      at: "exception", severity: .warning,
      "The exception for '\(agency.name)' ended on \(exception.until): have it signed anew, or take the "
        + "agency out.")
  } else if today < exception.on {
    section.problem(
      at: "exception",
      "The exception for '\(agency.name)' is signed on a day to come, \(exception.on).")
  }
}
