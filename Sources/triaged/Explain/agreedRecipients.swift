import Triage

/// Who is told and who may claim, and on what ground each service and each list takes part.
func recipientSections(_ terms: AgreedTerms) -> [PlainPage.Section] {
  let rows = terms.areas.map { area -> [String] in
    guard let team = terms.team.area(area.id) else { return [area.name, "nobody", "nobody"] }
    let leaders = team.leaders.compactMap(terms.team.member).map { leader(terms, $0) }
    let claimants = team.members.compactMap(terms.team.member)
      .filter { terms.team.agency(of: $0)?.kind.mayClaim ?? true }
      .map { named(terms, $0) }
    return [
      area.name, leaders.isEmpty ? "nobody" : leaders.joined(separator: "; "),
      claimants.isEmpty ? "nobody" : claimants.joined(separator: "; "),
    ]
  }
  var sections = [
    PlainPage.Section(
      "Who is told, and who may claim",
      [
        .table(
          PlainPage.Table(
            columns: [
              .init("Area"), .init("Told of each opportunity", .long), .init("May claim", .long),
            ], rows: rows)),
        .text(
          "Exactly one person holds an opportunity. The daemon writes to no resident and changes nothing in "
            + "the council's jobs."),
      ])
  ]
  sections.append(agencySection(terms))
  return sections
}

/// "Ann Archer (Council), in whose place Bob Baker".
private func leader(_ terms: AgreedTerms, _ member: Member) -> String {
  let deputy = member.deputy.flatMap(terms.team.member)
  return named(terms, member) + (deputy.map { "; when away or gone \($0.name)" } ?? "")
}

private func named(_ terms: AgreedTerms, _ member: Member) -> String {
  var words = [member.agency]
  if let from = member.from, from > terms.today { words.append("from \(from.long)") }
  if let until = member.until {
    words.append(until < terms.today ? "ended \(until.long)" : "until \(until.long)")
  }
  if member.away?.contains(terms.today) == true { words.append("away at present") }
  words = words.filter { !$0.isEmpty }
  return words.isEmpty ? member.name : "\(member.name) (\(words.joined(separator: ", ")))"
}

private func agencySection(_ terms: AgreedTerms) -> PlainPage.Section {
  var rows = terms.team.agencies.map { agency in
    [agency.name, agencyRole(agency, terms.today), agreementInWords(agency.agreement, terms.today)]
  }
  let described = Set(terms.team.agencies.map(\.name))
  var seen: Set<String> = []
  for member in terms.team.members
  where !member.agency.isEmpty && !described.contains(member.agency)
    && seen.insert(member.agency).inserted
  {
    rows.append([member.agency, Agency.Kind.support.inWords, agreementInWords(nil, terms.today)])
  }
  rows += terms.feeds.map { feed in
    ["The list \(feed.name)", "gives the jobs", agreementInWords(feed.agreement, terms.today)]
  }
  return PlainPage.Section(
    "On what ground",
    [
      .table(
        PlainPage.Table(
          columns: [
            .init("Service or list"), .init("Part that it takes", .long), .init("Agreement", .long),
          ], rows: rows)),
      .text(
        "After the last day of an agreement its list is not read and its jobs count for nothing, but that one "
          + "for safeguarding goes on holding its address for its days; a service's people are neither told "
          + "nor may they claim. The administrator is warned "
          + "\(Agreement.warningDays) days before."),
    ])
}

extension Agency.Kind {
  var inWords: String {
    switch self {
    case .support: "support team: is told and may claim"
    case .partner: "partner: is told and may claim"
    case .coordinator: "coordinator: is told and claims nothing"
    case .observer: "observer: sees masked summaries and claims nothing"
    case .enforcement: "enforcement: refused without a signed exception"
    }
  }
}

func agencyRole(_ agency: Agency, _ today: CivilDay) -> String {
  guard agency.kind == .enforcement, let exception = agency.exception else {
    return agency.kind.inWords
  }
  let state = exception.until < today ? "ended on" : "until"
  return
    "enforcement, by an exception that \(exception.by) signed on \(exception.on.long), \(state) "
    + "\(exception.until.long): \(exception.why)"
}

func agreementInWords(_ agreement: Agreement?, _ today: CivilDay) -> String {
  guard let agreement else { return "none is named" }
  guard let ends = agreement.ends else { return "\(agreement.reference), without end" }
  let left = ends.number - today.number
  if left < 0 { return "\(agreement.reference), ended on \(ends.long)" }
  let warning =
    left <= Agreement.warningDays ? ", in \(CivilWords.counted(left, "day"))" : ""
  return "\(agreement.reference), ends on \(ends.long)\(warning)"
}
