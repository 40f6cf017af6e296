import Foundation
import GRDB
import Triage

/// What keeps an edit of the boundary files from taking effect.
package struct StoredAreaTrouble: Hashable, Sendable {
  /// Sentences on the edit that was looked at last.
  package var problems: [String]
  /// Since when no edit has been good.
  package var began: Date
  /// Whether a mail about it was owed and not taken back.
  package var isTold: Bool
}

extension Store {
  /// Seconds that an edit which cannot be used has to be the last one before it is told.
  package static let areaTroubleRest = 120.0

  /// The boundary files cannot be used. While that lasts each kind of problems is told once: of what was
  /// told already nothing more is owed, whatever came in between.
  ///
  /// A mail about an earlier edit that nobody has tried to send yet is taken back: the newest says how
  /// things are. It is due two minutes after that edit, so that somebody who saves one bad file after
  /// another gets one mail.
  /// - Returns: whether this mail is owed.
  package func beginAreaTrouble(
    _ problems: [String], notice: Notice?, now: Date
  ) async throws -> Bool {
    let text = try json(problems)
    return try await write { db in
      let known = try Row.fetchOne(
        db, sql: "SELECT id, notice FROM area_trouble WHERE problems = ? AND ended IS NULL",
        arguments: [text])
      let isOwed = notice != nil && (known?["notice"] as String?) == nil
      try takeBackUntried(db, exceptOf: known?["id"])
      if let notice, isOwed { try owe(db, notice, due: notice.created + Store.areaTroubleRest) }
      if let id = known?["id"] as Int64? {
        try db.execute(
          sql: "UPDATE area_trouble SET seen = ?, notice = coalesce(?, notice) WHERE id = ?",
          arguments: [milliseconds(now), isOwed ? notice?.id : nil, id])
      } else {
        try db.execute(
          sql: "INSERT INTO area_trouble (problems, began, seen, notice) VALUES (?, ?, ?, ?)",
          arguments: [text, milliseconds(now), milliseconds(now), isOwed ? notice?.id : nil])
      }
      return isOwed
    }
  }

  /// The boundary files can be used again, and say what is in force.
  /// - Parameter over: the mail about that; owed where somebody was told of the trouble.
  /// - Returns: whether there was one.
  @discardableResult
  package func endAreaTrouble(now: Date, over: Notice?) async throws -> Bool {
    try await write { try endTrouble($0, over: over, now: now) }
  }

  /// What is the matter with the boundary files; `nil`: nothing.
  package func openAreaTrouble() async throws -> StoredAreaTrouble? {
    try await read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT problems, notice IS NOT NULL AS told,
            (SELECT min(began) FROM area_trouble WHERE ended IS NULL) AS began
          FROM area_trouble WHERE ended IS NULL ORDER BY seen DESC, id DESC LIMIT 1
          """)
      guard let row else { return nil }
      return StoredAreaTrouble(
        problems: try sentences(row["problems"], "area_trouble.problems"),
        began: instant(row["began"]), isTold: row["told"])
    }
  }
}

/// - Returns: whether one was open.
@discardableResult
func endTrouble(_ db: Database, over: Notice?, now: Date) throws -> Bool {
  try takeBackUntried(db)
  let isTold =
    try Row.fetchOne(
      db, sql: "SELECT 1 FROM area_trouble WHERE ended IS NULL AND notice IS NOT NULL") != nil
  if let over, isTold { try owe(db, over, due: over.created) }
  try db.execute(
    sql: """
      UPDATE area_trouble SET ended = ?1,
        over = CASE WHEN id = (SELECT max(id) FROM area_trouble WHERE ended IS NULL) THEN ?2 END
      WHERE ended IS NULL
      """, arguments: [milliseconds(now), isTold ? over?.id : nil])
  return db.changesCount > 0
}

/// What it was about is then as if nobody had been told of it, which is so.
private func takeBackUntried(_ db: Database, exceptOf trouble: Int64? = nil) throws {
  try db.execute(
    sql: """
      DELETE FROM notice
      WHERE state IN \(owedStates) AND attempts = 0
        AND id IN (SELECT notice FROM area_trouble WHERE ended IS NULL AND id IS NOT ?)
      """, arguments: [trouble])
}
