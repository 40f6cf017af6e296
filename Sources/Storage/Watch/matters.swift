import Foundation
import GRDB
import Triage

/// What is the matter with the instance, as it is written down.
package struct StoredMatter: Hashable, Sendable {
  package var matter: Matter
  package var began: Date
}

/// What a look at the instance changed.
package struct MatterChange: Hashable, Sendable {
  package var began: [Matter] = []
  /// What was open already and is told once more, since there is more of it.
  package var grew: [Matter] = []
  package var ended: [StoredMatter] = []

  package init() {}
}

extension Store {
  /// Brings what is written down in line with what is the matter now, with the mails that are owed because of
  /// it, in one transaction: looked at twice, or again after a kill, it owes nothing more.
  ///
  /// What is over before its mail about the beginning was due is told to nobody. What begins again before the
  /// mail about its end was tried goes on as it was.
  /// Of what has an extent is told again when there is more of it, once in ``Matter/Kind/tellAgainAfter`` at most, also
  /// where it was over in between.
  /// - Parameters:
  ///   - unseen: kinds that this look cannot tell of: what is open of them stays as it is.
  ///   - begins: the mail about a beginning; `nil` where nobody is told.
  ///   - over: the mail about an end, asked only of what was told and whose end is news.
  package func noteMatters(
    _ current: [Matter], unseen: Set<Matter.Kind> = [], now: Date,
    begins: @escaping @Sendable (Matter) -> Notice?,
    over: @escaping @Sendable (StoredMatter) -> Notice?
  ) async throws -> MatterChange {
    try await write { db in
      var change = MatterChange()
      var open = try openRows(db)
      var seen: Set<[String]> = []
      for matter in current {
        let key = [matter.kind.rawValue, matter.subject]
        guard seen.insert(key).inserted else { continue }
        if let row = open.removeValue(forKey: key) {
          if row.stored.matter.sentence != matter.sentence {
            try db.execute(
              sql: "UPDATE matter SET sentence = ? WHERE id = ?",
              arguments: [matter.sentence, row.id])
          }
          if try tellMore(db, matter, row, now: now, begins) { change.grew.append(matter) }
          continue
        }
        if try goOn(db, matter) { continue }
        // What was told lately is not told again because it was over for a while.
        let told = try matter.extent == nil ? nil : lastTold(db, matter, now: now)
        let notice = told == nil ? begins(matter) : nil
        if let notice { try owe(db, notice, due: notice.created + matter.kind.patience) }
        let extent = told == nil ? matter.extent : Matter.Extent(count: 0, latest: "")
        try db.execute(
          sql: """
            INSERT INTO matter
              (kind, subject, sentence, began, notice, told_count, told_latest, told_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            matter.kind.rawValue, matter.subject, matter.sentence, milliseconds(now), notice?.id,
            extent?.count, extent?.latest, extent.map { _ in milliseconds(told ?? now) },
          ])
        change.began.append(matter)
      }
      for row in open.values.sorted(by: { $0.id < $1.id })
      where !unseen.contains(row.stored.matter.kind) {
        let isTold = try row.notice != nil && !takeBackUntold(db, row.notice, now: now)
        let notice = isTold && row.stored.matter.kind.isOverNews ? over(row.stored) : nil
        if let notice { try owe(db, notice, due: notice.created) }
        try db.execute(
          sql: "UPDATE matter SET ended = ?, over = ? WHERE id = ?",
          arguments: [milliseconds(now), notice?.id, row.id])
        change.ended.append(row.stored)
      }
      return change
    }
  }

  /// What is the matter, the longest first.
  package func openMatters() async throws -> [StoredMatter] {
    try await read { db in
      try openRows(db).values.sorted { $0.id < $1.id }.map(\.stored)
    }
  }
}

private struct OpenRow {
  var id: Int64
  var notice: String?
  var stored: StoredMatter
  /// Of how much was told, and when.
  var told: (extent: Matter.Extent, at: Date)?
}

/// Owes one more mail of what is open where there is more of it than was told; where there is less, more of it
/// begins from there. - Returns: whether it is told again.
private func tellMore(
  _ db: Database, _ matter: Matter, _ row: OpenRow, now: Date,
  _ begins: (Matter) -> Notice?
) throws -> Bool {
  guard let extent = matter.extent else { return false }
  let told = row.told ?? (Matter.Extent(count: 0, latest: ""), .distantPast)
  if extent.isMore(than: told.extent) {
    guard now.timeIntervalSince(told.at) >= matter.kind.tellAgainAfter else { return false }
    let notice = begins(matter)
    if let notice { try owe(db, notice, due: notice.created + matter.kind.patience) }
    try db.execute(
      sql: """
        UPDATE matter SET notice = ?, told_count = ?, told_latest = ?, told_at = ? WHERE id = ?
        """,
      arguments: [notice?.id, extent.count, extent.latest, milliseconds(now), row.id])
    return true
  }
  if extent != told.extent {
    try db.execute(
      sql: "UPDATE matter SET told_count = ?, told_latest = ? WHERE id = ?",
      arguments: [extent.count, extent.latest, row.id])
  }
  return false
}

/// When one of this kind was told last, where that is too near to tell it again.
private func lastTold(_ db: Database, _ matter: Matter, now: Date) throws -> Date? {
  let at = try Int64.fetchOne(
    db, sql: "SELECT max(told_at) FROM matter WHERE kind = ? AND subject = ? AND told_at <= ?",
    arguments: [matter.kind.rawValue, matter.subject, milliseconds(now)])
  return at.map(instant).flatMap {
    now.timeIntervalSince($0) < matter.kind.tellAgainAfter ? $0 : nil
  }
}

/// By kind and subject. A kind that a later version of the program wrote is left to that one.
private func openRows(_ db: Database) throws -> [[String]: OpenRow] {
  var rows: [[String]: OpenRow] = [:]
  for row in try Row.fetchAll(db, kept(sql: "SELECT * FROM matter WHERE ended IS NULL ORDER BY id"))
  {
    let (text, subject): (String, String) = (row["kind"], row["subject"])
    guard let kind = Matter.Kind(rawValue: text) else { continue }
    rows[[text, subject]] = OpenRow(
      id: row["id"], notice: row["notice"],
      stored: StoredMatter(
        matter: Matter(kind, of: subject, row["sentence"]), began: instant(row["began"])),
      told: (row["told_count"] as Int?).map {
        (Matter.Extent(count: $0, latest: row["told_latest"]), instant(row["told_at"]))
      })
  }
  return rows
}

/// Opens the last one of this kind again, where the mail about its end has not been tried yet.
private func goOn(_ db: Database, _ matter: Matter) throws -> Bool {
  let last = try Row.fetchOne(
    db,
    sql: """
      SELECT matter.id, matter.over FROM matter JOIN notice ON notice.id = matter.over
      WHERE matter.kind = ? AND matter.subject = ? AND notice.state IN \(owedStates) AND notice.attempts = 0
      ORDER BY matter.ended DESC LIMIT 1
      """, arguments: [matter.kind.rawValue, matter.subject])
  guard let last else { return false }
  try db.execute(
    sql: "UPDATE matter SET ended = NULL, over = NULL, sentence = ? WHERE id = ?",
    arguments: [matter.sentence, last["id"] as Int64])
  try db.execute(sql: "DELETE FROM notice WHERE id = ?", arguments: [last["over"] as String])
  return true
}

/// Takes the mail about a beginning back where it is not due yet. - Returns: whether nobody was told.
private func takeBackUntold(_ db: Database, _ notice: String?, now: Date) throws -> Bool {
  try db.execute(
    sql: """
      DELETE FROM notice WHERE id = ? AND state IN \(owedStates) AND attempts = 0 AND next_attempt > ?
      """, arguments: [notice, milliseconds(now)])
  return db.changesCount == 1
}
