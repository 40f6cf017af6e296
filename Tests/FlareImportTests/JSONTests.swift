import FlareImport
import Foundation
import Testing
import Triage

@Suite("Lists in JSON")
struct JSONTests {
  static func record(_ reference: String, _ more: String = "") -> String {
    #"{"Ref":"\#(reference)","Received":"2026-03-13T11:45:00Z","Status":"Open","Type":"Bulky","#
      + #""Address":"12 Mill Lane","UPRN":10001,"E":450500.0,"N":359500\#(more)}"#
  }

  static func list(_ text: String, _ change: (inout FeedSettings) -> Void = { _ in }) throws
    -> ImportedList
  {
    try read(Array(text.utf8), settings(change), name: "list.json")
  }

  @Test(
    "An array, an object that holds it, lines, and arrays one behind the other are one list",
    arguments: [
      "[%A,%B]", "[ %A ,\n %B ]\n", "{\"count\":2,\"jobs\":[%A,%B]}",
      "{\"meta\":{\"pages\":[1,2,3],\"list\":[{},{},{}]},\"result\":{\"records\":[%A,%B]}}",
      "%A\n%B\n", "%A%B", "%A,\n%B", "[%A]\n[%B]", "[%A][][%B]", "[%A,%B,]",
      "{\"jobs\":[%A]}\n{\"jobs\":[%B]}", "\u{FEFF}[%A,%B]",
    ])
  func shapes(_ shape: String) throws {
    let text = shape.replacing("%A", with: JSONTests.record("A1"))
      .replacing("%B", with: JSONTests.record("A2"))
    let list = try JSONTests.list(text)
    #expect(list.references == ["A1", "A2"])
    #expect(list.report.counts.rows == 2)
    #expect(list.report.format == "json")
    #expect(list.report.problemCounts == ["missingColumn": 1], "no record has notes")
    let job = try #require(list.jobs.first)
    #expect(job.place.uprn == "10001")
    #expect(job.place.point == GridPoint(x: 450_500, y: 359_500))
    #expect(job.received == MappingTests.date("2026-03-13T11:45:00Z"))
  }

