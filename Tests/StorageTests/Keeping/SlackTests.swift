import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

/// With `secure_delete` SQLite overwrites the rows that it deletes, and no copies of them that it left beside the rows of
/// a page when it put that in order: of some thousand rows that came and went a few stay readable in the file.
@Suite("What was deleted and not overwritten")
struct SlackTests {
  enum Going: CaseIterable { case erased, erasedAgain, pilotErased, purged }

  /// Leaves the bytes of a row behind that is not there any more.
  private func leaveBytes(_ store: Store) async throws {
    try await store.access { db in
      try db.execute(
        sql: """
          PRAGMA secure_delete = OFF;
          INSERT INTO notice (id, recipient, channel, subject, body, state, created, next_attempt, ended_at)
          VALUES ('n', 'ann', 'post', 'slack', '\(String(repeating: "slackcanary ", count: 3000))', 'accepted', 1, 1, 1);
          DELETE FROM notice WHERE id = 'n';
          PRAGMA secure_delete = ON;
          """)
    }
    try await store.emptyLog()
  }

  @Test("goes with whatever is erased or purged", arguments: Going.allCases)
  func rewritten(going: Going) async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await record(store, people(2))
      try await leaveBytes(store)
      let files = [path, path + "-wal"]
      #expect(found(["slackcanary"], in: files) == ["slackcanary"], "the search finds it")
      switch going {
      case .erased: try await erase(store, .uprn(Person(number: 1).uprn))
      case .erasedAgain:
        let erasure = try #require(
          try await store.erasure(
            of: .uprn(Person(number: 1).uprn), id: "e", refuses: false, now: noon))
        #expect(try await store.eraseAgain([erasure]) == 1)
      case .pilotErased:
        let erasures = try await store.erasures(ofPilot: "north", ids: ("a", "b"), now: noon)
        _ = try await store.erasePilot("north", as: erasures, audit: asked, now: noon)
      case .purged:
        let old = noon - 800 * day
        try await store.record(pass([job("old", received: old, closed: old)], verdict([])))
        let gone = try await store.purge(
          before: noon - 365 * day, endedBefore: noon - 730 * day, snapshotFeeds: ["list"])
        #expect(gone["job"] == 1)
      }
      #expect(found(["slackcanary"], in: files) == [])
      try store.close()
    }
  }
}
