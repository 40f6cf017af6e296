import FlareImport
import Foundation
import Testing

@testable import triaged

@Suite("Whose turn it is, over a reload")
struct FeedTurnsTests {
  private let now = WatchedFeed.monday

  private func feed() throws -> Feed {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let loaded = loadConfiguration(folder: config, state: folder.path + "/state", now: now)
    return try #require(try loaded.usable().feeds.first)
  }

  private var later: Turn {
    var turn = Turn()
    turn.goOn(from: now, cadence: 1800)
    return turn
  }

  @Test("A round that began by other settings, and ends behind the reload, gives no turn to these")
  func late() throws {
    let before = try feed()
    var after = before
    after.settings.cadenceSeconds = 60
    let turns = FeedTurns()
    turns.exchange([before], for: [after])
    turns[before] = later
    #expect(turns[after] == nil && turns.first(of: [after]) == nil)
    // And put back it is polled at once, as after every edit.
    turns.exchange([after], for: [before])
    #expect(turns[before] == nil)
  }

  @Test("Who has asked for patience is not asked again because something else was edited")
  func patience() throws {
    let before = try feed()
    var after = before
    after.isShadow = true
    let turns = FeedTurns()
    turns[before] = later
    turns.fail(before, at: now, retryAfter: 3600)
    turns.exchange([before], for: [after])
    #expect(turns.first(of: [after])?.next == now + 3600)
    #expect(turns[after]?.failures == 1)
  }
}
