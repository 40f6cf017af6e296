import Foundation
import GRDB
import Triage

extension Store {
  /// Nothing of them is erased on request until the hold is ended.
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
