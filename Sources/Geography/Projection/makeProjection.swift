import CProj
import Triage

/// Longitude and latitude on WGS 84, in this order: what RFC 7946 prescribes for GeoJSON.
package let longitudeLatitude = "OGC:CRS84"

/// A conversion from a system that PROJ knows onto the grid, for any number of threads at once
/// (each takes a PROJ operation of its own while it converts).
///
/// Axes are east before north whatever the authority says (`EPSG:4326` is longitude, latitude
/// here). The best operation that can be carried out is chosen once for all points, never a
/// "ballpark" one and never over the network. The answer is `nil` for what lies beyond the grid's
/// area of use and a quarter of a degree around it, and beyond the operation's own data.
///
/// From WGS 84 and ETRS89 to the British National Grid that operation is OSTN15, where the data
/// folder has it: it defines the grid, and answers for the 700 km by 1,250 km that it covers.
/// - Parameter dataFolder: a folder with ``ShiftTable/fileName``, and with shift grids under the
///   names that PROJ looks for, searched before PROJ's own.
/// - Throws: ``ProjectionError`` for an unknown system, a grid that is not projected or not in
///   metres, a pair without a known conversion, and a file of shifts that is damaged.
package func makeProjection(
  from crs: String, to grid: Grid, dataFolder: String? = nil
) throws(ProjectionError) -> Projection {
  try Conversion(from: crs, to: grid, dataFolder: dataFolder).projection
}

/// Which operation ``makeProjection(from:to:dataFolder:)`` takes, with its accuracy.
package func describeOperation(
  from crs: String, to grid: Grid, dataFolder: String? = nil
) throws(ProjectionError) -> OperationInForce {
  try Conversion(from: crs, to: grid, dataFolder: dataFolder).operation
}

/// A projection with what the readers of boundary files ask about it.
struct Conversion: Sendable {
  enum Kind: Sendable {
    case sameAsGrid
    case geographic
    case otherProjected
  }

  let projection: Projection
  let operation: OperationInForce
  let kind: Kind
  let reach: GridReach

  init(from crs: String, to grid: Grid, dataFolder: String?) throws(ProjectionError) {
    let context = try ProjContext(dataFolder: dataFolder)
    let target = try CheckedGrid(grid, in: context)
    let source = try context.system(crs)
    let targetSystem = try context.system(grid.crs)
    var used = OperationInForce(
      source: crs, sourceName: source.name, grid: grid.crs, gridName: target.name, name: "")
    let reach = Conversion.reach(of: target, dataFolder: dataFolder)
    self.reach = reach
    if source.isSameSystem(as: targetSystem) {
      kind = .sameAsGrid
      operation = used
      projection = Projection(
        source: crs, kind: .grid,
        toGrid: { x, y in reach.holds(x, y) ? GridPoint(x: x, y: y) : nil },
        fromGrid: { ($0.x, $0.y) })
      return
    }
    switch proj_get_type(source.pointer) {
    case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: kind = .geographic
    case PJ_TYPE_PROJECTED_CRS: kind = .otherProjected
    default:
      throw ProjectionError(
        "The coordinate system '\(crs)' (\(source.name)) is neither geographic nor projected.")
    }
    let image: Image
    let isBritish = try context.system("EPSG:27700").isSameSystem(as: targetSystem)
    let base = isBritish ? source.baseOnETRS89 : nil
    if let base, let shifts = try ShiftTable.load(dataFolder: dataFolder) {
      image = try OSTN15.image(from: crs, base: base, by: shifts)
      used.name = OSTN15.name
      used.accuracyMetres = OSTN15.accuracyMetres
    } else {
      let area = target.area
      let found = try ProjOperation(from: crs, to: grid.crs, in: area, dataFolder: dataFolder)
      used.name = found.name
      used.accuracyMetres = found.accuracy
      if base != nil, found.accuracy ?? 2 >= 2 {
        used.advice =
          "With \(ShiftTable.fileName) in the data folder (`make deps` makes it) it "
          + "would be OSTN15, accuracy \(OSTN15.accuracyMetres) m."
      }
      let pool = try OperationPool { () throws(ProjectionError) in
        try ProjOperation(from: crs, to: grid.crs, in: area, dataFolder: dataFolder)
      }
      image = Image(forward: pool.convert, back: pool.invert)
    }
    operation = used
    projection = Projection(
      source: crs, kind: kind == .geographic ? .geographic : .projected,
      toGrid: { x, y in
        guard let point = image.forward(x, y), reach.holds(point.x, point.y) else { return nil }
        return GridPoint(x: point.x, y: point.y)
      }, fromGrid: { image.back($0.x, $0.y) })
  }

  /// Everywhere for a grid whose area of use or whose place on the globe is not known.
  private static func reach(of grid: CheckedGrid, dataFolder: String?) -> GridReach {
    guard let area = grid.area,
      let toGrid = try? ProjOperation(
        from: longitudeLatitude, to: grid.crs, in: area, dataFolder: dataFolder)
    else { return .everywhere }
    return GridReach(area: area, by: toGrid)
  }
}

/// Both ways between a source system and the grid; `nil` where there is no way.
struct Image: Sendable {
  typealias Way = @Sendable (_ x: Double, _ y: Double) -> (x: Double, y: Double)?

  let forward: Way
  let back: Way
}

extension ProjObject {
  func isSameSystem(as other: borrowing ProjObject) -> Bool {
    proj_is_equivalent_to(pointer, other.pointer, PJ_COMP_EQUIVALENT) != 0
  }

  /// `EPSG:4326` or `EPSG:4258` for a system on WGS 84 or ETRS89, which Ordnance Survey takes for
  /// one and the same; `nil` for one on any other datum.
  fileprivate var baseOnETRS89: String? {
    for base in ["EPSG:4326", "EPSG:4258"] {
      guard let known = try? context.system(base), let datum = context.datum(of: self.pointer),
        let wanted = context.datum(of: known.pointer)
      else { continue }
      if datum.isSameSystem(as: wanted) { return base }
    }
    return nil
  }
}
