import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Putting a backup back")
struct RestoreTests {
  private func order(_ path: String, erasures: [Erasure] = []) -> RestoreOrder {
    RestoreOrder(
      backup: path + ".backup", database: path,
      asideFolder: (path as NSString).deletingLastPathComponent + "/aside", erasures: erasures,
      pauseWhy: "Look first.", by: "root",
      notices: [
        Notice(
          id: "restored", recipient: "a@example.org", channel: "post", subject: "s",
          paragraphs: ["p"], created: noon)
      ], now: noon)
  }

  private func backedUp(_ path: String) async throws -> Store {
    let store = try Store(path: path)
    try await record(store, people(6))
    try await store.copy(to: path + ".backup")
    _ = try checkCopy(at: path + ".backup")
    return store
  }

  @Test("The state of the backup is there again, everything is paused and nobody is signed in")
  func putBack() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      try await store.write {
        try $0.execute(
          sql:
            "INSERT INTO session (hash, member, since, seen) VALUES (randomblob(32), 'ann', 0, 0)")
      }
      try await store.copy(to: path + ".second")
      _ = try checkCopy(at: path + ".second")
      try await store.record(pass([job("LATER", uprn: "5")], verdict([])))
      try store.close()
      var order = order(path)
      order.backup = path + ".second"
      let restored = try await restoreDatabase(order)
      #expect(restored.carried.isReadable && restored.erasedAgain == 0)
      let aside = try #require(restored.aside)
      let again = try Store(path: path)
      func count(_ of: Store, _ sql: String) async throws -> Int {
        try await of.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM " + sql)! }
      }
      #expect(try await count(again, "job WHERE reference = 'LATER'") == 0)
      #expect(try await count(again, "job") == 6)
      #expect(try await again.pauses().map(\.area) == [nil])
      #expect(try await count(again, "session WHERE ended_at IS NULL") == 0)
      #expect(try await again.dueNotices(now: noon).contains { $0.id == "restored" })
      #expect(
        try await again.audit().last?.action
          == "restore \((path as NSString).lastPathComponent).second")
      let before = try Store(path: aside)
      #expect(
        try await count(before, "job WHERE reference = 'LATER'") == 1, "what was there is kept")
      try before.close()
      try again.close()
    }
  }

  @Test(
    "A link that was used since claims nothing, a page of before changes nothing, and no number is given twice"
  )
  func links() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let offered = try await opportunityID(store, Person(number: 0))
      _ = try await store.claim(
        opportunity: offered, member: "bob", issuedTo: "ann", generation: 0, now: noon)
      let last = try await store.read {
        try Int64.fetchOne($0, sql: "SELECT max(id) FROM opportunity")!
      }
      try store.close()
      _ = try await restoreDatabase(order(path))
      let again = try Store(path: path)
      let good = try await again.read {
        try Int.fetchOne(
          $0,
          sql: """
            SELECT count(*) FROM link JOIN announcement ON announcement.id = announcement
            JOIN opportunity ON opportunity.id = opportunity WHERE revoked = 0 AND opportunity.state = 'offered'
            """)!
      }
      #expect(good == 0)
      #expect(try await again.withdrawExpiredOffers(now: noon) == 3, "they are offered afresh")
      try await again.record(
        pass([job("NEW", uprn: "77")], verdict([opportunity([job("NEW", uprn: "77")])])))
      let new = try await again.read {
        try Int64.fetchOne($0, sql: "SELECT max(id) FROM opportunity")!
      }
      #expect(new > last + 1000)
      try again.close()
    }
  }

  @Test("What would hurt somebody if it were lost is taken over from the database of before")
  func carried() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let done = try await opportunityID(store, Person(number: 1))
      let held = try await opportunityID(store, Person(number: 3))
      try await store.write { db in
        try Storage.optOut(db, of: held, by: "bob", at: 5)
        try db.execute(
          sql: "UPDATE consent SET withdrawn_at = 9, withdrawn_by = 'bob' WHERE opportunity = ?",
          arguments: [done])
        try db.execute(
          sql: """
            UPDATE link SET revoked = 1 WHERE announcement IN (
              SELECT id FROM announcement WHERE opportunity = ?)
            """, arguments: [done])
      }
      try store.close()
      let restored = try await restoreDatabase(order(path))
      #expect(restored.carried.optOuts == 1)
      #expect(restored.carried.withdrawnConsents == 1)
      #expect(restored.carried.revokedLinks == 1)
      let again = try Store(path: path)
      #expect(try await again.optOuts().count == 1)
      let standing = try await again.read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM consent WHERE withdrawn_at IS NULL")!
      }
      #expect(standing == 2)
      try again.close()
    }
  }

  @Test(
    "Of a database of before the knowledge is read table by table",
    arguments: [
      // As an earlier version has left it, and as one that nobody can read.
      ("DROP TABLE legal_hold; DROP TABLE closed_pilot", true),
      ("ALTER TABLE closed_pilot RENAME COLUMN erase_on TO erase", false),
    ])
  func byTable(change: String, isWhole: Bool) async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let held = try await opportunityID(store, Person(number: 3))
      try await store.write { db in
        try Storage.optOut(db, of: held, by: "bob", at: 5)
        try db.execute(sql: change)
      }
      try store.close()
      let restored = try await restoreDatabase(order(path))
      #expect(restored.carried.optOuts == 1 && restored.carried.isReadable == isWhole)
      let again = try Store(path: path)
      let good = try await again.read {
        try Int.fetchOne(
          $0,
          sql: """
            SELECT count(*) FROM link JOIN announcement ON announcement.id = announcement
            JOIN opportunity ON opportunity.id = opportunity
            WHERE revoked = 0 AND opportunity.state NOT IN ('waiting', 'offered')
            """)!
      }
      #expect((good > 0) == isWhole, "which links were made useless is not known then")
      try again.close()
    }
  }

  @Test("Nothing is taken over of who was to be erased when a stop came between")
  func carriedOfErased() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let person = Person(number: 3)
      let held = try await opportunityID(store, person)
      try await store.write { try Storage.optOut($0, of: held, by: "bob", at: 5) }
      let begun = try #require(
        try await store.erasure(of: .uprn(person.uprn), id: "begun", refuses: true, now: noon))
      try store.close()
      let restored = try await restoreDatabase(order(path, erasures: [begun]))
      #expect(restored.erasedAgain == 1)
      let again = try Store(path: path)
      #expect(try await again.optOuts().isEmpty)
      try again.close()
      #expect(found(person.canaries + [person.uprn], in: [path, path + "-wal"]) == [])
    }
  }

  @Test("What is open and held in the backup of a pilot that was closed since ends again")
  func closedSince() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      #expect(try await store.pilotCounts(of: "north").open > 0)
      try await store.closePilot(
        "north", by: "tester", eraseOn: CivilDay("2099-11-22")!, audit: asked, notices: [],
        now: noon)
      try store.close()
      _ = try await restoreDatabase(order(path))
      let again = try Store(path: path)
      let counts = try await again.pilotCounts(of: "north")
      #expect(counts.open == 0 && counts.held == 0 && counts.jobs == 6)
      try again.close()
    }
  }

  @Test("What an earlier restore has left behind that was cut short is gone after the next one")
  func leftovers() async throws {
    try await withFolder { path in
      try await backedUp(path).close()
      try Data("half a copy".utf8).write(to: URL(fileURLWithPath: path + ".restored"))
      try Data("its log".utf8).write(to: URL(fileURLWithPath: path + ".restored-wal"))
      clearCutRestore(of: path)
      let folder = (path as NSString).deletingLastPathComponent
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!left.contains { $0.contains(".restored") }, "\(left)")
      try Store(path: path).close()
    }
  }

  @Test("Where the database of before cannot be read no link is good any more")
  func damaged() async throws {
    try await withFolder { path in
      try await backedUp(path).close()
      try Data("SQLite format 3\0nonsense".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: StoreError.self) { try Store(path: path) }
      let restored = try await restoreDatabase(order(path))
      #expect(!restored.carried.isReadable && restored.aside != nil)
      let again = try Store(path: path)
      let good = try await again.read {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM link WHERE revoked = 0")!
      }
      #expect(good == 0)
      try again.close()
    }
  }

  @Test("Who was erased since stays erased, in every file")
  func erased() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let person = Person(number: 3)
      let (erasure, _) = try await erase(store, .uprn(person.uprn))
      try store.close()
      let restored = try await restoreDatabase(order(path, erasures: [erasure]))
      #expect(restored.erasedAgain == 1)
      #expect(found(person.canaries + [person.uprn], in: [path, path + "-wal"]) == [])
      let again = try Store(path: path)
      #expect(try await again.findSubject(.uprn(person.uprn), audit: asked).classes.isEmpty)
      #expect(
        try await !again.findSubject(.uprn(Person(number: 1).uprn), audit: asked).classes.isEmpty)
      try again.close()
    }
  }

  @Test("A backup that cannot be used, and a database in use, change nothing")
  func refused() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      await #expect(throws: StoreError.inUse(file: path, by: getpid())) {
        try await restoreDatabase(order(path))
      }
      try store.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      try Data("SQLite format 3\0nonsense".utf8).write(to: URL(fileURLWithPath: path + ".backup"))
      do {
        _ = try await restoreDatabase(order(path))
        Issue.record("it was taken")
      } catch {
        #expect("\(error)".hasPrefix("The backup \(path).backup cannot be put back."), "\(error)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test("After one that was cut short the next one takes over what the first has kept aside")
  func cutShortKnowledge() async throws {
    try await withFolder { path in
      let store = try await backedUp(path)
      let held = try await opportunityID(store, Person(number: 3))
      try await store.write { try Storage.optOut($0, of: held, by: "bob", at: 5) }
      try store.close()
      // As it stands when the log is gone, and with it the newest changes.
      let aside = path + ".kept-aside"
      try FileManager.default.moveItem(atPath: path, toPath: aside)
      try FileManager.default.copyItem(atPath: path + ".backup", toPath: path)
      try Data(aside.utf8).write(to: URL(fileURLWithPath: restoreMark(path)))
      let restored = try await restoreDatabase(order(path))
      #expect(restored.aside == aside && restored.carried.optOuts == 1)
      #expect(access(restoreMark(path), F_OK) != 0)
      try Store(path: path).close()
    }
  }

  @Test("A restore that was cut short is never started on, and is done again")
  func cutShort() async throws {
    try await withFolder { path in
      try await backedUp(path).close()
      try Data().write(to: URL(fileURLWithPath: restoreMark(path)))
      // Between the two steps there may be no database at all: an empty one must not be made.
      unlink(path)
      #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(access(path, F_OK) != 0)
      _ = try await restoreDatabase(order(path))
      try Store(path: path).close()
    }
  }
}
