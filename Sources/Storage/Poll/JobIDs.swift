import GRDB
import Triage

/// Finds the mirror's rows by the council's names. After some hundred questions it reads all of
/// them, which is cheaper from then on.
final class JobIDs {
  private let db: Database
  private let seek: FastStatement
  private var asked = 0
  private var all: [String: [String: Int64]] = [:]

  init(_ db: Database) throws {
    self.db = db
    seek = try FastStatement(
      db,
      """
      SELECT job.id FROM job JOIN feed ON feed.id = job.feed
      WHERE feed.name = ? AND job.reference = ?
      """)
  }

  /// - Throws: when the mirror does not have the job: a verdict speaks only of recorded jobs.
  func id(_ ref: JobRef) throws -> Int64 {
    asked += 1
    if asked == 500 { try readAll() }
    let found: Int64?
    if asked < 500 {
      seek.bind(ref.feed)
      seek.bind(ref.reference)
      found = try seek.next() ? seek.int(0) : nil
      if found != nil { _ = try seek.next() }
    } else {
      found = all[ref.feed]?[ref.reference]
    }
    guard let found else {
      throw DatabaseError(
        resultCode: .SQLITE_CONSTRAINT_FOREIGNKEY,
        message: "the verdict speaks of a job that is not recorded")
    }
    return found
  }

  private func readAll() throws {
    for (id, name) in try feedNames(db) {
      var ids: [String: Int64] = [:]
      ids.reserveCapacity(
        try Int.fetchOne(db, sql: "SELECT count(*) FROM job WHERE feed = ?", arguments: [id])!)
      let rows = try FastStatement(db, "SELECT reference, id FROM job WHERE feed = ?")
      rows.bind(id)
      while try rows.next() { ids[rows.text(0)] = rows.int(1) }
      all[name] = ids
    }
  }
}
