import Foundation
import GRDB
import Triage

/// A set of areas as it took effect.
package struct StoredAreaSet: Hashable, Sendable {
  package var id: Int64
  /// Equal where the set is.
  package var fingerprint: String
  /// As Geography wrote it.
  package var areas: Data
  /// When it took effect.
  package var since: Date
}

/// The areas in force, kept so that a bad edit changes nothing even across a restart.
extension Store {
  /// The newest: the one in force.
  package func areaSet() async throws -> StoredAreaSet? {
    try await read { db in
      try storedSet(db, "ORDER BY id DESC LIMIT 1")
    }
  }

  /// Writes a set that is good, and with it the end of a trouble with the boundary files. It is to be in
  /// force when this has answered, and not before.
  /// - Parameters:
  ///   - isTold: whether nobody has to be told of it, as of the first.
  ///   - over: the mail about the end of the trouble; owed where one was open and somebody was told of it.
  /// - Returns: its id.
  package func takeAreas(
    _ areas: Data, fingerprint: String, isTold: Bool, now: Date, over: Notice?
  ) async throws -> Int64 {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO area_set (fingerprint, areas, in_force_at, told) VALUES (?, ?, ?, ?)
          """, arguments: [fingerprint, areas, milliseconds(now), isTold ? 1 : 0])
      let id = db.lastInsertedRowID
      try endTrouble(db, over: over, now: now)
      return id
    }
  }

  /// The newest set where nobody was told of it yet, and the newest of which somebody was: what came in
  /// between is told with it. `since` is when the first that is untold took effect.
  package func untoldAreas() async throws -> (
    before: StoredAreaSet, after: StoredAreaSet, since: Date
  )? {
    try await read { db in
      // Asked every few seconds: the areas themselves, which may be large, only where somebody is to be told.
      let isTold = try Int.fetchOne(
        db, kept(sql: "SELECT told FROM area_set ORDER BY id DESC LIMIT 1"))
      guard isTold == 0,
        let after = try storedSet(db, "ORDER BY id DESC LIMIT 1", ifTold: false),
        let before = try storedSet(db, "WHERE told = 1 ORDER BY id DESC LIMIT 1")
      else { return nil }
      let first = try storedSet(
        db, "WHERE told = 0 AND id > \(before.id) ORDER BY id LIMIT 1", ifTold: false)
      return (before, after, (first ?? after).since)
    }
  }

  /// All sets up to this one are told: by this mail, which is owed now, or in no need of one. Nothing
  /// happens where it is told already.
  package func areasTold(id: Int64, notice: Notice?, now: Date) async throws {
    try await write { db in
      let isOwed = try Row.fetchOne(
        db, sql: "SELECT 1 FROM area_set WHERE id = ? AND told = 0", arguments: [id])
      guard isOwed != nil else { return }
      if let notice { try owe(db, notice, due: now) }
      try db.execute(
        sql: "UPDATE area_set SET told = 1, notice = ? WHERE id <= ? AND told = 0",
        arguments: [notice?.id, id])
    }
  }
}

/// - Parameter ifTold: `nil` where either will do.
private func storedSet(
  _ db: Database, _ condition: String, ifTold: Bool? = nil
) throws -> StoredAreaSet? {
  let row = try Row.fetchOne(
    db, sql: "SELECT id, fingerprint, areas, in_force_at, told FROM area_set \(condition)")
  guard let row, ifTold == nil || ifTold == ((row["told"] as Int) == 1) else { return nil }
  return StoredAreaSet(
    id: row["id"], fingerprint: row["fingerprint"], areas: row["areas"],
    since: instant(row["in_force_at"]))
}
