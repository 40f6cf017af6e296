import Foundation
import GRDB
import Triage

extension Store {
  /// Writes a pass in one transaction: the mirror of the jobs, the opportunities as they differ
  /// from what is open at that moment, what is owed because of it, the account of the import and
  /// the feed's memory.
  ///
  /// What somebody holds is not touched: a claim may have come in since the pass was judged. A
  /// job whose outcome has come in since makes no opportunity. Recording the same pass again
  /// changes nothing and owes nobody anything.
  @discardableResult
  package func record(_ pass: Pass) async throws -> PassResult {
    // All values are ready before the transaction begins, so that a claim waits little.
    let mirror = JobMirror(pass)
    let judged = try JudgedOpportunities(pass)
    let account = try ImportAccount(pass)
    return try await write { db in
      var result = PassResult()
      try account?.write(db)
      let ids = try JobIDs(db)
      try mirror.write(db, ids, into: &result)
      try OpportunityWriter(db, judged, ids).write(into: &result)
      return result
    }
  }
}

/// The row that tells of an import, and the feed's memory.
private struct ImportAccount: Sendable {
  let feed: String
  let pass: Pass
  let report: String?

  /// `nil` when the pass read no list.
  init?(_ pass: Pass) throws {
    guard let feed = pass.feed else { return nil }
    self.feed = feed
    self.pass = pass
    report = try pass.report.map { try json($0) }
  }

  func write(_ db: Database) throws {
    let now = milliseconds(pass.now)
    let id = try feedID(db, feed)
    try noteFeed(db, id: id, state: pass.feedState, now: now)
    try db.execute(
      sql: """
        INSERT INTO import (feed, source, bytes, sha256, at, report) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (feed, at, sha256) DO NOTHING
        """, arguments: [id, pass.source, pass.bytes, pass.sha256, now, report])
  }
}

/// JSON with its keys in order, so that equal values are equal texts.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
