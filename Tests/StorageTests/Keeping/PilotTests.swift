import Foundation
import GRDB
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("The end of a pilot")
struct PilotTests {
  private let today = CivilDay("2026-11-22")!

  private func close(_ store: Store, _ notices: [Notice] = []) async throws {
    try await store.closePilot(
      "north", by: "tester", eraseOn: today, audit: asked, notices: notices, now: noon)
  }

  /// Six people in the north, and one job in the south.
  private func seeded(_ store: Store) async throws {
    try await record(store, people(6) + [Person(number: 8, area: "south")])
    let held = try await opportunityID(store, Person(number: 0))
    _ = try await store.claim(
      opportunity: held, member: "bob", issuedTo: "ann", generation: 0, now: noon)
  }

  @Test("What is open and held ends, links open nothing, and the area is paused for good")
  func closed() async throws {
    try await withStore { store in
      try await seeded(store)
      let counts = try await store.pilotCounts(of: "north")
      #expect(counts.jobs == 6 && counts.open == 3 && counts.held == 1)
      #expect(counts.outcomes == ["accepted": 3] && counts.consentsGiven == 3)
      try await close(store)
      let after = try await store.pilotCounts(of: "north")
      #expect(after.open == 0 && after.held == 0 && after.jobs == 6)
      #expect(try await store.pilotCounts(of: "south").open == 1)
      let good = try await store.read {
        try Int.fetchOne(
          $0,
          sql: """
            SELECT count(*) FROM link JOIN announcement ON announcement.id = announcement
            JOIN opportunity ON opportunity.id = opportunity WHERE revoked = 0 AND area = 'north'
            """)!
      }
      #expect(good == 0)
      #expect(try await store.pauses().map(\.area) == ["north"])
      #expect(try await store.resume(area: nil).isEmpty)
      #expect(try await store.pauses().map(\.area) == ["north"], "whatever is resumed")
      let allowed = try await store.refusals()?.allowed([Person(number: 7).job])
      #expect(allowed == [], "its lists bring nothing any more")
      await #expect(throws: PilotRefusal.closedAlready) { try await close(store) }
    }
  }

  @Test("While somebody is out there it is not closed")
  func somebodyIsOut() async throws {
    try await withStore { store in
      try await seeded(store)
      try await store.write {
        try $0.execute(sql: "UPDATE outing SET back_at = NULL, ended_by = NULL")
      }
      await #expect(throws: PilotRefusal.somebodyIsOut) { try await close(store) }
      #expect(try await store.pilotCounts(of: "north").held == 1)
    }
  }

  @Test("Who asked there, and whose opportunity has gone with its time, is told by the place")
  func askedLongAgo() async throws {
    try await withStore { store in
      try await seeded(store)
      for number in [2, 8] {
        let id = try await opportunityID(store, Person(number: number))
        try await store.write { db in
          try Storage.optOut(db, of: id, by: "bob", at: 0)
          try db.execute(sql: "DELETE FROM opportunity WHERE id = ?", arguments: [id])
        }
      }
      try await close(store)
      func erase(_ isThere: @escaping @Sendable (Place) -> Bool) async throws -> [Erasure] {
        let ids = (UUID().uuidString, UUID().uuidString)
        let erasures = try await store.erasures(
          ofPilot: "north", ids: ids, now: noon, isThere: isThere)
        _ = try await store.erasePilot(
          "north", as: erasures, audit: asked, now: noon, isThere: isThere)
        return erasures
      }
      let north = try #require(Person(number: 2).job.place.point)
      #expect(try await erase { $0.point == north }.map(\.refuses) == [false, true])
      #expect(try await store.optOuts().map(\.place.uprn) == [Person(number: 8).uprn])
      _ = try await erase { _ in true }
      #expect(try await store.optOuts().isEmpty, "with the last pilot all go")
    }
  }

  @Test("On its day all of the area goes, bytes and all, and a backup brings none of it back")
  func erased() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await seeded(store)
      let shy = try await opportunityID(store, Person(number: 2))
      try await store.write { try Storage.optOut($0, of: shy, by: "bob", at: 0) }
      let backup = path + ".backup"
      try await store.copy(to: backup)
      _ = try checkCopy(at: backup)
      try await close(store)
      #expect(try await store.pilotsToErase(by: today.plus(-1)) == [])
      #expect(try await store.pilotsToErase(by: today) == ["north"])
      let erasures = try await store.erasures(ofPilot: "north", ids: ("a", "b"), now: noon)
      #expect(erasures.map(\.refuses) == [false, true])
      _ = try await store.erasePilot("north", as: erasures, audit: asked, now: noon)
      #expect(try await store.pilotsToErase(by: today) == [])
      let gone = people(6).flatMap(\.canaries)
      #expect(found(gone, in: [path, path + "-wal"]) == [])
      #expect(found([Person(number: 8).reference], in: [path]) != [], "the south's is there")
      #expect(try await store.audit().count > 1, "the audit stays")
      #expect(
        try await store.refusals()?.allowed([Person(number: 2).job]) == [],
        "who asked not to be contacted is not known any more, and is not stored either")
      #expect(try await store.erasedDwellings() != nil, "nor is anybody sent to what may be theirs")
      try store.close()

      let old = try Store(path: backup)
      #expect(try await old.eraseAgain(erasures) == 2)
      try await old.rewrite()
      #expect(found(gone, in: [backup, backup + "-wal"]) == [])
      try old.close()
    }
  }
}
