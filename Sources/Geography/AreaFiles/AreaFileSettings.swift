/// How boundary files are to be understood; one for all files of a deployment.
package struct AreaFileSettings: Hashable, Sendable {
  /// The system of a file that names none (RFC 7946: longitude, latitude on WGS 84).
  package var crs: String
  /// The members of a feature's `properties` that hold what the name says.
  package var idProperty: String
  package var nameProperty: String
  package var priorityProperty: String
  /// Shift grids for PROJ, as in ``makeProjection(from:to:dataFolder:)``.
  package var dataFolder: String?

  package init(
    crs: String = longitudeLatitude, idProperty: String = "id", nameProperty: String = "name",
    priorityProperty: String = "priority", dataFolder: String? = nil
  ) {
    self.crs = crs
    self.idProperty = idProperty
    self.nameProperty = nameProperty
    self.priorityProperty = priorityProperty
    self.dataFolder = dataFolder
  }

  /// No file may be larger: a national set of wards stays below, a file by mistake does not.
  static let largestFile = 32 << 20
  /// Points that the areas of one file may have on the grid.
  static let mostPoints = 4_000_000
  /// Problems listed of one file; the rest are counted.
  static let mostProblems = 100
}
