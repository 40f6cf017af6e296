import Triage

/// A published gazetteer, told by its columns, with the places of those that matter.
///
/// Coordinates of all of them are on the British National Grid; Northern Ireland's postcodes in the ONS
/// directory are on the Irish Grid and are left out.
/// Sources: OS Open UPRN technical specification; Code-Point Open user guide; ONS Postcode Directory
/// user guide.
enum GazetteerProduct: Equatable {
  /// `UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE`.
  case openUPRN(uprn: Int, x: Int, y: Int)
  /// `postcode,quality,easting,northing,…` without a header; quality 90 has no coordinates.
  case codePointOpen
  /// Names differ from year to year (`oseast1m`, `east1m`); quality 9 has no coordinates.
  case postcodeDirectory(postcode: Int, ended: Int?, quality: Int?, x: Int, y: Int)

  var name: String {
    switch self {
    case .openUPRN: "OS Open UPRN"
    case .codePointOpen: "Code-Point Open"
    case .postcodeDirectory: "ONS Postcode Directory"
    }
  }

  /// The last column that is read: in a row that ends with the file before another column begins, its
  /// cell may be cut.
  var lastColumn: Int {
    switch self {
    case .openUPRN(let uprn, let x, let y): max(uprn, x, y)
    case .codePointOpen: 3
    case .postcodeDirectory(let postcode, let ended, let quality, let x, let y):
      max(postcode, ended ?? 0, quality ?? 0, x, y)
    }
  }

  /// Whether the first row is a heading and no place.
  var hasHeader: Bool { self != .codePointOpen }

  /// - Parameter row: the file's first row, trimmed.
  init?(firstRow row: [String]) {
    let headings = row.map(headingKey)
    func column(_ names: String...) -> Int? {
      names.lazy.compactMap { headings.firstIndex(of: $0) }.first
    }
    if let uprn = column("uprn"), let x = column("x_coordinate"), let y = column("y_coordinate") {
      self = .openUPRN(uprn: uprn, x: x, y: y)
    } else if let x = column("oseast1m", "east1m"), let y = column("osnrth1m", "north1m"),
      let postcode = column("pcds", "pcd", "pcd7", "pcd8", "pcd2")
    {
      self = .postcodeDirectory(
        postcode: postcode, ended: column("doterm"), quality: column("osgrdind", "gridind"), x: x,
        y: y)
    } else if row.count >= 4, !postcodeKey(row[0]).isEmpty, row[1].count == 2, Int(row[1]) != nil,
      Int(row[2]) != nil, Int(row[3]) != nil
    {
      self = .codePointOpen
    } else {
      return nil
    }
  }

  /// Whether a file holds but the headings of Code-Point Open, which come in a file of their own.
  static func isHeadingsOnly(_ row: [String]) -> Bool {
    row.map(headingKey).starts(with: ["pc", "pq", "ea", "no"])
      || row.map(headingKey).starts(with: ["postcode", "positional_quality_indicator", "eastings"])
  }
}
