import Foundation
import Testing
import Triage

@testable import triaged

@Suite("A list that goes back for years")
struct PastJobsTests {
  private let monday = WatchedFeed.monday
  private let day = 86_400.0

  private func row(_ number: Int, received: String, cleared: String) -> String {
    "SS\(number),\(received) 10:00,,\(cleared),Bulky,Bulky waste quote,Closed,Public,,"
      + "\"\(number) Pipit Lane, Sutton in Ashfield\",NG17 9CM,"
      + "\(pointInNewCross.x),\(pointInNewCross.y),"
  }

  private var rows: [String] {
    [
      row(1, received: "02/03/2023", cleared: "09/03/2023"),
      row(2, received: "02/03/2026", cleared: "09/03/2026"),
    ]
  }

  @Test("brings no job that the next purge would delete, and none comes back after it")
  func past() async throws {
    let feed = try WatchedFeed()
    try feed.put("one.csv", rows, at: monday)
    try await feed.round(monday + 60)
    #expect(try await feed.jobs().map(\.id.reference) == ["SS2"])
    // A year after it was closed the other goes, though the list goes on having it.
    let later = monday + 150 * day
    try await feed.purge(later)
    #expect(try await feed.jobs().isEmpty)
    try feed.put("two.csv", rows + [feed.row(7)], at: later)
    try await feed.round(later + 60)
    #expect(try await feed.jobs().map(\.id.reference) == ["SS7"])
    try await feed.end()
  }

  @Test("A job of which a pass speaks goes when that pass is recorded, and not before")
  func duringAPass() async throws {
    let feed = try WatchedFeed()
    try feed.put("one.csv", rows, at: monday)
    try await feed.round(monday + 60)
    // As a pass that has read what is known, and has still to record what it makes of it.
    let recording = await feed.poller.recording
    await recording.enter()
    let (retention, later) = (await feed.retention(), monday + 150 * day)
    let purge = Task {
      try await retention.round(now: later, machine: .since(WatchedFeed.monday, later))
    }
    _ = try await eventually("the purge to wait") { recording.waiting == 1 ? true : nil }
    #expect(try await feed.jobs().map(\.id.reference) == ["SS2"])
    recording.leave()
    try await purge.value
    #expect(try await feed.jobs().isEmpty)
    try await feed.end()
  }
}
