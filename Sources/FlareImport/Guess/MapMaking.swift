import Triage

/// From what each column was taken for to the column map of a feed.
struct MapMaking {
  private let sample: ListSample
  private(set) var columns: [ColumnGuess]
  private let values: [ColumnValues]
  private let place: PlaceGuess
  private(set) var warnings: [GuessWarning] = []
  private(set) var obstacles: [String] = []
  private(set) var dateColumns: [DateColumn] = []
  /// The heading of the received dates.
  private(set) var received: String?

  init(
    sample: ListSample, columns: [ColumnGuess], values: [ColumnValues], place: PlaceGuess
  ) {
    self.sample = sample
    self.columns = columns
    self.values = values
    self.place = place
  }

  mutating func make() -> ColumnMap? {
    guard sample.hasHeader || sample.rowCount > 0 else {
      obstacles.append(sample.nothing + ". Look at what was exported, and whether this is a list.")
      return nil
    }
    guard sample.hasHeader else {
      obstacles.append(
        "The list has no headings: its first row looks like a job. A feed maps headings, so have the "
          + "export written with a header row; nothing can be mapped without one.")
      return nil
    }
    if sample.rows.isEmpty {
      warnings.append(
        GuessWarning(
          "There is no row of jobs under the headings, so that only the headings speak.",
          isProblem: false))
    }
    let parts = addressParts()
    for meaning in [ColumnMeaning.postcode, .uprn] { settle(meaning, with: parts.first) }
    let reference = findReference()
    let times = pairTimes()
    func dates(_ meaning: ColumnMeaning) -> [String] {
      guard let column = first(meaning) else { return [] }
      return [column.heading] + (times[column.position].map { [sample.header[$0]] } ?? [])
    }
    for meaning in [ColumnMeaning.received, .due, .closed, .updated] {
      guard let column = first(meaning) else { continue }
      dateColumns.append(
        DateColumn(
          heading: column.heading, values: values[column.position],
          time: times[column.position].map { values[$0] }))
    }
    received = first(.received)?.heading
    let map = ColumnMap(
      reference: reference ?? "", received: dates(.received), due: dates(.due),
      closed: dates(.closed), updated: dates(.updated), status: first(.status)?.heading,
      jobClass: first(.jobClass)?.heading, type: first(.type)?.heading, address: parts,
      postcode: first(.postcode)?.heading, uprn: first(.uprn)?.heading,
      x: place.x.map { sample.header[$0] }, y: place.y.map { sample.header[$0] },
      point: place.point.map { sample.header[$0] }, callerType: first(.callerType)?.heading)
    if map.x == nil, map.point == nil, map.uprn == nil, map.postcode == nil {
      obstacles.append(
        "No column tells where a job is: no coordinates, UPRN or postcode were found, so nothing "
          + "could be placed in an area.")
    }
    warnOfWhatIsMissing(map)
    return obstacles.isEmpty ? map : nil
  }

  private func first(_ meaning: ColumnMeaning) -> ColumnGuess? {
    columns.first { $0.meaning == meaning && $0.fate == .mapped }
  }

  /// Else the UPRN, or another column whose values all differ, stands in for the reference.
  private mutating func findReference() -> String? {
    if let found = first(.reference) { return found.heading }
    let fits = columns.filter { column in
      let values = values[column.position]
      let tells = column.meaning == .uprn || column.meaning == nil || column.meaning == .otherNumber
      return tells && column.fate != .refused && column.why.contains("more than once") == false
        && !column.heading.isEmpty && values.filled >= 3 && values.blank == 0
        && values.distinct == values.filled && values.longest <= 40 && values.dated == 0
        && values.links == 0
    }
    guard let standIn = fits.first(where: { $0.meaning == .uprn }) ?? fits.first else {
      obstacles.append(
        "No column names the job: a feed needs a reference that no two jobs share. Have the export "
          + "written with the job's number.")
      return nil
    }
    let isUPRN = standIn.meaning == .uprn
    warnings.append(
      GuessWarning(
        "No column is headed as the job's reference. '\(standIn.heading)' stands in for it, since its "
          + "values all differ\(isUPRN ? "; with it a second job at an address would replace the first" : "").",
        isProblem: isUPRN))
    if !isUPRN {
      columns[standIn.position].meaning = .reference
      columns[standIn.position].sure = 40
      columns[standIn.position].fate = .mapped
      columns[standIn.position].why =
        "by values: all \(CivilWords.counted(values[standIn.position].filled, "value")) differ, and no "
        + "heading says more"
    }
    return standIn.heading
  }

  /// For each date without a time, the column of times that goes with it.
  private mutating func pairTimes() -> [Int: Int] {
    var pairs: [Int: Int] = [:]
    let dates = columns.filter {
      [.received, .due, .closed, .updated].contains($0.meaning) && $0.fate == .mapped
    }
    for time in columns where time.meaning == .timeOfDay {
      let words = Set(wordsOfHeading(time.heading)).subtracting(["time", "of", "date"])
      let values = values[time.position]
      let partner = dates.first { date in
        let own = Set(wordsOfHeading(date.heading)).subtracting(["date", "of", "time"])
        let hasTime = self.values[date.position].dates.keys.contains { $0.hasTime }
        let isNeighbour = abs(date.position - time.position) == 1
        return pairs[date.position] == nil && !hasTime
          && (words.isEmpty ? isNeighbour : !words.isDisjoint(with: own))
      }
      if let partner, values.times * 2 > values.filled {
        pairs[partner.position] = time.position
        columns[time.position].why += "; read together with '\(partner.heading)'"
      } else {
        columns[time.position].fate = .left
      }
    }
    return pairs
  }

