import Triage

/// `agreement: {reference: DSA-2026-014, ends: 2027-03-31}` of a feed or of an agency.
func readAgreement(_ section: Section) -> Agreement? {
  guard let part = section.section("agreement") else { return nil }
  let reference = part.requiredText("reference")
  if reference.isEmpty, part.has("reference") {
    part.problem(at: "reference", "'reference' must not be empty.")
  }
  let agreement = Agreement(reference: reference, ends: part.civilDay("ends"))
  part.finish()
  return agreement
}

/// What `check` says of an agreement: nothing stops a start here, since a date passes by itself.
func checkAgreement(
  _ agreement: Agreement?, of whom: String, on today: CivilDay, in section: Section
) {
  guard let agreement else {
    section.problem(
      nil, severity: .warning, "\(whom) has no 'agreement': on what ground do its data come?")
    return
  }
  guard let ends = agreement.ends, ends < today.plus(Agreement.warningDays) else { return }
  section.problem(
    at: "agreement", severity: .warning,
    ends < today
      ? "The agreement of \(whom.lowercasedFirst) ended on \(ends): it is paused."
      : "The agreement of \(whom.lowercasedFirst) ends on \(ends): renew it.")
}

extension String {
  /// "The feed" within a sentence is "the feed".
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
