import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("The audit is a chain")
struct AuditChainTests {
  private func row(_ number: Int) -> AuditRow {
    AuditRow(
      at: noon + Double(number) * day, actor: "ann", mark: .link(12, .private), action: "claim",
      opportunity: 7, generation: number, result: "ok", agency: "Wardens")
  }

  /// A closed store with so many rows of the audit, a day apart.
  private func written(_ path: String, _ count: Int) async throws -> AuditCheck {
    let store = try Store(path: path)
    for number in 0..<count { try await store.audit(row(number)) }
    let check = try await store.verifyAudit()
    try store.close()
    return check
  }

  private func verified(_ path: String, pinned: String? = nil) async throws -> AuditCheck {
    let store = try Store(path: path)
    let check = try await store.verifyAudit(pinned: pinned)
    try store.close()
    return check
  }

  /// As whoever can write the file does: past the triggers.
  private func tamper(_ path: String, _ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { db in
      let names = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
      for name in names { try db.execute(sql: "DROP TRIGGER \(name)") }
      try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
      try db.execute(sql: sql)
      guard db.totalChangesCount > 0 else { throw Untouched() }
    }
    try queue.close()
  }

  private struct Untouched: Error {}

  @Test("As it was written it is whole, and its head is the hash of the last row")
  func whole() async throws {
    try await withFolder { path in
      let check = try await written(path, 5)
      #expect(check.rows == 5 && check.head == 5 && check.fault == nil && check.hasPinned == nil)
      let store = try Store(path: path)
      #expect(try await store.auditHead() == check.hash)
      try await store.audit(row(5))
      let later = try await store.verifyAudit(pinned: hexadecimal(check.hash))
      #expect(later.rows == 6 && later.hash != check.hash && later.hasPinned == true)
      try store.close()
    }
  }

  @Test("An empty one is whole too")
  func empty() async throws {
    try await withStore { store in
      let check = try await store.verifyAudit()
      #expect(check.rows == 0 && check.fault == nil)
    }
  }

