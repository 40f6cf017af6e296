import Foundation
import Testing
import Triage

@testable import triaged

@Suite("The line that systemctl status shows")
struct StatusLineTests {
  @Test("When all is well")
  func well() throws {
    var report = try sampleStatus()
    report.opportunities = .init(waiting: 12, offered: 4, claimed: 2)
    #expect(
      statusLine(report, nextPoll: report.now + 1800)
        == "last list 07:55, 312 rows, 14 in area; 4 open, 2 held; next poll 08:25")
    #expect(statusLine(report, nextPoll: nil).hasSuffix("; 4 open, 2 held; polling"))
    // A poll that is due is due now.
    #expect(statusLine(report, nextPoll: .distantPast).hasSuffix("; next poll 07:55"))
  }

  @Test("Before the first list, of an old one, and when something is wrong")
  func otherwise() throws {
    var report = try sampleStatus()
    report.feeds[0].status.listAt = report.now - 3 * 86_400
    #expect(statusLine(report, nextPoll: nil).hasPrefix("last list 07:55 on "))
    report.feeds[0].status.listAt = nil
    report.register = .init(ok: false, sentence: "The contact register is missing.")
    #expect(
      statusLine(report, nextPoll: nil)
        == "no list yet; 3 open, 1 held; polling; 1 thing is wrong (triaged status)")
    report.mail.refused = 1
    #expect(statusLine(report, nextPoll: nil).hasSuffix("; 2 things are wrong (triaged status)"))
  }
}
