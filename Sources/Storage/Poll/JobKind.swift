import GRDB
import Triage

/// The words that repeat from job to job, stored once.
struct JobKind: Hashable {
  var jobClass: String
  var type: String
  var status: String
  var callerType: String

  init(_ job: Job) {
    jobClass = job.jobClass
    type = job.type
    status = job.status
    callerType = job.callerType
  }

  private init(_ row: Row) {
    jobClass = row["class"]
    type = row["type"]
    status = row["status"]
    callerType = row["caller"]
  }

  static func all(_ db: Database) throws -> [Int64: JobKind] {
    var kinds: [Int64: JobKind] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT * FROM job_kind") {
      kinds[row["id"]] = JobKind(row)
    }
    return kinds
  }

  /// The row of this kind, made where there is none.
  func id(_ db: Database) throws -> Int64 {
    let words: StatementArguments = [jobClass, type, status, callerType]
    try db.cachedStatement(
      sql: """
        INSERT INTO job_kind (class, type, status, caller) VALUES (?, ?, ?, ?)
        ON CONFLICT (class, type, status, caller) DO NOTHING
        """
    ).execute(arguments: words)
    return try Int64.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id FROM job_kind WHERE class = ? AND type = ? AND status = ? AND caller = ?
          """),
      arguments: words)!
  }
}
