import Foundation
import TestServers
import Testing
import Triage

@testable import Geography

private let ogr2ogr = "/usr/bin/ogr2ogr"
private let hasGDAL = FileManager.default.isExecutableFile(atPath: ogr2ogr)
private let polygon =
  #"{"type":"Polygon","coordinates":[[[-1.25,53.12],[-1.24,53.12],[-1.24,53.13],[-1.25,53.12]]]}"#
private let pin = #"{"type":"Point","coordinates":[-1.25,53.12]}"#

private func geoJSON(_ text: String, file: String = "a.geojson") -> AreaFile {
  readAreas(file: file, bytes: Array(text.utf8), grid: .britishNational, settings: .init())
}

private func feature(_ properties: String, _ geometry: String = polygon, more: String = "")
  -> AreaFile
{
  geoJSON(#"{"type":"Feature"\#(more),"properties":\#(properties),"geometry":\#(geometry)}"#)
}

private func kml(_ placemark: String, declaration: String = "") -> AreaFile {
  let outline =
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>-1.25,53.12 -1.24,53.12 -1.24,53.13 -1.25,53.12"
    + "</coordinates></LinearRing></outerBoundaryIs></Polygon>"
  let text =
    "\(declaration)<kml><Placemark>\(placemark.replacing("OUTLINE", with: outline))</Placemark></kml>"
  // One byte for each character, as Windows-1252 has it for these.
  return readAreas(
    file: "a.kml", bytes: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) },
    grid: .britishNational, settings: .init())
}

@Suite("What tools write") struct LenienceTests {
  @Test("Ids: a null one is none stated, an empty one too; characters are counted, not bytes")
  func ids() {
    #expect(feature(#"{"id":null,"name":"N"}"#, more: #","id":"f""#).areas.map(\.id) == ["f"])
    #expect(feature(#"{"id":" ","name":"N"}"#, more: #","id":"f""#).areas.map(\.id) == ["f"])
    let long = String(repeating: "নি", count: 100)
    #expect(feature(#"{"id":"\#(long)","name":"N"}"#).areas.map(\.id) == [long])
    #expect(feature(#"{"id":"\#(long)x","name":"N"}"#).hasErrors)
    #expect(feature(#"{"id":"a\u2028b","name":"N"}"#).hasErrors)
  }

  @Test(
    "The name of a file with a bare geometry is its id under the same rule",
    arguments: ["-", "a,b"])
  func bareGeometry(name: String) {
    let file = geoJSON(polygon, file: "\(name).geojson")
    #expect(file.areas.isEmpty)
    #expect(
      file.problems.first?.sentence.hasPrefix("Its id is the file's name, which cannot be used")
        == true)
  }

  @Test("Names are one line, and may be numbers")
  func names() {
    #expect(
      feature(#"{"id":"a","name":"North\nerror: x\u2029y\u0007"}"#).areas.map(\.name)
        == ["North error: x y"])
    #expect(feature(#"{"id":"a","name":12}"#).areas.map(\.name) == ["12"])
    #expect(feature(#"{"id":"a","name":1.5}"#).areas.map(\.name) == ["1.5"])
  }

  @Test("A form left empty in KML does not hide the Placemark's name")
  func emptyData() {
    let file = kml(
      "<name>North</name><ExtendedData><Data name='id'><value/></Data><Data name='name'><value></value>"
        + "</Data></ExtendedData>OUTLINE")
    #expect(file.areas.map(\.id) == ["North"] && file.areas.map(\.name) == ["North"])
  }

  @Test("Pins beside areas are passed over with a warning, and nothing but pins is an error")
  func pins() {
    let inCollection = feature(
      #"{"id":"a","name":"N"}"#,
      #"{"type":"GeometryCollection","geometries":[\#(pin),\#(polygon)]}"#)
    #expect(inCollection.areas.count == 1 && inCollection.problems.map(\.severity) == [.warning])
    let features = [("1", pin), ("2", polygon)].map {
      #"{"type":"Feature","properties":{"id":"\#($0.0)","name":"N"},"geometry":\#($0.1)}"#
    }
    let beside = geoJSON(
      #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#)
    #expect(beside.areas.map(\.id) == ["2"] && beside.problems.map(\.severity) == [.warning])
    #expect(feature("{}", pin).problems.first?.sentence == "The file holds no area, only pins.")
    #expect(
      feature(#"{"id":"a","name":"N"}"#, #"{"type":"GeometryCollection","geometries":[\#(pin)]}"#)
        .problems.first?.sentence == "Its GeometryCollection holds no area, only pins.")
    let many = kml(
      "<name>P</name><MultiGeometry><Point><coordinates>-1,53</coordinates></Point></MultiGeometry>"
    )
    #expect(
      many.problems.map(\.sentence) == [
        "The file holds no area, only pins.", "The pin of 'P' is no area and is passed over.",
      ])
  }

  @Test(
    "Systems with heights and older names of systems are the same system",
    arguments: ["EPSG:7405", "urn:x-ogc:def:crs:EPSG::27700", "urn:x-ogc:def:crs:EPSG:6.9:27700"])
  func systems(name: String) {
    let file = feature(
      #"{"id":"a","name":"N"}"#,
      #"{"type":"Polygon","coordinates":[[[450000,359000],[451000,359000],[451000,360000],[450000,359000]]]}"#,
      more: #","crs":{"type":"name","properties":{"name":"\#(name)"}}"#)
    #expect(file.problems.isEmpty && file.areas.first?.squareMetres == 500_000, "\(file.problems)")
  }

  @Test("KML in Windows-1252 is read; another encoding is told with what to do")
  func encodings() {
    let name = "<name>Caf\u{E9} \u{96} North</name>OUTLINE"
    let file = kml(name, declaration: "<?xml version='1.0' encoding='Windows-1252'?>")
    #expect(file.areas.map(\.name) == ["Café – North"])
    #expect(
      kml(name, declaration: "<?xml version='1.0' encoding='KOI8-R'?>").problems.map(\.sentence)
        == [
          "The file is not valid KML: its encoding is not read; save the file as UTF-8."
        ])
  }
}

