import Foundation
import Testing
import Triage

@testable import triaged

@Suite("What status prints")
struct StatusTextTests {
  @Test("All is well")
  func well() throws {
    #expect(
      try sampleStatus().plainText == """
        ashfield: running since 07:30 today (25 minutes), process 4711.

        Feed street-scene: list came 07:55 today (monday.csv).
          312 rows: 296 outside, 14 in area (New Cross 9, Stanton Hill 5), 2 not located.
          Next expected by 13:00 today.

        Register: The contact register is in force.
        Opportunities: 3 offered, 1 claimed, 12 waiting for their turn.
        Mail: nothing is owed.

        Nothing is wrong.
        """)
    #expect(try sampleStatus().problems == [])
  }

  @Test("What is paused is said with why, by whom and until when, and is no fault")
  func paused() throws {
    var report = try sampleStatus()
    report.mail.heldBack = 2
    report.paused = [
      PauseStanding(area: "stanton-hill", areaName: "Stanton Hill", why: "Nobody to go."),
      PauseStanding(
        why: "All hands at the flood.", by: "ann", began: report.now - 3600, until: "2026-12-01"),
    ]
    #expect(
      report.plainText.contains(
        """
        Opportunities: 3 offered, 1 claimed, 12 waiting for their turn.
        Paused: Stanton Hill, by the team file: Nobody to go.
        Paused: every area until 1 December 2026, by ann, 06:55 today: All hands at the flood.
        Mail: 2 announcements held until the end of a pause.

        Nothing is wrong.
        """), "\(report.plainText)")
    #expect(report.problems == [])
  }

  @Test("Everything that can be wrong is said, once and in sentences")
  func wrong() throws {
    var report = try sampleStatus()
    report.daemon = nil
    report.register = .init(
      ok: false, sentence: "The contact register is missing. Nothing is announced.")
    report.mail = .init(
      owed: 1, oldestOwed: report.now - 7260, refused: 1, noticesOwed: 2,
      oldestRetriedNotice: report.now - 4000, noticesRefused: 1, hasAdmin: false)
    report.feeds[0].nextDue = report.now - 3600 * 20
    report.feeds[0].status.counts.unreadable = 1
    report.feeds[0].status.episodes = [
      FeedEpisode(
        feed: "street-scene", trouble: .vanished,
        why: "35 of 120 open jobs are missing from monday.csv at once.", began: report.now - 60)
    ]
    report.feeds[0].status.held = HeldList(
      name: "monday.csv", sha256: "3f2a9b1c5d6e", received: report.now - 61, trouble: .vanished,
      why: "",
      isWhole: false, archived: "")
    report.feeds.append(
      FeedStanding(
        status: FeedStatus(name: "noise"), timeZone: "Europe/London", areaNames: [:],
        isConfigured: false))
    #expect(
      report.plainText == """
        ashfield: the daemon is not running.

        Feed street-scene: list came 07:55 today (monday.csv).
          312 rows: 296 outside, 14 in area (New Cross 9, Stanton Hill 5), 2 not located, 1 unreadable.
          A list was due by 11:55 yesterday.
          TROUBLE since 07:54 today: 35 of 120 open jobs are missing from monday.csv at once.
          HELD: monday.csv, received 07:53 today. Its rows were taken, nothing was closed.
            To take it as it is: triaged feeds accept street-scene --list 3f2a9b1c

        Feed noise: not polled yet.
          It is not in the configuration any more.

        Register: The contact register is missing. Nothing is announced.
        Opportunities: 3 offered, 1 claimed, 12 waiting for their turn.
        Mail: 1 announcement owed, the oldest since 05:54 today; 2 notices to the admin owed; 1 refused for good. No admin is named, so nobody is told of a feed in trouble.

        Wrong: The feed street-scene lost many jobs at once. The daemon is not running. The contact register is missing. Nothing is announced. Mail has been owed for 2 hours 1 minute. 1 open opportunity has a mail that was refused for good. A mail to the admin is not accepted. A mail that brings no offer was refused for good.
        """)
    #expect(report.problems.count == 7)
    report.feeds[0].belief = Belief(
      in: try #require(report.feeds[0].status.held), strangeness: [], rows: 312, now: report.now)
    #expect(
      report.plainText.contains(
        "It was accepted: the next list of about 312 rows will be believed until 07:55 tomorrow."))
    #expect(!report.plainText.contains("triaged feeds accept"))
  }

  @Test("What a script gets can be read back as it was")
  func json() throws {
    let report = try sampleStatus()
    let data = try adminJSON(report)
    #expect(try adminDecoder().decode(StatusReport.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"in_area_by_area\"") && text.contains("\"stanton-hill\" : 5"))
  }

  @Test("The account of a feed adds up before the reader's eyes")
  func account() throws {
    let status = try sampleStatus()
    var report = ImportReport(feed: "street-scene", source: "monday.csv")
    report.counts = status.feeds[0].status.counts
    report.counts.unreadable = 3
    report.counts.rows += 3
    (report.counts.new, report.counts.changed, report.counts.unchanged) = (2, 1, 11)
    report.inAreaByArea = status.feeds[0].status.inAreaByArea
    (report.format, report.encoding, report.delimiter) = ("csv", "utf-8", "comma")
    report.listed = status.now - 600
    report.heldBecause = "35 of 120 open jobs are missing from it at once."
    report.problemCounts = ["badDate": 3, "cutOff": 1]
    report.problems = [
      RowProblem(row: 12, column: "Due", kind: .badDate, text: "Row 12 has no date under 'Due'."),
      RowProblem(row: 90, column: "Due", kind: .badDate, text: "Row 90 has no date under 'Due'."),
      RowProblem(row: 316, kind: .cutOff, text: "Row 316 is cut off; it was left out."),
    ]
    var feed = status.feeds[0]
    feed.status.held = HeldList(
      name: "monday.csv", sha256: "3f2a9b1c5d6e", received: status.now, trouble: .vanished,
      why: "35 of 120 open jobs are missing from it at once.", isWhole: true,
      archived: "a/monday.csv")
    let began = status.now - 90_000
    let account = FeedAccount(
      now: status.now, feed: feed,
      imports: [
        .init(at: status.now, name: "monday.csv", bytes: 9, sha256: "", report: report)
      ],
      episodes: [
        FeedEpisode(
          feed: "street-scene", trouble: .late, why: "No list came.", began: began,
          ended: began + 4000)
      ],
      refused: [
        .init(
          name: "page.csv", received: status.now, trouble: .unreadable,
          archived: "20261123T075500Z-street-scene-page.csv")
      ])
    #expect(
      account.plainText == """
        Feed street-scene: list came 07:55 today (monday.csv).
          312 rows: 296 outside, 14 in area (New Cross 9, Stanton Hill 5), 2 not located.
          Next expected by 13:00 today.
          HELD: monday.csv, received 07:55 today. Nothing of it was taken.
            To take it as it is: triaged feeds accept street-scene --list 3f2a9b1c
            Why: 35 of 120 open jobs are missing from it at once.
            Its copy in the archive: a/monday.csv

        Refused: page.csv, received 07:55 today. It is no list that can be read.
          To read it again, once its reason is gone: triaged feeds replay 20261123T075500Z-street-scene-page.csv --feed street-scene

        The last imports, the newest first:
          07:55 today: monday.csv (csv, utf-8, comma), the list of 07:45 today
            read 315 = 296 outside + 14 in area (New Cross 9, Stanton Hill 5) + 2 not located + 3 unreadable
            in area 14 = 2 new + 1 changed + 11 unchanged + 0 repeated + 0 held
            HELD: 35 of 120 open jobs are missing from it at once.
            3 badDate, rows 12, 90 and 1 more. The first: Row 12 has no date under 'Due'.
            1 cutOff, row 316. The first: Row 316 is cut off; it was left out.

        Its troubles:
          late, from 06:55 yesterday to 08:01 yesterday (1 hour 6 minutes): No list came.
        """)
  }
}

/// An instance on Monday 23 November 2026 at 07:55, of which nothing is wrong.
func sampleStatus() throws -> StatusReport {
  let now = try Date("2026-11-23T07:55:00Z", strategy: .iso8601)
  var counts = RowCounts()
  (counts.rows, counts.outside, counts.inArea, counts.notLocated) = (312, 296, 14, 2)
  return StatusReport(
    instance: "ashfield", timeZone: "Europe/London", now: now,
    daemon: .init(process: 4711, since: now - 1500),
    feeds: [
      FeedStanding(
        status: FeedStatus(
          name: "street-scene", polled: now, listAt: now, listName: "monday.csv", counts: counts,
          inAreaByArea: ["stanton-hill": 5, "new-cross": 9]),
        timeZone: "Europe/London",
        areaNames: ["new-cross": "New Cross", "stanton-hill": "Stanton Hill"],
        nextDue: now + 18_300, isConfigured: true)
    ],
    register: .init(ok: true, sentence: "The contact register is in force."),
    opportunities: .init(waiting: 12, offered: 3, claimed: 1), mail: .init())
}
