import CProj
import Synchronization
import Triage

/// Longitude and latitude on WGS 84, in this order: what RFC 7946 prescribes for GeoJSON.
package let longitudeLatitude = "OGC:CRS84"

/// A conversion from a system that PROJ knows onto the grid, for any number of threads at once
/// (they take turns at one PROJ operation; a turn is about half a microsecond).
///
/// Axes are east before north whatever the authority says (`EPSG:4326` is longitude, latitude
/// here). The best operation that can be carried out is chosen once, never a "ballpark" one and
/// never over the network. The answer is `nil` for what lies beyond the grid's area of use and a
/// quarter of a degree around it.
/// - Parameter dataFolder: a folder with shift grids under the names that PROJ looks for
///   (`OSTN15_NTv2_OSGBtoETRS.gsb`), searched before PROJ's own.
/// - Throws: ``ProjectionError`` for an unknown system, a grid that is not projected or not in
///   metres, and a pair without a known conversion.
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
    reach = Conversion.reach(of: target, dataFolder: dataFolder)
    if proj_is_equivalent_to_with_ctx(
      context.pointer, source.pointer, targetSystem.pointer, PJ_COMP_EQUIVALENT) != 0
    {
      kind = .sameAsGrid
      operation = used
      projection = Projection(
        source: crs, kind: .grid,
        toGrid: { [reach] x, y in reach.holds(x, y) ? GridPoint(x: x, y: y) : nil },
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
    let found = try ProjOperation(
      from: crs, to: grid.crs, in: target.area, dataFolder: dataFolder)
    used.name = found.name
    used.accuracyMetres = found.accuracy
    operation = used
    let shared = SharedOperation(found)
    projection = Projection(
      source: crs, kind: kind == .geographic ? .geographic : .projected,
      toGrid: { [reach] x, y in
        guard let point = shared.convert(x, y), reach.holds(point.x, point.y) else { return nil }
        return GridPoint(x: point.x, y: point.y)
      }, fromGrid: { shared.invert($0.x, $0.y) })
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

/// An operation that threads take turns at.
private final class SharedOperation: Sendable {
  private let operation: Mutex<ProjOperation>

  init(_ operation: consuming sending ProjOperation) {
    self.operation = Mutex(operation)
  }

  func convert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    operation.withLock { $0.convert(x, y) }
  }

  func invert(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    operation.withLock { $0.invert(x, y) }
  }
}
