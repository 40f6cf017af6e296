import FlareImport
import Foundation
import Testing
import Triage

/// Invented rows in the columns of the real products. The postcodes use letters that no real inward
/// code has.
private let openUPRN = """
  \u{FEFF}UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE
  900000000001,450100.00,359100.00,53.12,-1.25
  7,450200.256,359200.5,53.12,-1.25
  900000000003,451000,360000,53.13,-1.24
  900000000004,451000.01,360000.00,53.13,-1.24
  900000000005,440000.00,359100.00,53.12,-1.40
  900000000006,450100.00,abc,53.12,-1.40
  900000000007,,359100.00,53.12,-1.40
  9000000000081,450100.00,359100.00,53.12,-1.25
  0,450100.00,359100.00,53.12,-1.25
  900000000010,0.00,0.00,,
  999999999999, 450300.00 ,+359300.00,53.12,-1.25
  "900000000012","450400.994","359400.995","53.12","-1.25"

  900000000013,450100.00

  """

private let codePoint = """
  "NG179CM",10,450100,359100,"E92000001","E19000000","E18000000","","E07000000","E05000000"
  "NG17 9CO",50,450200,359200,"E92000001","E19000000","E18000000","","E07000000","E05000000"
  "NG179CV",90,0,0,"E92000001","","","","",""
  "M1  1CI",10,380000,390000,"E92000001","","","","",""
  "nonsense",10,450100,359100,"E92000001","","","","",""
  """

private let oldDirectory = """
  pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,osward,usertype,oseast1m,osnrth1m,osgrdind,lat,long
  "NG179CM","NG17 9CM","NG17 9CM","198001","","E1","E2","E3","0","450150","0359150","1",53.1,-1.2
  "NG179CO","NG17 9CO","NG17 9CO","198001","199606","E1","E2","E3","0","450250","0359250","1",53.1,-1.2
  "NG179CV","NG17 9CV","NG17 9CV","198001","199606","E1","E2","E3","0","","","9",99.999999,0.000000
  "BT1 1CI","BT1  1CI","BT1 1CI","198001","","N1","N2","N3","0","450100","0359100","1",54.1,-5.2
  "M1  1CI","M1   1CI","M1 1CI","198001","","E1","E2","E3","0","380000","0390000","1",53.1,-1.2
  """

private let newDirectory = """
  pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd
  "NG179CM","NG17 9CM","NG17 9CM","198001","","0","450150","359150","1","E0","E1"
  "NG179CO","NG17 9CO","NG17 9CO","198001","199606","0","450250","359250","1","E0","E1"
  """

private let kept = Box(minX: 450_000, minY: 359_000, maxX: 451_000, maxY: 360_000)

private func sift(
  _ text: String, _ boxes: [Box] = [kept]
) throws -> (source: GazetteerSource?, places: [String]) {
  let folder = try TemporaryFolder()
  var places: [String] = []
  let source = try readGazetteer(
    at: try folder.file("some.csv", Array(text.utf8)), keeping: boxes
  ) { kind, entries in
    places += entries.map { "\(kind) \($0.key) \($0.x) \($0.y)" }
  }
  #expect(source.count <= 1)
  return (source.first, places)
}