  /// The one column with the whole address; else its parts in the order of the list, with the street.
  private mutating func addressParts() -> [String] {
    let all = columns.filter { $0.meaning == .address && $0.fate == .mapped }
    // Where a person lives is an address as well, and the job's is wanted.
    func weight(_ column: ColumnGuess) -> Int {
      column.sure - (AddressChoice.isPersons(column.heading) ? 50 : 0)
    }
    guard
      let best = all.max(by: { (weight($0), $1.position) < (weight($1), $0.position) })
    else { return [] }
    func isPart(_ heading: String) -> Bool {
      let words = wordsOfHeading(heading)
      return words.last?.allSatisfy(\.isNumber) == true
        || ["house", "town", "city", "locality"].contains(where: words.contains)
    }
    guard isPart(best.heading) else {
      for column in all where column.position != best.position {
        columns[column.position].fate = .left
        columns[column.position].why += "; not mapped: '\(best.heading)' holds the address"
      }
      return [best.heading]
    }
    var parts = columns.filter { column in
      if column.meaning == .address { return isPart(column.heading) || column.sure >= 70 }
      let words = wordsOfHeading(column.heading)
      return column.meaning == .street && values[column.position].worded * 2 > column.filled
        && (words == ["street"] || words == ["street", "name"] || words == ["road"]
          || words == ["road", "name"])
    }
    parts = oneFamily(parts, best)
    for part in parts where part.meaning == .street {
      columns[part.position].meaning = .address
      columns[part.position].fate = .mapped
      columns[part.position].why = "by heading; the street of an address in parts"
    }
    for column in all where !parts.contains(where: { $0.position == column.position }) {
      columns[column.position].fate = .left
      columns[column.position].why += "; not mapped: it is no part of the address taken"
    }
    return parts.map(\.heading)
  }

  /// The numbered parts of one address only, with what has no other's name on it; eight at most.
  private func oneFamily(_ parts: [ColumnGuess], _ best: ColumnGuess) -> [ColumnGuess] {
    let family =
      AddressChoice.family(best.heading)
      ?? parts.filter { AddressChoice.family($0.heading) != nil }
      .max { ($0.sure, $1.position) < ($1.sure, $0.position) }
      .flatMap { AddressChoice.family($0.heading) }
    let own = AddressChoice.qualifiers(best.heading)
    let together = parts.filter { part in
      if let other = AddressChoice.family(part.heading) { return other == family }
      return AddressChoice.qualifiers(part.heading).isSubset(of: own)
    }
    return Array(together.prefix(8))
  }

  /// Takes the postcode or UPRN that goes with the address; says so where two might be meant.
  private mutating func settle(_ meaning: ColumnMeaning, with address: String?) {
    guard let taken = first(meaning) else { return }
    let others = columns.filter { column in
      let values = values[column.position]
      return column.meaning == nil && column.fate == .left
        && column.why.hasPrefix("like \(meaning.words),")
        && (values.filled == 0 || (values.fit(meaning).share ?? 0) > 0.5)
    }
    if others.isEmpty { return }
    let all = [taken] + others
    let choice = AddressChoice.choose(all.map(\.heading), address: address)
    let chosen = all[choice.at]
    if choice.at > 0 {
      columns[chosen.position].meaning = meaning
      columns[chosen.position].sure = taken.sure
      columns[chosen.position].fate = .mapped
      columns[chosen.position].why =
        "by heading; of several, it goes best with the address"
      columns[taken.position].meaning = nil
      columns[taken.position].sure = 0
      columns[taken.position].fate = .left
      columns[taken.position].why =
        "like \(meaning.words), for which '\(chosen.heading)' is taken"
    }
    if !choice.isSettled {
      let names = all.map { "'\($0.heading)'" }.joined(separator: ", ")
      warnings.append(
        GuessWarning(
          "\(names) might each be \(meaning.words) of the job; '\(chosen.heading)' is taken. Look "
            + "which of them says where the job is.", isProblem: false))
    }
  }

  private mutating func warnOfWhatIsMissing(_ map: ColumnMap) {
    func note(_ text: String) { warnings.append(GuessWarning(text, isProblem: false)) }
    if map.received.isEmpty {
      note(
        "No column says when a job was received: no job could open an opportunity, since each has a "
          + "window of days.")
    }
    if map.type == nil, map.jobClass == nil {
      note("No column says what kind of job it is: no rule could match any.")
    }
    if map.address.isEmpty, map.uprn == nil {
      note("No address and no UPRN were found: jobs cannot be told apart by address.")
    }
    if map.x == nil, map.point == nil {
      note(
        "The list has no coordinates that can be used: its jobs are placed by UPRN or postcode, which "
          + "needs a gazetteer (triaged gazetteer import); without one none is placed.")
    }
    let rows = place.placed + place.without
    if place.without > 0, place.placed > 0 {
      note(
        "\(place.without) of the \(CivilWords.counted(rows, "row")) looked at "
          + "\(place.without == 1 ? "has no usable coordinates; it is" : "have no usable coordinates; they are") "
          + "placed by UPRN or postcode where a gazetteer is there, else listed under 'not located'."
      )
    }
    for column in columns where column.meaning == .uprn && column.fate == .mapped {
      let spoiled = values[column.position].spoiledUPRNs
      guard spoiled > 0 else { continue }
      warnings.append(
        GuessWarning(
          "\(spoiled) of \(CivilWords.counted(values[column.position].filled, "UPRN")) in "
            + "'\(column.heading)' \(spoiled == 1 ? "is" : "are") spoiled by a spreadsheet (1.00E+11, or "
            + "seven zeros at the end); \(spoiled == 1 ? "it is" : "they are") not used.",
          isProblem: false))
    }
  }
}
