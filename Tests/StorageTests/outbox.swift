import Foundation
import GRDB
import Triage

@testable import Storage

func oweNotice(_ store: Store, _ id: String, channel: String = "post") async throws {
  let notice = Notice(
    id: id, recipient: "it@example.org", channel: channel, subject: "s", paragraphs: ["p"],
    created: noon)
  try await store.write { try owe($0, notice, due: noon) }
}

/// "deferred 451 Later.": what was kept of each attempt at a message.
func results(_ store: Store, _ id: String) async throws -> [String] {
  try await store.read {
    try String.fetchAll(
      $0,
      sql: """
        SELECT result || coalesce(' ' || code, '') || ' ' || why FROM delivery_attempt
        WHERE coalesce(digest, notice) = ? ORDER BY id
        """, arguments: [id])
  }
}
