import Foundation
import Testing
import Triage

@testable import FlareImport

@Suite("XML lists")
struct XMLTests {
  struct List: Equatable {
    var header: [String]
    var rows: Rows

    subscript(heading: String) -> [String] {
      header.firstIndex(of: heading).map { column in rows.rows.map { $0[column] } } ?? []
    }
  }

  static func read(_ bytes: [UInt8], records: String? = nil) throws -> List {
    let folder = try TemporaryFolder()
    return try read(at: try folder.file("list.xml", bytes), records: records)
  }

  static func read(
    at path: String, records: String? = nil, maxBytes: Int = 1 << 30
  ) throws -> List {
    let file = try OpenForReading(path)
    var reader = try XMLReader(
      descriptor: file.descriptor, maxBytes: maxBytes, shape: ListShape(records: records))
    let header = reader.header
    return List(header: header, rows: try Rows(&reader))
  }

  static func read(_ text: String, records: String? = nil) throws -> List {
    try read(Array(text.utf8), records: records)
  }

  static func refusal(_ text: String) throws -> String {
    do {
      _ = try read(text)
    } catch ReadTrouble.refused(let error) {
      return error.why.replacing("The export cannot be read. ", with: "")
    }
    Issue.record("The list was read.")
    return ""
  }

  static func request(_ number: Int) -> String {
    """
      <request>
        <service_request_id>\(1000 + number)</service_request_id>
        <status>open</status>
        <service_name>Missed &amp; bulky</service_name>
        <description/>
        <requested_datetime>2026-03-13T11:45:00Z</requested_datetime>
        <updated_datetime></updated_datetime>
        <lat>53.12\(number)</lat>
        <long>-1.25</long>
      </request>

    """
  }

