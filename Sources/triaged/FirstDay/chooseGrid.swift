import Foundation
import Triage

/// The grid for areas that come without a configuration: the British one in Britain, else the zone of
/// the Universal Transverse Mercator system (on WGS 84) that their middle lies in.
///
/// - Returns: the grid, and a sentence where it is not the usual one. What is no GeoJSON in degrees
///   gets the British grid: the reader of boundary files says what is wrong with it.
/// - Throws: ``FirstDayError`` where no grid measures them all: some in Britain and some not, or
///   further apart than two zones.
func chooseGrid(for files: [Data]) throws -> (grid: Grid, why: String?) {
  let boxes = files.map { file in
    (try? JSONSerialization.jsonObject(with: file)).flatMap(degreesBox(of:))
  }
  let known = boxes.compactMap { $0 }
  let abroad = known.filter { !$0.isBritish }
  guard let first = abroad.first else { return (.britishNational, nil) }
  let box = abroad.dropFirst().reduce(first) { $0.union($1) }
  guard abroad.count == known.count, abroad.count == 1 || box.east - box.west <= 12 else {
    throw FirstDayError(
      description:
        "The boundary files lie too far apart to be measured on one grid. Give those that "
        + "lie near each other, and the others in another preview.")
  }
  let (longitude, latitude) = box.middle
  let zone = min(60, max(1, Int(((longitude + 180) / 6).rounded(.down)) + 1))
  let grid = Grid(crs: "EPSG:\((latitude < 0 ? 32700 : 32600) + zone)")
  return (
    grid,
    "The areas lie outside Great Britain, so distances are measured on the grid \(grid.crs) "
      + "(UTM zone \(zone) \(latitude < 0 ? "south" : "north"))."
  )
}

private struct DegreesBox {
  var west = Double.infinity
  var south = Double.infinity
  var east = -Double.infinity
  var north = -Double.infinity

  var middle: (longitude: Double, latitude: Double) { ((west + east) / 2, (south + north) / 2) }

  var isBritish: Bool {
    let (longitude, latitude) = middle
    return (-9...2.1).contains(longitude) && (49...61.1).contains(latitude)
  }

  func union(_ other: DegreesBox) -> DegreesBox {
    DegreesBox(
      west: min(west, other.west), south: min(south, other.south), east: max(east, other.east),
      north: max(north, other.north))
  }

  var isOfDegrees: Bool {
    west >= -180 && east <= 180 && south >= -90 && north <= 90 && west <= east
  }
}

/// Round every position of a document; `nil` where one is no pair of degrees.
private func degreesBox(of root: Any) -> DegreesBox? {
  var box = DegreesBox()
  var open: [Any] = [root]
  while let node = open.popLast() {
    if let members = node as? [String: Any] {
      for key in ["features", "geometry", "geometries", "coordinates"] {
        if let inner = members[key] { open.append(inner) }
      }
    } else if let list = node as? [Any] {
      if list.count >= 2, let x = list[0] as? Double, let y = list[1] as? Double {
        (box.west, box.east) = (min(box.west, x), max(box.east, x))
        (box.south, box.north) = (min(box.south, y), max(box.north, y))
      } else {
        open += list
      }
    }
  }
  return box.isOfDegrees ? box : nil
}
