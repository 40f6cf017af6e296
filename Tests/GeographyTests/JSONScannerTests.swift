import Foundation
import Testing
import Triage

@testable import Geography

@Suite("The JSON scanner") struct JSONScannerTests {
  @Test("reads what JSON allows")
  func values() throws {
    let text = #" {"a": [1, -0.5e+2, true, false, null, "x\né\"\/\u00e9\ud83d\ude00"], "b": {}} "#
    let escaped = text.replacing("\n", with: "\\n")
    let root = try JSONScanner.read(Array(escaped.utf8))
    let list = try #require(root["a"]?.array)
    #expect(list.map(\.number) == [1, -50, nil, nil, nil, nil])
    #expect(list[4].isNull)
    #expect(list[5].string == "x\né\"/é😀")
    #expect(root["b"]?.isObject == true)
    #expect(root["c"] == nil)
    #expect(
      LineIndex(Array("{\n\"é\": [1, 2]}".utf8))
        .place(of: list[1].offset, in: Array("{\n\"é\": [1, 2]}".utf8)).line == 2)
  }

  @Test(
    "refuses what JSON forbids",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "[1 2]", "01", "1.", ".5", "+1", "-", "1e",
      "1e400",
      "NaN", "Infinity", "tru", "nul", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"",
      "\"\\ud800\\u0041\"",
      "\"a\nb\"", "{\"a\":1,\"a\":2}", "{\"a\" 1}", "[1]]", "'a'", "\u{0}", "[1]\u{0}",
    ])
  func refused(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONScanner.read(Array(text.utf8)) }
  }

  @Test("refuses bytes that are not UTF-8")
  func notUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONScanner.read([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONSyntaxError.self) { try JSONScanner.read([0x22, 0xC3, 0x22]) }
  }

  @Test("counts lines and columns in characters, from 1")
  func position() {
    let bytes = Array("{\n\"é\": x".utf8)
    do {
      _ = try JSONScanner.read(bytes)
      Issue.record("It was read.")
    } catch {
      let (line, column) = LineIndex(bytes).place(of: error.offset, in: bytes)
      #expect(line == 2 && column == 6)
    }
  }

  @Test("and Python's json read the same numbers from 385 output areas, to the last bit")
  func sameAsPython() throws {
    let bytes = try fixture("ashfield-output-areas.geojson")
    let program = """
      import json, sys
      def walk(node):
          if isinstance(node, float): print(repr(node))
          elif isinstance(node, dict): [walk(value) for value in node.values()]
          elif isinstance(node, list): [walk(value) for value in node]
      walk(json.load(sys.stdin))
      """
    let theirs = try python(program, input: bytes).split(separator: "\n").compactMap { Double($0) }
    let ours = numbers(in: try JSONScanner.read(bytes))
    #expect(ours.count > 10_000)
    #expect(ours == theirs)
  }

  @Test("survives a file cut at every byte, and names a place in it")
  func cutAnywhere() throws {
    let bytes = try fixture("good/hole-and-island.geojson")
    let whole = bytes.lastIndex(of: UInt8(ascii: "}"))!
    for length in 0...whole {
      do {
        _ = try JSONScanner.read(Array(bytes[..<length]))
        Issue.record("The first \(length) bytes were read as a whole.")
      } catch {
        #expect(error.offset <= length)
      }
    }
  }

  @Test("and the reader behind it survive 5,000 damaged files")
  func damaged() throws {
    let originals = try [
      "hole-and-island", "urn-of-the-grid", "escaped-name", "crs-on-the-feature",
    ]
    .map { try fixture("good/\($0).geojson") }
    let conversions = Conversions(grid: .britishNational, settings: .init())
    let tokens = [
      "[", "]", "{", "}", ",", ":", "\"", "null", "1e308", "-", "\\u", "EPSG:27700", "\u{0}", "{}",
      "[]", "\"crs\":", "é", "180", "-1e-308",
    ]
    var random = Seeded(5)
    var read = 0
    for _ in 0..<5_000 {
      var bytes = originals.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, at + Int.random(in: 0...6, using: &random))
        let token = tokens.randomElement(using: &random)!
        switch random.next() % 3 {
        case 0: bytes.replaceSubrange(at..<end, with: Array(token.utf8))
        case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
        default: bytes.removeSubrange(at..<end)
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      var reader = AreaFileReader(file: "damaged", bytes: bytes, conversions: conversions)
      let file = reader.read()
      // Nothing disappears in silence: there are areas, or there is an error.
      #expect(!file.areas.isEmpty || file.hasErrors)
      read += file.areas.isEmpty ? 0 : 1
    }
    #expect(read > 100 && read < 4_900, "\(read)")
  }
}

/// All numbers below a node, in the order of the text.
private func numbers(in node: JSONNode) -> [Double] {
  switch node.value {
  case .number(let number): [number]
  case .array(let nodes): nodes.flatMap(numbers)
  case .object(let members): members.flatMap { numbers(in: $0.node) }
  case .null, .bool, .string: []
  }
}
