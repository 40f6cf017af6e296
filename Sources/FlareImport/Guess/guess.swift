import Foundation
import Triage

/// Guesses what an unknown list holds, from its headings and its values.
///
/// Pure: a sample in, a guess out. What personal data or free text looks like is recognised and never
/// mapped.
/// - Parameters:
///   - now: dates later than this are taken as a sign of day and month mistaken.
///   - refusedWords: further words that mark a column as one that may not be mapped.
package func guess(
  sample: ListSample, now: Date, refusedWords: [String] = []
) -> FeedGuess {
  let values = sample.header.indices.map { column in
    ColumnValues(sample.rows.lazy.map { $0[column] })
  }
  let today = Int((now.timeIntervalSince1970 / 86_400).rounded(.down))
  var columns =
    sample.hasHeader
    ? assignColumns(sample, values, refusedWords, today: today)
    : sample.header.enumerated().map { at, name in
      ColumnGuess(
        position: at, heading: name, meaning: nil, sure: 0, why: "the list has no headings",
        filled: values[at].filled, fate: .left)
    }
  var place = sample.hasHeader ? guessPlace(sample, &columns) : PlaceGuess()
  var makeMap = MapMaking(sample: sample, columns: columns, values: values, place: place)
  let map = makeMap.make()
  columns = makeMap.columns
  let dates = guessDates(
    makeMap.dateColumns, received: makeMap.received, today: today, part: place.part)
  let zone = guessZone(dates, place)
  place.warnings += dates.warnings + makeMap.warnings + zone.warnings
  let mapped = columns.filter { $0.fate == .mapped }.map(\.position)
  func mappedValues(_ meaning: ColumnMeaning) -> ColumnValues? {
    columns.first { $0.meaning == meaning && $0.fate == .mapped }.map { values[$0.position] }
  }
  return FeedGuess(
    sample: sample, columns: columns, map: map, system: place.system, placeWhy: place.why,
    placed: place.placed, notPlaced: place.without, dateFormats: dates.patterns,
    dateWhy: dates.why, timeZone: zone.name, timeZoneWhy: zone.why,
    nullWords: Set(mapped.flatMap { values[$0].nullWords }).sorted(),
    closedWords: closedPatterns(mappedValues(.status)?.words ?? [:]),
    statuses: tally(mappedValues(.status)), types: tally(mappedValues(.type)),
    classes: tally(mappedValues(.jobClass)),
    referencesRepeat: mappedValues(.reference).map { $0.distinct * 100 < $0.filled * 95 } ?? false,
    warnings: place.warnings, obstacles: makeMap.obstacles)
}

private func tally(_ values: ColumnValues?) -> WordTally {
  guard let values else { return WordTally() }
  return WordTally(values.words, of: (values.distinct, values.filled))
}

/// Patterns of ``FeedSettings/closedWords`` for those of a list's statuses that sound closed.
///
/// A pattern says no more of a list than it may (``WordTally``): a status in the list's own words only
/// where many rows have it; one in our words, with a short code before it at most, always.
/// - Parameter statuses: how many rows have each.
func closedPatterns(_ statuses: [String: Int]) -> [String] {
  let sounds = [
    "closed", "close", "cancel", "complete", "cleared", "resolved", "fixed", "finished", "done",
    "rejected", "duplicate", "no further action", "investigation complete",
  ]
  var patterns: Set<String> = []
  for (status, rows) in statuses {
    let text = status.lowercased()
    let isCommon = rows >= WordTally.enough
    if text.hasPrefix("not ") || text.hasPrefix("in") && !text.hasPrefix("investigation") {
      continue
    }
    guard let word = sounds.first(where: { text.hasPrefix($0) }) else {
      // Symology writes "09 CLEARED".
      if let word = sounds.first(where: { text.hasSuffix(" " + $0) }), !text.contains("not "),
        isCommon || text.dropLast(word.count + 1).allSatisfy(\.isNumber)
      {
        patterns.insert(status)
      }
      continue
    }
    let whole = ["closed", "cancel", "complete", "cleared", "resolved", "fixed"].contains(word)
    if whole {
      patterns.insert(word.prefix(1).uppercased() + word.dropFirst() + "*")
    } else if isCommon || text == word {
      patterns.insert(status)
    }
  }
  return patterns.sorted()
}

/// Which zone a list's civil times are in; no list says it.
func guessZone(
  _ dates: DateGuess, _ place: PlaceGuess
) -> (name: String, why: String, warnings: [GuessWarning]) {
  if dates.dated == 0 && dates.serials == 0 { return ("Europe/London", "no dates were found", []) }
  var name = "Europe/London"
  if place.part == .northAmerica, let longitude = place.longitude {
    name =
      switch longitude {
      case (-85)...: "America/New_York"
      case (-101)...: "America/Chicago"
      case (-114)...: "America/Denver"
      case (-125)...: "America/Los_Angeles"
      default: "America/Anchorage"
      }
  }
  if dates.dated > 0,
    dates.withOffset == dates.dated - dates.sentinels || dates.withOffset == dates.dated
  {
    return (name, "every date bears its own offset, so the zone does not matter", [])
  }
  if place.part == .britain || place.part == nil {
    return (name, "as British lists are", [])
  }
  let why = "guessed from where the jobs lie"
  return (
    name, why,
    [
      GuessWarning(
        "The times are taken as \(name), \(place.part == .northAmerica ? why : "for want of better"): "
          + "correct 'timezone' if that is wrong.", isProblem: false)
    ]
  )
}
