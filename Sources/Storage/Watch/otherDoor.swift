import Foundation
import GRDB
import Triage

/// A mail to one leader about jobs of one area that show the other door.
package struct OtherDoorMail: Sendable {
  package var notice: Notice
  package var jobs: [OtherDoorJob]

  package init(notice: Notice, jobs: [OtherDoorJob]) {
    self.notice = notice
    self.jobs = jobs
  }
}

extension Store {
  /// Owes the mails about jobs that show the other door, each job once: which of them nobody was told of is
  /// asked, and written down with the mails, in one transaction. One of which every mail was refused for good
  /// is asked for again an hour later.
  ///
  /// - Parameter mails: the mails about the jobs that were not told yet; a job that none tells of is asked for
  ///   again the next time.
  /// - Returns: how many jobs are told now.
  package func tellOtherDoor(
    _ jobs: [OtherDoorJob], now: Date,
    mails: @escaping @Sendable ([OtherDoorJob]) -> [OtherDoorMail]
  ) async throws -> Int {
    if jobs.isEmpty { return 0 }
    return try await write { db in
      var ids: [JobRef: Int64] = [:]
      let untold = try jobs.filter { job in
        // One that is not recorded yet is told when it is.
        let id = try Int64.fetchOne(
          db,
          sql: """
            SELECT job.id FROM job JOIN feed ON feed.id = job.feed
            WHERE feed.name = ? AND job.reference = ?
              AND NOT EXISTS (SELECT 1 FROM other_door WHERE other_door.job = job.id)
              AND NOT EXISTS (
                SELECT 1 FROM other_door_notice JOIN notice ON notice.id = other_door_notice.notice
                WHERE other_door_notice.job = job.id AND notice.state = 'failed'
                  AND notice.ended_at > ?)
            """,
          arguments: [job.job.feed, job.job.reference, milliseconds(now) - 3_600_000])
        ids[job.job] = id
        return id != nil
      }
      if untold.isEmpty { return 0 }
      var told: Set<Int64> = []
      for mail in mails(untold) {
        try owe(db, mail.notice, due: mail.notice.created)
        for job in mail.jobs {
          guard let id = ids[job.job] else { continue }
          if told.insert(id).inserted {
            try db.execute(
              sql: "INSERT INTO other_door (job, told_at) VALUES (?, ?)",
              arguments: [id, milliseconds(now)])
          }
          try db.execute(
            sql: "INSERT INTO other_door_notice (job, notice, area) VALUES (?, ?, ?)",
            arguments: [id, mail.notice.id, job.area])
        }
      }
      return told.count
    }
  }

  /// By id, the area of each mail about such jobs that is owed.
  package func otherDoorAreas() async throws -> [String: String] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT notice, area FROM other_door_notice
          JOIN notice ON notice.id = other_door_notice.notice WHERE notice.state IN \(owedStates)
          """)
      return Dictionary(
        rows.map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { one, _ in one })
    }
  }

  /// Takes back a mail about such jobs whose recipient does not lead the area any more. Of which nobody else
  /// hears, those who lead it now are told.
  package func withdrawOtherDoor(notice: String) async throws {
    try await write { db in
      let jobs = try Int64.fetchAll(
        db, sql: "SELECT job FROM other_door_notice WHERE notice = ?", arguments: [notice])
      try db.execute(
        sql: "DELETE FROM notice WHERE id = ? AND state IN \(owedStates)", arguments: [notice])
      if db.changesCount == 1 { try forgetOtherDoor(db, jobs) }
    }
  }
}

/// Jobs of which no mail was accepted, and none is owed, are told again.
func forgetOtherDoor(_ db: Database, _ jobs: [Int64]) throws {
  for job in jobs {
    try db.execute(
      sql: """
        DELETE FROM other_door WHERE job = ?1 AND NOT EXISTS (
          SELECT 1 FROM other_door_notice JOIN notice ON notice.id = other_door_notice.notice
          WHERE other_door_notice.job = ?1 AND (notice.state = 'accepted' OR notice.state IN \(owedStates)))
        """, arguments: [job])
  }
}
