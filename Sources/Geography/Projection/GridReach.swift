import CProj
import Triage

/// A box in degrees of longitude and latitude.
struct GeographicBox: Sendable {
  var west: Double
  var south: Double
  var east: Double
  var north: Double
}

/// How far a grid is meant to be used, as a box in its own metres. What lies outside is not on
/// the grid, whatever a formula makes of it.
struct GridReach: Sendable {
  var minX = -Double.infinity
  var minY = -Double.infinity
  var maxX = Double.infinity
  var maxY = Double.infinity

  static let everywhere = GridReach()

  func holds(_ x: Double, _ y: Double) -> Bool {
    x >= minX && x <= maxX && y >= minY && y <= maxY
  }

  /// The box round the grid's area of use and a quarter of a degree more on every side.
  init(area: GeographicBox, by toGrid: borrowing ProjOperation) {
    let steps = 24
    (minX, minY, maxX, maxY) = (.infinity, .infinity, -.infinity, -.infinity)
    for row in 0...steps {
      for column in 0...steps {
        let east = area.west - 0.25 + (area.east - area.west + 0.5) * Double(column) / Double(steps)
        let north =
          area.south - 0.25 + (area.north - area.south + 0.5) * Double(row) / Double(steps)
        guard let point = toGrid.convert(east, north) else { continue }
        (minX, maxX) = (min(minX, point.x), max(maxX, point.x))
        (minY, maxY) = (min(minY, point.y), max(maxY, point.y))
      }
    }
    if minX > maxX { self = .everywhere }
  }

  private init() {}
}

/// The grid as PROJ knows it, found to be fit: projected, and in metres.
struct CheckedGrid: Sendable {
  let crs: String
  let name: String
  let area: GeographicBox?

  init(_ grid: Grid, in context: ProjContext) throws(ProjectionError) {
    let ctx = context.pointer
    let system = try context.system(grid.crs)
    (crs, name) = (grid.crs, system.name)
    guard proj_get_type(system.pointer) == PJ_TYPE_PROJECTED_CRS else {
      throw ProjectionError(
        "The grid '\(grid.crs)' (\(system.name)) is not a projected system; areas and jobs are "
          + "compared in metres, so the grid must be one such as EPSG:27700.")
    }
    guard let axes = proj_crs_get_coordinate_system(ctx, system.pointer) else {
      throw ProjectionError("The grid '\(grid.crs)' has no axes that PROJ knows.")
    }
    let coordinateSystem = ProjObject(axes, in: context)
    for axis in 0..<proj_cs_get_axis_count(ctx, coordinateSystem.pointer) {
      var metres = 0.0
      var unit: UnsafePointer<CChar>?
      let known = proj_cs_get_axis_info(
        ctx, coordinateSystem.pointer, axis, nil, nil, nil, &metres, &unit, nil, nil)
      guard known != 0, metres == 1 else {
        let unit = unit.map { String(cString: $0) } ?? "an unknown unit"
        throw ProjectionError(
          "The grid '\(grid.crs)' (\(system.name)) is measured in \(unit), not in metres; "
            + "choose the grid of the same region that is in metres.")
      }
    }
    var box = GeographicBox(west: 0, south: 0, east: 0, north: 0)
    let known = proj_get_area_of_use(
      ctx, system.pointer, &box.west, &box.south, &box.east, &box.north, nil)
    // Boxes over the 180th meridian run from a larger to a smaller longitude: taken as unknown.
    area = known != 0 && box.west > -1000 && box.west < box.east ? box : nil
  }
}
