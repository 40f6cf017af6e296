import Foundation
import GRDB
import Triage

/// The rows of a subject from which everything else of theirs hangs.
struct SubjectRows: Hashable, Sendable {
  var jobs: Set<Int64> = []
  /// Of their address, and those that one of their jobs has made.
  var opportunities: Set<Int64> = []
  /// Rows that are another opportunity's.
  var reachedPlaces: Set<Int64> = []
  /// By the opportunity that they came of, and address key.
  var optOuts: Set<OptOutID> = []

  struct OptOutID: Hashable, Sendable {
    var opportunity: Int64
    var key: String
  }

  init(jobs: Set<Int64>, opportunities: Set<Int64>) {
    self.jobs = jobs
    self.opportunities = opportunities
  }

  /// - Parameters:
  ///   - isTheirs: whether the words of a row are theirs.
  ///   - isReference: whether a job is meant by its feed and reference.
  init(
    _ db: Database, isTheirs: (PlaceWords) -> Bool, isReference: ((JobRef) -> Bool)? = nil
  ) throws {
    var household: Set<Int64> = []
    try eachPlacedRow(db) { row in
      guard isTheirs(row.words) else { return }
      switch row.table {
      case .job: jobs.insert(row.id)
      case .opportunity, .secondHousehold: household.insert(row.id)
      case .reachedPlace: reachedPlaces.insert(row.id)
      case .optOut: optOuts.insert(OptOutID(opportunity: row.id, key: row.words.key ?? ""))
      }
    }
    if let isReference {
      let rows = try FastStatement(
        db, "SELECT job.id, feed.name, reference FROM job JOIN feed ON feed.id = job.feed")
      while try rows.next() {
        if isReference(JobRef(feed: rows.text(1), reference: rows.text(2))) {
          jobs.insert(rows.int(0))
        }
      }
    }
    opportunities = household.union(
      try Int64.fetchAll(
        db,
        sql: """
          SELECT id FROM opportunity WHERE trigger_job IN (SELECT value FROM json_each(?))
          """, arguments: [try json(jobs.sorted())]))
  }

  init(_ db: Database, _ match: SubjectMatch) throws {
    // Few rows are meant by a reference, and the others need not be looked at.
    let hasPlace = !match.uprns.isEmpty || !match.addresses.isEmpty
    try self.init(
      db, isTheirs: { hasPlace && match.holds($0) },
      isReference: match.reference.map { meant in { $0 == meant } })
  }

  var isEmpty: Bool {
    jobs.isEmpty && opportunities.isEmpty && reachedPlaces.isEmpty && optOuts.isEmpty
  }
}
