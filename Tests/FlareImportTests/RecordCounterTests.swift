import Testing

@testable import FlareImport

@Suite("Counting the requests of one answer")
struct RecordCounterTests {
  @Test(
    "JSON: objects of the list are counted, whatever their texts hold",
    arguments: [
      ("[]", 0), (" \n[ ] \n", 0), ("\u{FEFF}[{}]", 1), (#"[{"a":1},{"b":[{},{}]}]"#, 2),
      (#"[{"a":"}],[{\"{"},{"b":"\\"}]"#, 2), (#"{"requests":[{},{},{}],"pages":[]}"#, 3),
      (#"{"errors":"none"}"#, 0), (#"[{"a":"\\\""}]"#, 1), (#"[{"a":{"b":{}}}]"#, 1),
      (#"[1,"x",null]"#, 0), (#"[[{}]]"#, 0),
    ])
  func json(text: String, count: Int) {
    #expect(RecordCounter.count(text, .json) == count)
  }

  @Test(
    "JSON that is cut off, followed by something else, or no list is told",
    arguments: [
      "", "[", #"[{"a":"b"#, #"[{"a":"b\"#, "[{}", "[{}]]", "[{}][{}]", "[}", "{]", "<html></html>",
      "plain words", "[{}] tail", "\"text\"",
    ])
  func noJSON(text: String) {
    #expect(RecordCounter.count(text, .json) == nil)
  }

  @Test("JSON of a thousand brackets is refused and a million letters cost nothing")
  func deepJSON() {
    let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    #expect(RecordCounter.count(deep, .json) == nil)
    let long = "[{\"a\":\"" + String(repeating: "\\\"{", count: 300_000) + "\"}]"
    #expect(RecordCounter.count(long, .json) == 1)
  }

  @Test(
    "XML: requests right within the root are counted, whatever their texts hold",
    arguments: [
      ("<service_requests/>", 0), ("<service_requests></service_requests>", 0),
      ("<?xml version=\"1.0\"?>\n<r><request/><request>x</request ></r>\n", 2),
      ("\u{FEFF}<r><request a='>' b=\"/>\"><request/></request></r>", 1),
      ("<r><!-- <request/> --><![CDATA[<request/>]]]]><g:request/></r>", 1),
      ("<r><request_id/><requests/><request\n/></r>", 1),
      ("<!DOCTYPE r [<!ENTITY a \"<request/>\">]><r><request>&a;</request></r>", 1),
      ("<r><?p <request/> ?><request><notice><request/></notice></request></r>", 1),
      ("<r><!----><request/><!-- - -- --></r>", 1),
    ])
  func xml(text: String, count: Int) {
    #expect(RecordCounter.count(text, .xml) == count)
  }

  @Test(
    "XML that is cut off, has two roots, or is a page is told",
    arguments: [
      "", "<r>", "<r><request>", "<r><request></request>", "<r><!-- ", "<r", "<r></r><r></r>",
      "</r>", "words", "<html><body>Sign in</body></html>", "<!DOCTYPE html><html></html>",
      "<errors><error/></errors>", "<r></r>tail", "<r><![CDATA[ ]]</r>", "<!nonsense><r/>",
    ])
  func noXML(text: String) {
    #expect(RecordCounter.count(text, .xml) == nil)
  }

  @Test("An answer cut at any byte is never taken for whole")
  func cut() {
    let json = #"[{"a":"b\"","c":[1,{}]},{"d":"}]"}]"#
    let xml = "<?xml version='1.0'?><r><!-- x --><request a='b'>c</request><request/></r>"
    for (text, format) in [(json, Open311Settings.Format.json), (xml, .xml)] {
      for end in 0..<text.utf8.count {
        #expect(RecordCounter.count(String(text.prefix(end)), format) == nil)
      }
      #expect(RecordCounter.count(text, format) == 2)
    }
  }
}

extension RecordCounter {
  /// Byte for byte, as a slow network would bring it.
  fileprivate static func count(_ text: String, _ format: Open311Settings.Format) -> Int? {
    var counter = RecordCounter(format)
    for byte in text.utf8 {
      withUnsafeBytes(of: byte) { counter.take($0) }
    }
    return counter.count
  }
}
