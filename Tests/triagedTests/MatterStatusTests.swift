import Foundation
import Testing
import Triage

@testable import triaged

@Suite("What status prints of matters")
struct MatterStatusTests {
  @Test("Each is said once, with since when as far as it is written down")
  func matters() throws {
    var report = try sampleStatus()
    report.register = .init(
      ok: false, sentence: "The contact register is missing. Nothing is announced.")
    report.matters = [
      .init(
        kind: .register, subject: "", sentence: "The contact register is missing.",
        since: report.now),
      .init(
        kind: .rulesReview, subject: "", sentence: "The rules were to be reviewed by 2020-05-01.",
        since: report.now - 60),
      .init(kind: .leaderless, subject: "north", sentence: "Nobody leads north.", since: nil),
    ]
    report.feeds[0].paused = "The feed street-scene is paused: its agreement ended on 2020-01-01."
    let text = report.plainText
    #expect(
      text.contains("\nMatter: The rules were to be reviewed by 2020-05-01. (since 07:54 today)\n"))
    #expect(text.contains("\nMatter: Nobody leads north.\n"))
    #expect(text.contains("\n  PAUSED: The feed street-scene is paused: its agreement ended on"))
    #expect(text.components(separatedBy: "The contact register is missing.").count == 3)
    #expect(
      report.problems == [
        "The contact register is missing. Nothing is announced.",
        "Nobody leads north.",
      ], "what is only to be seen to in time is no problem")
    report.register.ok = true
    report.matters = [
      .init(kind: .agreementEnds, subject: "", sentence: "It ends soon.", since: nil)
    ]
    #expect(report.problems == [] && report.plainText.contains("Matter: It ends soon."))
  }

  @Test("An answer of a daemon of an earlier version is read all the same")
  func earlier() throws {
    let report = try sampleStatus()
    let encoder = JSONEncoder()
    var fields = try #require(
      try JSONSerialization.jsonObject(with: encoder.encode(report)) as? [String: Any])
    fields["matters"] = nil
    let read = try JSONDecoder().decode(
      StatusReport.self, from: JSONSerialization.data(withJSONObject: fields))
    #expect(read == report)
  }
}
