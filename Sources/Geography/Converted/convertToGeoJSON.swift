import Foundation

/// Lets GDAL's `ogr2ogr` make GeoJSON of a GeoPackage, Shapefile, GML or MapInfo file.
///
/// The file and its companions are copied into a folder of their own first: GDAL writes beside what it
/// reads, and a name in a folder of ours means nothing special to it. It runs as a child without a
/// shell and with no environment but what switches off its network and the drivers that lead to other
/// files, for a minute at most, and gives no more bytes than a boundary file may have. What is not of
/// its kind by its first bytes never gets there.
/// - Returns: GeoJSON of 2008, with a `crs` member unless it is in longitude and latitude.
/// - Throws: ``UnreadableAreas`` where the program is missing, and for what it cannot read.
func convertToGeoJSON(
  _ path: String, driver: String, program: String, seconds: Double = 60
) throws(UnreadableAreas) -> [UInt8] {
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
  let name = try copy(path, into: folder)
  guard hasKind(driver, path: folder + "/" + name) else {
    throw UnreadableAreas("The file is not what its name says (\(driver)); export it anew.")
  }
  let arguments = [
    "-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=12",
    "-dim", "XY", "-nlt", "CONVERT_TO_LINEAR",
  ]
  let options =
    driver == "GML" ? ["-oo", "DOWNLOAD_SCHEMA=NO", "-oo", "WRITE_GFS=NO"] : []
  let child = ChildProcess(
    program: program, arguments: arguments + options + ["/vsistdout/", name], folder: folder,
    environment: [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
      "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}", "GDAL_HTTP_TIMEOUT": "1", "PROJ_NETWORK": "OFF",
      // GDAL chooses its driver by what is in a file, and these would open another one or an address.
      "OGR_SKIP": "OGR_VRT,WFS,OAPIF,CSW,GMLAS,SQLite,GeoRSS,KML,LIBKML,NAS,INTERLIS 1,INTERLIS 2",
      "GDAL_SKIP": "VRT,WMS,WCS,WMTS,OGCAPI,HTTP,PLMOSAIC,STACTA,STACIT,DERIVED",
      "GML_SKIP_RESOLVE_ELEMS": "ALL", "OGR_ENABLE_PARTIAL_REPROJECTION": "NO",
    ])
  switch child.run(seconds: seconds, mostBytes: AreaFileSettings.largestFile) {
  case .finished(let output, let complaint, let code):
    guard code == 0, !output.isEmpty else {
      let why = firstError(complaint)
      throw UnreadableAreas(
        "GDAL cannot read the file" + (why.isEmpty ? "." : ": \(why)")
          + (complaint.contains("already exist in the output dataset")
            ? " Keep one layer in it, or export that one as GeoJSON." : ""))
    }
    return output
  case .tooSlow:
    throw UnreadableAreas(
      "GDAL did not finish within \(Int(seconds)) s; export as GeoJSON instead.")
  case .tooMuch:
    throw UnreadableAreas(
      "The file comes to more than \(AreaFileSettings.largestFile >> 20) MB of GeoJSON and was not read."
    )
  case .notStarted: throw UnreadableAreas("GDAL's \(program) cannot be started.")
  }
}

/// Copies a file and those that bear the same name with another ending.
/// - Returns: the copy's name in the folder.
private func copy(_ path: String, into folder: String) throws(UnreadableAreas) -> String {
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
    let copy = folder + "/areas." + each.pathExtension.lowercased()
    guard FileManager.default.createFile(atPath: copy, contents: Data(bytes)) else {
      throw UnreadableAreas("There is no room for a copy that GDAL could read.")
    }
  }
  return "areas." + source.pathExtension.lowercased()
}

/// The first line that GDAL calls an error, without what is not to be printed and not too long.
private func firstError(_ complaint: String) -> String {
  let line = complaint.split(whereSeparator: \.isNewline).first { $0.hasPrefix("ERROR") } ?? ""
  return String(line.filter { $0.isASCII && !$0.isNewline }.prefix(200))
}

/// Whether a file begins as those of a driver do.
private func hasKind(_ driver: String, path: String) -> Bool {
  guard let file = FileHandle(forReadingAtPath: path) else { return false }
  defer { try? file.close() }
  let start = [UInt8]((try? file.read(upToCount: 4096)) ?? Data())
  let text = String(decoding: start, as: UTF8.self)
  switch driver {
  case "GPKG":
    // SQLite's header, with the application's id at 68.
    return start.starts(with: Array("SQLite format 3\0".utf8)) && start.count >= 72
      && start[68..<70].elementsEqual("GP".utf8)
  case "ESRI Shapefile": return start.starts(with: [0, 0, 0x27, 0x0A])
  case "MapInfo File": return text.lowercased().hasPrefix("!table")
  default: return text.contains("opengis.net/gml") && !text.contains("<OGR")
  }
}
