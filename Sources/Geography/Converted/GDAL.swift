import Foundation

/// `ogr2ogr` as it is run on files of others: in a folder that holds nothing else, with one driver that reads.
struct GDAL {
  private let program: String
  private let folder: String
  private let seconds: Double
  private let environment: [String: String]

  /// Asks the program which drivers it has, since each build and each update has others.
  /// - Throws: ``UnreadableAreas`` where it does not say, or has not the driver.
  init(
    program: String, folder: String, driver: String, seconds: Double
  ) throws(UnreadableAreas) {
    self.program = program
    self.folder = folder
    self.seconds = seconds
    let plain = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
      // PROJ and GDAL are not to try what the kernel refuses them.
      "PROJ_NETWORK": "OFF", "GDAL_HTTP_TIMEOUT": "1",
      // Views in a GeoPackage would open other files by SpatiaLite's tables.
      "SPATIALITE_LOAD": "NO",
      "GML_SKIP_RESOLVE_ELEMS": "ALL", "OGR_ENABLE_PARTIAL_REPROJECTION": "NO",
    ]
    let child = ChildProcess(
      program: program, arguments: ["--formats"], folder: folder, environment: plain)
    guard case .finished(let output, _, 0) = child.run(seconds: seconds, mostBytes: 1 << 20) else {
      throw UnreadableAreas("GDAL's \(program) does not say which kinds of files it reads.")
    }
    let drivers = GDAL.drivers(in: String(decoding: output, as: UTF8.self))
    guard drivers.contains(driver), drivers.contains("GeoJSON") else {
      throw UnreadableAreas(
        "GDAL as it is installed does not read such files (it has no driver \(driver)); export as "
          + "GeoJSON.")
    }
    let others = drivers.filter { $0 != driver && $0 != "GeoJSON" }
    // With a comma behind the last one, a single name with a space in it is not taken for two.
    environment = plain.merging(["OGR_SKIP": others.joined(separator: ",") + ","]) { $1 }
  }

  /// `  ESRI Shapefile -vector- (rw+v): ESRI Shapefile`: the names, which may have spaces.
  static func drivers(in list: String) -> [String] {
    list.split(whereSeparator: \.isNewline).compactMap { line in
      guard line.hasPrefix("  "), let end = line.firstRange(of: " -") else { return nil }
      let name = trimmed(String(line[..<end.lowerBound]))
      return name.isEmpty ? nil : name
    }
  }

  /// - Returns: what it writes.
  func run(_ arguments: [String]) throws(UnreadableAreas) -> [UInt8] {
    let child = ChildProcess(
      program: program, arguments: arguments, folder: folder, environment: environment)
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
        "The file comes to more than \(AreaFileSettings.largestFile >> 20) MB of GeoJSON and was not "
          + "read.")
    case .notStarted:
      throw UnreadableAreas("GDAL's \(program) cannot be started without a network.")
    }
  }

  /// The first line that GDAL calls an error, without what is not to be printed and not too long.
  private func firstError(_ complaint: String) -> String {
    let line = complaint.split(whereSeparator: \.isNewline).first { $0.hasPrefix("ERROR") } ?? ""
    return String(line.filter { $0.isASCII && !$0.isNewline }.prefix(200))
  }
}
