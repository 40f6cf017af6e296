import FlareImport
import Foundation
import Testing
import Triage

@Suite("The encoding of a list")
struct EncodingTests {
  static let text = heading + "\n" + inside("A1", notes: "\"Café – 5 £, 😀\"") + "\n"

  static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test(
    "Each Unicode encoding is found and said",
    arguments: [
      ("utf-8", Array(text.utf8)),
      ("utf-8 with BOM", [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
      ("utf-16le", utf16(text, bigEndian: false, mark: true)),
      ("utf-16le", utf16(text, bigEndian: false, mark: false)),
      ("utf-16be", utf16(text, bigEndian: true, mark: true)),
      ("utf-16be", utf16(text, bigEndian: true, mark: false)),
    ])
  func unicode(_ name: String, _ bytes: [UInt8]) throws {
    let list = try read(bytes)
    #expect(list.report.encoding == name)
    #expect(list.jobs.map(\.notes) == ["Café – 5 £, 😀"])
    #expect(list.report.problems.isEmpty)
  }

  static func bytes(_ row: String, notes: [UInt8]) -> [UInt8] {
    Array((heading + "\n" + row + "\"").utf8) + notes + Array("\"\n".utf8)
  }

  @Test("Bytes that are not UTF-8 make the whole list windows-1252")
  func windows1252() throws {
    // Café – 5 £, 20°
    let notes: [UInt8] = [
      0x43, 0x61, 0x66, 0xE9, 0x20, 0x96, 0x20, 0x35, 0x20, 0xA3, 0x2C, 0x20, 0x32, 0x30, 0xB0,
    ]
    let list = try read(EncodingTests.bytes(inside("A1"), notes: notes))
    #expect(list.report.encoding == "windows-1252")
    #expect(list.jobs.map(\.notes) == ["Café – 5 £, 20°"])
  }

  @Test("One bad byte far behind good UTF-8 still decides for the whole list")
  func mixed() throws {
    let many = (0..<5000).map { inside("B\($0)", notes: "£") + "\n" }.joined()
    let bytes = Array((heading + "\n" + many + inside("A1")).utf8) + [0xA3, 0x0A]
    let list = try read(bytes)
    #expect(list.report.encoding == "windows-1252")
    #expect(list.jobs.first?.notes == "Â£")
    #expect(list.jobs.last?.notes == "£")
    #expect(list.report.counts.inArea == 5001)
  }

  @Test("A UTF-8 list that is cut inside a character stays UTF-8")
  func cutInsideCharacter() throws {
    let bytes = Array((heading + "\n" + inside("A1", notes: "£") + "\n" + inside("A2")).utf8)
    let list = try read(bytes + [0xC2])
    #expect(list.report.encoding == "utf-8")
    #expect(list.jobs.first?.notes == "£")
  }

  @Test("A character that lies across two chunks is read whole")
  func acrossChunks() throws {
    // Whatever the chunk's size, some row of this list has a character on its border.
    for shift in 0..<4 {
      let rows = (0..<4000).map {
        inside("B\($0)", notes: "\"£€😀, \(String(repeating: "é", count: 40))\"")
      }
      let text =
        heading + "\n" + String(repeating: " ", count: shift) + rows.joined(separator: "\n")
      let list = try read(text)
      #expect(list.report.encoding == "utf-8")
      #expect(list.jobs.count == 4000)
      #expect(list.jobs.allSatisfy { $0.notes == "£€😀, " + String(repeating: "é", count: 40) })
    }
  }

  @Test("A long UTF-16 list is read like its UTF-8 twin")
  func longUTF16() throws {
    let rows = (0..<3000).map {
      inside("B\($0)", notes: "\"\(String(repeating: "é\n", count: 30))\"")
    }
    let text = ([heading] + rows).joined(separator: "\r\n")
    let twin = try read(text)
    let list = try read(EncodingTests.utf16(text, bigEndian: false, mark: true))
    #expect(list.jobs == twin.jobs)
    #expect(list.jobs.count == 3000)
    #expect(list.report.counts == twin.report.counts)
  }

  @Test("Half a surrogate pair and undefined bytes are shown as replaced and counted")
  func badCharacters() throws {
    var bytes = EncodingTests.utf16(
      heading + "\n" + inside("A1", notes: "x") + "\n", bigEndian: false, mark: true)
    bytes[bytes.count - 4] = 0x00
    bytes[bytes.count - 3] = 0xD8
    let list = try read(bytes)
    #expect(list.jobs.first?.notes == "\u{FFFD}")
    #expect(list.report.problemCounts["badBytes"] == 1)
    let undefined = try read(EncodingTests.bytes(inside("A1"), notes: [0xE9, 0x81]))
    #expect(undefined.jobs.first?.notes == "é\u{FFFD}")
    #expect(undefined.noted == ["badBytes 2"])
  }

  @Test("Headings beyond ASCII are found in every encoding")
  func headings() throws {
    let settings = settings { $0.columns.notes = "Détails" }
    let header = heading.replacing("Notes", with: "Détails")
    let text = header + "\n" + inside("A1", notes: "so") + "\n"
    #expect(try read(text, settings).jobs.first?.notes == "so")
    let latin = text.unicodeScalars.map { UInt8($0.value) }
    #expect(try read(latin, settings).jobs.first?.notes == "so")
    let wide = EncodingTests.utf16(text, bigEndian: true, mark: false)
    #expect(try read(wide, settings).jobs.first?.notes == "so")
  }
}
