import Geography
import Triage

/// The grid for areas that come without a configuration: the British one in Britain, else the zone of
/// the Universal Transverse Mercator system (on WGS 84) that their middle lies in.
///
/// - Returns: the grid, and a sentence where it is not the usual one. What is in no degrees
///   gets the British grid: the reader of boundary files says what is wrong with it.
/// - Throws: ``FirstDayError`` where no grid measures them all: some in Britain and some not, or
///   further apart than two zones.
func chooseGrid(
  for files: [(name: String, bytes: [UInt8])]
) throws -> (grid: Grid, why: String?) {
  let known = files.compactMap { degreesBox(ofFile: $0.name, bytes: $0.bytes) }
  let abroad = known.filter { !$0.isBritish }
  guard let first = abroad.first else { return (.britishNational, nil) }
  let box = abroad.dropFirst().reduce(into: first) { $0.add($1) }
  guard abroad.count == known.count, abroad.count == 1 || box.maxX - box.minX <= 12 else {
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

extension Box {
  fileprivate var middle: (longitude: Double, latitude: Double) {
    ((minX + maxX) / 2, (minY + maxY) / 2)
  }

  fileprivate var isBritish: Bool {
    let (longitude, latitude) = middle
    return (-9...2.1).contains(longitude) && (49...61.1).contains(latitude)
  }
}
