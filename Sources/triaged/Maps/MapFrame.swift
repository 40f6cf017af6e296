import Triage

/// A point of a picture in its own units: `x` to the right, `y` down.
struct MapPoint: Hashable {
  var x: Double
  var y: Double
}

/// An upright rectangle of a picture.
struct MapRect: Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  func overlap(_ other: MapRect) -> Double {
    max(0, min(right, other.right) - max(x, other.x))
      * max(0, min(bottom, other.bottom) - max(y, other.y))
  }

  func holds(_ other: MapRect) -> Bool {
    other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
  }

  func grown(by distance: Double) -> MapRect {
    MapRect(
      x: x - distance, y: y - distance, width: width + 2 * distance, height: height + 2 * distance)
  }
}

/// From the grid's metres to a picture's units. North of the grid is up, and a metre is as long to the
/// east as to the north.
struct MapFrame {
  /// Where the map is in the picture.
  let rect: MapRect
  /// Units of the picture for one metre.
  let scale: Double
  private let middle: GridPoint

  static let width = 440.0
  private static let edge = 8.0
  private static let heights = 220.0...520.0

  /// - Parameters:
  ///   - ground: what must be seen, in metres on the grid.
  ///   - top: units of the picture that stay free above the map.
  init(_ ground: Box, top: Double) {
    // Room for a name above and beside the outermost area.
    let (aside, above) = (36.0, 40.0)
    let (across, up) = (max(ground.maxX - ground.minX, 100), max(ground.maxY - ground.minY, 100))
    let width = MapFrame.width - 2 * MapFrame.edge
    scale = min(
      (width - 2 * aside) / across, (MapFrame.heights.upperBound - 2 * above) / up)
    let height = min(
      MapFrame.heights.upperBound, max(MapFrame.heights.lowerBound, up * scale + 2 * above))
    rect = MapRect(x: MapFrame.edge, y: top, width: width, height: height)
    middle = GridPoint(x: (ground.minX + ground.maxX) / 2, y: (ground.minY + ground.maxY) / 2)
  }

  func place(_ point: GridPoint) -> MapPoint {
    MapPoint(
      x: rect.x + rect.width / 2 + (point.x - middle.x) * scale,
      y: rect.y + rect.height / 2 - (point.y - middle.y) * scale)
  }

  /// A length that people know, at most a third of the map: metres.
  var scaleBarMetres: Double {
    let most = rect.width / 3 / scale
    var metres = 1.0
    while metres * 10 <= most { metres *= 10 }
    return most >= metres * 5 ? metres * 5 : most >= metres * 2 ? metres * 2 : metres
  }
}

/// Whether a point can be drawn: a number, and on the earth.
func isDrawable(_ point: GridPoint) -> Bool { abs(point.x) < 1e8 && abs(point.y) < 1e8 }

/// A number of a picture: one decimal, and none where it is zero.
func short(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e9 else { return "0" }
  return shortTenths(Int((number * 10).rounded()))
}

func shortTenths(_ tenths: Int) -> String {
  let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
  return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
}
