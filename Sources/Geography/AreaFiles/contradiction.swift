import Triage

/// Whether the numbers of a ring contradict the system that the file says they are in.
///
/// A file in the wrong system would move an area off the map in silence; the reader refuses it
/// and says what the numbers look like. It repairs nothing.
/// - Returns: the first offending point and a sentence, or `nil`.
func contradiction(
  in ring: [SourcePoint], to conversion: Conversion, form: AreaFileForm
) -> (index: Int, sentence: String)? {
  let system = "\(conversion.operation.source) (\(conversion.operation.sourceName))"
  let isGeographic = conversion.kind == .geographic
  if !isGeographic, ring.allSatisfy({ $0.x.magnitude <= 180 && $0.y.magnitude <= 90 }) {
    return (
      0,
      "These look like longitudes and latitudes, but the file is in \(system); leave out the "
        + "`crs` member or the setting that says so."
    )
  }
  for (index, point) in ring.enumerated() {
    if isGeographic, max(point.x.magnitude, point.y.magnitude) > 180 {
      return (
        index,
        "These look like eastings and northings, but the file is in \(system); "
          + remedy(form)
      )
    }
    if conversion.projection.toGrid(point.x, point.y) != nil { continue }
    if conversion.projection.toGrid(point.y, point.x) != nil {
      let axes = isGeographic ? "Latitude and longitude" : "Easting and northing"
      let order = isGeographic ? "longitude" : "the easting"
      return (
        index, "\(axes) look swapped: \(form == .kml ? "KML" : "GeoJSON") has \(order) first."
      )
    }
    return (
      index,
      "The point lies outside the reach of the grid \(conversion.operation.grid) "
        + "(\(conversion.operation.gridName)); the coordinates or their system (\(system)) are wrong."
    )
  }
  return nil
}

private func remedy(_ form: AreaFileForm) -> String {
  switch form {
  case .geoJSON: #"name their system in a `crs` member, such as "EPSG:27700"."#
  case .kml: "KML has longitudes and latitudes only: export it anew in WGS 84."
  case .converted:
    "GDAL found no EPSG code for their system: export as GeoPackage or GeoJSON, or name the system of "
      + "such files in the settings."
  }
}
