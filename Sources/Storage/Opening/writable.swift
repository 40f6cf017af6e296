import Foundation
import GRDB

extension Store {
  /// Shows that the store takes a change: a small transaction that reaches the disk.
  /// It counts, since SQLite leaves a row alone that would be the same as before.
  /// - Throws: a ``StoreError`` where it does not, as on a full disk.
  package func writable(now: Date) async throws {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO heartbeat (id, at, beats) VALUES (1, ?, 1)
          ON CONFLICT (id) DO UPDATE SET at = excluded.at, beats = beats + 1
          """, arguments: [milliseconds(now)])
    }
  }
}
