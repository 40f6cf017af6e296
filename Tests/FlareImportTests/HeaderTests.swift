import FlareImport
import Foundation
import Testing
import Triage

@Suite("Titles, headings and totals")
struct HeaderTests {
  @Test("Title lines above the headings are passed over")
  func titles() throws {
    let list = try read(
      lines: "Street Scene: open jobs", "\"Produced for Bob, Ref 12\",,", "", heading,
      inside("A1"), outside("A2"))
    #expect(list.references == ["A1"])
    #expect(list.report.counts.rows == 2)
    #expect(list.report.problems.isEmpty)
  }

  @Test("A title with a quote in a wrong place hides no heading")
  func brokenTitle() throws {
    let list = try read(lines: "\"Open\" jobs", heading, inside("A1"))
    #expect(list.references == ["A1"])
  }

  @Test("Titles written with another delimiter do not mislead about the list's own")
  func otherDelimiter() throws {
    let list = try read(
      lines: "a,b,c,d,e,f,g,h,i,j", "k,l,m,n,o,p,q,r,s,t",
      heading.replacing(",", with: ";"), inside("A1").replacing(",", with: ";"))
    #expect(list.references == ["A1"])
    #expect(list.report.delimiter == "semicolon")
  }

  @Test("Row numbers count the titles too, as a spreadsheet does")
  func numbers() throws {
    let list = try read(lines: "Title", "", heading, inside(""), inside("A1"))
    #expect(list.noted == ["lostReference 4"])
  }

  @Test("The feed can say which row has the headings")
  func givenRow() throws {
    let text = [heading, inside("A0"), heading, inside("A1")].joined(separator: "\n") + "\n"
    let list = try read(text, settings { $0.shape.headerRow = 3 })
    #expect(list.references == ["A1"])
    let error = try #require(throws: ImportError.self) {
      try read(text, settings { $0.shape.headerRow = 2 })
    }
    #expect(error.why.contains("Mapped columns are missing"))
    #expect(throws: ImportError.self) { try read(text, settings { $0.shape.headerRow = 9 }) }
  }

  @Test("Headings further down than 50 rows are not looked for")
  func tooFarDown() throws {
    let titles = (1...50).map { "Line \($0)" }
    #expect(throws: ImportError.self) {
      try read((titles + [heading, inside("A1")]).joined(separator: "\n"))
    }
    let fewer = titles.dropLast() + [heading, inside("A1")]
    #expect(try read(fewer.joined(separator: "\n") + "\n").references == ["A1"])
  }

  @Test(
    "What a report prints below its rows is a footer and no bad row",
    arguments: [
      "Page 2 of 7", "Page 3", "page: 2/7", "Total", "Totals,,,,,,,,12", "Grand total: 312",
      "Sub total,,14", "Total number of jobs: 312", "End of report", "*** End of Report ***",
      "Printed 13/03/2026", "Printed on: 13/03/2026 10:15,,,,Page 1 of 2",
      "Report generated 13/03/2026 by Ann", "312 rows selected.", "(1 row affected)",
      "Number of records: 312", "Count: 12", ",,,Grand Total,,,,,312", "-----,----,---",
      "===================",
    ])
  func footer(_ line: String) throws {
    for end in ["\r\n", ""] {
      let list = try read("\(heading)\r\n\(inside("A1"))\r\n\(line)\(end)")
      #expect(list.references == ["A1"])
      #expect(list.noted == ["footer 3"], "\(line)")
      #expect(list.report.counts.rows == 2)
      #expect(list.report.counts.unreadable == 1)
      #expect(list.report.counts.addsUp)
    }
  }

  @Test("A title that comes again with the headings of each page is a footer too")
  func pages() throws {
    let list = try read(
      lines: "Ashby Street Scene", heading, inside("A1"), "Page 1 of 2", "Ashby Street Scene",
      heading, inside("A2"), "Page 2 of 2")
    #expect(list.references == ["A1", "A2"])
    #expect(list.noted == ["footer 4", "footer 5", "repeatedHeader 6", "footer 8"])
  }

  @Test(
    "A job without coordinates is no footer, whatever its words are",
    arguments: [
      "JOB 312,,Open,Total clearance,12 Mill Lane,,,,", "PAGE,13/03/2026,Open,T,A,,,,",
      "Total Recycling,13/03/2026,Open,T,A,,,,", "12,13/03/2026,Open,T,A,1,,,",
    ])
  func noFooter(_ line: String) throws {
    let list = try read(lines: heading, line)
    #expect(list.noted == ["notLocated 2"])
    #expect(list.report.counts.notLocated == 1)
  }

  @Test("Rows of nothing but delimiters and blanks are no rows, at the end too")
  func blankRows() throws {
    let list = try read("\(heading)\r\n,,,,,,,,\r\n , ,,,,,,,\r\n\(inside("A1"))\r\n,,,\r\n,,")
    #expect(list.references == ["A1"])
    #expect(list.report.counts.rows == 1)
    #expect(list.report.problems.isEmpty)
  }

  @Test("A list whose only row is commas is a list without news")
  func onlyCommas() throws {
    let list = try read(lines: heading, ",,,,,,,,")
    #expect(list.report.counts == RowCounts())
  }
}
