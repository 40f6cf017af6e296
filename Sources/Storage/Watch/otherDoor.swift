import Foundation
import GRDB
import Triage

extension Store {
  /// Owes the mails about jobs that show the other door, each job once: which of them nobody was told of is
  /// asked, and written down with the mails, in one transaction.
  ///
  /// - Parameter notices: the mails about the jobs that were not told yet, and those of these that they tell
  ///   of; a job that none tells of is asked for again the next time.
  /// - Returns: how many jobs are told now.
  package func tellOtherDoor(
    _ jobs: [OtherDoorJob], now: Date,
    notices: @escaping @Sendable ([OtherDoorJob]) -> (told: [OtherDoorJob], mails: [Notice])
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
            """, arguments: [job.job.feed, job.job.reference])
        ids[job.job] = id
        return id != nil
      }
      if untold.isEmpty { return 0 }
      let (told, mails) = notices(untold)
      for mail in mails { try owe(db, mail, due: mail.created) }
      for job in told {
        try db.execute(
          sql: "INSERT INTO other_door (job, told_at) VALUES (?, ?)",
          arguments: [ids[job.job], milliseconds(now)])
      }
      return told.count
    }
  }
}