  @Test(
    "A change of any field of a row is found, at that row",
    arguments: [
      "id = 30", "at = at + 1", "actor = 'bob'", "actor = ''", "via = 'link 13'",
      "action = 'release'", "opportunity = 8", "opportunity = NULL", "generation = 9",
      "generation = NULL", "result = 'stale'", "network = 'the internet'", "agency = 'Other'",
      "agency = NULL", "hash = zeroblob(32)", "actor = 'an', via = 'nlink 12'",
      "actor = CAST(x'616e6e00' AS TEXT)",
    ])
  func field(_ change: String) async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      // The last may be moved without being in another's way.
      let id = change.hasPrefix("id") ? 5 : 3
      try tamper(path, "UPDATE audit SET \(change) WHERE id = \(id)")
      let check = try await verified(path)
      guard case .row(let found) = check.fault else {
        Issue.record("not found: \(change)")
        return
      }
      #expect(found == (id == 5 ? 30 : 3) && check.rows == id - 1)
    }
  }

  @Test(
    "A row taken out, put in or moved is found",
    arguments: [
      ("DELETE FROM audit WHERE id = 1", 2), ("DELETE FROM audit WHERE id = 3", 4),
      (
        "UPDATE audit SET id = 99 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; "
          + "UPDATE audit SET id = 3 WHERE id = 99", 2
      ),
      (
        "INSERT INTO audit SELECT 6, at, actor, via, action, opportunity, generation, result, network, agency, hash "
          + "FROM audit WHERE id = 5", 6
      ),
    ])
  func rows(_ sql: String, _ first: Int) async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      try tamper(path, sql)
      let check = try await verified(path)
      guard case .row(let found) = check.fault else {
        Issue.record("not found")
        return
      }
      #expect(found == Int64(first))
    }
  }

  @Test("That the newest rows were taken out shows by the number that was given last")
  func cutShort() async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      try tamper(path, "DELETE FROM audit WHERE id > 3")
      let store = try Store(path: path)
      try await store.audit(row(3))
      let check = try await store.verifyAudit()
      #expect(check.breaks.map(\.fault) == [.end(5)] && check.rows == 4, "one more was written")
      try await store.acknowledge(
        check.breaks, note: "Known.", actor: "admin", mark: AuditMark(), now: noon)
      try store.close()
      try tamper(path, "DELETE FROM audit WHERE id = 4")
      #expect(try await verified(path).fault == .row(5), "the one that speaks of it")
    }
  }

  @Test("A cut that is acknowledged is told as such")
  func acknowledgedEnd() async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      try tamper(path, "DELETE FROM audit WHERE id > 2")
      let store = try Store(path: path)
      try await store.acknowledge(
        try await store.verifyAudit().breaks, note: "Known.", actor: "admin", mark: AuditMark(),
        now: noon)
      let known = try await store.verifyAudit()
      #expect(known.fault == nil && known.acknowledged.map(\.fault) == [.end(5)])
      try store.close()
    }
  }

  @Test(
    "Where an earlier look found it to end it goes on, or that is told; what went with its time is not missed"
  )
  func seen() async throws {
    try await withFolder { path in
      let whole = try await written(path, 8)
      let store = try Store(path: path)
      let end = (head: whole.head, hash: whole.hash)
      #expect(try await store.verifyAudit(seen: end).fault == nil)
      let other = (head: Int64(8), hash: [UInt8](repeating: 7, count: 32))
      let check = try await store.verifyAudit(seen: other)
      #expect(check.breaks.map(\.fault) == [.end(8)] && check.rows == 8)
      _ = try await store.purge(
        before: noon, endedBefore: noon + 20 * day, snapshotFeeds: [], now: noon + 20 * day)
      try await store.audit(row(30))
      let later = try await store.verifyAudit(seen: other)
      #expect(later.purged >= 8 && later.fault == nil)
      try store.close()
    }
  }

  @Test("That the newest rows were taken out with that number shows against a head that was noted")
  func truncated() async throws {
    try await withFolder { path in
      let whole = try await written(path, 5)
      try tamper(
        path,
        "DELETE FROM audit WHERE id > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
      #expect(try await verified(path).fault == nil)
      let pinned = String(hexadecimal(whole.hash).prefix(16))
      #expect(try await verified(path, pinned: pinned).hasPinned == false)
      let left = try await verified(path)
      #expect(try await verified(path, pinned: hexadecimal(left.hash)).hasPinned == true)
    }
  }

  @Test("A whole new chain fits, and not the head that was noted")
  func rebuilt() async throws {
    try await withFolder { path in
      let whole = try await written(path, 5)
      try tamper(path, "DELETE FROM audit")
      let store = try Store(path: path)
      for number in 0..<5 {
        var changed = row(number)
        if number == 2 { changed.actor = "bob" }
        try await store.audit(changed)
      }
      #expect(try await store.verifyAudit().fault == nil)
      #expect(
        try await store.verifyAudit(pinned: hexadecimal(whole.hash)).hasPinned == false)
      try store.close()
    }
  }

  @Test("After a purge the rest of it is provable, and who takes out more than that is found")
  func purged() async throws {
    try await withFolder { path in
      let whole = try await written(path, 8)
      let store = try Store(path: path)
      // Rows 1 to 3 are of before that.
      let purged = try await store.purge(
        before: noon, endedBefore: noon + 3 * day, snapshotFeeds: [], now: noon + 20 * day)
      #expect(purged["audit"] == 3)
      let check = try await store.verifyAudit(pinned: hexadecimal(whole.hash))
      #expect(check.fault == nil && check.rows == 6 && check.purged == 3 && check.hasPinned == true)
      let row = try #require(try await store.auditRows().last)
      #expect(row.id == 9 && row.row.action == purgeOfAudit)
      try store.close()
      // One more, with the place at which the chain begins moved after it.
      try tamper(
        path,
        """
        UPDATE audit_checkpoint SET through = 4, hash = (SELECT hash FROM audit WHERE id = 4);
        DELETE FROM audit WHERE id = 4;
        """)
      #expect(try await verified(path).fault == .beginning)
    }
  }

  @Test(
    "Who takes out the first rows before any purge is found, wherever the chain is said to begin")
  func beheaded() async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      try tamper(
        path,
        """
        UPDATE audit_checkpoint SET through = 2, hash = (SELECT hash FROM audit WHERE id = 2);
        DELETE FROM audit WHERE id <= 2;
        """)
      #expect(try await verified(path).fault == .beginning)
    }
  }

  @Test(
    "A break that was acknowledged is told as such, and another change at the same row is a new one"
  )
  func acknowledged() async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      try tamper(
        path, "UPDATE audit SET actor = 'bob' WHERE id = 2; UPDATE audit SET at = 0 WHERE id = 4")
      let broken = try await verified(path)
      #expect(broken.breaks.map(\.fault) == [.row(2), .row(4)] && broken.rows == 1)
      let store = try Store(path: path)
      try await store.acknowledge(
        broken.breaks, note: "A disk that failed: see 22/117.", actor: "admin",
        mark: AuditMark(via: "command by x"), now: noon)
      let known = try await store.verifyAudit()
      #expect(known.breaks == [] && known.acknowledged.map(\.fault) == [.row(2), .row(4)])
      #expect(known.acknowledged.first?.note == "A disk that failed: see 22/117.")
      #expect(known.rows == 5 && known.head == 7, "three of before and the two that say so")
      try store.close()
      try tamper(path, "UPDATE audit SET actor = 'charlie' WHERE id = 2")
      let again = try await verified(path)
      #expect(again.breaks.map(\.fault) == [.row(2)])
      #expect(again.acknowledged.map(\.fault) == [.row(4)])
    }
  }

  @Test("Of a beginning that was acknowledged nobody is told again until it is another one")
  func acknowledgedBeginning() async throws {
    try await withFolder { path in
      _ = try await written(path, 5)
      func behead(_ id: Int) throws {
        try tamper(
          path,
          """
          UPDATE audit_checkpoint SET through = \(id), hash = (SELECT hash FROM audit WHERE id = \(id));
          DELETE FROM audit WHERE id <= \(id);
          """)
      }
      try behead(2)
      let store = try Store(path: path)
      let broken = try await store.verifyAudit()
      #expect(broken.fault == .beginning)
      try await store.acknowledge(
        broken.breaks, note: "Known.", actor: "admin", mark: AuditMark(), now: noon)
      let known = try await store.verifyAudit()
      #expect(known.fault == nil && known.acknowledged.map(\.fault) == [.beginning])
      try store.close()
      try behead(3)
      #expect(try await verified(path).fault == .beginning)
    }
  }

  @Test("A row that a wrong clock dated ahead goes with its neighbours, and none of them early")
  func clock() async throws {
    try await withStore { store in
      let now = noon + 100 * day
      for days in [0.0, 1, 5000, 2, 50, 3] {
        var row = row(0)
        row.at = noon + days * day
        try await store.audit(row)
      }
      func left() async throws -> [Int64] { try await store.auditRows().map(\.id) }
      // The fourth may go, and the sixth not before the fifth.
      _ = try await store.purge(
        before: noon, endedBefore: noon + 10 * day, snapshotFeeds: [], now: now)
      #expect(try await left() == [5, 6, 7])
      #expect(try await store.verifyAudit().fault == nil)
      _ = try await store.purge(
        before: noon, endedBefore: noon + 60 * day, snapshotFeeds: [], now: now)
      #expect(try await left() == [7, 8])
      #expect(try await store.verifyAudit().fault == nil)
    }
  }

  @Test("Many rows are read in parts")
  func parts() async throws {
    try await withStore { store in
      let rows = (0..<4100).map(row)
      try await store.write { db in for row in rows { try writeAudit(db, row) } }
      let check = try await store.verifyAudit()
      #expect(check.rows == 4100 && check.fault == nil)
    }
  }

  @Test("Rows from before the chain are chained, and numbers go on where they were")
  func migrated() async throws {
    try await withFolder { path in
      try Store(path: path).close()
      let queue = try DatabaseQueue(path: path)
      try await queue.writeWithoutTransaction { db in
        try db.execute(
          sql: """
            DROP TABLE audit; DROP TABLE audit_purge; DROP TABLE audit_checkpoint;
            DELETE FROM grdb_migrations WHERE identifier = '0020 audit chain';
            """)
        let before = try #require(
          step0010Desk.range(of: "CREATE TABLE audit (").map { step0010Desk[$0.lowerBound...] })
        let until = try #require(before.range(of: "CREATE TABLE pin_try"))
        try db.execute(sql: String(before[..<until.lowerBound]))
        for id in [4, 5, 9] {
          try db.execute(
            sql:
              "INSERT INTO audit VALUES (?, 5, 'ann', 'desk', 'x', 1, NULL, 'ok', 'unknown', NULL)",
            arguments: [id])
        }
      }
      try queue.close()
      let store = try Store(path: path)
      let check = try await store.verifyAudit()
      #expect(check.rows == 3 && check.fault == nil && check.head == 9)
      try await store.audit(row(1))
      #expect(try await store.auditRows().map(\.id) == [4, 5, 9, 10])
      #expect(try await store.verifyAudit().fault == nil)
      try store.close()
    }
  }

  @Test("What the bytes of a row are is settled for good")
  func settled() {
    let hash = AuditChain.hash(
      after: AuditChain.beginning,
      [.number(1), .number(-2), .text(Array("é".utf8)), .text([]), .nothing])
    // Reckoned by Python's hashlib over the same bytes.
    #expect(hexadecimal(hash) == "4fbd96f9b93fee3dc3e371785dd0ed86b38d8d04e71f7dd21ddb1af8a7ad00ae")
  }
}
