import Foundation
import GRDB
import Triage

extension Store {
  /// Makes every link useless that was sent for an opportunity, whoever has it; with a row in the audit, in one
  /// transaction. Who is to be told of it later gets a link that is good.
  ///
  /// - Parameter seen: the generation of the page that was used.
  /// - Returns: `nil` where it was done, also where there was no link that was good any more.
  package func revokeLinks(
    of opportunity: Int64, area: String, seen: Int, audit: AuditRow
  ) async throws -> DeskRefusal? {
    try await write { db in
      var refusal: DeskRefusal?
      if let state = try DeskState.read(db, opportunity),
        try String.fetchOne(
          db, sql: "SELECT area FROM opportunity WHERE id = ?", arguments: [opportunity]) == area
      {
        if !["offered", "claimed"].contains(state.state) {
          refusal = .notOpen(try word(state.state, "opportunity.state"))
        } else if state.generation != seen {
          refusal = .stale
        }
      } else {
        refusal = .notOpen(.withdrawn)
      }
      if refusal == nil {
        try db.execute(
          sql: """
            UPDATE link SET revoked = 1 WHERE revoked = 0 AND announcement IN (
              SELECT id FROM announcement WHERE opportunity = ?)
            """, arguments: [opportunity])
      }
      var row = audit
      row.result = refusal?.name ?? "ok"
      try writeAudit(db, row)
      return refusal
    }
  }
}
