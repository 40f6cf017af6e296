/// How boundary files are to be understood; one for all files of a deployment.
package struct AreaFileSettings: Hashable, Sendable {
  /// The system of a file that names none (RFC 7946: longitude, latitude on WGS 84).
  package var crs: String
  /// The members of a feature's `properties` that hold what the name says.
  package var idProperty: String
  package var nameProperty: String
  package var priorityProperty: String
  /// Why an area was chosen; its first and last day (`2026-04-01`); its margin in metres.
  package var reasonProperty = "reason"
  package var fromProperty = "from"
  package var untilProperty = "until"
  package var marginProperty = "margin"
  /// The file's features are neighbours on a map and nobody's areas: their names are all that is asked
  /// for, by the usual properties too.
  package var isContext = false
  /// How large an area may be: what is smaller or larger is a slip.
  package var squareKilometres: ClosedRange<Double>
  /// GDAL's program that reads GeoPackages, Shapefiles, GML and MapInfo files for us.
  package var ogr2ogr: String
  /// OSTN15 and shift grids for PROJ, as in ``makeProjection(from:to:dataFolder:)``.
  package var dataFolder: String?

  package init(
    crs: String = longitudeLatitude, idProperty: String = "id", nameProperty: String = "name",
    priorityProperty: String = "priority", squareKilometres: ClosedRange<Double> = 0.01...50,
    ogr2ogr: String = "/usr/bin/ogr2ogr", dataFolder: String? = nil
  ) {
    self.crs = crs
    self.idProperty = idProperty
    self.nameProperty = nameProperty
    self.priorityProperty = priorityProperty
    self.squareKilometres = squareKilometres
    self.ogr2ogr = ogr2ogr
    self.dataFolder = dataFolder
  }

  /// No file may be larger: a national set of wards stays below, a file by mistake does not.
  static let largestFile = 32 << 20
  /// Points that the areas of one file may have on the grid.
  static let mostPoints = 4_000_000
  /// Coordinate systems that one file may name; each costs some megabytes in PROJ.
  static let mostSystems = 16
  /// Metres that an edge may be long on the grid, where it is looked at every 50 m; no area that somebody walks
  /// has a longer one.
  static let longestEdge = 200_000.0
  /// Metres from the origin of the grid within which an area must lie, whatever the grid's reach.
  static let farthest = 1e8
  /// Bytes that one file may have that GDAL reads for us, its companions included.
  static let largestConvertedFile = 256 << 20
  /// Metres that a margin may have.
  package static let margins = 0.0...1000.0
  /// Errors listed of one file, and warnings; the rest are counted.
  static let mostProblems = 100
}
