import Foundation
import GRDB
import Triage

extension Store {
  /// What ended in an area since a moment after somebody had claimed it, the last first.
  package func recentlyDone(area: String, since: Date, limit: Int = 200) async throws
    -> [StoredOpportunity]
  {
    try await read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM opportunity
          WHERE area = ? AND state = 'done' AND ended_at >= ?
          ORDER BY ended_at DESC, id DESC LIMIT ?
          """, arguments: [area, milliseconds(since), limit]
      ).compactMap { try storedOpportunity(db, $0) }
    }
  }
}
