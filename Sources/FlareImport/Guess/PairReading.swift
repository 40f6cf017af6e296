import Triage

/// Two columns taken for a pair of coordinates, with what their values say to it.
struct PairReading {
  let x: Int
  let y: Int
  /// `easting` or `longitude`: what the headings call the first of the two.
  let headed: ColumnMeaning
  let test: PairTest
  /// Rows in which one of the two is missing, no number, or both are zero.
  let without: Int
  /// Rows whose British postcode lies where the pair does, and where it would if it were turned.
  private var nearPostcode = 0
  private var nearPostcodeTurned = 0
  private var irishPostcodes = 0
  private let claimsGrid: Bool
  private let names: (x: String, y: String)
  /// No row stands in the list, so that only the headings can tell the system.
  private let isByHeading: Bool

  init(_ sample: ListSample, x: Int, y: Int, headed: ColumnMeaning) {
    (self.x, self.y, self.headed) = (x, y, headed)
    var xs: [Double] = []
    var ys: [Double] = []
    var rows: [Int] = []
    for (at, row) in sample.rows.enumerated() {
      guard let one = CellTest.number(row[x]), let other = CellTest.number(row[y]),
        one != 0 || other != 0
      else { continue }
      xs.append(one)
      ys.append(other)
      rows.append(at)
    }
    test = PairTest(xs: xs, ys: ys)
    without = sample.rows.count - xs.count
    isByHeading = sample.rows.isEmpty
    names = (sample.header[x], sample.header[y])
    // "X" and "GeoX" say nothing of the system; "Easting" does.
    claimsGrid =
      headed == .easting
      && !["x", "geo", "coord", "coordinate", "location", "xcoord", "enquiry"].contains(
        where: wordsOfHeading(sample.header[x]).contains)
    weighPostcodes(sample, rows)
  }

  var count: Int { test.count }
  var part: WorldPart? { test.part }
  var middleX: Double? { test.middleX }

  /// Most cells of a row are no postcode, so the first rows tell which column to look at.
  private mutating func weighPostcodes(_ sample: ListSample, _ rows: [Int]) {
    let first = sample.rows.prefix(200)
    let column = sample.header.indices.max { one, other in
      first.count { CellTest.isPostcode($0[one]) } < first.count { CellTest.isPostcode($0[other]) }
    }
    guard let column else { return }
    for (pair, row) in rows.enumerated() {
      guard let area = CellTest.outwardArea(sample.rows[row][column]) else { continue }
      if area == "BT" { irishPostcodes += 1 }
      guard let middle = postcodeAreaMiddles[area] else { continue }
      func isNear(_ x: Double, _ y: Double) -> Bool {
        let (dx, dy) = (x / 1000 - middle.x, y / 1000 - middle.y)
        return dx * dx + dy * dy < 110 * 110
      }
      if isNear(test.xs[pair], test.ys[pair]) { nearPostcode += 1 }
      if isNear(test.ys[pair], test.xs[pair]) { nearPostcodeTurned += 1 }
    }
  }

  /// What the numbers are, whatever the headings say.
  private var found: PlaceSystem? {
    if isByHeading { return headed == .easting ? .britishNational : .degrees }
    guard count > 0 else { return nil }
    if test.share(test.inDegrees) > 0.8 { return .degrees }
    if test.share(test.inBox) > 0.5 || test.share(test.onLandTurned) > 0.5 {
      return .britishNational
    }
    if test.share(test.inMercator) > 0.8 { return .webMercator }
    return nil
  }

  /// The system in which the guess maps the two; `nil`: not at all.
  var mapped: PlaceSystem? {
    switch (headed, found) {
    case (.easting, .degrees): claimsGrid ? .britishNational : .degrees
    case (.longitude, .britishNational), (.longitude, .webMercator): .degrees
    default: found
    }
  }

