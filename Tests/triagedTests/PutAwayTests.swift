import Foundation
import Storage
import Testing

@testable import triaged

@Suite("A list and its copy in the archive")
struct PutAwayTests {
  @Test(
    "Whoever comes between, as an erasure does, finds it neither recorded nor put away, or both")
  func neitherOrBoth() async throws {
    try await withFeed { feed in
      try feed.put("monday.csv", [feed.row(1)], at: WatchedFeed.monday)
      let (poller, store, archive) = (feed.poller, feed.store, feed.archive)
      let recording = await poller.recording
      async let round = poller.round(now: WatchedFeed.monday + 60)
      var isRecorded = false
      for _ in 0..<200_000 where !isRecorded {
        await recording.enter()
        defer { recording.leave() }
        isRecorded = try await !store.reports(feed: WatchedFeed.feed, limit: 1).isEmpty
        let copies = (try? FileManager.default.contentsOfDirectory(atPath: archive)) ?? []
        #expect(isRecorded == !copies.isEmpty)
      }
      _ = try await round
      #expect(isRecorded)
    }
  }
}
