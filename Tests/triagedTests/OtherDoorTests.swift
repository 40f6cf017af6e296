import Foundation
import Notify
import Storage
import Testing
import Triage

@testable import triaged

@Suite("Jobs that may be for safeguarding")
struct OtherDoorMailTests {
  private let now = WatchedFeed.monday
  private let today = CivilDay(WatchedFeed.monday, in: .gmt)

  private func job(
    _ reference: String, area: String = "new-cross", type: String = "Noise", days: Double = 1
  ) -> Job {
    Job(
      id: JobRef(feed: "street-scene", reference: reference),
      received: now.addingTimeInterval(-days * 86_400), type: type,
      place: Place(address: "12 Quince Avenue", postcode: "NG17 9CM"), notes: "a secret",
      area: area)
  }

  private func verdict(_ jobs: [Job]) -> Verdict {
    Verdict(
      opportunities: [], offered: [], belowTheLine: [], safeguarding: jobs.map(\.id),
      standings: [], addresses: [])
  }

  private func configuration(_ edits: (String) throws -> Void = { _ in }) throws -> Configuration {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edits(config)
    return try loadConfiguration(folder: config, state: folder.path, now: now).usable()
  }

  @Test("A mail names area, kind, reference and whom to ring, and no place")
  func mail() throws {
    let configuration = try configuration()
    let jobs = otherDoorJobs(
      verdict([job("SS1"), job("SS2", type: "Something else")]),
      [job("SS1"), job("SS2", type: "Something else"), job("SS3")],
      configuration.rules, now: now)
    #expect(jobs.map(\.kind) == ["Noise complaint", nil])
    let mails = otherDoorMails(
      jobs, configuration, areaNames: ["new-cross": "New Cross"], today: today, now: now)
    #expect(mails.map(\.jobs) == [jobs])
    let mail = try #require(mails.first?.notice)
    #expect(mails.count == 1 && mail.recipient == "ann@example.org" && mail.channel == "post")
    #expect(mail.subject == "ashfield: jobs in New Cross may be for safeguarding")
    let text = mail.paragraphs.joined(separator: "\n")
    #expect(text.contains("Ring the safeguarding hub, 01632 960 123, today."))
    #expect(text.contains("Noise complaint: reference SS1 of the list street-scene."))
    #expect(
      text.contains("A job of a kind that the rules do not name: reference SS2 of the list"))
    for secret in ["Quince", "NG17", "secret", "Something else", "SS3"] {
      #expect(!(mail.subject + text).contains(secret))
    }
    let message = try renderNotice(mail, identity: configuration.mail, isToAdmin: false)
    let bytes = String(decoding: message.bytes, as: UTF8.self).replacing("=\r\n", with: "")
    #expect(bytes.contains("name you as somebody who leads an area"))
    #expect(!bytes.contains("its admin"))
  }

  @Test("Each area's jobs go to those who lead it on that day; where nobody does they wait")
  func leaders() throws {
    let configuration = try configuration { config in
      try edit(
        config + "/team.yaml", "channel: post, deputy: bob}",
        "channel: post, deputy: dee, away: {from: 2026-11-20, until: 2026-11-30}}")
      try edit(
        config + "/team.yaml", "email: bob@example.org, channel: post}",
        "email: bob@example.org, channel: post, until: 2026-10-31}")
    }
    let all = [job("SS1"), job("SS2", area: "stanton-hill")]
    let jobs = otherDoorJobs(verdict(all), all, configuration.rules, now: now)
    let mails = otherDoorMails(
      jobs, configuration, areaNames: [:], today: today, now: now)
    #expect(mails.flatMap(\.jobs).map(\.job.reference) == ["SS1"])
    #expect(mails.map(\.notice.recipient) == ["dee@example.org"])
  }

  @Test("Of the history that a first list brings nobody is told")
  func history() throws {
    let configuration = try configuration()
    let all = [job("SS1", days: 91), job("SS2", days: 89)]
    let jobs = otherDoorJobs(verdict(all), all, configuration.rules, now: now)
    #expect(jobs.map(\.job.reference) == ["SS2"])
  }
}

@Suite("Jobs that may be for safeguarding, through the poll")
struct OtherDoorPollTests {
  @Test(
    "The leader hears of it once, whatever comes after, and neither mail nor journal has the address"
  )
  func polled() async throws {
    let feed = try WatchedFeed()
    let monday = WatchedFeed.monday
    func row(_ number: Int, _ type: String) -> String {
      "SS\(number),22/11/2026 10:00,,,Noise,\(type),Open,Public,,"
        + "\"\(number) Pipit Lane, Sutton in Ashfield\",NG17 9CM,"
        + "\(pointInNewCross.x),\(pointInNewCross.y),"
    }
    let rows = [row(1, "Domestic abuse next door"), feed.row(2)]
    try feed.put("one.csv", rows, at: monday)
    try await feed.round(monday + 60)
    #expect(try await feed.there() == [1, 2])
    let subject = "ashfield: a job in New Cross may be for safeguarding"
    func mails() async throws -> [Notice] {
      try await feed.store.dueNotices(now: monday + 1e6).filter { $0.subject == subject }
    }
    #expect(try await mails().map(\.recipient) == ["ann@example.org"])
    try feed.restart()
    try await feed.round(monday + 120)
    // Changed, and listed beside a new one that is harmless.
    try feed.put(
      "two.csv", [row(1, "Domestic abuse next door again"), feed.row(2), feed.row(3)],
      at: monday + 200)
    try await feed.round(monday + 300)
    #expect(try await feed.there() == [1, 2, 3])
    #expect(try await mails().count == 1)
    let said =
      try await mails().map { $0.subject + $0.paragraphs.joined() }.joined()
      + feed.journal.lines.joined()
    #expect(said.contains("reference SS1 of the list street-scene"))
    #expect(said.contains("Jobs may be for safeguarding; the leaders are told."))
    for secret in ["Pipit", "NG17", "next door"] { #expect(!said.contains(secret)) }
    try await feed.end()
  }
}

@Suite("A feed whose agreement has ended")
struct EndedFeedTests {
  @Test("It is not polled, nothing of it is accepted, and it goes on when it is renewed")
  func paused() async throws {
    let feed = try WatchedFeed()
    let file = feed.config + "/feeds/street-scene.yaml"
    func ends(_ day: String, _ before: String) throws {
      try edit(
        file, "agreement: {reference: example-1\(before)}",
        "agreement: {reference: example-1, ends: \(day)}")
      try feed.restart()
    }
    try ends("2026-11-22", "")
    let monday = WatchedFeed.monday
    try await feed.list(1...20, at: monday)
    #expect(try FileManager.default.contentsOfDirectory(atPath: feed.drop).count == 1)
    #expect(try await feed.jobs().isEmpty)
    await #expect(throws: FeedRefusal.self) { try await feed.accept(monday) }
    try ends("2026-11-23", ", ends: 2026-11-22")
    try await feed.round(monday + 120)
    #expect(try await feed.there() == Array(1...20), "the last day is among it")
    try await feed.end()
  }
}
