import Foundation
import GRDB

extension Store {
  /// The other side, which had taken a message, has said by mail what became of it.
  ///
  /// Anybody can write such a mail. So it is believed only of what was handed to a mail system and is not settled
  /// otherwise: never of what nobody has tried to send.
  /// - Parameters:
  ///   - permanent: it will never be delivered: it is a dead letter. Else that is only noted.
  ///   - words: its own, without personal data; they are kept.
  ///   - channels: those from which bounces come; `nil`: any.
  /// - Returns: ``OutboxChange/refused(_:)`` where it was not tried, has failed already, or is owed no more; nothing
  ///   changes then. ``OutboxChange/unknown`` also where it went another way.
  package func bounced(
    message id: String, permanent: Bool, words: String, channels: Set<String>? = nil, now: Date
  ) async throws -> OutboxChange {
    try await write { db in
      guard let (kind, state) = try find(db, id) else { return .unknown }
      let (channel, attempts) = try tried(db, kind, id)
      if let channels, !channels.contains(channel) { return .unknown }
      // One that is owed still may have been taken by an attempt that was cut short.
      guard [.accepted, .deferred, .sending].contains(state), attempts > 0 else {
        return .refused(state)
      }
      guard permanent else {
        if try delays(db, id) < mostDelays {
          try note(db, kind, id, .delayed, code: nil, words, milliseconds(now))
        }
        return .done
      }
      switch kind {
      case .digest:
        try db.execute(
          sql: """
            UPDATE digest SET state = 'failed', accepted_at = NULL, last_error = ? WHERE id = ?
            """, arguments: [words, id])
        try db.execute(
          sql: """
            UPDATE announcement SET state = 'failed'
            WHERE digest = ? AND state IN ('bundled', 'accepted')
            """, arguments: [id])
      case .notice:
        try db.execute(
          sql: "UPDATE notice SET state = 'failed', ended_at = ?, last_error = ? WHERE id = ?",
          arguments: [milliseconds(now), words, id])
        try lose(db, notice: id)
      }
      try note(db, kind, id, .bounced, code: nil, words, milliseconds(now))
      return .done
    }
  }
}

/// Words about a delay that are kept of one message; whoever sends more fills no disk.
private let mostDelays = 20

private func delays(_ db: Database, _ id: String) throws -> Int {
  try Int.fetchOne(
    db,
    sql: """
      SELECT count(*) FROM delivery_attempt
      WHERE (digest = ?1 OR notice = ?1) AND result = 'delayed'
      """, arguments: [id])!
}

private func tried(
  _ db: Database, _ kind: MessageKind, _ id: String
) throws -> (channel: String, attempts: Int) {
  let row = try Row.fetchOne(
    db, sql: "SELECT channel, attempts FROM \(kind.rawValue) WHERE id = ?", arguments: [id])!
  return (row["channel"], row["attempts"])
}
