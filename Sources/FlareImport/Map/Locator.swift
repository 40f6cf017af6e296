import Triage

/// From the bytes of a row to the area that holds it, and how well that is known: by coordinates of
/// the row, else by its UPRN, else by its postcode. Decodes nothing else.
struct Locator: ~Copyable {
  private let x: Int?
  private let y: Int?
  private let point: Int?
  private let uprn: Int?
  private let postcode: Int?
  private let address: [Int]
  private let bounds: CoordinateBounds
  private let farAway: FarAway?
  private let projection: Projection
  private let gazetteer: Gazetteer
  private let approximateMetres: Double
  private let index: AreaIndex
  private var cells: CellText
  /// Why the coordinates of the row last located were of no use; `nil` where they were used.
  private(set) var trouble: Trouble?
  private(set) var wrongWays = WrongWays()

  var isGeographic: Bool { bounds.isGeographic }

  enum Answer {
    case outside
    case notLocated
    /// Position in ``AreaIndex/areas``, where on the grid, and how that is known.
    case inArea(Int, GridPoint, LocationGrade)
  }

  init(columns: Columns, settings: FeedSettings, ground: Ground) {
    x = columns.x
    y = columns.y
    point = columns.point
    uprn = columns.uprn
    postcode = columns.postcode
    address = columns.address
    projection = ground.projection
    gazetteer = ground.gazetteer
    approximateMetres = settings.approximateMetres
    index = ground.index
    bounds = CoordinateBounds(crs: settings.crs, kind: projection.kind)
    farAway = FarAway(from: ground.index.box, by: projection, within: bounds.box)
    cells = CellText(nullWords: settings.nullWords)
  }

  @inline(__always)
  mutating func locate(_ row: RowFields) -> Answer {
    trouble = nil
    if let columnX = x, let columnY = y, let x = decimal(row[columnX]),
      let y = decimal(row[columnY]), bounds.hold(x, y)
    {
      if let farAway, farAway.holds(x, y) { return .outside }
      if let point = projection.toGrid(x, y) { return place(point) }
    }
    return locateOtherwise(row)
  }

  @inline(__always)
  private func place(_ point: GridPoint) -> Answer {
    guard let position = index.firstPosition(holding: point) else { return .outside }
    return .inArea(position, point, .coordinates)
  }

  @inline(never)
  private mutating func locateOtherwise(_ row: RowFields) -> Answer {
    let coordinates = coordinates(row)
    switch coordinates {
    case .point(let point): return place(point)
    case .farAway: return .outside
    case .absent, .zero, .unreadable, .outOfBounds, .outOfReach: break
    }
    wrongWays.note(coordinates, bounds, projection)
    var trouble = Trouble(coordinates: coordinates)
    defer { self.trouble = trouble }
    if let point = byUPRN(row, &trouble) { return place(point, .uprn) }
    if let point = byPostcode(row, &trouble) { return place(point, .postcode) }
    return .notLocated
  }

  private func place(_ point: GridPoint, _ grade: LocationGrade) -> Answer {
    guard
      let (position, grade) = index.placing(
        point, grade: grade, approximateMetres: approximateMetres)
    else { return .outside }
    return .inArea(position, point, grade)
  }

  /// What the row's coordinates are, in two columns or in one.
  private mutating func coordinates(_ row: RowFields) -> Coordinates {
    var found = Coordinates.absent
    if let x, let y {
      let hasX = !cells.bytes(row, x).isEmpty
      let hasY = !cells.bytes(row, y).isEmpty
      if hasX || hasY { found = judge(decimal(row[x]), decimal(row[y])) }
      if found.isUsable { return found }
    }
    guard let point else { return found }
    let text = cells.bytes(row, point)
    if text.isEmpty { return found }
    guard let pair = readPoint(text) else {
      return found == .absent ? .unreadable : found
    }
    // WKT has x first; "latitude, longitude" is how people write a pair of degrees.
    let turned = bounds.isGeographic && !pair.isWKT
    let judged = turned ? judge(pair.second, pair.first) : judge(pair.first, pair.second)
    return judged.isUsable || found == .absent ? judged : found
  }

  private func judge(_ x: Double?, _ y: Double?) -> Coordinates {
    guard let x, let y else { return .unreadable }
    if x == 0, y == 0 { return .zero }
    guard bounds.hold(x, y) else { return .outOfBounds(x, y) }
    if let farAway, farAway.holds(x, y) { return .farAway }
    if let point = projection.toGrid(x, y) { return .point(point) }
    return .outOfReach(x, y)
  }

  private mutating func byUPRN(_ row: RowFields, _ trouble: inout Trouble) -> GridPoint? {
    let text = cells.bytes(row, uprn)
    if text.isEmpty { return nil }
    switch UPRNReading(text) {
    case .spoiled: trouble.uprn = .spoiled
    case .unusable: trouble.uprn = .unusable
    case .uprn(let number):
      if let point = gazetteer.point(number) { return point }
      trouble.uprn = .unknown
    }
    return nil
  }

  /// By the postcode's own column, else by what ends the address.
  private mutating func byPostcode(_ row: RowFields, _ trouble: inout Trouble) -> GridPoint? {
    if gazetteer.isEmpty { return nil }
    var key = postcodeKey(cells.string(row, postcode))
    if key.isEmpty, !address.isEmpty { key = postcodeKey(inAddress: cells.joined(row, address)) }
    if key.isEmpty { return nil }
    if let point = gazetteer.centroid(key) { return point }
    trouble.isPostcodeUnknown = true
    return nil
  }
}

/// What stands where a row's coordinates belong.
enum Coordinates: Equatable {
  case absent
  /// 0/0: how systems write "none".
  case zero
  /// No numbers.
  case unreadable
  /// Numbers that the system does not have.
  case outOfBounds(Double, Double)
  /// Somewhere on earth, and not on the grid.
  case outOfReach(Double, Double)
  /// Outside every area, without a conversion.
  case farAway
  case point(GridPoint)

  var isUsable: Bool {
    switch self {
    case .point, .farAway: true
    case .absent, .zero, .unreadable, .outOfBounds, .outOfReach: false
    }
  }
}

/// Why a row was not located by its coordinates, and what its UPRN and postcode had to say.
struct Trouble {
  var coordinates: Coordinates
  var uprn: UPRN = .none
  var isPostcodeUnknown = false

  enum UPRN {
    case none, spoiled, unusable
    /// Not in the gazetteer.
    case unknown
  }

  /// "has 0/0 for coordinates, and the gazetteer does not know its UPRN"; no cell's content.
  func sentence(crs: String) -> String {
    let first =
      switch coordinates {
      case .absent, .farAway, .point: "has no coordinates"
      case .zero: "has 0/0 for coordinates"
      case .unreadable: "has coordinates that are no numbers"
      case .outOfBounds: "has coordinates that \(crs) does not have"
      case .outOfReach: "has coordinates outside the grid's reach"
      }
    var others: [String] = []
    if uprn == .unknown { others.append("its UPRN") }
    if isPostcodeUnknown { others.append("its postcode") }
    if others.isEmpty { return first }
    return first + ", and the gazetteer does not know " + others.joined(separator: " or ")
  }
}
