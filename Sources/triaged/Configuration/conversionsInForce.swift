import FlareImport
import Geography
import Triage

/// A sentence on each conversion between the systems of the feeds, longitude and latitude, and the
/// grid: which operation it is and how accurate, or why there is none.
func conversionsInForce(_ configuration: Configuration) -> [String] {
  let systems = Set(configuration.feeds.map(\.settings.crs) + ["EPSG:4326"]).sorted()
  return systems.filter { $0 != configuration.grid.crs }.map { source in
    do throws(ProjectionError) {
      return try describeOperation(
        from: source, to: configuration.grid, dataFolder: configuration.areaSettings.dataFolder
      ).sentence
    } catch {
      return error.sentence
    }
  }
}
