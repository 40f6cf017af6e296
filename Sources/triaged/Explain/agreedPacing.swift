import Triage

/// How many at a time, for each area.
func pacingSection(_ terms: AgreedTerms) -> PlainPage.Section {
  let rows = terms.areas.map { area -> [String] in
    guard let team = terms.team.area(area.id) else {
      return [area.name, "none", "", "Nobody looks after it: its opportunities wait."]
    }
    var notes: [String] = []
    if let why = team.paused { notes.append("Paused, nothing new is offered: \(sentence(why))") }
    if team.isShadow { notes.append("On trial: judged and listed, nothing is announced.") }
    return [
      area.name, "\(team.weeklyCapacity)", drawn(team), notes.joined(separator: " "),
    ]
  }
  var items = [
    "The best come first: most points, then the longest wait, then the list's own reference. What does not "
      + "fit waits in a queue that can be seen.",
    "Drawn places go by lot to addresses below the line, without history or long waiting; the lot is "
      + "seeded by the date, so that it can be repeated.",
  ]
  if let most = terms.team.openClaimsPerPerson {
    items.append("One person holds \(CivilWords.counted(most, "claim")) at a time at most.")
  }
  for agency in terms.team.agencies {
    guard let most = agency.openClaims else { continue }
    items.append(
      "\(agency.name) holds \(CivilWords.counted(most, "claim")) at a time at most, all its people "
        + "together.")
  }
  for feed in terms.feeds where feed.isShadow {
    items.append(
      "The list \(feed.name) is on trial: what it alone would make is listed and not announced.")
  }
  return PlainPage.Section(
    "How many at a time",
    [
      .table(
        PlainPage.Table(
          columns: [
            .init("Area"), .init("New in a week", .number), .init("Drawn by lot"),
            .init("At present", .long),
          ], rows: rows)), .list(items),
    ])
}

/// "1 place in 2 weeks".
private func drawn(_ team: Team.AreaTeam) -> String {
  let share = team.weeklyCapacity * team.drawnPercent
  guard share > 0 else { return "none" }
  let common = commonDivisor(share, 100)
  let (places, weeks) = (share / common, 100 / common)
  let place = CivilWords.counted(places, "place")
  return weeks == 1 ? "\(place) every week" : "\(place) in \(weeks) weeks"
}

private func commonDivisor(_ one: Int, _ other: Int) -> Int {
  other == 0 ? one : commonDivisor(other, one % other)
}

/// With a full stop at its end.
func sentence(_ text: String) -> String {
  text.isEmpty || ".!?".contains(text.suffix(1)) ? text : text + "."
}
