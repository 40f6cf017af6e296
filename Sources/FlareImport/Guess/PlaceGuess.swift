import Triage

/// Which columns hold coordinates, in which system, and whether they are the wrong way round.
struct PlaceGuess {
  /// Positions of the columns to be mapped.
  var x: Int?
  var y: Int?
  var point: Int?
  /// `nil`: no coordinates that can be used.
  var system: PlaceSystem?
  /// Where in the world, for degrees.
  var part: WorldPart?
  /// The middle of the longitudes, for a guess of the time zone.
  var longitude: Double?
  /// Rows with a usable pair, and rows without.
  var placed = 0
  var without = 0
  var why = ""
  var warnings: [GuessWarning] = []
}

/// The systems that a list's numbers can be told to be in.
package enum PlaceSystem: String, Hashable, Sendable {
  case britishNational = "EPSG:27700"
  case degrees = "EPSG:4326"
  case webMercator = "EPSG:3857"

  package var words: String {
    switch self {
    case .britishNational: "the British National Grid"
    case .degrees: "longitude and latitude"
    case .webMercator: "Web Mercator metres"
    }
  }
}

/// Finds the coordinates by heading and tries them by value. What is the wrong way round is mapped as
/// the headings say, with a warning and the other way as an offer: never turned in silence.
func guessPlace(_ sample: ListSample, _ columns: inout [ColumnGuess]) -> PlaceGuess {
  func position(_ meaning: ColumnMeaning) -> Int? {
    columns.first { $0.meaning == meaning }?.position
  }
  let pairs = [
    (ColumnMeaning.easting, ColumnMeaning.northing), (.longitude, .latitude),
  ]
  var readings: [PairReading] = []
  for (one, other) in pairs {
    guard let x = position(one), let y = position(other) else { continue }
    readings.append(PairReading(sample, x: x, y: y, headed: one))
  }
  var guess = PlaceGuess()
  for reading in readings { guess.warnings += reading.warnings(sample.header) }
  // A pair that is right before one that only might be; the grid's own before degrees.
  if let best = readings.filter({ $0.mapped != nil }).max(by: { $0.quality < $1.quality }) {
    guess.take(best)
  } else if let point = position(.point) {
    guess.takePoint(point, sample)
  } else if let pair = pairByValues(sample, columns) {
    guess.take(pair)
    for (at, meaning) in [(pair.x, ColumnMeaning.easting), (pair.y, .northing)] {
      columns[at].meaning =
        pair.mapped == .degrees
        ? (meaning == .easting ? .longitude : .latitude) : meaning
      columns[at].sure = 50
      columns[at].fate = .mapped
      columns[at].why =
        "by values: " + CivilWords.share(pair.fitting, of: pair.count, "pair", "lies", "lie")
        + " in Britain"
    }
  }
  relabel(&columns, guess, readings, sample.header)
  return guess
}

extension PlaceGuess {
  fileprivate mutating func take(_ reading: PairReading) {
    (x, y) = (reading.x, reading.y)
    system = reading.mapped
    placed = reading.count
    without = reading.without
    if system == .degrees, !reading.isTheOtherWay {
      part = reading.part
      longitude = reading.middleX
    }
    why = reading.why
  }

  fileprivate mutating func takePoint(_ column: Int, _ sample: ListSample) {
    let points = sample.rows.compactMap { CellTest.point($0[column]) }
    guard !points.isEmpty else { return }
    let xs = points.map { $0.isWKT ? $0.first : $0.second }
    let ys = points.map { $0.isWKT ? $0.second : $0.first }
    let degrees = PairTest(xs: xs, ys: ys)
    let metres = PairTest(xs: points.map(\.first), ys: points.map(\.second))
    placed = points.count
    without = sample.rows.count - points.count
    if degrees.share(degrees.inDegrees) > 0.8 {
      (point, system) = (column, .degrees)
      part = degrees.part
      longitude = degrees.middleX
      why = "latitude and longitude in one column, \(metres.ranges(.degrees)) in the order written"
      if degrees.isSwappedInDegrees {
        warnings.append(
          GuessWarning(
            "'\(sample.header[column])' holds the longitude before the latitude "
              + "(\(metres.ranges(.degrees))): read as it stands, its jobs lie elsewhere in the world.",
            isProblem: true))
      }
      return
    }
    // "easting, northing" in the order of its letters.
    if metres.share(metres.onLand) > 0.5 {
      (point, system) = (column, .britishNational)
      why = "easting and northing in one column, \(metres.ranges(.britishNational))"
    }
  }
}

/// Two numeric columns side by side that make places in Britain, under headings that do not say so.
private func pairByValues(_ sample: ListSample, _ columns: [ColumnGuess]) -> PairReading? {
  for column in columns.dropLast() {
    let next = columns[column.position + 1]
    guard column.meaning == nil, next.meaning == nil, column.fate == .left, next.fate == .left,
      column.why.isEmpty, next.why.isEmpty
    else { continue }
    let metres = PairReading(sample, x: column.position, y: next.position, headed: .easting)
    if metres.count >= 3, metres.test.share(metres.test.inSixDigits) > 0.8,
      metres.test.share(metres.test.onLand) > 0.9
    {
      return metres
    }
    for (x, y) in [(column.position, next.position), (next.position, column.position)] {
      let degrees = PairReading(sample, x: x, y: y, headed: .longitude)
      if degrees.count >= 3, degrees.test.share(degrees.test.inBritishDegrees) > 0.9 {
        return degrees
      }
    }
  }
  return nil
}

/// Tells each coordinate column what became of it.
private func relabel(
  _ columns: inout [ColumnGuess], _ guess: PlaceGuess, _ readings: [PairReading],
  _ header: [String]
) {
  let used = Set([guess.x, guess.y, guess.point].compactMap { $0 })
  for at in columns.indices {
    guard let meaning = columns[at].meaning,
      [.easting, .northing, .longitude, .latitude, .point].contains(meaning)
    else { continue }
    let reading = readings.first { $0.x == at || $0.y == at }
    if used.contains(at) {
      if guess.system == .degrees, meaning == .easting { columns[at].meaning = .longitude }
      if guess.system == .degrees, meaning == .northing { columns[at].meaning = .latitude }
      if let reading, reading.count > 0 { columns[at].why = "by heading; \(reading.why)" }
      if reading?.isDoubtful == true { columns[at].sure = min(columns[at].sure, 30) }
      continue
    }
    columns[at].fate = .left
    if let reading, reading.mapped == nil {
      columns[at].sure = min(columns[at].sure, 30)
      columns[at].why = reading.why + "; not mapped"
    } else if let x = guess.x, let y = guess.y {
      columns[at].why += "; not mapped: '\(header[x])' and '\(header[y])' are taken"
    } else {
      columns[at].why += "; not mapped: one coordinate alone places nothing"
    }
  }
}
