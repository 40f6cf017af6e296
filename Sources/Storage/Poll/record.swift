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
    let rekeyed = pass.rekeyed
    let account = try pass.feed.map { try ImportAccount(pass, feed: $0) }
    return try await write { db in
      var result = PassResult()
      let ids = try JobIDs(db)
      try mirror.write(db, ids, into: &result)
      try account?.write(db)
      if !rekeyed.isEmpty {
        try AddressMover(db, rekeyed.moves, now: judged.now).write(rekeyed, ids, into: &result)
      }
      try OpportunityWriter(db, judged, ids).write(into: &result)
      return result
    }
  }
}

/// JSON with its keys in order, so that equal values are equal texts.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
