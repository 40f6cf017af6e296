import Foundation
import GRDB

/// The two kinds of message that are owed; the words of their tables and of the column of their attempts.
enum MessageKind: String {
  case digest, notice
}

/// What came of an attempt, as it is kept.
enum AttemptResult: String {
  case accepted, deferred, failed
  /// The daemon was stopped in the middle of it.
  case unheard
  /// The other side took it, and said later by mail that it could not deliver it, or not yet.
  case bounced, delayed
}

/// What is kept of an attempt, with its message and no longer.
/// - Parameters:
///   - code: the other side's answer: an SMTP reply code or an HTTP status.
///   - why: its words, or what was wrong; without personal data.
func note(
  _ db: Database, _ kind: MessageKind, _ id: String, _ result: AttemptResult, code: Int?,
  _ why: String, _ now: Int64
) throws {
  try db.execute(
    sql: """
      INSERT INTO delivery_attempt (\(kind.rawValue), at, result, code, why) VALUES (?, ?, ?, ?, ?)
      """, arguments: [id, now, result.rawValue, code, why])
}

/// Of attempts that were begun in an earlier round nothing more will be heard: the daemon was stopped. They are
/// tried again at the time that was set before they were begun, under the same id.
/// - Parameter lane: of notices, those that the loop which asks has begun.
func takeUp(_ db: Database, _ kind: MessageKind, in lane: NoticeLane = .all) throws {
  let why = "The daemon was stopped in the middle of this attempt."
  try db.execute(
    sql: """
      INSERT INTO delivery_attempt (\(kind.rawValue), at, result, why)
      SELECT id, attempted_at, 'unheard', ? FROM \(kind.rawValue)
      WHERE state = 'sending' AND \(lane.condition)
      """, arguments: [why] + lane.arguments())
  guard db.changesCount > 0 else { return }
  try db.execute(
    sql: """
      UPDATE \(kind.rawValue) SET state = 'deferred', last_error = ?
      WHERE state = 'sending' AND \(lane.condition)
      """, arguments: [why] + lane.arguments())
}
