import Testing
import Triage

@testable import triaged

/// A feed that is watched while the body runs; the counts of all its lists must add up.
func withFeed(
  hold: String? = nil, _ body: (WatchedFeed) async throws -> Void
) async throws {
  let feed = try WatchedFeed(hold: hold)
  try await body(feed)
  for report in try await feed.reports() {
    #expect(report.counts.addsUp && report.counts.addsUpInArea)
  }
  try await feed.end()
}
