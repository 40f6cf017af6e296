import Foundation

/// Lets GDAL's `ogr2ogr` make GeoJSON of a GeoPackage, Shapefile, GML or MapInfo file.
///
/// The file and its companions are copied into a folder of their own first: GDAL writes beside what it
/// reads, and a name in a folder of ours means nothing special to it. It runs as a child without a
/// shell, a network (``ChildProcess``) and any environment but what switches off every driver except the one
/// that is asked for and GeoJSON's, which writes: GDAL chooses by what is in a file, and many drivers open
/// other files. It has a minute at most, and gives no more bytes than a boundary file may have. What is not
/// of its kind by its bytes (``isWhatItsNameSays(_:driver:)``) never gets there.
/// - Returns: GeoJSON of 2008, with a `crs` member where GDAL knows a code of its system, and the system
///   where it is known all the same.
/// - Throws: ``UnreadableAreas`` where the program is missing, and for what it cannot read.
func convertToGeoJSON(
  _ path: String, driver: String, program: String, seconds: Double = 60
) throws(UnreadableAreas) -> (bytes: [UInt8], crs: String?) {
  guard FileManager.default.isExecutableFile(atPath: program) else {
    throw UnreadableAreas(
      "This kind of file is read by GDAL, which is not installed (there is no \(program)): install "
        + "gdal-bin, or export as GeoJSON.")
  }
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "triaged-areas-\(UUID().uuidString)").path(percentEncoded: false)
  do {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
  } catch {
    throw UnreadableAreas("There is no room for a copy that GDAL could read.")
  }
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let name = try copy(path, into: folder, driver: driver)
  let gdal = try GDAL(program: program, folder: folder, driver: driver, seconds: seconds)
  let arguments = [
    "-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=12",
    "-dim", "XY", "-nlt", "CONVERT_TO_LINEAR",
  ]
  let options =
    driver == "GML" ? ["-oo", "DOWNLOAD_SCHEMA=NO", "-oo", "WRITE_GFS=NO"] : []
  let layer = driver == "GPKG" ? try onlyLayer(of: name, by: gdal) : nil
  let bytes = try gdal.run(
    arguments + options + ["/vsistdout/", name] + (layer.map { [$0.name] } ?? []))
  return (bytes, layer?.crs)
}

/// The layer of a GeoPackage that holds features: beside it there may be tables of styles and others.
///
/// - Returns: its name, and its system where that is EPSG:4326, which GDAL leaves out in what it writes.
/// - Throws: ``UnreadableAreas`` where there is not just one.
private func onlyLayer(
  of name: String, by gdal: GDAL
) throws(UnreadableAreas) -> (name: String, crs: String?) {
  let query =
    "SELECT c.table_name AS name, s.organization AS organization, s.organization_coordsys_id AS code "
    + "FROM gpkg_contents c LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = c.srs_id "
    + "WHERE c.data_type = 'features'"
  let answer = try gdal.run(["-f", "GeoJSON", "/vsistdout/", name, "-sql", query])
  let layers = (try? JSONScanner.read(answer))?["features"]?.array ?? []
  guard layers.count == 1, let layer = layers[0]["properties"], let table = layer["name"]?.string,
    !table.isEmpty, !table.hasPrefix("-")
  else {
    throw UnreadableAreas(
      "The GeoPackage holds \(layers.count == 1 ? "a layer whose name cannot be used" : "\(layers.count) layers of features"), and one is read. "
        + "Keep one layer in it, or export that one as GeoJSON.")
  }
  let isDegrees =
    layer["organization"]?.string?.uppercased() == "EPSG" && layer["code"]?.number == 4326
  return (table, isDegrees ? longitudeLatitude : nil)
}

/// Copies a file and those that bear the same name with another ending.
/// - Returns: the copy's name in the folder.
private func copy(
  _ path: String, into folder: String, driver: String
) throws(UnreadableAreas) -> String {
  let source = URL(filePath: path)
  let stem = source.deletingPathExtension().lastPathComponent
  let parent = source.deletingLastPathComponent().path(percentEncoded: false)
  var left = AreaFileSettings.largestConvertedFile
  let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
  for name in names.sorted() {
    let each = URL(filePath: parent + "/" + name)
    let isItself = name == source.lastPathComponent
    guard isItself || AreaFileKind(name) == .companion,
      each.deletingPathExtension().lastPathComponent.lowercased() == stem.lowercased()
    else { continue }
    let bytes = try boundedBytes(of: parent + "/" + name, most: left)
    left -= bytes.count
    if left < 0 {
      throw UnreadableAreas(
        "The file is larger than \(AreaFileSettings.largestConvertedFile >> 20) MB and was not read."
      )
    }
    if isItself { try isWhatItsNameSays(bytes, driver: driver) }
    let copy = folder + "/areas." + each.pathExtension.lowercased()
    guard
      FileManager.default.createFile(
        atPath: copy, contents: Data(driver == "GML" ? withoutSchemaPlaces(bytes) : bytes))
    else {
      throw UnreadableAreas("There is no room for a copy that GDAL could read.")
    }
  }
  return "areas." + source.pathExtension.lowercased()
}

/// GML names its schema by `schemaLocation`, and a schema others that it includes: any file, which GDAL would
/// open. Under another name of the same length it says nothing; GDAL finds the schema beside the file by its name.
private func withoutSchemaPlaces(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  let (word, other) = (Array("schemaLocation".utf8), Array("schemaWithheld".utf8))
  var at = 0
  while at + word.count <= bytes.count {
    guard bytes[at] == word[0], bytes[at..<at + word.count].elementsEqual(word) else {
      at += 1
      continue
    }
    bytes.replaceSubrange(at..<at + word.count, with: other)
    at += word.count
  }
  return bytes
}
