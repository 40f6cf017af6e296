import Foundation
import GRDB
import Triage

/// How many rows went, or would go, not counting those that hang on them.
package struct PurgeResult: Hashable, Sendable {
  /// By table.
  package var rows: [String: Int] = [:]
  /// Those that went for their age.
  package var aged: [DataClass: Int] = [:]
  /// Those that would have gone with them but for a legal hold.
  package var held: [DataClass: Int] = [:]

  package init() {}

  package subscript(_ table: String) -> Int { rows[table] ?? 0 }

  fileprivate mutating func add(_ count: Int, _ table: StoredTable, isAged: Bool = false) {
    guard count > 0 else { return }
    rows[table.name, default: 0] += count
    if isAged { aged[table.dataClass, default: 0] += count }
  }
}

extension Store {
  /// Deletes what is older than it may be kept (``storedTables``), in the file and in its log (``rewrite()``), and writes down how
  /// much of each class, in the same transaction.
  ///
  /// - Parameters:
  ///   - limits: before which day each class goes; one that has none stays.
  ///   - snapshotFeeds: feeds whose lists say by themselves what is gone.
  @discardableResult
  package func purge(
    _ limits: RetentionLimits, snapshotFeeds: Set<String>, now: Date
  ) async throws -> PurgeResult {
    let result = try await write { db in
      let result = try purgeTables(db, limits, snapshotFeeds, now: now)
      try noteRun(db, result, limits, now: now)
      return result
    }
    // What went for its age does so in the night behind its last day: once a day nobody waits long for that.
    if !result.aged.isEmpty {
      try await rewrite()
    } else if !result.rows.isEmpty {
      try await emptyLog()
    }
    return result
  }

  /// What ``purge(_:snapshotFeeds:now:)`` would delete now: it is done, and taken back before anything is kept.
  package func purgeWouldDelete(
    _ limits: RetentionLimits, snapshotFeeds: Set<String>, now: Date
  ) async throws -> PurgeResult {
    try await write { db in
      var result = PurgeResult()
      try db.inSavepoint {
        result = try purgeTables(db, limits, snapshotFeeds, now: now)
        return .rollback
      }
      return result
    }
  }
}

private func purgeTables(
  _ db: Database, _ limits: RetentionLimits, _ snapshotFeeds: Set<String>, now: Date
) throws -> PurgeResult {
  var result = PurgeResult()
  let arguments = try RetentionArguments(db, snapshotFeeds: snapshotFeeds)
  func run(_ sql: String, limit: Int64? = nil) throws -> Int {
    try db.execute(sql: sql, arguments: arguments.bound(limit: limit))
    return db.changesCount
  }
  for table in storedTables {
    switch table.leaving {
    case .aged(let age):
      guard let limit = limits[table.dataClass].map({ milliseconds($0.instant) }) else { continue }
      if arguments.hasHeld, let heldBack = age.isHeldBack {
        let count = try Int.fetchOne(
          db, sql: "SELECT count(*) FROM \(table.name) WHERE \(heldBack)",
          arguments: arguments.bound(limit: limit))!
        if count > 0 { result.held[table.dataClass, default: 0] += count }
      }
      let change = age.emptying.map { "UPDATE \(table.name) SET \($0)" }
      result.add(
        try run("\(change ?? "DELETE FROM \(table.name)") WHERE \(age.isDue)", limit: limit), table,
        isAged: true)
    case .chained:
      guard let limit = limits[table.dataClass] else { continue }
      result.add(
        try purgeAudit(db, before: milliseconds(limit.instant), now: now), table, isAged: true)
    case .unused(let references):
      let used: String = references.map { reference -> String in
        let parts = reference.split(separator: ".")
        return "SELECT \(parts[1]) FROM \(parts[0])"
      }.joined(separator: " UNION ")
      result.add(try run("DELETE FROM \(table.name) WHERE id NOT IN (\(used))"), table)
    case .condition(let condition):
      result.add(try run("DELETE FROM \(table.name) WHERE \(condition)"), table)
    case .with, .overwritten: continue
    }
  }
  return result
}

private func noteRun(
  _ db: Database, _ result: PurgeResult, _ limits: RetentionLimits, now: Date
) throws {
  let at = milliseconds(now)
  for (dataClass, count) in result.aged.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
    guard let day = limits[dataClass]?.day else { continue }
    try db.execute(
      sql: "INSERT INTO purged (at, class, rows, before) VALUES (?, ?, ?, ?)",
      arguments: [at, dataClass.rawValue, count, day.description])
  }
  try db.execute(
    sql: "INSERT OR REPLACE INTO retention_run (id, at) VALUES (1, ?)", arguments: [at])
}