  @Test("The feed can say where the records are")
  func records() throws {
    let text =
      "{\"old\":[\(JSONTests.record("A0")),\(JSONTests.record("A9"))],"
      + "\"now\":{\"jobs\":[\(JSONTests.record("A1"))]}}"
    #expect(try JSONTests.list(text).references == ["A0", "A9"])
    #expect(try JSONTests.list(text) { $0.shape.records = "now.jobs" }.references == ["A1"])
    let one = "{\"now\":{\"jobs\":\(JSONTests.record("A1"))}}"
    #expect(try JSONTests.list(one) { $0.shape.records = "now.jobs" }.references == ["A1"])
    let error = try #require(throws: ImportError.self) {
      try JSONTests.list(text) { $0.shape.records = "now.tasks" }
    }
    #expect(error.why.contains("no list at 'now.tasks'"))
  }

  @Test("Cells inside objects and arrays are found by dotted paths")
  func paths() throws {
    let text = """
      {"type":"FeatureCollection","features":[
       {"type":"Feature","geometry":{"type":"Point","coordinates":[450500,359500.5]},
        "properties":{"Ref":"A1","tags":["bulky","garden"],"attributes":[{"code":"st","value":"Open"},
         {"code":"x","value":null}]}}]}
      """
    let list = try JSONTests.list(text) {
      $0.columns = ColumnMap(
        reference: "properties.Ref", status: "properties.attributes.0.value",
        type: "properties.tags", x: "geometry.coordinates.0", y: "geometry.coordinates.1")
    }
    let job = try #require(list.jobs.first)
    #expect(job.status == "Open")
    #expect(job.type == "bulky, garden")
    #expect(job.place.point == GridPoint(x: 450_500, y: 359_500.5))
  }

  @Test("Cells in any order, missing, null, doubled or of another kind")
  func irregular() throws {
    let list = try JSONTests.list(
      """
      [{"N":359500,"E":450500,"Ref":12,"Status":null,"Type":true,"Received":null,"extra":{"deep":[]}},
       {"Ref":"A2","Ref":"A3","E":"450500","N":"359500","Status":{"code":"x"},"Type":"t"}]
      """)
    #expect(list.references == ["12", "A3"])
    #expect(list.jobs.map(\.status) == ["", ""])
    #expect(list.jobs.map(\.type) == ["true", "t"])
  }

  @Test(
    "Strings are unescaped",
    arguments: [
      (#"say \"so\" \\ \/"#, #"say "so" \ /"#), (#"caf\u00e9 \ud83d\ude00"#, "café 😀"),
      (#"one\r\ntwo\nthree"#, "one\ntwo\nthree"), (#"a\tb"#, "a\tb"), (#"a\u0000b"#, "ab"),
      (#"lone \ud83d half"#, "lone \u{FFFD} half"), ("\u{e9}£😀", "é£😀"),
    ])
  func strings(_ written: String, _ notes: String) throws {
    let list = try JSONTests.list("[" + JSONTests.record("A1", #","Notes":"\#(written)""#) + "]")
    #expect(list.jobs.map(\.notes) == [notes])
    let hasBad = written.contains("lone") || written.contains("u0000")
    #expect(list.report.problemCounts["badBytes"] == (hasBad ? 1 : nil))
  }

  @Test("Keys are unescaped as well")
  func keys() throws {
    let text = "[" + JSONTests.record("A1").replacing("\"Ref\"", with: #""\u0052ef""#) + "]"
    #expect(try JSONTests.list(text).references == ["A1"])
  }

  @Test("UTF-16 and windows-1252 are read as in any list")
  func encodings() throws {
    let text = "[" + JSONTests.record("A1", #","Notes":"caf%""#) + "]"
    let wide = Array(text.replacing("%", with: "é").utf16).flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    #expect(try read([0xFF, 0xFE] + wide).jobs.first?.notes == "café")
    #expect(try read(wide).report.encoding == "utf-16le")
    let bytes = Array(text.utf8).map { $0 == UInt8(ascii: "%") ? 0xE9 : $0 }
    let list = try read(bytes)
    #expect(list.jobs.first?.notes == "café")
    #expect(list.report.encoding == "windows-1252")
  }

  @Test(
    "A record that is no JSON costs itself",
    arguments: [
      #"{"Ref":"A2","E":NaN}"#, #"{"Ref":"A2",}"#, #"{"Ref":"A2" "E":1}"#, #"{"Ref":"\x41"}"#,
      #"{"Ref":"\u12"}"#, #"{'Ref':'A2'}"#, #"{"Ref":01}"#, #"{Ref:"A2"}"#, #"{"Ref":tru}"#, "7",
      "\"text\"", "null", "[1]",
    ])
  func malformed(_ broken: String) throws {
    let text = "[\(JSONTests.record("A1")),\(broken),\(JSONTests.record("A3"))]"
    let list = try JSONTests.list(text)
    #expect(list.references == ["A1", "A3"])
    #expect(list.report.problemCounts["malformed"] == 1)
    #expect(list.report.counts.unreadable == 1)
    #expect(list.report.problems.contains { $0.kind == .malformed && $0.row == 2 })
  }

  @Test(
    "In lines a broken record costs its line",
    arguments: [
      #"{"Ref":"A2","E":"#, #"{"Ref":"A2"#, #"{"Ref":"A2"}}}"#, "{]", #"{"Ref":"A2""E":1}"#,
    ])
  func malformedLine(_ broken: String) throws {
    let text = "\(JSONTests.record("A1"))\n\(broken)\n\(JSONTests.record("A3"))\n"
    let list = try JSONTests.list(text)
    #expect(list.references.first == "A1")
    #expect(list.report.counts.unreadable == 1)
    // Brackets that close too many end the list: what follows is not guessed at.
    if broken.hasSuffix("}}}") {
      #expect(list.report.problemCounts["cutOff"] == 1)
    } else {
      #expect(list.references == ["A1", "A3"])
    }
  }

  @Test("A list cut at any byte is accounted for, and whole records before the cut are read")
  func cutAtEveryByte() throws {
    let records = (1...3).map {
      JSONTests.record("A\($0)", #","Notes":"Sofa, \"old\" {[\ud83d\ude00]}""#)
    }
    for shape in ["[%]", "{\"n\":1,\"jobs\":[%],\"end\":true}", "%"] {
      let separator = shape == "%" ? "\n" : ",\n"
      let body = shape.replacing("%", with: records.joined(separator: separator))
      let bytes = Array(body.utf8)
      let ends = records.map { record in
        bytes.firstRange(of: Array(record.utf8))!.upperBound
      }
      for length in 1..<bytes.count {
        guard let list = try? read(Array(bytes[..<length]), name: "l.json") else { continue }
        #expect(list.report.counts.addsUp)
        let whole = ends.count { $0 <= length }
        #expect(list.jobs.count == whole, "\(shape) cut at \(length)")
        let isClean = shape == "%" && (ends.contains(length) || ends.contains(length - 1))
        #expect(
          (list.report.problemCounts["cutOff"] == 1) != isClean, "\(shape) cut at \(length)")
      }
    }
  }

  @Test("A list without a record is a list without news", arguments: ["[]", "{\"jobs\":[]}"])
  func empty(_ text: String) throws {
    let list = try JSONTests.list(text)
    #expect(list.report.counts == RowCounts())
    #expect(list.report.problems.isEmpty)
  }

  @Test("What no record has must not be what tells which job it is and where")
  func missing() throws {
    let error = try #require(throws: ImportError.self) {
      try JSONTests.list("[" + JSONTests.record("A1").replacing("Status", with: "State") + "]")
    }
    #expect(error.why.contains("in no record"))
    #expect(error.why.contains("'Status' (status)"))
    let list = try JSONTests.list(
      "[" + JSONTests.record("A1").replacing(#""UPRN":10001,"#, with: "") + "]")
    #expect(list.jobs.count == 1)
    #expect(list.noted == ["missingColumn 0", "missingColumn 0"])
  }

  @Test("An answer that is no list is refused", arguments: [#"{"error":"no access"}"#, "{}"])
  func noList(_ text: String) throws {
    if text == "{}" {
      #expect(try JSONTests.list(text).report.counts == RowCounts())
    } else {
      #expect(throws: ImportError.self) { try JSONTests.list(text) }
    }
  }

  @Test("Depth, length and the number of cells are bounded")
  func bounded() throws {
    let deep = String(repeating: "[", count: 100_000)
    let list = try JSONTests.list("[\(JSONTests.record("A1")),{\"a\":\(deep)")
    #expect(list.references == ["A1"])
    #expect(list.report.problemCounts["cutOff"] == 1)
    let closed = deep + String(repeating: "]", count: 100_000)
    let whole = try JSONTests.list("[{\"a\":\(closed)},\(JSONTests.record("A1"))]")
    #expect(whole.references == ["A1"])
    #expect(whole.report.problemCounts["malformed"] == 1)
    let long = String(repeating: "long ", count: 300_000)
    let passed = try JSONTests.list(
      "[\(JSONTests.record("A1", #","Notes":"\#(long)""#)),\(JSONTests.record("A2"))]")
    #expect(passed.references == ["A2"])
    #expect(passed.report.problemCounts["tooLong"] == 1)
    let many = (0..<40_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    #expect(
      try JSONTests.list("[\(JSONTests.record("A1")),{\(many)},\(JSONTests.record("A2"))]")
        .references == ["A1", "A2"])
  }

  @Test("A record across the border of two chunks is read as any other")
  func chunks() throws {
    let filler = String(repeating: "x", count: 997)
    let records = (0..<2000).map { JSONTests.record("A\($0)", #","Notes":"\#(filler)\u00e9""#) }
    let list = try JSONTests.list("[" + records.joined(separator: ",\n") + "]")
    #expect(list.references == (0..<2000).map { "A\($0)" })
    #expect(list.jobs.allSatisfy { $0.notes == filler + "é" })
  }

  @Test("Random damage is accounted for and never fatal")
  func damage() throws {
    var random = SeededRandom(seed: 17)
    let good = Array(
      ("[" + (0..<6).map { JSONTests.record("A\($0)", #","t":["a",1]"#) }.joined(separator: ",")
        + "]")
        .utf8)
    let alphabet = Array("{}[]\",:\\un0-1e.\n tf".utf8) + [0, 0xE9, 0xC3]
    for _ in 0..<1500 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        bytes[at] = alphabet.randomElement(using: &random)!
      }
      guard let list = try? read(bytes, name: "l.json") else { continue }
      #expect(list.report.counts.addsUp)
    }
  }

  @Test("The Open311 answer of Chicago")
  func chicago() throws {
    let settings = FeedSettings(
      name: "open311", source: .file(path: ""),
      columns: ColumnMap(
        reference: "service_request_id", received: ["requested_datetime"],
        due: ["expected_datetime"], updated: ["updated_datetime"], status: "status",
        type: "service_name", address: ["address"], x: "long", y: "lat"),
      crs: "EPSG:4326")
    let list = try RealListTests.read(
      "real/open311-requests.json", settings, RealListTests.box(-87.7 ... -87.6, 41.7...41.9))
    #expect(list.references == ["14-01100669", "14-01100627"])
    #expect(list.jobs.first?.received == MappingTests.date("2014-07-12T15:58:43Z"))
    #expect(list.noted == ["missingColumn 0"])
    #expect(list.report.problems.first?.column == "expected_datetime")
  }

  @Test("The Open311 answer of Toronto in XML")
  func toronto() throws {
    let settings = FeedSettings(
      name: "open311", source: .file(path: ""),
      columns: ColumnMap(
        reference: "service_request_id", received: ["requested_datetime"],
        due: ["expected_datetime"], updated: ["updated_datetime"], status: "status",
        type: "service_name", address: ["address"], x: "long", y: "lat"),
      crs: "EPSG:4326")
    let list = try RealListTests.read(
      "real/open311-requests.xml", settings, RealListTests.box(-80 ... -79, 43...44))
    #expect(list.report.format == "xml")
    #expect(list.references.first == "101005420892")
    #expect(list.jobs.first?.due == MappingTests.date("2018-08-03T04:01:00Z"))
    #expect(list.jobs.first?.updated == nil)
    #expect(list.report.counts.rows == list.jobs.count)
  }
}
