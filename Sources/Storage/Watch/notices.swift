import Foundation
import GRDB
import Triage

/// The mails to the person who runs the service, from owed to accepted, as digests are.
extension Store {
  /// Those whose time has come, the longest due first. What the desk has told by itself and does not hold any more
  /// is withdrawn first.
  package func dueNotices(
    now: Date, in lane: NoticeLane = .all
  ) async throws -> [Notice] {
    try await write { db in
      try takeUp(db, .notice, in: lane)
      if lane.isOrdinary { try withdrawTold(db) }
      return try Row.fetchAll(
        db,
        kept(
          sql: """
            SELECT id, recipient, channel, subject, body, created, attempts FROM notice
            WHERE state IN \(owedStates) AND next_attempt <= ? AND \(lane.condition)
            ORDER BY next_attempt, created, id
            """, arguments: [milliseconds(now)] + lane.arguments()
        )
      ).map { row in
        let body: String = row["body"]
        let id: String = row["id"]
        return Notice(
          id: id, recipient: row["recipient"], channel: row["channel"],
          subject: row["subject"], paragraphs: try sentences(body, "notice.body"),
          pictures: try pictures(db, of: id), created: instant(row["created"]),
          attempts: row["attempts"])
      }
    }
  }

  /// A notice is about to be sent: to be called, and answered, before anything is sent.
  /// - Parameter next: when it is tried again if nothing is heard of this attempt.
  /// - Returns: `false` when it is owed no more and must not be sent.
  package func noticeAttempting(id: String, next: Date, now: Date) async throws -> Bool {
    try await change(
      "state = 'sending', attempts = attempts + 1, attempted_at = ?, next_attempt = ?",
      [milliseconds(now), milliseconds(next)], id)
  }

  /// The other side has taken it; its pictures, which show places, are kept no longer.
  /// - Parameters:
  ///   - code: its answer: an SMTP reply code or an HTTP status; `nil` where there is none.
  ///   - words: its own, without personal data; they are kept.
  /// - Returns: `false` when it was owed no more.
  @discardableResult
  package func noticeAccepted(
    id: String, code: Int? = nil, words: String = "", now: Date
  ) async throws -> Bool {
    try await change("state = 'accepted', ended_at = ?", [milliseconds(now)], id) { db in
      try note(db, .notice, id, .accepted, code: code, words, milliseconds(now))
      try dropPictures(db, of: id)
    }
  }

  /// The other side did not take it now; it is tried again `until` then, under the same id.
  /// - Parameter why: without personal data; it is kept.
  @discardableResult
  package func noticeDeferred(
    id: String, until: Date, why: String, code: Int? = nil, now: Date
  ) async throws -> Bool {
    try await change(
      "state = 'deferred', next_attempt = ?, last_error = ?", [milliseconds(until), why], id
    ) { db in
      try note(db, .notice, id, .deferred, code: code, why, milliseconds(now))
    }
  }

  /// The other side will never take it, or its time is over; it is not tried again, and its pictures go. Jobs that
  /// show the other door and that nobody else is told of are told again.
  /// - Parameter givenUp: the other side has not refused it, but has not taken it in all its time.
  @discardableResult
  package func noticeFailed(
    id: String, why: String, code: Int? = nil, givenUp: Bool = false, now: Date
  ) async throws -> Bool {
    try await change(
      "state = 'failed', ended_at = ?, last_error = ?", [milliseconds(now), why], id
    ) { db in
      let result: AttemptResult = givenUp ? .deferred : .failed
      try note(db, .notice, id, result, code: code, why, milliseconds(now))
      try lose(db, notice: id)
    }
  }

  /// - Parameter then: in the same transaction, where something was changed.
  private func change(
    _ what: String, _ values: [(any DatabaseValueConvertible & Sendable)?], _ id: String,
    then: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) async throws -> Bool {
    try await write { db in
      try db.execute(
        sql: "UPDATE notice SET \(what) WHERE id = ? AND state IN \(owedStates)",
        arguments: StatementArguments(values + [id]))
      let isChanged = db.changesCount == 1
      if isChanged { try then(db) }
      return isChanged
    }
  }
}

/// What follows where nobody will have a notice: its pictures go, and jobs that show the other door are told again.
func lose(_ db: Database, notice: String) throws {
  try dropPictures(db, of: notice)
  try forgetOtherDoor(
    db,
    try Int64.fetchAll(
      db, sql: "SELECT job FROM other_door_notice WHERE notice = ?", arguments: [notice]))
}

private func dropPictures(_ db: Database, of notice: String) throws {
  try db.execute(sql: "DELETE FROM notice_picture WHERE notice = ?", arguments: [notice])
}

/// Writes a mail that is owed, with its pictures, inside the transaction of its cause.
func owe(_ db: Database, _ notice: Notice, due: Date) throws {
  try db.execute(
    sql: """
      INSERT INTO notice (id, recipient, channel, subject, body, state, created, next_attempt)
      VALUES (?, ?, ?, ?, ?, 'pending', ?, ?)
      """,
    arguments: [
      notice.id, notice.recipient, notice.channel, notice.subject, try json(notice.paragraphs),
      milliseconds(notice.created), milliseconds(due),
    ])
  for (position, picture) in notice.pictures.enumerated() {
    try db.execute(
      sql: """
        INSERT INTO notice_picture (notice, position, format, alternative, bytes)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        notice.id, position, picture.format.rawValue, picture.alternative, Data(picture.bytes),
      ])
  }
}

private func pictures(_ db: Database, of notice: String) throws -> [NoticePicture] {
  try Row.fetchAll(
    db,
    sql: """
      SELECT format, alternative, bytes FROM notice_picture WHERE notice = ? ORDER BY position
      """, arguments: [notice]
  ).map { row in
    let bytes: Data = row["bytes"]
    return NoticePicture(
      format: try word(row["format"], "notice_picture.format"), bytes: [UInt8](bytes),
      alternative: row["alternative"])
  }
}

/// A stored list of sentences.
/// - Parameter column: table and column, for the error.
func sentences(_ text: String, _ column: String) throws -> [String] {
  guard let sentences = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
    throw damage("\(column) holds what is no list of sentences")
  }
  return sentences
}
