import Foundation
import GRDB
import Triage

/// The row that tells of an import, with the feed's memory and the list that waits for a person.
struct ImportAccount: Sendable {
  private let feed: String
  private let source: String
  private let bytes: Int
  private let sha256: String
  private let report: String?
  private let state: Data?
  private let complete: Date?
  private let held: HeldList??
  /// Whether it brought anything that is worth an account of its own.
  private let isEventful: Bool
  private let now: Int64

  init(
    feed: String, source: String, bytes: Int, sha256: String, report: ImportReport?, state: Data?,
    complete: Date?, held: HeldList??, isEventful: Bool, now: Date
  ) throws {
    self.feed = feed
    self.source = source
    self.bytes = bytes
    self.sha256 = sha256
    self.report = try report.map { try json($0) }
    self.state = state
    self.complete = complete
    self.held = held
    self.isEventful = isEventful
    self.now = milliseconds(now)
  }

  init(_ pass: Pass, feed: String) throws {
    let isNews = !pass.changed.isEmpty || pass.relisted.contains(where: \.isNewlyGone)
    try self.init(
      feed: feed, source: pass.source, bytes: pass.bytes, sha256: pass.sha256,
      report: pass.report, state: pass.feedState, complete: pass.complete, held: pass.held,
      // What a person had read again does not stand for the list that came that day.
      isEventful: isNews || pass.report?.heldBecause.isEmpty == false || pass.report?.again != nil,
      now: pass.now)
  }

  func write(_ db: Database) throws {
    let id = try feedID(db, feed)
    try noteFeed(db, id: id, state: state, now: now)
    if let complete {
      try db.execute(
        sql: "UPDATE feed SET complete = ? WHERE id = ?",
        arguments: [milliseconds(complete), id])
    }
    if let held { try holdList(db, held, feed: id) }
    try db.execute(
      sql: """
        INSERT INTO import (feed, source, bytes, sha256, at, report, eventful)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (feed, at, sha256) DO NOTHING
        """, arguments: [id, source, bytes, sha256, now, report, isEventful])
    guard db.changesCount == 1, !isEventful else { return }
    // Of lists that bring nothing new, one a day is enough: the last.
    try db.execute(
      sql: """
        DELETE FROM import WHERE feed = ? AND eventful = 0 AND at < ? AND at >= ?
        """, arguments: [id, now, now - now % day])
  }
}

/// Milliseconds; days are UTC's.
private let day: Int64 = 86_400_000
