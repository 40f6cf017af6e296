import Foundation
import GRDB
import Triage

/// What is told of an outing: owed with the mark that it is told, in one transaction. Of an outing that is not any more
/// as it was when it was looked at nothing is told.
extension Store {
  /// Owes the mails which tell that they are late. What has told otherwise and has not gone out goes no more: behind
  /// these it would call the alarm off.
  /// - Parameter told: who has been told by then.
  /// - Returns: whether they are owed.
  package func tellLate(
    _ outing: Outing, _ notices: [Notice], told: Outing.Told, now: Date
  ) async throws -> Bool {
    try await write { db in
      guard try mark(db, outing, told) else { return false }
      _ = try takeBack(db, of: outing.id, late: false, now)
      for notice in notices { try owe(db, notice, of: outing.id, late: true) }
      return true
    }
  }

  /// Owes the mails which tell that they are back, or have given another time, to those who have the alarm or may have
  /// it. An alarm that has not gone out goes no more, and whoever never had it is told nothing.
  /// - Parameter notice: for the address and the channel of an alarm.
  /// - Returns: whether that is told.
  package func tellNotLate(
    _ outing: Outing, now: Date,
    _ notice: @escaping @Sendable (_ email: String, _ channel: String) -> Notice
  ) async throws -> Bool {
    try await write { db in
      guard try mark(db, outing, .nobody) else { return false }
      let alarms = try takeBack(db, of: outing.id, late: true, now)
      try db.execute(
        sql: "UPDATE outing_notice SET late = 0 WHERE outing = ?", arguments: [outing.id])
      for alarm in alarms {
        try owe(db, notice(alarm.email, alarm.channel), of: outing.id, late: false)
      }
      return true
    }
  }
}

private func mark(_ db: Database, _ outing: Outing, _ told: Outing.Told) throws -> Bool {
  try db.execute(
    sql: """
      UPDATE outing SET told = ?1, told_back_by = CASE WHEN ?1 > 0 THEN back_by END
      WHERE id = ?2 AND told = ?3 AND back_by = ?4 AND back_at IS ?5
      """,
    arguments: [
      told.rawValue, outing.id, outing.told.rawValue, milliseconds(outing.backBy),
      outing.backAt.map(milliseconds),
    ])
  return db.changesCount == 1
}

private func owe(_ db: Database, _ notice: Notice, of outing: Int64, late: Bool) throws {
  try owe(db, notice, due: notice.created)
  try db.execute(
    sql: "INSERT INTO outing_notice (notice, outing, late) VALUES (?, ?, ?)",
    arguments: [notice.id, outing, late])
}

private struct Addressee: Hashable {
  var email: String
  var channel: String
}

/// Takes the mails of an outing back that are still owed.
/// - Returns: who has got one all the same, or may have: an attempt that was not answered may have arrived.
private func takeBack(
  _ db: Database, of outing: Int64, late: Bool, _ now: Date
) throws -> [Addressee] {
  let arguments: StatementArguments = [outing, late]
  let reached = try Row.fetchAll(
    db,
    sql: """
      SELECT DISTINCT recipient, channel
      FROM outing_notice JOIN notice ON notice.id = outing_notice.notice
      WHERE outing = ? AND late = ?
        AND (state = 'accepted' OR state IN \(owedStates) AND attempts > 0)
      ORDER BY recipient, channel
      """, arguments: arguments)
  try db.execute(
    sql: """
      UPDATE notice SET state = 'withdrawn', ended_at = ?
      WHERE state IN \(owedStates)
        AND id IN (SELECT notice FROM outing_notice WHERE outing = ? AND late = ?)
      """, arguments: [milliseconds(now)] + arguments)
  return reached.map { Addressee(email: $0["recipient"], channel: $0["channel"]) }
}
