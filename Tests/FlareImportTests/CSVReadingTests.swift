import FlareImport
import Foundation
import TestServers
import Testing
import Triage

@Suite("Reading a list of comma-separated values")
struct CSVReadingTests {
  @Test("A row outside every area is counted and not kept")
  func outsideIsCounted() throws {
    let list = try read(lines: heading, outside("A1"), inside("A2"), outside("A3"))
    #expect(list.references == ["A2"])
    #expect(list.report.counts.outside == 2)
    #expect(list.report.counts.inArea == 1)
    #expect(list.report.counts.rows == 3)
    #expect(list.report.inAreaByArea == ["square": 1])
  }

  @Test("A row on the edge of the area is inside it")
  func edge() throws {
    let list = try read(
      lines: heading, inside("A1").replacing("450500,359500", with: "450000,359000"))
    #expect(list.references == ["A1"])
  }

  @Test(
    "Each delimiter is found, whatever the file is called",
    arguments: [
      (",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar"),
    ])
  func delimiters(_ delimiter: String, _ name: String) throws {
    let text = [heading, inside("A1"), outside("A2")].map {
      $0.replacing(",", with: delimiter) + "\n"
    }.joined()
    let list = try read(text)
    #expect(list.report.delimiter == name)
    #expect(list.references == ["A1"])
  }

  @Test("Commas in quotes do not make a semicolon list a comma list")
  func delimiterOutsideQuotes() throws {
    let row = inside("A1", notes: "NOTES").replacing(",", with: ";")
      .replacing("NOTES", with: "\"a,b,c,d,e,f,g,h,i,j\"")
    let list = try read(heading.replacing(",", with: ";") + "\n" + row + "\n")
    #expect(list.report.delimiter == "semicolon")
    #expect(list.jobs.first?.notes == "a,b,c,d,e,f,g,h,i,j")
  }

  @Test("Lines end with CRLF, LF or CR", arguments: ["\r\n", "\n", "\r"])
  func lineEnds(_ end: String) throws {
    let list = try read(lines: heading, inside("A1"), "", inside("A2"), end: end)
    #expect(list.references == ["A1", "A2"])
    #expect(list.report.counts.rows == 2, "a blank line is no row")
  }

  @Test("A last row without a line end is read")
  func noLastLineEnd() throws {
    #expect(try read(heading + "\n" + inside("A1")).references == ["A1"])
  }

  @Test("Quoted delimiters, line ends and doubled quotes are text")
  func quoting() throws {
    let list = try read(
      lines: heading, inside("A1", notes: "\"Sofa, \"\"old\"\" fridge\r\nby the gate\""),
      inside("A2", notes: "\"\""), inside("A3", notes: "\"\"\"\""))
    #expect(list.jobs.map(\.notes) == ["Sofa, \"old\" fridge\nby the gate", "", "\""])
    #expect(list.report.problems.isEmpty)
  }

  @Test("A quote inside a field that did not begin with one is text")
  func quoteWithinField() throws {
    let list = try read(lines: heading, inside("A1", notes: "5\" pipe \"blocked\""), inside("A2"))
    #expect(list.jobs.first?.notes == "5\" pipe \"blocked\"")
    #expect(list.references == ["A1", "A2"])
  }

  @Test("Text behind a closing quote costs its own row only")
  func textBehindQuote() throws {
    let list = try read(
      lines: heading, inside("A1"), inside("A2", notes: "\"so\" what"), inside("A3"))
    #expect(list.references == ["A1", "A3"])
    #expect(list.noted == ["malformedQuotes 3"])
    #expect(list.report.counts.unreadable == 1)
  }

  @Test("A quote that is never closed costs its own row only, in a list of any length")
  func unclosedQuote() throws {
    let many = (0..<6000).map { inside("B\($0)") + String(repeating: "x", count: 200) }
    let lines = [heading, inside("A1"), inside("A2", notes: "\"never closed")] + many
    let list = try read(lines.joined(separator: "\n") + "\n")
    #expect(list.references.count == 6001)
    #expect(list.noted == ["malformedQuotes 3"])
  }

