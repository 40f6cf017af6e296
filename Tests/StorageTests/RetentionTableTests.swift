import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

@Suite("Every table has its class and its columns their words")
struct RetentionTableTests {
  private func schema(_ store: Store) async throws -> [String: Set<String>] {
    try await store.read { db in
      var tables: [String: Set<String>] = [:]
      let names = try String.fetchAll(
        db,
        sql: """
          SELECT name FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'grdb%'
          """)
      for name in names {
        tables[name] = Set(
          try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name]))
      }
      return tables
    }
  }

  @Test("No table of the schema is without a class that says when its rows go")
  func tables() async throws {
    try await withStore { store in
      let schema = try await schema(store)
      let named = Set(storedTables.map(\.name))
      #expect(
        Set(schema.keys).subtracting(named) == [],
        "a new table wants its place in storedTables.swift, and so in purge, dry run and inventory")
      #expect(named.subtracting(schema.keys) == [], "there is no such table any more")
    }
  }

  @Test("No column is without a word on whether it holds personal data")
  func columns() async throws {
    try await withStore { store in
      for (table, columns) in try await schema(store) {
        let described = (storedColumns[table] ?? [:]).values.flatMap {
          $0.split(separator: " ").map(String.init)
        }
        #expect(Set(described) == columns, "\(table): say in storedColumns.swift what it holds")
        #expect(described.count == Set(described).count, "\(table): a column stands twice")
      }
      #expect(Set(storedColumns.keys) == Set(storedTables.map(\.name)))
    }
  }

  @Test("What is to go with another row hangs on it by a key that cascades")
  func cascades() async throws {
    try await withStore { store in
      for table in storedTables {
        guard case .with(let parent) = table.leaving else { continue }
        let hangs = try await store.read {
          try Bool.fetchOne(
            $0,
            sql: """
              SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_list(?)
              WHERE "table" = ? AND on_delete = 'CASCADE')
              """, arguments: [table.name, parent])!
        }
        #expect(hangs, "\(table.name) does not go with \(parent)")
      }
    }
  }

  @Test("Rows of an opportunity or a job that go by their age stay under a legal hold")
  func held() async throws {
    try await withStore { store in
      let schema = try await schema(store)
      for table in storedTables {
        guard case .aged(let age) = table.leaving else { continue }
        // What hangs on a message is of an opportunity by that message.
        let isTheirs =
          !schema[table.name, default: []].isDisjoint(with: ["opportunity", "job"])
          || ["opportunity", "job", "notice", "delivery_attempt"].contains(table.name)
        #expect(
          (age.held != nil) == isTheirs,
          "\(table.name): say in storedTables.swift what a legal hold keeps of it")
      }
    }
  }

  @Test("What has personal data goes by days, or a sentence says why not")
  func ends() {
    let forGood = Set(
      storedTables.filter {
        guard case .overwritten = $0.leaving else { return false }
        return storedColumns[$0.name]?.keys.contains { $0 != nil } == true
      }.map(\.name))
    #expect(forGood == ["opt_out", "erasure", "legal_hold", "closed_pilot", "pause"])
    for table in storedTables {
      guard case .aged = table.leaving else { continue }
      guard case .days = table.dataClass.keeping else {
        Issue.record("\(table.name) goes by its age, and its class has no days")
        continue
      }
    }
  }
}

@Suite("Purging by class: what would go, what went, what is overdue")
struct RetentionStoreTests {
  private func limits(_ before: Date) -> RetentionLimits {
    let limit = RetentionLimits.Limit(day: CivilDay(before, in: .gmt), instant: before)
    var limits: [DataClass: RetentionLimits.Limit] = [:]
    for dataClass in DataClass.allCases {
      if case .days = dataClass.keeping { limits[dataClass] = limit }
    }
    return RetentionLimits(limits)
  }

  private func fill(_ store: Store) async throws {
    let one = job("A1", received: noon - 9 * day, gone: noon - 5 * day)
    try await store.record(pass([one], verdict([opportunity([one])]), at: noon - 6 * day))
    for digest in try await bundleAll(store, at: noon - 6 * day) {
      try await store.accepted(digest: digest.id, now: noon - 6 * day)
    }
    try await store.record(pass([], verdict([]), at: noon - 5 * day))
    try await store.audit(
      AuditRow(at: noon - 5 * day, actor: "ann", mark: AuditMark(), action: "x", opportunity: 1))
    try await store.oweOnce(
      Notice(
        id: "n", recipient: "it@example.org", channel: "post", subject: "s", paragraphs: ["p"],
        created: noon - 5 * day))
    try await store.noticeFailed(id: "n", why: "no", now: noon - 5 * day)
  }

  @Test("The dry run says what the purge then does, and changes nothing")
  func dryRun() async throws {
    try await withStore { store in
      try await fill(store)
      let before = try await dump(store)
      let limits = limits(noon)
      let would = try await store.purgeWouldDelete(limits, snapshotFeeds: ["list"], now: noon)
      #expect(try await dump(store) == before)
      #expect(would.aged[.jobs] == 1 && would.aged[.offers] == 1 && would.aged[.audit] == 1)
      #expect(try await store.lastPurge() == nil)
      let did = try await store.purge(limits, snapshotFeeds: ["list"], now: noon)
      #expect(did == would)
      #expect(try await store.lastPurge() == noon)
    }
  }

  @Test("Each purge leaves a note of how much of which class went, and nothing of what it was")
  func notes() async throws {
    try await withStore { store in
      try await fill(store)
      let did = try await store.purge(limits(noon), snapshotFeeds: ["list"], now: noon + hour)
      let notes = try await store.purgeNotes()
      #expect(
        Dictionary(uniqueKeysWithValues: notes.map { ($0.dataClass, $0.rows) }) == did.aged)
      #expect(
        notes.allSatisfy { $0.at == noon + hour && $0.before == CivilDay(noon, in: .gmt) })
      // Nothing more goes: no further note.
      try await store.purge(limits(noon), snapshotFeeds: ["list"], now: noon + 2 * hour)
      #expect(try await store.purgeNotes() == notes)
    }
  }

  @Test("The oldest of each class is known, and what is past a limit is counted until it goes")
  func ages() async throws {
    try await withStore { store in
      try await fill(store)
      let ages = try await store.dataAges(past: limits(noon), snapshotFeeds: ["list"], now: noon)
      #expect(ages[.jobs] == DataAge(oldest: noon - 5 * day, overdue: 1))
      #expect(ages[.offers]?.oldest == noon - 5 * day && ages[.offers]?.overdue == 1)
      #expect(ages[.audit] == DataAge(oldest: noon - 5 * day, overdue: 1))
      #expect(ages[.claims] == DataAge())
      try await store.purge(limits(noon), snapshotFeeds: ["list"], now: noon)
      let after = try await store.dataAges(past: limits(noon), snapshotFeeds: ["list"], now: noon)
      #expect(after.values.map(\.overdue).reduce(0, +) == 0)
      #expect(after[.audit]?.oldest == noon, "the row about the purge itself")
    }
  }
}
