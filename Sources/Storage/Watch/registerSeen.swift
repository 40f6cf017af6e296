import Foundation
import GRDB

extension Store {
  /// How many entries the contact register's file had when it was in force last; `nil`: it never was.
  package func registerSeen() async throws -> Int? {
    try await read { db in
      try Int.fetchOne(db, kept(sql: "SELECT entries FROM register_seen WHERE id = 1"))
    }
  }

  /// The contact register is in force with so many entries.
  package func noteRegister(entries: Int, now: Date) async throws {
    try await write { db in
      try db.execute(
        sql: """
          INSERT INTO register_seen (id, entries, at) VALUES (1, ?, ?)
          ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, at = excluded.at
          """, arguments: [entries, milliseconds(now)])
    }
  }
}