@Suite("A file that GDAL reads for us, as QGIS and MapInfo write it") struct ConvertedSystemTests {
  private func convert(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: ogr2ogr)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    try #require(waitForEnd(of: process) == 0)
  }

  private func change(_ package: String, _ statements: String) throws {
    _ = try python(
      """
      import sqlite3, sys
      c = sqlite3.connect("\(package)")
      c.executescript(sys.stdin.read())
      c.commit()
      """, input: statements.utf8)
  }

  @Test(
    "with a table of styles beside its layer is read; a table that leads to other files is not",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"))
  func styles() throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      let source = repository("Tests/GeographyTests/Fixtures/good/properties.geojson")
      try convert("-f", "GPKG", "-nln", "my areas", path + "/a.gpkg", source)
      try change(
        path + "/a.gpkg",
        """
        CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name TEXT, styleQML TEXT);
        INSERT INTO layer_styles VALUES (1, 'my areas', '<qgis/>');
        INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)
          VALUES ('layer_styles', 'attributes', 'layer_styles', 0);
        """)
      let set = readAreas(folder: path, grid: .britishNational, settings: .init())
      #expect(set.problems.isEmpty && set.areas.map(\.id) == ["a"], "\(set.problems)")
      let secret = folder.appending(path: "secret.csv").path(percentEncoded: false)
      try Data("id\nknown-to-few\n".utf8).write(to: URL(filePath: secret))
      try change(
        path + "/a.gpkg",
        """
        PRAGMA writable_schema = ON;
        INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'v', 'v', 0,
          'CREATE VIRTUAL TABLE v USING VirtualText("\(secret)", UTF-8, 1)');
        """)
      try FileManager.default.moveItem(atPath: path + "/a.gpkg", toPath: path + "/areas.gpkg")
      let gdal = try GDAL(program: ogr2ogr, folder: path, driver: "GPKG", seconds: 60)
      #expect(throws: UnreadableAreas.self) {
        try gdal.run(["-f", "GeoJSON", "/vsistdout/", "areas.gpkg", "-sql", "SELECT * FROM v"])
      }
    }
  }

  @Test(
    "in a system without a code is refused, not taken for longitude and latitude of today",
    .enabled(if: hasGDAL, "GDAL is not installed (apt-get install gdal-bin)"),
    arguments: [("a.tab", "MapInfo File"), ("a.gpkg", "GPKG"), ("a.shp", "ESRI Shapefile")])
  func noCode(_ name: String, _ driver: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.path(percentEncoded: false)
      let source = repository("Tests/GeographyTests/Fixtures/good/properties.geojson")
      // Degrees on another ellipsoid: some hundred metres away.
      try convert(
        "-f", driver, "-t_srs", "+proj=longlat +ellps=airy +towgs84=446,-125,542,0,0,0,0 +no_defs",
        path + "/" + name, source)
      let set = readAreas(folder: path, grid: .britishNational, settings: .init())
      #expect(set.areas.isEmpty)
      #expect(
        set.problems.first?.sentence.hasPrefix("GDAL found no code for its coordinate system")
          == true,
        "\(set.problems)")
      let stated = readAreas(
        folder: path, grid: .britishNational, settings: .init(crs: "EPSG:4277"))
      #expect(stated.areas.map(\.id) == ["a"], "\(stated.problems)")
    }
  }
}
