import Foundation
import GRDB
import Triage

/// The legal holds that stand. Says nothing of whom they name.
package struct LegalHolds: Hashable, Sendable, Codable {
  package var count: Int
  package var oldest: Date?

  package init(count: Int, oldest: Date?) {
    self.count = count
    self.oldest = oldest
  }
}

extension Store {
  /// Nothing of them goes until the hold is ended: not on request, not by its age, not with a pilot.
  /// - Returns: of how many identifiers; 0 where the question names nobody.
  package func holdLegally(
    _ query: SubjectQuery, why: String, by: String, audit: AuditRow, now: Date
  ) async throws -> Int {
    try await write { db in
      let identifiers = try subjectMatch(db, query)?.identifiers ?? []
      for identifier in identifiers {
        try db.execute(
          sql: "INSERT OR REPLACE INTO legal_hold (subject, why, by, at) VALUES (?, ?, ?, ?)",
          arguments: [identifier, why, by, milliseconds(now)])
      }
      if !identifiers.isEmpty { try writeAudit(db, audit) }
      return identifiers.count
    }
  }

  /// How many holds stand, and since when the oldest does.
  package func legalHolds() async throws -> LegalHolds {
    try await read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT count(*), min(at) FROM (SELECT DISTINCT why, by, at FROM legal_hold)")!
      return LegalHolds(count: row[0], oldest: date(row[1]))
    }
  }

  /// Jobs and opportunities of an area that a legal hold names.
  package func legallyHeld(in area: String) async throws -> Int {
    try await read { db in
      let held = try SubjectRows(heldIn: db)
      return try Int.fetchOne(
        db,
        sql: """
          SELECT
            (SELECT count(*) FROM job WHERE area = ?1 AND id IN (SELECT value FROM json_each(?2)))
            + (SELECT count(*) FROM opportunity
              WHERE area = ?1 AND id IN (SELECT value FROM json_each(?3)))
          """,
        arguments: [area, try json(held.jobs.sorted()), try json(held.opportunities.sorted())])!
    }
  }

  /// - Returns: how many holds were ended.
  package func endLegalHold(_ query: SubjectQuery, audit: AuditRow) async throws -> Int {
    try await write { db in
      let identifiers = try subjectMatch(db, query)?.identifiers ?? []
      try db.execute(
        sql: "DELETE FROM legal_hold WHERE subject IN (SELECT value FROM json_each(?))",
        arguments: [try json(identifiers)])
      let count = db.changesCount
      if count > 0 { try writeAudit(db, audit) }
      return count
    }
  }
}
