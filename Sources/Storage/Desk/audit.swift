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
    try await auditRows(of: opportunity).map(\.row)
  }

  /// The newest rows about an opportunity, or since a moment, or all, the oldest first.
  package func auditRows(
    of opportunity: Int64? = nil, since: Date? = nil, limit: Int = .max
  ) async throws -> [StoredAuditRow] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM audit
          WHERE (?1 IS NULL OR opportunity = ?1) AND (?2 IS NULL OR at >= ?2)
          ORDER BY id DESC LIMIT ?3
          """, arguments: [opportunity, since.map(milliseconds), limit]
      ).reversed().map {
        StoredAuditRow(
          id: $0["id"],
          row: AuditRow(
            at: instant($0["at"]), actor: $0["actor"],
            mark: AuditMark(via: $0["via"], network: $0["network"]), action: $0["action"],
            opportunity: $0["opportunity"], generation: $0["generation"], result: $0["result"],
            agency: $0["agency"]))
      }
    }
  }
}

/// A row of the audit with its number, which goes up by one from row to row.
package struct StoredAuditRow: Hashable, Sendable {
  package var id: Int64
  package var row: AuditRow
}
