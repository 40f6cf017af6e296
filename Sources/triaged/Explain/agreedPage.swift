import Triage

/// The page that a partnership prints, argues about and signs: trigger, points, who is told, which fields at
/// which stage.
func agreedPage(_ terms: AgreedTerms) -> PlainPage {
  let rules = terms.rules
  var page = PlainPage(title: "What is agreed for \(terms.instance): rules \(rules.version)")
  page.lead = lead(terms)
  page.sections = [
    PlainPage.Section(
      "What a score is",
      [
        .text(
          "A score is the sum of whole points, each with its sentence. Only a job that a resident brought to "
            + "the council opens a conversation; nothing about a person is scored. The map alone decides "
            + "whether a job counts; the score orders and paces."),
        .text("Bands: \(rules.bands.inWords). \(belowTheLine(rules))"),
      ]),
    triggerSection(rules),
    signalSection(rules.signals),
    departureSection(terms),
    noOpportunitySection(rules),
    otherDoorSection(rules),
    pacingSection(terms),
  ]
  page.sections += recipientSections(terms)
  page.sections += [fieldSection(terms), wordSection(rules), signatureSection(terms)]
  return page
}

private func lead(_ terms: AgreedTerms) -> [PlainPage.Block] {
  let rules = terms.rules
  func stated(_ text: String) -> String { text.isEmpty ? "not stated" : text }
  var blocks: [PlainPage.Block] = [
    .facts([
      ("Version", rules.version), ("Agreed by", stated(rules.agreedBy)),
      ("Agreed on", stated(longDate(rules.agreedOn))),
      ("Review on", stated(longDate(rules.reviewOn))), ("This page is of", terms.today.long),
    ])
  ]
  if terms.isOverdue, let review = CivilDay(rules.reviewOn) {
    let days = terms.today.number - review.number
    blocks.append(
      .warning(
        "The review was due on \(review.long) and is overdue by \(CivilWords.counted(days, "day")). The "
          + "rules go on holding until they are agreed anew."))
  }
  if rules.isShadow {
    blocks.append(
      .warning("These rules are on trial: everything is judged and listed, nothing is announced."))
  }
  return blocks
}

private func belowTheLine(_ rules: Rules) -> String {
  guard let line = rules.bands.map(\.from).min() else { return "" }
  return
    "Below \(line) points an address is below the line: it is listed, and offered only where it is "
    + "drawn by lot."
}

private func triggerSection(_ rules: Rules) -> PlainPage.Section {
  let base = AreaRules(types: rules.types, signals: rules.signals, bands: rules.bands)
  func alone(_ points: Int) -> String { base.band(of: points)?.name ?? "below the line" }
  var rows = rules.types.compactMap { type -> [String]? in
    guard let offer = type.offer else { return nil }
    return [
      type.name, offer.inWords, "\(type.points)", alone(type.points + rules.signals.firstInYear),
      type.windowInWords, type.reason,
    ]
  }
  if let both = rules.signals.reciprocal {
    rows.append([
      both.name, both.offer.inWords, "\(both.points)", alone(both.points),
      "From the newer of two complaints: \(both.window.inWords).",
      both.reason,
    ])
  }
  var blocks: [PlainPage.Block] = [
    .table(
      PlainPage.Table(
        columns: [
          .init("Job"), .init("Invites to a"), .init("Points", .number), .init("By itself"),
          .init("When", .long), .init("The sentence that is told", .long),
        ], rows: rows)),
    .quiet(
      "“By itself” is the band of a new address with this one job. At an address with several such jobs "
        + "the one with the most points opens the conversation."),
  ]
  if rules.signals.reciprocal != nil {
    blocks.append(
      .text(
        "Complaints both ways make one joint opportunity: two households, visit separately. Who complained "
          + "about whom is told to nobody."))
  }
  return PlainPage.Section("What is a natural reason to call", blocks)
}

private func signalSection(_ signals: Signals) -> PlainPage.Section {
  let rows = signals.lines.map {
    [$0.name, $0.points == 0 ? "off" : "\($0.points)", $0.meaning]
  }
  return PlainPage.Section(
    "What the history adds",
    [
      .table(
        PlainPage.Table(
          columns: [.init("Signal"), .init("Points", .number), .init("Meaning", .long)],
          rows: rows)),
      .quiet(
        "No signal ever takes points away: a further job of the last 90 days never lowers a score, and to "
          + "have no history costs nothing. A job that may be for safeguarding takes its address out, and "
          + "one that brings a second UPRN to a written address parts the jobs there."),
    ])
}

