import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("From the schema before the desk")
struct DeskMigrationTests {
  /// A store of the version before, with one claim that is held, one that was given back and one with its outcome.
  private func before(_ path: String) async throws {
    do {
      let store = try Store(path: path)
      let jobs = (1...3).map { job("A\($0)", uprn: "100\($0)", closed: $0 == 3 ? noon - 60 : nil) }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      try store.close()
    }
    // Back to the tables of step 9, in which the rows of that time are written.
    let queue = try DatabaseQueue(path: path)
    try await queue.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          DROP TRIGGER audit_stays; DROP TRIGGER audit_stays_as_it_is;
          DROP TABLE audit; DROP TABLE audit_purge; DROP TABLE pin_try;
          DROP TABLE audit_checkpoint;
          DROP TABLE desk_told_notice; DROP TABLE desk_told; DROP TABLE desk_gap; DROP TABLE clock_seen;
          DROP TABLE desk_event_notice; DROP TABLE desk_event; DROP TABLE visit_try;
          DROP TABLE consent; DROP TABLE outcome; DROP TABLE claim;
          ALTER TABLE announcement DROP COLUMN caused_by; ALTER TABLE announcement DROP COLUMN cause;
          ALTER TABLE opportunity DROP COLUMN open_since;
          DELETE FROM grdb_migrations WHERE identifier IN ('0010 desk', '0020 audit chain');
          """)
      try db.execute(sql: step0004Claims)
      try db.execute(
        sql: """
          UPDATE opportunity SET state = 'claimed', generation = 1, holder = 'bob', claimed_at = 5000
          WHERE id IN (1, 3);
          UPDATE opportunity SET state = 'done', generation = 2, holder = 'ann', claimed_at = 6000,
            ended_at = 7000 WHERE id = 2;
          INSERT INTO claim VALUES (1, 1, 'bob', 'ann', 5000, NULL, NULL),
            (3, 1, 'bob', 'ann', 5000, NULL, NULL), (2, 1, 'bob', 'ann', 5500, 5900, 'released'),
            (2, 2, 'ann', 'ann', 6000, 7000, 'outcome');
          INSERT INTO outcome VALUES (2, 2, 'accepted', 1, 'ann', 7000);
          """)
    }
    try queue.close()
  }

  @Test("What was held stays held, without a lease until the first start gives it one")
  func migrated() async throws {
    try await withFolder { path in
      try await before(path)
      let store = try Store(path: path)
      let held = try #require(try await store.opportunity(1))
      #expect(held.state == .claimed && held.holder == "bob" && held.claim?.until == nil)
      #expect(try await store.leases(endingBefore: .distantFuture).isEmpty)
      #expect(try await store.giveLeases(until: noon + day) == 2)
      #expect(try await store.giveLeases(until: noon + 9 * day) == 0, "once")
      #expect(
        try await store.leases(endingBefore: .distantFuture).map(\.until)
          == [noon + day, noon + day])
      // Closed before the upgrade is nothing new to whoever holds it.
      #expect(held.claim?.wasClosed == false)
      #expect(try await store.opportunity(3)?.claim?.wasClosed == true)
      let done = try #require(try await store.opportunity(2))
      #expect(done.outcome?.kind == .accepted && done.outcome?.consent == true)
      #expect(done.claim?.consent == nil, "nobody knows how far it reached")
      #expect(try await store.story(of: 2)?.claims.map(\.endedHow) == ["released", "outcome"])
      let result = try await store.change(
        DeskChange(opportunity: 1, seen: 1, by: "bob", action: .release, now: noon))
      guard case .done(let released) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(released.generation == 2)
      try store.close()
    }
  }

  @Test("The schema that grew from step to step is the one that a new store has")
  func same() async throws {
    let changed = ["opportunity", "announcement"]
    let fresh = try await withStore { try await schemaText($0, but: changed) }
    try await withFolder { path in
      try await before(path)
      let store = try Store(path: path)
      #expect(try await schemaText(store, but: changed) == fresh)
      try store.close()
    }
  }
}
