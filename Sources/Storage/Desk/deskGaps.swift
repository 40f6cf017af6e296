import Foundation
import GRDB
import Triage

/// A time in which nobody could be expected to act on what waits.
package struct DeskGap: Hashable, Sendable {
  /// `nil`: everywhere, since the contact register was out of force.
  package var area: String?
  package var since: Date
  /// `nil`: it goes on.
  package var ended: Date?

  package init(area: String?, since: Date, ended: Date? = nil) {
    self.area = area
    self.since = since
    self.ended = ended
  }
}

extension Store {
  /// Notes in which areas offers stand still (a pause, a trial): a gap begins or ends with the look that sees it.
  /// - Returns: all gaps of the last sixty days, those of the register among them.
  package func deskGaps(standing areas: Set<String>, now: Date) async throws -> [DeskGap] {
    try await write { db in
      let open = Set(
        try String.fetchAll(
          db,
          kept(
            sql: "SELECT area FROM desk_gap WHERE ended IS NULL AND area <> ?",
            arguments: [everywhere])))
      for area in areas.subtracting(open) { try beginGap(db, area, now) }
      for area in open.subtracting(areas) { try endGap(db, area, now) }
      return try Row.fetchAll(
        db, kept(sql: "SELECT area, since, ended FROM desk_gap ORDER BY since")
      )
      .map { row in
        let area: String = row["area"]
        return DeskGap(
          area: area == everywhere ? nil : area, since: instant(row["since"]),
          ended: date(row["ended"]))
      }
    }
  }

  /// Notes that the contact register is out of force. - Returns: whether that is news.
  package func beginGapEverywhere(now: Date) async throws -> Bool {
    try await write { db in
      if try isGapOpen(db, everywhere) { return false }
      try beginGap(db, everywhere, now)
      return true
    }
  }

  /// Notes that the register is in force again, and in the same transaction puts the ends off that lay behind the
  /// beginning of the gap: nobody could do anything about what they hold.
  /// - Parameter later: the end instead of one, by when the gap began; `nil` where it stays.
  /// - Returns: how many leases end later by that; `nil` where it was in force all the time.
  package func endGapEverywhere(
    now: Date, later: @escaping @Sendable (_ until: Date, _ since: Date) -> Date?
  ) async throws -> Int? {
    try await write { db in
      guard
        let since = try Int64.fetchOne(
          db,
          kept(
            sql: "SELECT since FROM desk_gap WHERE area = ? AND ended IS NULL",
            arguments: [everywhere]))
      else { return nil }
      try endGap(db, everywhere, now)
      let ends = try Int64.fetchAll(
        db, sql: "SELECT DISTINCT until FROM claim WHERE ended_at IS NULL AND until > ?",
        arguments: [since])
      var count = 0
      // The last first: none is to be moved twice.
      for end in ends.sorted(by: >) {
        guard let next = later(instant(end), instant(since)) else { continue }
        try db.execute(
          sql: "UPDATE claim SET until = ? WHERE ended_at IS NULL AND until = ?",
          arguments: [milliseconds(next), end])
        count += db.changesCount
      }
      return count
    }
  }
}

/// In the place of an area's id: no id is empty.
private let everywhere = ""

private func isGapOpen(_ db: Database, _ area: String) throws -> Bool {
  try Bool.fetchOne(
    db, sql: "SELECT EXISTS (SELECT 1 FROM desk_gap WHERE area = ? AND ended IS NULL)",
    arguments: [area])!
}

private func beginGap(_ db: Database, _ area: String, _ now: Date) throws {
  // A clock that was put back may be where it was already.
  try db.execute(
    sql: "INSERT OR REPLACE INTO desk_gap (area, since) VALUES (?, ?)",
    arguments: [area, milliseconds(now)])
}

private func endGap(_ db: Database, _ area: String, _ now: Date) throws {
  try db.execute(
    sql: "UPDATE desk_gap SET ended = ? WHERE area = ? AND ended IS NULL",
    arguments: [milliseconds(now), area])
  try db.execute(
    sql: "DELETE FROM desk_gap WHERE ended < ?",
    arguments: [milliseconds(now.addingTimeInterval(-60 * 86_400))])
}
