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
  /// Without the instant of the list, where the list is held: one that is merely fetched again is as old
  /// as its fetching.
  private let heldReport: ImportReport?
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
    heldReport = report.flatMap { $0.heldBecause.isEmpty || $0.again != nil ? nil : undated($0) }
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

  /// The feed's last account where it says the same of the same held list: a server that goes on giving
  /// it adds nothing.
  private func equalBefore(_ db: Database, _ feed: Int64) throws -> Int64? {
    guard let heldReport,
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT id, at, sha256, report FROM import WHERE feed = ? ORDER BY at DESC, id DESC LIMIT 1
          """, arguments: [feed]),
      row["sha256"] == sha256, row["at"] < now, let text: String = row["report"],
      let before = try? JSONDecoder().decode(ImportReport.self, from: Data(text.utf8)),
      before.again == nil, undated(before) == heldReport
    else { return nil }
    return row["id"]
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
    let before = try equalBefore(db, id)
    try db.execute(
      sql: """
        INSERT INTO import (feed, source, bytes, sha256, at, report, eventful)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (feed, at, sha256) DO NOTHING
        """, arguments: [id, source, bytes, sha256, now, report, isEventful])
    guard db.changesCount == 1 else { return }
    if let before {
      try db.execute(sql: "DELETE FROM import WHERE id = ?", arguments: [before])
    }
    guard !isEventful else { return }
    // Of lists that bring nothing new, one a day is enough: the last.
    try db.execute(
      sql: """
        DELETE FROM import WHERE feed = ? AND eventful = 0 AND at < ? AND at >= ?
        """, arguments: [id, now, now - now % day])
  }
}

private func undated(_ report: ImportReport) -> ImportReport {
  var report = report
  report.listed = nil
  return report
}

/// Milliseconds; days are UTC's.
private let day: Int64 = 86_400_000
