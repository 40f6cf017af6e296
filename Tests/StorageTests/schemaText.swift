import Foundation
import GRDB

@testable import Storage

/// Every table, index and trigger of a store as SQL, for a look at whether two are alike.
/// - Parameter left: names of tables that are left out.
func schemaText(_ store: Store, but left: [String] = []) async throws -> [String] {
  try await store.read {
    try String.fetchAll(
      $0,
      sql: """
        SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'grdb%'
          AND name NOT IN (SELECT value FROM json_each(?)) ORDER BY type, name
        """, arguments: [try json(left)]
      // A table that was renamed has its name in quotes.
    ).map { $0.replacing("\"", with: "") }
  }
}
