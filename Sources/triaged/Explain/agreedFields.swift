import Triage

/// Which field is seen at which stage (docs/architecture.md, "Where personal data may be"), as the lists of
/// this instance carry it.
func fieldSection(_ terms: AgreedTerms) -> PlainPage.Section {
  func carried(_ carries: KeyPath<AgreedTerms.FeedTerms, Bool>) -> String {
    let feeds = terms.feeds.filter { $0[keyPath: carries] }.map(\.name)
    if feeds.isEmpty { return "never: no list may carry it, so it is not stored" }
    return feeds.count == terms.feeds.count && feeds.count > 1
      ? "to the holder" : "to the holder, from \(andList(feeds)) only"
  }
  let rows = [
    ["Street without a number, first half of the postcode", "yes", "yes", "yes"],
    ["Kind of job, its age, area, points, sentences", "yes", "yes", "yes"],
    ["Who holds it and since when", "no", "yes", "yes"],
    ["House number, whole address, UPRN", "no", "no", "to the holder"],
    ["Jobs at the address in 12 months: date, kind, status", "no", "no", "to the holder"],
    ["Cautions of the contact register (no letter, not alone)", "no", "no", "to the holder"],
    ["Notes of the job", "no", "no", carried(\.carriesNotes)],
    ["Name and telephone", "no", "no", carried(\.carriesContact)],
  ]
  var never = [
    "Points on the map, who raised the job and the council's dates of its work: they are kept to judge by "
      + "and shown to nobody; maps show squares of fifty metres.",
    "Whatever else the list has: columns that nobody mapped and rows outside every area are not stored.",
    terms.archiveDays == 0
      ? "Lists as they were received: none is kept."
      : "Lists as they were received, with all that is in them: kept for "
        + "\(CivilWords.counted(terms.archiveDays, "day")), read by the daemon alone.",
    "Addresses, names and notes in the subject of a mail, in the journal, in figures or in a link.",
  ]
  let parties = terms.feeds.filter(\.hasOtherParty).map(\.name)
  if !parties.isEmpty {
    never.insert(
      "Who the other party of a complaint is (from \(andList(parties))): only a fingerprint of the address "
        + "is kept, and notes of complaints that went both ways are shown to nobody.", at: 0)
  }
  return PlainPage.Section(
    "Which field is seen at which stage",
    [
      .table(
        PlainPage.Table(
          columns: [
            .init("Field"), .init("In a mail"), .init("On the page of its link"),
            .init("After a claim"),
          ], rows: rows)),
      .text("Never shown or never kept:"), .list(never),
    ])
}
