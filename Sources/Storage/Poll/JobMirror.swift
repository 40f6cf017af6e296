import Foundation
import GRDB
import Triage

/// The jobs of a pass made ready for the mirror, before its transaction begins.
struct JobMirror: Sendable {
  private let jobs: [Job]
  private let listed: [Listed]
  private let relisted: [Relisting]
  private let unplaced: [Int64: Listed]
  private let feed: String?
  private let now: Int64
  private let keys: [AddressKey?]
  private var kinds: [JobKind] = []
  /// Positions in ``kinds``, one for each job.
  private var kindOf: [Int] = []

  init(_ pass: Pass) {
    jobs = pass.changed
    listed = pass.listed
    relisted = pass.relisted
    unplaced = pass.unplaced
    feed = pass.feed
    now = milliseconds(pass.now)
    var positions: [JobKind: Int] = [:]
    kindOf.reserveCapacity(jobs.count)
    for job in jobs {
      let kind = JobKind(job)
      if let position = positions[kind] {
        kindOf.append(position)
      } else {
        positions[kind] = kinds.count
        kindOf.append(kinds.count)
        kinds.append(kind)
      }
    }
    if let given = pass.addressKeys, given.count == jobs.count {
      keys = given
    } else {
      keys = jobs.map { AddressKey($0.place) }
    }
  }

  /// Inserts the new, updates the changed, leaves the others alone.
  func write(_ db: Database, _ ids: JobIDs, into result: inout PassResult) throws {
    let kindIDs = try kinds.map { try $0.id(db) }
    var new: [Int] = []
    var known: [(at: Int, id: Int64)] = []
    let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM job") ?? 0
    for (at, job) in jobs.enumerated() {
      if let id = try ids.find(job.id) {
        known.append((at, id))
      } else {
        new.append(at)
        try ids.add(job.id, id: last + Int64(new.count))
      }
    }

    let insert = try BulkInsert(
      db, into: "job", ["id", "feed", "reference", "first_seen"] + columns, rows: new.count)
    for (number, at) in new.enumerated() {
      let (row, job) = (insert.row, jobs[at])
      row.bind(last + 1 + Int64(number))
      row.bind(try ids.feed(job.id.feed))
      row.bind(job.id.reference)
      row.bind(now)
      bind(job, at, kindIDs, to: row)
      try insert.endRow()
    }
    result.new = new.count

    let update = try FastStatement(db, updateSQL)
    for (at, id) in known {
      update.bind(id)
      bind(jobs[at], at, kindIDs, to: update)
      result.changed += try update.run()
    }
    try relist(db, ids, into: &result)
    try noteUnplaced(db, ids)
  }

  private func relist(_ db: Database, _ ids: JobIDs, into result: inout PassResult) throws {
    let going = try FastStatement(
      db,
      "UPDATE job SET listed = ?, gone = ?, last_changed = ? WHERE id = ? AND gone IS NULL")
    let other = try FastStatement(
      db,
      """
      UPDATE job SET listed = ?1, gone = ?2
      WHERE id = ?3 AND (listed, gone) IS DISTINCT FROM (?1, ?2)
      """)
    for relisting in relisted {
      guard let id = try ids.find(relisting.id) else { continue }
      let statement = relisting.isNewlyGone ? going : other
      statement.bind(relisting.listed)
      statement.bind(relisting.gone)
      if relisting.isNewlyGone { statement.bind(now) }
      statement.bind(id)
      let count = try statement.run()
      if relisting.isNewlyGone { result.gone += count }
    }
  }

  private func noteUnplaced(_ db: Database, _ ids: JobIDs) throws {
    guard let feed, !unplaced.isEmpty else { return }
    let id = try ids.feed(feed)
    let note = try FastStatement(
      db, "INSERT OR REPLACE INTO unplaced (feed, reference, listed) VALUES (?, ?, ?)")
    for (print, listed) in unplaced {
      note.bind(id)
      note.bind(print)
      note.bind(listed)
      try note.run()
    }
  }

  /// Binds the values of ``columns``.
  private func bind(_ job: Job, _ at: Int, _ kinds: [Int64], to statement: FastStatement) {
    statement.bind(now)
    statement.bind(kinds[kindOf[at]])
    statement.bind(job.area)
    statement.bind(job.received)
    statement.bind(job.due)
    statement.bind(job.closed)
    statement.bind(job.updated)
    statement.bind(listed.isEmpty ? .newestComplete : listed[at])
    statement.bind(job.gone)
    if let key = keys[at] { statement.bind(key.text) } else { statement.bindNull() }
    bindPlace(job.place, to: statement)
    statement.bind(job.notes)
    statement.bind(job.contact)
    if let print = job.otherParty { statement.bind(print) } else { statement.bindNull() }
  }
}

/// Binds address, postcode, uprn, x, y, location, in this order.
func bindPlace(_ place: Place, to statement: FastStatement) {
  statement.bind(place.address)
  statement.bind(place.postcode)
  statement.bind(place.uprn)
  if let point = place.point {
    statement.bind(point.x)
    statement.bind(point.y)
  } else {
    statement.bindNull()
    statement.bindNull()
  }
  statement.bind(place.location.rawValue)
}

/// What a list may change about a job.
private let columns = [
  "last_changed", "kind", "area", "received", "due", "closed", "updated", "listed", "gone",
  "address_key", "address", "postcode", "uprn", "x", "y", "location", "notes", "contact",
  "other_party",
]

/// A row that says the same as before is not written.
private let updateSQL: String = {
  let values = columns.indices.map { "?\($0 + 2)" }
  let set = zip(columns, values).map { "\($0) = \($1)" }.joined(separator: ", ")
  return """
    UPDATE job SET \(set) WHERE id = ?1
      AND (\(columns.dropFirst().joined(separator: ", ")))
        IS DISTINCT FROM (\(values.dropFirst().joined(separator: ", ")))
    """
}()
