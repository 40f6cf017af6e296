import Foundation
import GRDB
import Triage

/// One import as it was recorded. Holds no personal data.
package struct StoredReport: Hashable, Sendable, Codable {
  /// When it was read.
  package var at: Date
  /// The export's file name or URL without its query.
  package var source: String
  package var bytes: Int
  package var sha256: String
  package var report: ImportReport
}

extension Store {
  /// How every feed stands that was ever polled, by name.
  package func feedStatuses() async throws -> [FeedStatus] {
    try await read { db in
      let episodes = try allOpenEpisodes(db)
      let feeds = try Row.fetchAll(
        db, kept(sql: "SELECT id, name, polled_at FROM feed ORDER BY name"))
      return try feeds.map { feed in
        let (id, name): (Int64, String) = (feed["id"], feed["name"])
        var status = FeedStatus(
          name: name, polled: date(feed["polled_at"]), episodes: episodes[name] ?? [],
          held: try heldList(db, id))
        try addLast(db, id, to: &status)
        return status
      }
    }
  }

  /// The accounts of a feed's imports, the newest first.
  ///
  /// Those that found nothing new are kept once a day, the others for the retention time.
  package func reports(feed: String, limit: Int) async throws -> [StoredReport] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT at, source, bytes, sha256, report FROM import
          WHERE feed = (SELECT id FROM feed WHERE name = ?) AND report IS NOT NULL
          ORDER BY at DESC, id DESC LIMIT ?
          """, arguments: [feed, limit]
      ).compactMap { row in
        report(row["report"]).map {
          StoredReport(
            at: instant(row["at"]), source: row["source"], bytes: row["bytes"],
            sha256: row["sha256"], report: $0)
        }
      }
    }
  }

  /// Keeps the list that waits for a person, in place of an earlier one; `nil`: none waits any more.
  package func hold(_ list: HeldList?, feed: String) async throws {
    try await write { db in try holdList(db, list, feed: try feedID(db, feed)) }
  }

  /// The list of a feed that waits for a person.
  package func held(feed: String) async throws -> HeldList? {
    try await read { db in
      try Int64.fetchOne(db, sql: "SELECT id FROM feed WHERE name = ?", arguments: [feed])
        .flatMap { try heldList(db, $0) }
    }
  }
}

/// The last list that came, and the last that was read again after it. Where areas were redrawn since, the
/// list's counts are those by the new ones.
private func addLast(_ db: Database, _ feed: Int64, to status: inout FeedStatus) throws {
  let rows = try Row.fetchCursor(
    db,
    kept(
      sql:
        "SELECT at, source, sha256, report FROM import WHERE feed = ? ORDER BY at DESC, id DESC",
      arguments: [feed]))
  var redrawn: (sha256: String, report: ImportReport)?
  while let row = try rows.next() {
    let report = report(row["report"])
    if let why = report?.again {
      if status.again == nil {
        status.again = LastReadAgain(why: why, at: instant(row["at"]), name: row["source"])
      }
      if let report, why == .redrawn, redrawn == nil { redrawn = (row["sha256"], report) }
      continue
    }
    status.listAt = date(row["at"])
    status.listName = row["source"]
    let isRedrawn = redrawn?.sha256 == (row["sha256"] as String)
    if let report = isRedrawn ? redrawn?.report : report {
      status.counts = report.counts
      status.inAreaByArea = report.inAreaByArea
    }
    return
  }
}

func holdList(_ db: Database, _ list: HeldList?, feed: Int64) throws {
  guard let list else {
    try db.execute(sql: "DELETE FROM held_list WHERE feed = ?", arguments: [feed])
    return
  }
  try db.execute(
    sql: """
      INSERT OR REPLACE INTO held_list
        (feed, name, sha256, received, listed, trouble, why, whole, archived)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
    arguments: [
      feed, list.name, list.sha256, milliseconds(list.received), milliseconds(list.listed),
      list.trouble.rawValue, list.why, list.isWhole, list.archived,
    ])
}

private func heldList(_ db: Database, _ feed: Int64) throws -> HeldList? {
  guard
    let row = try Row.fetchOne(
      db, kept(sql: "SELECT * FROM held_list WHERE feed = ?", arguments: [feed]))
  else { return nil }
  return HeldList(
    name: row["name"], sha256: row["sha256"], received: instant(row["received"]),
    trouble: try word(row["trouble"], "held_list.trouble"), why: row["why"],
    isWhole: row["whole"], archived: row["archived"], listed: instant(row["listed"]))
}

/// `nil` where none is kept, or where an earlier version wrote it in another shape.
private func report(_ text: String?) -> ImportReport? {
  text.flatMap { try? JSONDecoder().decode(ImportReport.self, from: Data($0.utf8)) }
}
