/// What the name of a file in the areas folder says of it.
package enum AreaFileKind: Hashable, Sendable {
  case geoJSON
  case kml
  case kmz
  /// Read by GDAL's driver of this name.
  case converted(driver: String)
  /// Part of such a file, as the table and the system of a Shapefile are.
  case companion
  /// Looks like a boundary file, but is none that is read.
  case unread
  case other

  /// - Parameter name: with or without its folder; case is ignored.
  package init(_ name: String) {
    let last = name.split(separator: "/").last ?? ""
    let parts = last.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, !last.hasPrefix("."), let suffix = parts.last?.lowercased() else {
      self = .other
      return
    }
    switch suffix {
    case "geojson": self = .geoJSON
    case "kml": self = .kml
    case "kmz": self = .kmz
    case "gpkg": self = .converted(driver: "GPKG")
    case "shp": self = .converted(driver: "ESRI Shapefile")
    case "gml": self = .converted(driver: "GML")
    case "tab": self = .converted(driver: "MapInfo File")
    case "dbf", "shx", "prj", "cpg", "xsd", "dat", "map", "id", "ind", "gpkg-wal": self = .companion
    case "json", "mif", "gdb", "zip", "topojson", "fgb": self = .unread
    default: self = .other
    }
  }

  /// Whether a change of such a file may change the areas.
  package var matters: Bool {
    switch self {
    case .unread, .other: false
    case .geoJSON, .kml, .kmz, .converted, .companion: true
    }
  }
}