private func departureSection(_ terms: AgreedTerms) -> PlainPage.Section {
  let rules = terms.rules
  let base = AreaRules(types: rules.types, signals: rules.signals, bands: rules.bands)
  var blocks: [PlainPage.Block] = []
  for override in rules.overrides {
    let sentences = departures(of: override.rules, from: base)
    let on = override.on.isEmpty ? "" : ", \(longDate(override.on))"
    blocks.append(
      .text(
        "\(terms.name(ofArea: override.area)), decided by \(override.by)\(on): \(override.why)"))
    blocks.append(.list(sentences.isEmpty ? ["Nothing differs at present."] : sentences))
  }
  if blocks.isEmpty { blocks = [.text("No area departs from these rules.")] }
  return PlainPage.Section("Where an area departs from this", blocks)
}

private func noOpportunitySection(_ rules: Rules) -> PlainPage.Section {
  var items: [String] = []
  let history = rules.types.filter { $0.offer == nil && !$0.isSafeguarding }
  if !history.isEmpty {
    items.append("Counts as history only: \(andList(history.map(\.name))).")
  }
  let complaints = rules.types.filter(\.isComplaint)
  if !complaints.isEmpty {
    items.append(
      "About somebody else, and counted as complaints: \(andList(complaints.map(\.name))).")
  }
  if !rules.stopWords.isEmpty {
    items.append("Taken out by a word in class, type or notes: \(orList(rules.stopWords)).")
  }
  if !rules.callersWithoutResident.isEmpty {
    items.append(
      "No resident asked, where it was raised by: \(orList(rules.callersWithoutResident)).")
  }
  items += [
    "A type of job that is in no row of this page is listed for the administrator and never dropped.",
    "A job whose address cannot be told apart, or lies at a street or open space, or is known by its "
      + "postcode alone close to an edge, makes none; nor does one without a date or with one to come.",
    "An address that the contact register says not to contact makes none. The register is asked when an "
      + "opportunity is made, announced and claimed; without a register in force nothing is announced.",
    "A job that has had its outcome makes no second one, except where its row says so.",
  ]
  return PlainPage.Section("What makes no opportunity", [.list(items)])
}

private func otherDoorSection(_ rules: Rules) -> PlainPage.Section {
  let door = rules.safeguarding
  let types = rules.types.filter(\.isSafeguarding).map(\.name)
  guard !door.words.isEmpty || !door.flags.isEmpty || !types.isEmpty else {
    return PlainPage.Section(
      "The other door: safeguarding",
      [.warning("No words or flags are agreed: nothing is taken for safeguarding.")])
  }
  var items: [String] = []
  if !types.isEmpty { items.append("Types of job: \(andList(types)).") }
  if !door.words.isEmpty {
    items.append("Words in class, type or notes: \(orList(door.words)).")
  }
  if !door.flags.isEmpty {
    items.append("Flags of the council's system: \(orList(door.flags)).")
  }
  return PlainPage.Section(
    "The other door: safeguarding",
    [
      .text(
        "What follows is not for this team. Such a job makes no opportunity, and its address, or one that it "
          + "complains about, none for \(CivilWords.counted(door.days, "day")); the area's leaders "
          + "are told once, without address or street: “\(door.sentence)”"),
      .list(items),
    ])
}

/// In the order in which they are asked: the first row that fits a job is its type.
private func wordSection(_ rules: Rules) -> PlainPage.Section {
  PlainPage.Section(
    "How the words of a list are read",
    [
      .quiet(
        "Case does not matter, * stands for any run of letters, and the first row that fits is a job's "
          + "kind."),
      .table(
        PlainPage.Table(
          columns: [.init("Job"), .init("Taken for"), .init("Known by", .long)],
          rows: rules.types.map { [$0.name, kind($0), $0.match.inWords] })),
    ])
}

private func signatureSection(_ terms: AgreedTerms) -> PlainPage.Section {
  var seen: Set<String> = []
  let names = (terms.team.agencies.map(\.name) + terms.team.members.map(\.agency))
    .filter { !$0.isEmpty && seen.insert($0).inserted }
  return PlainPage.Section(
    "Agreed",
    [
      .text(
        "Version \(terms.rules.version), for each service that takes part: name, date and signature."
      ),
      .signatures(names.isEmpty ? ["For the council"] : names.map { "For \($0)" }),
    ])
}
