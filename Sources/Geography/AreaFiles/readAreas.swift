import Foundation
import Triage

/// Reads every boundary file of a folder (not of folders in it) into one set: GeoJSON, KML and KMZ,
/// and through GDAL, where it is installed, GeoPackage, Shapefile, GML and MapInfo.
///
/// Never throws: a folder or file that cannot be read is a problem like any other, so that an
/// admin sees all of them at once.
package func readAreas(folder: String, grid: Grid, settings: AreaFileSettings) -> AreaSet {
  func problem(
    _ severity: AreaFileProblem.Severity, _ file: String, _ sentence: String
  ) -> AreaFileProblem {
    AreaFileProblem(severity: severity, file: file, sentence: sentence)
  }
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
    return AreaSet(
      problem: problem(.error, folder, "The folder of boundary files cannot be read."))
  }
  var files: [AreaFile] = []
  let conversions = Conversions(grid: grid, settings: settings)
  var found = false
  for name in names.sorted() {
    let path = folder + "/" + name
    switch AreaFileKind(name) {
    case .geoJSON, .kml, .kmz, .converted:
      found = true
      files.append(readAreas(path: path, conversions: conversions))
    case .unread:
      let sentence =
        "The file is not read; boundary files end in .geojson, .kml, .kmz, .gpkg, .shp, .gml or .tab."
      files.append(AreaFile(name: path, problems: [problem(.warning, path, sentence)]))
    case .companion, .other: continue
    }
  }
  if !found {
    let sentence = "The folder holds no boundary file (such as .geojson), so there is no area."
    files.append(AreaFile(name: folder, problems: [problem(.error, folder, sentence)]))
  }
  return AreaSet(files, settings: settings)
}

/// Reads one boundary file of any kind that ``readAreas(folder:grid:settings:)`` reads; one whose name
/// says nothing is taken for GeoJSON.
package func readAreas(path: String, grid: Grid, settings: AreaFileSettings) -> AreaFile {
  readAreas(path: path, conversions: Conversions(grid: grid, settings: settings))
}

private func readAreas(path: String, conversions: Conversions) -> AreaFile {
  do throws(UnreadableAreas) {
    guard case .converted(let driver) = AreaFileKind(path) else {
      let bytes = try boundedBytes(of: path, most: AreaFileSettings.largestFile)
      return readAreas(file: path, bytes: bytes, conversions: conversions)
    }
    let (bytes, crs) = try convertToGeoJSON(
      path, driver: driver, program: conversions.settings.ogr2ogr)
    var reader = AreaFileReader(
      file: path, bytes: bytes, form: .converted(crs: crs), conversions: conversions)
    return reader.read()
  } catch {
    return AreaFile(
      name: path,
      problems: [AreaFileProblem(severity: .error, file: path, sentence: error.sentence)])
  }
}

/// Reads one boundary file that is in memory: GeoJSON, or KML or KMZ if its name or its bytes say so.
/// `name` is how problems call it.
package func readAreas(
  file name: String, bytes: [UInt8], grid: Grid, settings: AreaFileSettings
) -> AreaFile {
  readAreas(file: name, bytes: bytes, conversions: Conversions(grid: grid, settings: settings))
}

private func readAreas(
  file name: String, bytes: [UInt8], conversions: Conversions
) -> AreaFile {
  var (file, bytes, form) = (name, bytes, AreaFileForm.geoJSON)
  let kind = AreaFileKind(name)
  if kind == .kml { form = .kml }
  if kind == .kmz || (kind == .kml && bytes.starts(with: [0x50, 0x4B, 3, 4])) {
    do throws(KMZError) {
      if bytes.count > AreaFileSettings.largestFile { throw KMZError("it is too large") }
      bytes = try unpackKMZ(bytes)
      file += " (its .kml)"
      form = .kml
    } catch {
      let sentence = "The file cannot be read as KMZ: \(error.sentence)."
      return AreaFile(
        name: name, problems: [AreaFileProblem(severity: .error, file: name, sentence: sentence)])
    }
  }
  var reader = AreaFileReader(file: file, bytes: bytes, form: form, conversions: conversions)
  var read = reader.read()
  read.name = name
  return read
}