  @Test("A quote left open near the end of the file is a cut-off row, and the rest is read")
  func unclosedNearEnd() throws {
    let list = try read(
      lines: heading, inside("A1"), inside("A2", notes: "\"never closed"), inside("A3"))
    #expect(list.references == ["A1", "A3"])
    #expect(list.noted == ["cutOff 3"])
  }

  @Test("A line longer than the limit is passed over and the next one is read")
  func tooLong() throws {
    let long = inside("A2", notes: String(repeating: "long ", count: 300_000))
    let list = try read(lines: heading, inside("A1"), long, inside("A3"))
    #expect(list.references == ["A1", "A3"])
    #expect(list.noted == ["tooLong 3"])
  }

  @Test("Rows longer and shorter than the header are accounted for")
  func ragged() throws {
    let list = try read(
      lines: heading, inside("A1") + ",extra", inside("A2") + ",,, ", "A3,13/03/2026",
      "A4,13/03/2026,Open,Bulky waste,12 Mill Lane,10001,450500,359500", ",,,,,,,,")
    #expect(list.references == ["A2", "A4"])
    #expect(list.noted == ["tooManyFields 2", "tooFewFields 4", "tooFewFields 5"])
    #expect(list.report.counts.rows == 4)
    #expect(list.report.counts.unreadable == 2)
  }

  @Test("A short last row without a line end is cut off")
  func shortLastRow() throws {
    let list = try read(heading + "\n" + inside("A1") + "\nA2,13/03/2026 11:4")
    #expect(list.references == ["A1"])
    #expect(list.noted == ["cutOff 3"])
  }

  @Test("A header that comes again is left out")
  func repeatedHeader() throws {
    let list = try read(lines: heading, inside("A1"), heading, inside("A2"))
    #expect(list.references == ["A1", "A2"])
    #expect(list.noted == ["repeatedHeader 3"])
  }

  @Test("Rows are numbered as a spreadsheet numbers them")
  func rowNumbers() throws {
    let list = try read(
      lines: heading, inside("A1", notes: "\"two\r\nlines\""), "",
      inside("").replacing("450500,359500", with: "0,0"),
      outside("A2").replacing("440500", with: ""))
    #expect(list.noted == ["noReference 4", "notLocated 5"])
  }

  @Test("Zero bytes are taken out and said")
  func zeroBytes() throws {
    let text = "\(heading)\n\(inside("A\u{0}1", notes: "\u{0}\"a\u{0}b\""))\n"
    let list = try read(text)
    #expect(list.references == ["A1"])
    #expect(list.jobs.first?.notes == "ab")
    #expect(list.report.problemCounts["badBytes"] == 1)
  }

  @Test("Only the first problems of a kind are kept, and all are counted")
  func manyProblems() throws {
    let rows = (0..<200).map { outside("A\($0)").replacing("440500", with: "nowhere") }
    let list = try read(([heading] + rows).joined(separator: "\n") + "\n")
    #expect(list.report.problems.count == 50)
    #expect(list.report.problemCounts == ["notLocated": 200])
    #expect(list.report.counts.notLocated == 200)
  }

  @Test("A list of a header alone is a list without news")
  func headerOnly() throws {
    let list = try read(lines: heading)
    #expect(list.report.counts == RowCounts())
    #expect(list.jobs.isEmpty)
  }

  @Test("The hash is the SHA-256 of the file's bytes, short or long")
  func hash() throws {
    let folder = try TemporaryFolder()
    for rows in [1, 10_000] {
      let list = heading + "\n" + String(repeating: outside("A1") + "\n", count: rows)
      let path = try folder.file("list.csv", Array(list.utf8))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = [path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let answer = String(
        decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      waitForEnd(of: process)
      #expect(try read(list).sha256 == answer.prefix(64))
    }
  }
}
