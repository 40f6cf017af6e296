import GRDB
import Triage

/// Finds the mirror's rows by the council's names, within one transaction. After some hundred
/// questions about a feed it reads all names of that feed, which is cheaper from then on.
final class JobIDs {
  private let db: Database
  private let seek: FastStatement
  private var feeds: [String: Feed] = [:]
  /// Questions come in runs about the same feed.
  private var last: Feed?

  /// What is known of one feed.
  private final class Feed {
    let name: String
    let id: Int64
    var asked = 0
    var hasAll = false
    var jobs: [String: Int64] = [:]

    init(name: String, id: Int64) {
      self.name = name
      self.id = id
    }
  }

  init(_ db: Database) throws {
    self.db = db
    seek = try FastStatement(db, "SELECT id FROM job WHERE feed = ? AND reference = ?")
  }

  /// The row of a feed, made where there is none.
  func feed(_ name: String) throws -> Int64 { try known(name).id }

  func find(_ ref: JobRef) throws -> Int64? {
    let feed = try known(ref.feed)
    if let id = feed.jobs[ref.reference] { return id }
    if feed.hasAll { return nil }
    feed.asked += 1
    if feed.asked > 500 {
      try readAll(feed)
      return feed.jobs[ref.reference]
    }
    seek.bind(feed.id)
    seek.bind(ref.reference)
    guard try seek.next() else { return nil }
    defer { seek.rewind() }
    return seek.int(0)
  }

  /// - Throws: when the mirror does not have the job: a verdict speaks only of recorded jobs.
  func id(_ ref: JobRef) throws -> Int64 {
    if let id = try find(ref) { return id }
    throw DatabaseError(
      resultCode: .SQLITE_CONSTRAINT_FOREIGNKEY,
      message: "the verdict speaks of a job that is not recorded")
  }

  /// Takes note of a row that was inserted.
  func add(_ ref: JobRef, id: Int64) throws {
    try known(ref.feed).jobs[ref.reference] = id
  }

  private func known(_ name: String) throws -> Feed {
    if let last, last.name == name { return last }
    let feed = try feeds[name] ?? Feed(name: name, id: feedID(db, name))
    feeds[name] = feed
    last = feed
    return feed
  }

  private func readAll(_ feed: Feed) throws {
    let rows = try FastStatement(db, "SELECT reference, id FROM job WHERE feed = ?")
    rows.bind(feed.id)
    while try rows.next() { feed.jobs[rows.text(0)] = rows.int(1) }
    feed.hasAll = true
  }
}