@Suite("Published gazetteers") struct GazetteerReadingTests {
  @Test("OS Open UPRN: numbers of every width, kept by place, everything accounted for")
  func uprns() throws {
    let (found, places) = try sift(openUPRN)
    let source = try #require(found)
    #expect(
      places == [
        "uprn 900000000001 45010000 35910000", "uprn 7 45020026 35920050",
        "uprn 900000000003 45100000 36000000", "uprn 999999999999 45030000 35930000",
        "uprn 900000000012 45040099 35940100",
      ])
    #expect(source.product == "OS Open UPRN")
    #expect(source.file == "some.csv")
    #expect(source.rows == 13)
    #expect(source.kept == 5)
    #expect(source.outside == 2)
    #expect(source.notPlaced == 1)
    #expect(source.unreadable == 5)
    #expect(source.addsUp)
  }

  private func postcode(_ kind: String, _ key: String, _ x: Int, _ y: Int) -> String {
    "\(kind) \(postcodeNumber(key)) \(x) \(y)"
  }

  @Test("Code-Point Open: no header, a quality of 90 is no place")
  func codePointOpen() throws {
    let (source, places) = try sift(codePoint)
    #expect(
      places == [
        postcode("postcode", "NG179CM", 45_010_000, 35_910_000),
        postcode("postcode", "NG179CO", 45_020_000, 35_920_000),
      ])
    #expect(source?.product == "Code-Point Open")
    #expect(source?.rows == 5)
    #expect(source?.notPlaced == 1)
    #expect(source?.outside == 1)
    #expect(source?.unreadable == 1)
  }

  @Test("The ONS directory of old and new columns: ended postcodes apart, Irish Grid left out")
  func directories() throws {
    for text in [oldDirectory, newDirectory] {
      let (source, places) = try sift(text)
      #expect(
        Set(places) == [
          postcode("postcode", "NG179CM", 45_015_000, 35_915_000),
          postcode("terminatedPostcode", "NG179CO", 45_025_000, 35_925_000),
        ])
      #expect(source?.product == "ONS Postcode Directory")
      #expect(source?.addsUp == true)
    }
    #expect(try sift(oldDirectory).source?.notPlaced == 2)
  }

  @Test("Several boxes keep what any of them holds, and none keeps nothing")
  func boxes() throws {
    let small = { (x: Double) in Box(minX: x, minY: 359_000, maxX: x + 50, maxY: 360_000) }
    #expect(try sift(openUPRN, [small(450_090), small(450_290)]).places.count == 2)
    let (source, places) = try sift(openUPRN, [])
    #expect(places.isEmpty)
    #expect(source?.addsUp == true)
  }

  @Test("More places than a batch holds come whole and in order")
  func batches() throws {
    let rows = (1...10_000).map { "\($0),450100,359100,0,0" }
    let (source, places) = try sift(
      "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\r\n" + rows.joined(separator: "\r\n"))
    #expect(places == (1...10_000).map { "uprn \($0) 45010000 35910000" })
    #expect(source?.kept == 10_000)
  }

  @Test("Headings alone are no gazetteer, another list is refused by name")
  func others() throws {
    #expect(try sift("PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Quality,,,,,,,,\n").source == nil)
    for text in ["Ref,Easting,Northing\nA1,450100,359100\n", "", "\u{0}\u{0}", "<html>"] {
      let error = #expect(throws: GazetteerReadError.self) { try sift(text) }
      #expect(error?.description.hasPrefix("some.csv ") == true)
    }
    #expect(throws: GazetteerReadError.self) {
      try readGazetteer(at: "/nowhere/some.csv", keeping: [kept]) { _, _ in }
    }
  }

  @Test("A file cut at any byte is refused, or lacks no more than what begins with a new row")
  func cut() throws {
    let bytes = Array(openUPRN.utf8)
    let header = openUPRN.utf8.firstIndex(of: 0x0A).map {
      openUPRN.utf8.distance(from: openUPRN.startIndex, to: $0)
    }
    let folder = try TemporaryFolder()
    for end in try #require(header)...bytes.count {
      let path = try folder.file("cut.csv", Array(bytes[..<end]))
      let rest = bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false)
      let last = String(decoding: rest.last ?? [], as: UTF8.self)
      let isCut =
        rest.count > 1 && !last.isEmpty
        && (last.count { $0 == "," } < 4 || !last.count { $0 == "\"" }.isMultiple(of: 2))
      do {
        let source = try readGazetteer(at: path, keeping: [kept]) { _, _ in }
        #expect(source.first?.addsUp == true && !isCut, "\(last)")
        #expect(source.first?.endsInRow == (rest.count == 1 || last.isEmpty ? nil : true))
      } catch let error as GazetteerReadError {
        #expect(isCut && error.description.contains("ends in the middle of a row"), "\(last)")
      }
    }
  }

  @Test("Products are read as they are downloaded: each list of a ZIP that holds places, or gzip")
  func packed() throws {
    let folder = try TemporaryFolder()
    func sources(_ name: String, _ bytes: [UInt8]) throws -> [String] {
      try readGazetteer(
        at: try folder.file(name, bytes), keeping: [kept], spool: folder.path
      ) { _, _ in }.map { "\($0.product) \($0.file) \($0.rows)" }
    }
    let post = Array("\"NG179CM\",10,450150,359150,\"E92000001\"\r\n".utf8)
    let code = try Packing.zip([
      ("codepo_gb/Doc/Column_Headers.csv", Array("PC,PQ,EA,NO\r\n".utf8)),
      ("codepo_gb/Data/CSV/", []), ("codepo_gb/Data/CSV/ng.csv", post),
      ("codepo_gb/Data/CSV/de.csv", post + post), ("codepo_gb/readme.txt", post),
    ])
    #expect(
      try sources("codepo_gb.zip", code) == [
        "Code-Point Open codepo_gb.zip/de.csv 2", "Code-Point Open codepo_gb.zip/ng.csv 1",
      ])
    #expect(try countRows(at: folder.path + "/codepo_gb.zip", spool: folder.path) == 3)
    let uprn = Array(openUPRN.utf8)
    let rows = try sources("plain.csv", uprn).map { $0.split(separator: " ").last }
    for (name, bytes) in [
      ("a.zip", try Packing.zip([("osopenuprn_202611.csv", uprn), ("licence.txt", post)])),
      ("a.csv.gz", try Packing.gzip(uprn)),
    ] {
      #expect(try sources(name, bytes).map { $0.split(separator: " ").last } == rows)
    }
    let ons = try Packing.zip([
      ("Data/ONSPD.csv", Array(newDirectory.utf8)),
      ("Data/multi_csv/ONSPD_NG.csv", Array(newDirectory.utf8)),
      ("Documents/names.csv", post),
    ])
    #expect(try sources("ons.zip", ons).count == 1)
    for (name, bytes) in [
      ("none.zip", try Packing.zip([("readme.txt", post)])), ("cut.zip", Array(code.dropLast(30))),
      ("cut.gz", Array(try Packing.gzip(uprn).dropLast(9))),
      ("bomb.gz", try Packing.gzip(Array(repeating: 0x20, count: 8 << 20))),
    ] {
      let error = #expect(throws: GazetteerReadError.self) { try sources(name, bytes) }
      #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
        $0.contains(".csv") || $0.contains(".zip") || $0.contains(".gz")
      })
  }

  @Test("The files of a product are found in its folder as it is unpacked")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in ["Data/CSV", "Doc"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    _ = try folder.file("Doc/headings.csv", [])
    let ng = try folder.file("Data/CSV/ng.csv", [])
    let ab = try folder.file("Data/CSV/AB.CSV", [])
    #expect(gazetteerFiles(at: folder.path) == [ab, ng])
    #expect(gazetteerFiles(at: ng) == [ng])
    #expect(gazetteerFiles(at: folder.path + "/Doc") == [folder.path + "/Doc/headings.csv"])
  }

  @Test("Rows are counted without being looked at")
  func counted() throws {
    let folder = try TemporaryFolder()
    #expect(try countRows(at: try folder.file("a.csv", Array(newDirectory.utf8))) == 3)
  }
}
