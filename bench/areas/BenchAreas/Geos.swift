import CGeos
import Triage

/// GEOS through its C API: a tree of prepared geometries, one for each area. One thread.
final class Geos {
  private let handle: OpaquePointer
  private var geometries: [OpaquePointer] = []
  private var prepared: [OpaquePointer] = []
  private let tree: OpaquePointer
  /// Points made beforehand: making them is no part of what is measured.
  private var points: [OpaquePointer] = []

  init(_ areas: [PilotArea]) {
    handle = GEOS_init_r()
    tree = GEOSSTRtree_create_r(handle, 10)
    for (position, area) in areas.enumerated() {
      var parts: [OpaquePointer?] = area.polygons.map { polygon in
        var holes: [OpaquePointer?] = polygon.holes.map(ring)
        return GEOSGeom_createPolygon_r(handle, ring(polygon.outer), &holes, UInt32(holes.count))
      }
      let geometry =
        parts.count == 1
        ? parts[0]! : GEOSGeom_createCollection_r(handle, 6, &parts, UInt32(parts.count))!
      geometries.append(geometry)
      prepared.append(GEOSPrepare_r(handle, geometry)!)
      GEOSSTRtree_insert_r(
        handle, tree, geometry, UnsafeMutableRawPointer(bitPattern: position + 1))
    }
  }

  deinit {
    forgetPoints()
    GEOSSTRtree_destroy_r(handle, tree)
    for one in prepared { GEOSPreparedGeom_destroy_r(handle, one) }
    for one in geometries { GEOSGeom_destroy_r(handle, one) }
    GEOS_finish_r(handle)
  }

  private func ring(_ ring: Ring) -> OpaquePointer? {
    let closed = ring + ring.prefix(1)
    let sequence = closed.withUnsafeBytes {
      GEOSCoordSeq_copyFromBuffer_r(
        handle, $0.baseAddress?.assumingMemoryBound(to: Double.self), UInt32(closed.count), 0, 0)
    }
    return GEOSGeom_createLinearRing_r(handle, sequence)
  }

  func makePoints(_ made: ArraySlice<GridPoint>) {
    forgetPoints()
    points = made.map { GEOSGeom_createPointFromXY_r(handle, $0.x, $0.y)! }
  }

  private func forgetPoints() {
    for point in points { GEOSGeom_destroy_r(handle, point) }
    points = []
  }

  /// Asks each prepared geometry in turn, until one says yes.
  func loop(into found: inout [Int32], covers: Bool) {
    prepared.withUnsafeBufferPointer { prepared in
      for (at, point) in points.enumerated() {
        var position: Int32 = -1
        for candidate in 0..<prepared.count {
          let holds =
            covers
            ? GEOSPreparedCovers_r(handle, prepared[candidate], point)
            : GEOSPreparedIntersects_r(handle, prepared[candidate], point)
          if holds == 1 {
            position = Int32(candidate)
            break
          }
        }
        found[at] = position
      }
    }
  }

  private struct Query {
    let handle: OpaquePointer
    let prepared: UnsafePointer<OpaquePointer>
    var point: OpaquePointer
    var least: Int32
  }

  /// Asks the tree, and those of its answers that come before what is found already.
  func tree(into found: inout [Int32]) {
    prepared.withUnsafeBufferPointer { prepared in
      var query = Query(
        handle: handle, prepared: prepared.baseAddress!, point: points[0], least: .max)
      for (at, point) in points.enumerated() {
        query.point = point
        query.least = .max
        GEOSSTRtree_query_r(
          handle, tree, point,
          { item, data in
            let query = data!.assumingMemoryBound(to: Query.self)
            let candidate = Int32(Int(bitPattern: item) - 1)
            if candidate < query.pointee.least,
              GEOSPreparedIntersects_r(
                query.pointee.handle, query.pointee.prepared[Int(candidate)], query.pointee.point)
                == 1
            {
              query.pointee.least = candidate
            }
          }, &query)
        found[at] = query.least == .max ? -1 : query.least
      }
    }
  }
}