  /// The values of each column are what the other's heading says.
  var isTheOtherWay: Bool {
    switch found {
    case .britishNational:
      let byLand = test.share(test.onLandTurned) > 0.8 && test.share(test.onLand) < 0.2
      let most = max(nearPostcode, nearPostcodeTurned)
      let byPostcode = most * 5 >= count && nearPostcodeTurned > 4 * nearPostcode
      return byLand || byPostcode
    case .degrees: return test.isSwappedInDegrees
    default: return false
    }
  }

  private var isOfOtherSystem: Bool { mapped != nil && mapped != found }
  var isDoubtful: Bool { isTheOtherWay || isOfOtherSystem }

  /// How many of the pairs are where they should be.
  var fitting: Int {
    switch found {
    case .britishNational: test.onLand
    case .degrees: test.onEarthsParts
    default: count
    }
  }

  var quality: Int {
    if isDoubtful { return 1 }
    switch mapped {
    case .britishNational: return 4
    case .degrees: return 3
    case .webMercator: return 2
    case nil: return 0
    }
  }

  var why: String {
    if isByHeading { return "by their headings alone" }
    return switch found {
    case .britishNational:
      CivilWords.share(test.inBox, of: count, "pair", "is", "are")
        + " metres of the National Grid (\(test.ranges(found)))"
    case .degrees:
      CivilWords.share(test.inDegrees, of: count, "pair", "is", "are")
        + " degrees (\(test.ranges(found)))"
    case .webMercator:
      "\(CivilWords.counted(count, "pair")) \(count == 1 ? "is" : "are") Web Mercator metres "
        + "(\(test.ranges(found)))"
    case nil:
      count == 0
        ? "no row has both numbers"
        : "\(test.ranges(nil)) is neither the National Grid nor degrees"
    }
  }

  func warnings(_ header: [String]) -> [GuessWarning] {
    let both = "'\(names.x)' and '\(names.y)'"
    guard count > 0 else { return [] }
    if found == nil {
      return [
        GuessWarning(
          "\(both) hold \(test.ranges(nil)), which is neither the National Grid nor degrees; they "
            + "are not mapped. Name their system with 'coordinates' if you know it.",
          isProblem: false)
      ]
    }
    var warnings: [GuessWarning] = []
    if isOfOtherSystem, let found {
      let turned = isTheOtherWay
      let (a, b) = turned ? (names.y, names.x) : (names.x, names.y)
      let keys = found == .degrees ? ("longitude", "latitude") : ("easting", "northing")
      warnings.append(
        GuessWarning(
          "\(both) are headed as \(mapped?.words ?? "") and hold \(found.words) "
            + "(\(test.ranges(found)))\(turned ? ", the other way round" : ""). They are mapped as "
            + "the headings say, so that nothing can be placed; look at the list, or map them by "
            + "their values.",
          isProblem: true, instead: [(keys.0, a), (keys.1, b)]))
    } else if isTheOtherWay {
      let keys = found == .degrees ? ("longitude", "latitude") : ("easting", "northing")
      let reason =
        found == .degrees
        ? "only the other way round do they lie on land"
        : nearPostcodeTurned > 4 * nearPostcode
          ? "\(nearPostcodeTurned == 1 ? "the postcode" : "the postcodes") of "
            + "\(CivilWords.counted(nearPostcodeTurned, "row")) \(nearPostcodeTurned == 1 ? "lies" : "lie") "
            + "where the pair does the other way round, and of \(nearPostcode) as it stands"
          : "\(test.onLandTurned) of \(count) \(test.onLandTurned == 1 ? "lies" : "lie") on British land the other way round, and "
            + "\(test.onLand) as they stand"
      warnings.append(
        GuessWarning(
          "\(both) look swapped: they hold \(test.ranges(found)), and \(reason). They are mapped as "
            + "the headings say; turn them round if you agree.",
          isProblem: true, instead: [(keys.0, names.y), (keys.1, names.x)]))
    }
    if found == .britishNational, irishPostcodes * 2 > count {
      warnings.append(
        GuessWarning(
          "Most postcodes are of Northern Ireland, whose lists are often on the Irish Grid: "
            + "'coordinates: EPSG:29903' would say so.", isProblem: false))
    }
    return warnings
  }
}
