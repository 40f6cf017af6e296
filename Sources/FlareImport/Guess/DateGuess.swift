import Triage

/// How a list writes its dates.
struct DateGuess {
  /// As ``DatePattern`` reads them, the most frequent first.
  var patterns: [String] = []
  var order: DateOrder?
  /// How many dates say by themselves where they are: `Z` or an offset.
  var withOffset = 0
  var dated = 0
  var sentinels = 0
  var serials = 0
  /// How the order of day and month was found, as a sentence; empty where there was none to find.
  var why = ""
  var warnings: [GuessWarning] = []
}

/// One column of dates, or a date and its time of day.
struct DateColumn {
  var heading: String
  var values: ColumnValues
  /// Of the time of day in a column of its own.
  var time: ColumnValues?
}

/// Decides over all columns of dates at once, since a list is written by one program: by days above
/// 12, else by what would lie in the future, else as is usual where the list comes from.
/// - Parameter today: days since 1970-01-01.
func guessDates(_ columns: [DateColumn], received: String?, today: Int, part: WorldPart?)
  -> DateGuess
{
  var guess = DateGuess()
  var dayFirst = 0
  var monthFirst = 0
  var open: [(shape: DateShape, count: Int)] = []
  for column in columns {
    guess.dated += column.values.dated
    guess.serials += column.values.dated * 2 < column.values.filled ? column.values.serials : 0
    for (shape, count) in column.values.dates {
      if shape.isSentinel { guess.sentinels += count }
      if shape.hasOffset { guess.withOffset += count }
      guard let pair = shape.pair else { continue }
      open.append((shape, count))
      if pair.first > 12 { dayFirst += count }
      if pair.second > 12 { monthFirst += count }
    }
  }
  if !open.isEmpty {
    guess.decide(dayFirst: dayFirst, monthFirst: monthFirst, open, today: today, part: part)
  }
  guess.write(columns)
  guess.watchFuture(columns, received: received, today: today)
  return guess
}

extension DateGuess {
  fileprivate static func have(_ dates: Int) -> String {
    "\(CivilWords.counted(dates, "date")) \(dates == 1 ? "has" : "have")"
  }

  fileprivate mutating func decide(
    dayFirst: Int, monthFirst: Int, _ open: [(shape: DateShape, count: Int)], today: Int,
    part: WorldPart?
  ) {
    let american = part == .northAmerica
    switch (dayFirst, monthFirst) {
    case (1..., 0):
      order = .dayFirst
      why =
        "Day before month: \(DateGuess.have(dayFirst)) a first number above 12, and none a second."
    case (0, 1...):
      order = .monthFirst
      why =
        "Month before day: \(DateGuess.have(monthFirst)) a second number above 12, and none a first."
      if part == .britain || part == nil {
        warnings.append(
          GuessWarning(
            "The dates are written month first, as American programs do (\(CivilWords.grouped(monthFirst)) of them "
              + "\(monthFirst == 1 ? "makes" : "make") no date day first). They are read so; if the council's own screens show day first, "
              + "a spreadsheet has turned them, and the list needs mending where it is made.",
            isProblem: true))
      }
    case (1..., 1...):
      order = dayFirst >= monthFirst ? .dayFirst : .monthFirst
      let wrong = min(dayFirst, monthFirst)
      why =
        "\(CivilWords.counted(dayFirst, "date")) can only be day first and "
        + "\(CivilWords.grouped(monthFirst)) only month first."
      warnings.append(
        GuessWarning(
          "\(why) The list mixes both, as a spreadsheet does that has read half of them: the "
            + "\(CivilWords.grouped(wrong)) of the smaller kind \(wrong == 1 ? "is" : "are") not read, and those that fit both ways may be wrong.",
          isProblem: true))
    default:
      func ahead(_ order: DateOrder) -> Int {
        open.reduce(0) { sum, one in
          guard !one.shape.isSentinel, let day = one.shape.day(order) else { return sum }
          return day > today + 1 ? sum + one.count : sum
        }
      }
      let (asDay, asMonth) = (ahead(.dayFirst), ahead(.monthFirst))
      let all = open.reduce(0) { $0 + $1.count }
      if asDay * 50 > all, asMonth * 50 <= all {
        order = .monthFirst
        why =
          "Month before day: day first, \(asDay) of \(CivilWords.counted(all, "date")) would lie in the future."
      } else if asMonth * 50 > all, asDay * 50 <= all {
        order = .dayFirst
        why =
          "Day before month: month first, \(asMonth) of \(CivilWords.counted(all, "date")) would lie in the future."
      } else {
        order = american ? .monthFirst : .dayFirst
        why =
          "No number above 12 tells the day from the month; "
          + (american ? "month first is assumed, as America writes." : "day first is assumed.")
        warnings.append(GuessWarning("\(why) Compare one date with the source.", isProblem: false))
      }
    }
  }

  /// The patterns that are needed, the most frequent first.
  fileprivate mutating func write(_ columns: [DateColumn]) {
    var counts: [String: Int] = [:]
    for column in columns {
      var times: [String: Int] = [:]
      if let time = column.time {
        for (word, count) in time.words {
          guard let shape = DateShape("1/1/2001 " + word) else { continue }
          times[String(shape.template.dropFirst("A/B/yyyy ".count)), default: 0] += count
        }
      }
      for (shape, count) in column.values.dates {
        let pattern = shape.pattern(order ?? .dayFirst)
        counts[pattern, default: 0] += count
        if shape.hasTime { continue }
        for time in times.keys { counts["\(pattern) \(time)", default: 0] += count }
      }
    }
    patterns = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    // A pattern without its offset would pass over the mark; one with it never fits without.
    if patterns.count > 12 { patterns = Array(patterns.prefix(12)) }
  }

  /// More than one in fifty received after today is a day taken for a month, or a clock that is wrong.
  fileprivate mutating func watchFuture(_ columns: [DateColumn], received: String?, today: Int) {
    guard let column = columns.first(where: { $0.heading == received }) else { return }
    var ahead = 0
    for (shape, count) in column.values.dates where !shape.isSentinel {
      if let day = shape.day(order ?? .dayFirst), day > today + 1 { ahead += count }
    }
    guard ahead * 50 > column.values.dated, ahead > 0 else { return }
    warnings.append(
      GuessWarning(
        "\(ahead) of \(CivilWords.counted(column.values.dated, "date")) in '\(column.heading)' "
          + "\(ahead == 1 ? "lies" : "lie") in the future, which is more than 2 %: such a list is held back. Look at the order of day and month.",
        isProblem: true))
  }
}
