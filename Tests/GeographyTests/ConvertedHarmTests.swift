import Foundation
import Testing
import Triage

@testable import Geography

private let ogr2ogr = "/usr/bin/ogr2ogr"
private let hasGDAL = FileManager.default.isExecutableFile(atPath: ogr2ogr)

@Suite("A file that GDAL would read, made to do harm") struct ConvertedHarmTests {
  private func copy(_ name: String, to folder: URL, secret: String) throws {
    let text = String(decoding: try fixture("converted/\(name)"), as: UTF8.self)
    try Data(text.replacing("SECRET", with: secret).utf8).write(
      to: folder.appending(path: "areas." + (name.split(separator: ".").last ?? "")))
  }

  @Test(
    "and that names other files or addresses is refused before GDAL sees it",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"),
    arguments: [
      ("names-another-file.gml", "The file is not what its name says"),
      ("view.tab", "The table is a view of other files"),
      ("seamless.tab", "The table is a view of other files, or a seamless table"),
    ])
  func refused(_ name: String, _ sentence: String) throws {
    try withTemporaryFolder { folder in
      let secret = folder.appending(path: "secret.txt").path(percentEncoded: false)
      try Data("id\nknown-to-few\n".utf8).write(to: URL(filePath: secret))
      try copy(name, to: folder, secret: secret)
      let set = readAreas(
        folder: folder.path(percentEncoded: false), grid: .britishNational, settings: .init())
      #expect(set.areas.isEmpty && set.problems.count == 1, "\(set.problems)")
      #expect(set.problems.first?.sentence.hasPrefix(sentence) == true, "\(set.problems)")
    }
  }

  @Test(
    "meets no driver of GDAL's but the one of its kind, whatever is in it",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"))
  func otherDrivers() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      let secret = folder.appending(path: "secret.txt").path(percentEncoded: false)
      try Data("id\nknown-to-few\n".utf8).write(to: URL(filePath: secret))
      try copy("names-another-file.gml", to: folder, secret: secret)
      func convert(_ driver: String) throws -> String {
        let gdal = try GDAL(program: ogr2ogr, folder: path, driver: driver, seconds: 60)
        let bytes = try gdal.run(["-f", "GeoJSON", "/vsistdout/", "areas.gml"])
        return String(decoding: bytes, as: UTF8.self)
      }
      // The driver that the file is made for gives what is in the other file: so the test can fail.
      #expect(try convert("PDS4").contains("known-to-few"))
      for driver in ["GML", "GPKG", "MapInfo File", "ESRI Shapefile"] {
        #expect(throws: UnreadableAreas.self) { try convert(driver) }
      }
    }
  }

  @Test(
    "cannot make GDAL open the schema that it names, nor one that the schema beside it includes",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"))
  func schema() throws {
    try withTemporaryFolder { folder in
      let secret = folder.appending(path: "secret.txt").path(percentEncoded: false)
      try Data("<a known-to-few='1'><b></a>".utf8).write(to: URL(filePath: secret))
      try copy("schema-elsewhere.gml", to: folder, secret: secret)
      let include = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="\(secret)"/></xs:schema>
        """
      for hasSchema in [false, true] {
        if hasSchema { try Data(include.utf8).write(to: folder.appending(path: "areas.xsd")) }
        let set = readAreas(
          folder: folder.path(percentEncoded: false), grid: .britishNational, settings: .init())
        #expect(set.areas.isEmpty && set.hasErrors)
        let told = set.problems.map(\.description).joined()
        #expect(!told.contains("known") && !told.contains("secret"), "\(told)")
      }
    }
  }

  @Test("has no network: the program that reads it cannot open a socket, nor can what it starts")
  func network() throws {
    for script in ["exec 3<>/dev/tcp/127.0.0.1/9", "bash -c 'exec 3<>/dev/udp/127.0.0.1/9'"] {
      let child = ChildProcess(
        program: "/bin/bash", arguments: ["-c", script], folder: "/",
        environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
      guard case .finished(_, let complaint, let code) = child.run(seconds: 30, mostBytes: 1 << 20)
      else {
        Issue.record("It did not finish.")
        return
      }
      #expect(code != 0 && complaint.contains("Permission denied"), "\(complaint)")
    }
    // Ours still may.
    let ours = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    #expect(ours >= 0)
    close(ours)
  }

  @Test("The names of drivers are read with their spaces, and no other line of the list is")
  func driverNames() {
    let list = """
      Supported Formats:
        UK .NTF -vector- (rov): UK .NTF
        netCDF -raster,multidimensional raster,vector- (rw+vs): Network - Common Data Format
        ODBC -vector- (ro): \u{20}
      """
    #expect(GDAL.drivers(in: list) == ["UK .NTF", "netCDF", "ODBC"])
  }
}

@Suite("A pipe among the files") struct PipeTests {
  @Test("is told as a problem, in each place where a file is read, and nobody waits for its writer")
  func pipes() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      for name in ["a.geojson", "b.kmz", "c.gpkg", "d.dbf"] {
        try #require(mkfifo(path + "/" + name, 0o600) == 0)
      }
      try Data([0, 0, 0x27, 0x0A, 1, 2, 3]).write(to: folder.appending(path: "d.shp"))
      try FileManager.default.createSymbolicLink(
        atPath: path + "/e.kml", withDestinationPath: path + "/a.geojson")
      // Any program that can be run: none is.
      let set = readAreas(
        folder: path, grid: .britishNational, settings: .init(ogr2ogr: "/bin/true"))
      #expect(set.problems.count == 5, "\(set.problems)")
      #expect(
        set.problems.allSatisfy {
          $0.sentence == "This is no file but a folder, pipe or device, and cannot be read."
        }, "\(set.problems)")
      try #require(mkfifo(path + "/" + shiftsFileName, 0o600) == 0)
      #expect(throws: ProjectionError.self) { try ShiftTable.load(dataFolder: path) }
    }
  }
}
