import Foundation
import Storage
import TestDesk
import Testing
import Triage

@testable import triaged

/// The edge of an area, from the boundary file to what is stored.
@Suite struct EdgeTests {
  @Test(
    "A redrawn boundary changes what is said of the edge for what is open, and not for what is claimed"
  )
  func redrawn() async throws {
    let feed = try WatchedFeed()
    let monday = WatchedFeed.monday
    try square(in: feed, west: 200)
    try feed.restart()
    _ = try await feed.areas.look(now: monday)
    try await feed.list([1, 2], at: monday)
    let open = try #require(try await number(of: "SS1", feed))
    let held = try #require(try await number(of: "SS2", feed))
    #expect(try await edge(open, feed) == nil)
    let claim = try await feed.store.claim(
      opportunity: held, member: "ann", issuedTo: "ann", generation: 0, now: monday + 120)
    guard case .claimed = claim else {
      Issue.record("not claimed: \(claim)")
      return
    }
    let before = try await feed.store.opportunity(held)

    try square(in: feed, west: 7)
    try await feed.look(at: monday + 180)
    try await feed.round(monday + 240)
    #expect(
      try await edge(open, feed)
        == "On the edge: about 5 m inside New Cross; beyond it lies no area.")
    #expect(try await feed.store.opportunity(held) == before)
    #expect(
      try await feed.store.opportunity(open)?.opportunity.score.points
        == before?.opportunity.score.points)

    try square(in: feed, west: 200)
    try await feed.look(at: monday + 300)
    try await feed.round(monday + 360)
    #expect(try await edge(open, feed) == nil)
    try await feed.end()
  }

  @Test("A margin for all areas comes from triaged.yaml, and one of a feature goes before it")
  func margins() async throws {
    for (configured, own, isSaid) in [
      (nil, nil, false), (40, nil, true), (40, 20, false), (0, 40, true),
    ] as [(Int?, Int?, Bool)] {
      let feed = try WatchedFeed()
      if let configured {
        try edit(
          feed.config + "/triaged.yaml", "  id: id", "  id: id\n  margin: \(configured)")
      }
      try square(in: feed, west: 30, margin: own)
      try feed.restart()
      try await feed.list([1], at: WatchedFeed.monday)
      let number = try #require(try await number(of: "SS1", feed))
      #expect((try await edge(number, feed) != nil) == isSaid)
      try await feed.end()
    }
  }

  /// New Cross as a square of 400 m, in which all jobs lie so many metres from the western edge.
  private func square(in feed: WatchedFeed, west: Double, margin: Int? = nil) throws {
    let (x, y) = (pointInNewCross.x - west, pointInNewCross.y - 200)
    let ring = [(x, y), (x + 400, y), (x + 400, y + 400), (x, y + 400), (x, y)]
      .map { "[\($0.0), \($0.1)]" }.joined(separator: ", ")
    try write(
      """
      {"type": "FeatureCollection",
       "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
       "features": [{"type": "Feature",
         "properties": {"id": "new-cross", "name": "New Cross"\(margin.map { ", \"margin\": \($0)" } ?? "")},
         "geometry": {"type": "Polygon", "coordinates": [[\(ring)]]}}]}
      """, to: feed.config + "/areas/new-cross.geojson")
  }

  private func number(of reference: String, _ feed: WatchedFeed) async throws -> Int64? {
    for number in 1...4 as ClosedRange<Int64> {
      if let stored = try await feed.store.opportunity(number),
        stored.opportunity.trigger.reference == reference
      {
        return number
      }
    }
    return nil
  }

  private func edge(_ number: Int64, _ feed: WatchedFeed) async throws -> String? {
    let stored = try await feed.store.opportunity(number)
    return stored?.opportunity.score.reasons.first { $0.code == "edge" }?.sentence
  }
}
