import Foundation
import GRDB
import Triage

/// How somebody came in: through which link or session, and from which kind of network.
package struct AuditMark: Hashable, Sendable {
  /// "link 12" (an announcement's id), "session" and the beginning of its hash, or "desk" for what happens by itself.
  package var via: String
  package var network: String

  package init(via: String = "desk", network: String = "unknown") {
    self.via = via
    self.network = network
  }

  package static func link(_ announcement: Int64, _ network: Visitor.Network) -> AuditMark {
    AuditMark(via: "link \(announcement)", network: network.rawValue)
  }
}

/// One row of the audit: who looked at details or changed something, or tried to. Nothing of a resident is in it.
package struct AuditRow: Hashable, Sendable {
  package var at: Date
  /// A member's id; empty for what happens by itself.
  package var actor: String
  package var mark: AuditMark
  /// ``DeskAction/name``, or "lapse".
  package var action: String
  package var opportunity: Int64?
  package var generation: Int?
  /// "ok", or why not.
  package var result: String
  /// Of a note: for which agency it was asked, by its name in the team file.
  package var agency: String?

  package init(
    at: Date, actor: String, mark: AuditMark, action: String, opportunity: Int64?,
    generation: Int? = nil, result: String = "ok", agency: String? = nil
  ) {
    self.agency = agency
    self.at = at
    self.actor = actor
    self.mark = mark
    self.action = action
    self.opportunity = opportunity
    self.generation = generation
    self.result = result
  }
}

extension Store {
  /// Adds a row about a view, or about what was refused before the store was asked. Rows are never changed, and go
  /// only when their time is over.
  package func audit(_ row: AuditRow) async throws {
    try await write { try writeAudit($0, row) }
  }

  /// Adds the row of a note for another service, before it is handed out: of an outcome that was undone, or a consent
  /// that was taken back while it was made, there is none.
  /// - Returns: `false` where the opportunity is not done any more, or has changed since the row's generation.
  package func auditNote(_ row: AuditRow) async throws -> Bool {
    try await write { db in
      let isSame = try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (
            SELECT 1 FROM opportunity WHERE id = ? AND generation = ? AND state = 'done')
          """, arguments: [row.opportunity, row.generation])!
      if isSame { try writeAudit(db, row) }
      return isSame
    }
  }

  /// The rows about an opportunity, or all, the oldest first.
  package func audit(of opportunity: Int64? = nil) async throws -> [AuditRow] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM audit WHERE ?1 IS NULL OR opportunity = ?1 ORDER BY id",
        arguments: [opportunity]
      ).map {
        AuditRow(
          at: instant($0["at"]), actor: $0["actor"],
          mark: AuditMark(via: $0["via"], network: $0["network"]), action: $0["action"],
          opportunity: $0["opportunity"], generation: $0["generation"], result: $0["result"],
          agency: $0["agency"])
      }
    }
  }
}

func writeAudit(_ db: Database, _ row: AuditRow) throws {
  try db.execute(
    sql: """
      INSERT INTO audit (at, actor, via, action, opportunity, generation, result, network, agency)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
    arguments: [
      milliseconds(row.at), row.actor, row.mark.via, row.action, row.opportunity, row.generation,
      row.result, row.mark.network, row.agency,
    ])
}

/// Deletes rows older than that, past the trigger that keeps all others. - Returns: how many.
func purgeAudit(_ db: Database, before: Int64) throws -> Int {
  try db.execute(
    sql: "INSERT OR REPLACE INTO audit_purge (id, before) VALUES (1, ?)", arguments: [before])
  try db.execute(sql: "DELETE FROM audit WHERE at < ?", arguments: [before])
  let count = db.changesCount
  try db.execute(sql: "DELETE FROM audit_purge")
  return count
}
