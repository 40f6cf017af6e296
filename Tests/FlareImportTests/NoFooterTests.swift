import FlareImport
import Foundation
import Testing
import Triage

@Suite("What is no footer")
struct NoFooterTests {
  @Test(
    "A job whose row lost its coordinates is not taken for a report's foot, whatever its status is",
    arguments: ["Created", "Printed", "Run 2", "Total loss"])
  func statusLikeAFooter(status: String) throws {
    let list = try read(
      Array(
        [
          "Status,Ref,Received,Type,Address,UPRN,E,N,Notes",
          "\(status),J-1,13/03/2026 11:45,Bulky waste,12 Mill Lane,10001,450500,359500,",
          "\(status),J-2,13/03/2026 11:45,Bulky waste,14 Mill Lane,,,,",
          "Grand total: 2,,,,,,,,",
          "Printed 13/03/2026,,,,,,,,",
        ].joined(separator: "\r\n").utf8))
    #expect(list.notLocated == ["J-2"])
    #expect(list.report.counts.notLocated == 1)
    #expect(list.report.problemCounts["footer"] == 2)
  }

  @Test("A job that lost its reference makes a list incomplete; a total does not")
  func lostReference() throws {
    let list = try read(lines: heading, inside("J-1"), inside(""), inside("1.23E+11"), "Total: 3")
    #expect(list.report.problemCounts["lostReference"] == 2)
    #expect(list.report.problemCounts["footer"] == 1)
    let ledger = Ledger(order: .snapshot)
    let listing = Listing(jobs: list.jobs, at: .distantFuture, isComplete: true)
    let found = doubts(about: list.report, listing, ledger: ledger, usual: [], HoldLimits())
    #expect(found.map { $0.trouble } == [FeedTrouble.incomplete])
  }

  @Test("A header that comes again is known in windows-1252 too")
  func repeatedHeader() throws {
    let header = Array("Ref,Received,Status,Type,Address,UPRN,E,N,Notes,Cost ".utf8) + [0xA3]
    let row = Array((inside("J-1") + ",12").utf8)
    let list = try read(header + [13, 10] + row + [13, 10] + header + [13, 10] + row)
    #expect(list.report.encoding == "windows-1252")
    #expect(list.report.problemCounts["repeatedHeader"] == 1)
    #expect(list.report.counts.notLocated == 0)
  }
}
