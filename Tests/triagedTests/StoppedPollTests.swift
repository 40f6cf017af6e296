import Foundation
import Testing

@testable import triaged

@Suite("A stop while lists wait")
struct StoppedPollTests {
  private let monday = WatchedFeed.monday

  private func withLists(_ count: Int) throws -> WatchedFeed {
    let feed = try WatchedFeed()
    for number in 1...count {
      let rows = (1...(10 + number)).map { feed.row($0) }
      try feed.put("list-\(number).csv", rows, at: monday + Double(number) * 60)
    }
    return feed
  }

  @Test("The list under way is recorded, and the others are read after the next start")
  func betweenLists() async throws {
    let feed = try withLists(3)
    feed.journal.hear { [stop = feed.stop] line in
      if line.hasPrefix("List read.") { stop.set() }
    }
    try await feed.round(monday + 600)
    #expect(try await feed.reports().count == 1)
    #expect(try await feed.there().count == 11)
    try feed.restart()
    try await feed.round(monday + 1200)
    #expect(try await feed.reports().count == 3)
    #expect(try await feed.there().count == 13)
    try await feed.end()
  }

  @Test("No feed is looked at any more, and nothing is judged")
  func beforeTheFeeds() async throws {
    let feed = try withLists(1)
    feed.stop.set()
    try await feed.round(monday + 600)
    #expect(try await feed.memory().knownSince == nil)
    #expect(await feed.poller.judged == nil)
    try await feed.end()
  }
}