  static func requests(_ count: Int) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<service_requests>\n"
      + (0..<count).map(request).joined() + "</service_requests>\n"
  }

  @Test(
    "Open311: every request is a row, and empty elements are empty cells", arguments: [1, 2, 300])
  func open311(_ count: Int) throws {
    let list = try XMLTests.read(XMLTests.requests(count))
    #expect(
      list.header == [
        "service_request_id", "status", "service_name", "description", "requested_datetime",
        "updated_datetime", "lat", "long",
      ])
    #expect(list["service_request_id"] == (0..<count).map { "\(1000 + $0)" })
    #expect(list["service_name"].first == "Missed & bulky")
    #expect(list["description"].first == "" && list["updated_datetime"].first == "")
    #expect(list.rows.events == Array(repeating: "row", count: count) + ["end"])
    #expect(list.rows.account.format == .xml && list.rows.account.encoding == "utf-8")
  }

  @Test("A real answer of an Open311 server is read")
  func real() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = root.appendingPathComponent("Fixtures/real/open311-requests.xml").path
    let list = try XMLTests.read(at: path)
    #expect(list.header.count == 17)
    #expect(list["service_request_id"] == ["101005420892", "101005420894"])
    #expect(list["lat"] == ["43.691104288", "43.695823056"])
    #expect(list["updated_datetime"] == ["", ""])
    #expect(list["service_name"] == ["Road - Pot hole", "Road - Pot hole"])
    #expect(list.rows.isWhole)
  }

  @Test("An empty list is whole and has no rows")
  func empty() throws {
    for text in ["<service_requests/>", "<?xml version='1.0'?>\n<a>\n</a>\n<!-- none -->\n"] {
      let list = try XMLTests.read(text)
      #expect(list.header.isEmpty)
      #expect(list.rows.events == ["end"])
    }
  }

  static func symology(_ number: Int, events: Int) -> String {
    """
    <Request>
      <RegionSite>North</RegionSite><NSGRef>12345678</NSGRef>
      <RecordedDate>13/03/2026</RecordedDate><RecordedTime>11:45</RecordedTime>
      <RequestType>HP03</RequestType><Priority>2</Priority>
      <Location><Easting>\(450_000 + number)</Easting><Northing>359000</Northing></Location>
      <OutCRNo>0000032\(number)</OutCRNo><Address1>12 Mill Lane</Address1><Address2/>
      <Customers><Customer><Kind>Public</Kind></Customer></Customers>
      <EventHistory>
    """
      + (0..<events).map {
        "<Event><EventDate>1\($0)/03/2026</EventDate><StageCode>0\($0)</StageCode></Event>"
      }.joined() + "</EventHistory></Request>\n"
  }

  @Test("Symology: groups in a row are read by path, repeated ones joined")
  func symology() throws {
    let text =
      "<Requests><Created>13/03/2026</Created>"
      + (0..<3).map { XMLTests.symology($0, events: $0) }.joined() + "</Requests>"
    let list = try XMLTests.read(text)
    #expect(list["OutCRNo"] == ["00000320", "00000321", "00000322"])
    #expect(list["Location.Easting"] == ["450000", "450001", "450002"])
    #expect(list["EventHistory.Event.EventDate"] == ["", "10/03/2026", "10/03/2026, 11/03/2026"])
    #expect(list["EventHistory.Event.StageCode"] == ["", "00", "00, 01"])
    #expect(list["Address2"] == ["", "", ""])
    #expect(list["Customers.Customer.Kind"] == ["Public", "Public", "Public"])
  }

  @Test("A single row is found though groups inside it repeat", arguments: ["", "Requests"])
  func single(_ around: String) throws {
    let row = XMLTests.symology(7, events: 3)
    let list = try XMLTests.read(around.isEmpty ? row : "<\(around)>\(row)</\(around)>")
    #expect(list["OutCRNo"] == ["00000327"])
    #expect(list["EventHistory.Event.StageCode"] == ["00, 01, 02"])
  }

  @Test("The element that is a row can be named")
  func named() throws {
    let text = "<Requests>" + XMLTests.symology(1, events: 2) + "</Requests>"
    let list = try XMLTests.read(text, records: "Event")
    #expect(list.header == ["EventDate", "StageCode"])
    #expect(list["StageCode"] == ["00", "01"])
    #expect(try XMLTests.read(text, records: "Nothing").rows.events == ["end"])
    let nested = "<a><r><x>1</x><r><x>2</x></r></r><b><r><x>3</x></r></b></a>"
    #expect(try XMLTests.read(nested, records: "r")["x"] == ["1", "3"])
  }

  @Test("Attributes are columns, of the row and of what is in it; prefixes are left out")
  func attributes() throws {
    let list = try XMLTests.read(
      """
      <j:jobs xmlns:j="urn:x" xmlns:xsi="urn:y"><j:job id="1" j:state="open">
      <j:Address uprn="10001">12 Mill Lane</j:Address><j:due xsi:nil="true"/></j:job>
      <j:job id="2"><j:Address uprn="10002">14 Mill Lane</j:Address></j:job></j:jobs>
      """)
    #expect(list.header == ["@id", "@state", "Address", "Address.@uprn", "due"])
    #expect(
      list.rows.rows == [
        ["1", "open", "12 Mill Lane", "10001", ""], ["2", "", "14 Mill Lane", "10002", ""],
      ])
    let flat = try XMLTests.read("<rows><row a=\"1\" b=\"x\"/><row b=\"y\" a=\"2\"/></rows>")
    #expect(flat.rows.rows == [["1", "x"], ["2", "y"]])
  }

  @Test("CDATA, entities, character references and text around elements are text")
  func texts() throws {
    let list = try XMLTests.read(
      "<a><r><n>1</n><t><![CDATA[5 < 6 & \"x\"]]> &lt;&#x20AC;&gt;</t></r>"
        + "<r><n> 2 </n><t>first<br/>second<b>bold</b> third</t></r></a>")
    #expect(list["n"] == ["1", "2"])
    #expect(list["t"] == ["5 < 6 & \"x\" <€>", "first second  third"])
    #expect(list["t.b"] == ["", "bold"])
  }

  @Test("Documents one behind the other are one list")
  func documents() throws {
    let text =
      XMLTests.requests(2) + "\n<!-- page 2 -->\n\u{FEFF}" + XMLTests.requests(1)
      + "<service_requests/>" + XMLTests.requests(3) + "<!-- the end -->\n"
    let list = try XMLTests.read(text)
    #expect(list.rows.isWhole)
    #expect(
      list["service_request_id"] == ["1000", "1001", "1000", "1000", "1001", "1002"])
    let rows = try XMLTests.read("<job><a>1</a><b>2</b></job>\n<job><a>3</a><b/></job>")
    #expect(rows.rows.rows == [["1", "2"], ["3", ""]])
    let junk = try XMLTests.read(XMLTests.requests(2) + "Error 500")
    #expect(junk.rows.events == ["row", "row", "cutOff", "end"])
  }

  static let text = "<?xml version=\"1.0\"?><a><r><n>Café – 5 £</n></r><r><n>😀</n></r></a>"

  @Test("UTF-8 and UTF-16 are read, with and without a mark, whatever the declaration says")
  func unicode() throws {
    let expected = ["Café – 5 £", "😀"]
    func check(_ bytes: [UInt8], _ name: String) throws {
      let list = try XMLTests.read(bytes)
      #expect(list["n"] == expected)
      #expect(list.rows.account.encoding == name)
      #expect(list.rows.isWhole)
    }
    let utf8 = Array(XMLTests.text.utf8)
    try check(utf8, "utf-8")
    try check([0xEF, 0xBB, 0xBF] + utf8, "utf-8 with BOM")
    try check(Array("\n  ".utf8) + utf8, "utf-8")
    let wrong = XMLTests.text.replacing("?>", with: " encoding=\"utf-16\"?>")
    try check(Array(wrong.utf8), "utf-8")
    for bigEndian in [false, true] {
      for mark in [false, true] {
        try check(
          EncodingTests.utf16(XMLTests.text + " \n", bigEndian: bigEndian, mark: mark),
          bigEndian ? "utf-16be" : "utf-16le")
        try check(
          EncodingTests.utf16(wrong, bigEndian: bigEndian, mark: mark),
          bigEndian ? "utf-16be" : "utf-16le")
      }
    }
    let two = EncodingTests.utf16(XMLTests.text + "\n" + XMLTests.text, bigEndian: true, mark: true)
    #expect(try XMLTests.read(two)["n"] == expected + expected)
  }

  @Test("Bytes that are not UTF-8 make the whole file windows-1252, declared or not")
  func windows1252() throws {
    for declared in [
      "", " encoding=\"UTF-8\"", " encoding='ISO-8859-1'", " encoding=\"Windows-1252\"",
    ] {
      let head = "<?xml version=\"1.0\"\(declared)?><a>"
      let rows = (0..<5000).map { "<r><n>\($0)</n></r>" }.joined()
      let bytes =
        Array((head + rows + "<r><n>Caf").utf8) + [0xE9, 0x20, 0x96, 0x20, 0x35, 0x20, 0xA3]
        + Array("</n></r></a>".utf8)
      let list = try XMLTests.read(bytes)
      #expect(list["n"].count == 5001)
      #expect(list["n"].last == "Café – 5 £")
      #expect(list.rows.account.encoding == "windows-1252")
      #expect(list.rows.isWhole)
    }
  }

  @Test("Zero bytes and control characters are read as spaces and counted")
  func controls() throws {
    let list = try XMLTests.read("<a><r><n>a\u{0}b</n></r><r><n>c\u{B}d</n></r></a>\u{0}\u{0}")
    #expect(list["n"] == ["a b", "c d"])
    #expect(list.rows.account.zeroBytes == 3)
    #expect(list.rows.account.badCharacters == 1)
  }

  @Test("What is broken in the middle keeps the rows before and is cut off")
  func broken() throws {
    let text = XMLTests.requests(3)
    for (flaw, kept) in [
      (text.replacing("</service_requests>", with: ""), 3),
      (text.replacing("<service_request_id>1001", with: "<service_request_id>1001 & 1"), 1),
      (text.replacing("1002</service_request_id>", with: "1002</request>"), 2),
      (text.replacing("1002", with: "&nbsp;"), 2),
      (text.replacing("1001", with: "&#x1F;"), 1),
    ] {
      let list = try XMLTests.read(flaw)
      #expect(list.rows.rows.count == kept)
      #expect(list.rows.events.suffix(2) == ["cutOff", "end"])
    }
  }

  @Test("Declared entities, references to other files and deep nesting are refused")
  func hostile() throws {
    let laughs =
      "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><a><r><n>&b;</n></r></a>"
    #expect(try XMLTests.refusal(laughs).contains("document type"))
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a><r><n>1</n></r></a>"
    #expect(try XMLTests.refusal(outside).contains("document type"))
    let deep = String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
    #expect(try XMLTests.refusal(deep).contains("64"))
    let names = "<a>" + (0..<70_000).map { "<n\($0)/>" }.joined() + "</a>"
    #expect(try XMLTests.refusal(names).contains("different elements"))
    let code = "<?xml version=\"1.0\" encoding=\"ebcdic-cp-us\"?><a><r><n>1</n></r></a>"
    #expect(try XMLTests.refusal(code).contains("ebcdic-cp-us"))
    let many = String(repeating: "<a/>", count: 100_001)
    #expect(try XMLTests.refusal(many).contains("documents"))
  }

  @Test(
    "A tag without an end, a row without an end and a value a hundred thousand times are bounded")
  func long() throws {
    let tag = "<a><r><n>1</n></r><r><n>2</n></r><" + String(repeating: "x", count: 8 << 20)
    #expect(try XMLTests.read(tag).rows.events == ["row", "row", "cutOff", "end"])
    let row = "<a><r><n>\(String(repeating: "x", count: 2 << 20))</n></r><r><n>2</n></r></a>"
    #expect(try XMLTests.read(row).rows.events == ["tooLong", "row", "end"])
    let values = "<a><r><n>0</n></r><r>\(String(repeating: "<n>1</n>", count: 100_000))</r></a>"
    let last = try #require(try XMLTests.read(values)["n"].last)
    #expect(last == Array(repeating: "1", count: RowBuffer.mostValues).joined(separator: ", "))
    #expect(throws: ReadTrouble.self) {
      let folder = try TemporaryFolder()
      let path = try folder.file("list.xml", Array(XMLTests.requests(9).utf8))
      _ = try XMLTests.read(at: path, maxBytes: 1000)
    }
  }

  @Test("A list cut at any byte is never whole, and its rows are those of the whole list")
  func cut() throws {
    let folder = try TemporaryFolder()
    for text in [
      XMLTests.requests(3), "<Requests>" + XMLTests.symology(1, events: 2) + "</Requests>",
    ] {
      let bytes = Array(text.utf8)
      let whole = try XMLTests.read(bytes)
      let end = try #require(text.utf8.lastIndex(of: UInt8(ascii: ">")))
      let root = text.utf8.distance(from: text.utf8.startIndex, to: end)
      for length in 0..<bytes.count {
        let path = try folder.file("cut.xml", Array(bytes[..<length]))
        let list = try XMLTests.read(at: path)
        #expect(list.rows.isWhole == (length > root), "\(length)")
        for (heading, column) in zip(list.header, 0...) {
          #expect(
            list.rows.rows.map { $0[column] }.elementsEqual(
              whole[heading].prefix(list.rows.rows.count)) || list.rows.rows.isEmpty,
            "\(length) \(heading)")
        }
      }
    }
  }
}
