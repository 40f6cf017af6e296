/// The conversion that defines the British National Grid: eastings and northings of a point on
/// ETRS89 by an exact transverse Mercator on GRS80, then the shifts of OSTN15.
/// Source: Ordnance Survey, "Transformations and OSGM15 user guide" (2016), sections 2 and 3.
enum OSTN15 {
  static let name = "OSTN15 of Ordnance Survey"
  /// Metres. It is exact by definition; this leaves room for the rounding of published coordinates.
  static let accuracyMetres = 0.02

  private static let pipeline =
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    + "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=GRS80"

  /// - Parameter base: the geographic system in degrees that `crs` is or is a map of.
  static func image(
    from crs: String, base: String, by shifts: ShiftTable
  ) throws(ProjectionError) -> Image {
    let mercator = try OperationPool { () throws(ProjectionError) in
      try ProjOperation(pipeline: pipeline)
    }
    let forward: Image.Way = { longitude, latitude in
      guard let point = mercator.convert(longitude, latitude),
        let shift = shifts.shift(at: SIMD2(point.x, point.y))
      else { return nil }
      return (point.x + shift.x, point.y + shift.y)
    }
    let back: Image.Way = { x, y in
      shifts.unshifted(SIMD2(x, y)).flatMap { mercator.invert($0.x, $0.y) }
    }
    if ["OGC:CRS84", "EPSG:4326", "EPSG:4258"].contains(crs) {
      return Image(forward: forward, back: back)
    }
    let unmapped = try OperationPool { () throws(ProjectionError) in
      try ProjOperation(from: crs, to: base, in: nil, dataFolder: nil)
    }
    return Image(
      forward: { x, y in unmapped.convert(x, y).flatMap { forward($0.x, $0.y) } },
      back: { x, y in back(x, y).flatMap { unmapped.invert($0.x, $0.y) } })
  }
}
