import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("From the schema before the outbox")
struct OutboxMigrationTests {
  /// A file of step 11 with a message in every state of that time, and what refers to them.
  private func before(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    var eleven = DatabaseMigrator()
    for (name, sql) in [
      ("0001 mirror", step0001Mirror), ("0002 opportunities", step0002Opportunities),
      ("0003 outbox", step0003Outbox), ("0004 claims", step0004Claims),
      ("0005 heartbeat", step0005Heartbeat), ("0006 feed watch", step0006FeedWatch),
      ("0007 patience", step0007Patience), ("0008 areas", step0008Areas),
      ("0009 triage", step0009Triage), ("0010 desk", step0010Desk),
      ("0011 sessions", step0011Sessions),
    ] {
      eleven.registerMigration(name) { try $0.execute(sql: sql) }
    }
    try queue.inDatabase {
      try $0.execute(sql: "PRAGMA application_id = \(0x7472_6961)")
      _ = try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL")
    }
    try eleven.migrate(queue)
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO digest (id, recipient, channel, state, created, attempts, attempted_at, next_attempt,
            last_error, accepted_at)
          VALUES ('new', 'ann', 'post', 'pending', 1000, 0, NULL, 1000, NULL, NULL),
            ('tried', 'ann', 'post', 'pending', 2000, 2, 2500, 9000, '451 later', NULL),
            ('taken', 'ann', 'post', 'accepted', 3000, 1, 3000, 3300, NULL, 3001),
            ('dead', 'ann', 'post', 'failed', 4000, 1, 4000, 4300, '550 no', NULL),
            ('over', 'ann', 'post', 'withdrawn', 5000, 0, NULL, 5000, NULL, NULL);
          INSERT INTO delivery_attempt (id, digest, at, result, why)
          VALUES (7, 'tried', 2500, 'deferred', '451 later'), (9, 'taken', 3001, 'accepted', '');
          INSERT INTO notice (id, recipient, channel, subject, body, state, created, attempts, attempted_at,
            next_attempt, last_error, ended_at)
          VALUES ('n-new', 'it@example.org', 'post', 's', '["b"]', 'pending', 1000, 0, NULL, 1000, NULL, NULL),
            ('n-tried', 'it@example.org', 'post', 's', '["b"]', 'pending', 2000, 1, 2500, 9000, '451', NULL),
            ('n-taken', 'it@example.org', 'post', 's', '["b"]', 'accepted', 3000, 1, 3000, 3300, NULL, 3001),
            ('n-dead', 'it@example.org', 'post', 's', '["b"]', 'failed', 4000, 1, 4000, 4300, '550', 4001);
          INSERT INTO notice_picture (notice, position, format, alternative, bytes)
          VALUES ('n-tried', 0, 'png', 'two areas', x'00');
          INSERT INTO matter (kind, subject, sentence, began, notice)
          VALUES ('leaderless', 'north', 'Nobody leads.', 1000, 'n-new');
          """)
    }
    try queue.close()
  }

  @Test("What was owed stays owed, with its attempts, and what refers to it")
  func migrated() async throws {
    try await withFolder { path in
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try before(path)
      let store = try Store(path: path)
      func states(_ table: String) async throws -> [String] {
        try await store.read {
          try String.fetchAll($0, sql: "SELECT id || ' ' || state FROM \(table) ORDER BY created")
        }
      }
      #expect(
        try await states("digest")
          == ["new pending", "tried deferred", "taken accepted", "dead failed", "over withdrawn"])
      #expect(
        try await states("notice")
          == ["n-new pending", "n-tried deferred", "n-taken accepted", "n-dead failed"])
      let kept = try await store.read { db in
        try [
          String.fetchAll(
            db, sql: "SELECT id || digest || at || result || why FROM delivery_attempt ORDER BY id"),
          String.fetchAll(db, sql: "SELECT notice FROM matter"),
          String.fetchAll(db, sql: "SELECT notice FROM notice_picture"),
          String.fetchAll(
            db, sql: "SELECT \"table\" FROM pragma_foreign_key_list('announcement') ORDER BY 1"),
          Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { "\($0)" },
        ]
      }
      #expect(
        kept == [
          ["7tried2500deferred451 later", "9taken3001accepted"], ["n-new"], ["n-tried"],
          ["digest", "opportunity"], [],
        ])
      // A digest goes, and with it its attempts; a notice, and with it its pictures.
      let left = try await store.write { db in
        try db.execute(sql: "DELETE FROM digest WHERE id = 'tried'")
        try db.execute(sql: "DELETE FROM notice WHERE id = 'n-tried'")
        return try Int.fetchAll(
          db,
          sql: """
            SELECT count(*) FROM delivery_attempt UNION ALL SELECT count(*) FROM notice_picture
            """)
      }
      #expect(left == [1, 0])
      #expect(try await store.dueNotices(now: noon).map(\.id) == ["n-new"])
      try store.close()
    }
  }

  @Test("The schema that grew from step 11 is the one that a new store has")
  func same() async throws {
    let fresh = try await withStore { try await schemaText($0) }
    try await withFolder { path in
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try before(path)
      let store = try Store(path: path)
      #expect(try await schemaText(store) == fresh)
      try store.close()
    }
  }

  @Test("What is owed is found by its index")
  func index() async throws {
    try await withStore { store in
      let plans = try await store.read { db in
        try ["digest", "notice"].map { table in
          try Row.fetchAll(
            db,
            sql: """
              EXPLAIN QUERY PLAN SELECT id FROM \(table)
              WHERE state IN \(owedStates) AND next_attempt <= 5
              """
          ).map { $0["detail"] as String }.joined()
        }
      }
      #expect(plans[0].contains("digest_due") && plans[1].contains("notice_due"), "\(plans)")
    }
  }
}
