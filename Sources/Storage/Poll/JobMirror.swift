import Foundation
import GRDB
import Triage

/// The jobs of a pass made ready for the mirror, before its transaction begins.
struct JobMirror: Sendable {
  private let jobs: [Job]
  private let gone: [JobRef]
  private let now: Int64
  private let keys: [AddressKey?]
  private var kinds: [JobKind] = []
  /// Positions in ``kinds``, one for each job.
  private var kindOf: [Int] = []

  init(_ pass: Pass) {
    jobs = pass.changed
    gone = pass.gone
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
      bind(job, kindIDs[kindOf[at]], keys[at], to: row)
      try insert.endRow()
    }
    result.new = new.count

    let update = try FastStatement(db, updateSQL)
    for (at, id) in known {
      update.bind(id)
      bind(jobs[at], kindIDs[kindOf[at]], keys[at], to: update)
      result.changed += try update.run()
    }
    try mark(db, ids, into: &result)
  }

  private func mark(_ db: Database, _ ids: JobIDs, into result: inout PassResult) throws {
    let mark = try FastStatement(
      db, "UPDATE job SET gone = ?, last_changed = ? WHERE id = ? AND gone IS NULL")
    for ref in gone {
      guard let id = try ids.find(ref) else { continue }
      mark.bind(now)
      mark.bind(now)
      mark.bind(id)
      result.gone += try mark.run()
    }
  }

  /// Binds the values of ``columns``.
  private func bind(_ job: Job, _ kind: Int64, _ key: AddressKey?, to statement: FastStatement) {
    statement.bind(now)
    statement.bind(kind)
    statement.bind(job.area)
    statement.bind(job.received)
    statement.bind(job.due)
    statement.bind(job.closed)
    statement.bind(job.gone)
    if let key { statement.bind(key.text) } else { statement.bindNull() }
    bindPlace(job.place, to: statement)
    statement.bind(job.notes)
    statement.bind(job.contact)
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
  "last_changed", "kind", "area", "received", "due", "closed", "gone", "address_key", "address",
  "postcode", "uprn", "x", "y", "location", "notes", "contact",
]

/// A row that says the same as before is not written.
private let updateSQL = """
  UPDATE job SET last_changed = ?2, kind = ?3, area = ?4, received = ?5, due = ?6, closed = ?7,
    gone = ?8, address_key = ?9, address = ?10, postcode = ?11, uprn = ?12, x = ?13, y = ?14,
    location = ?15, notes = ?16, contact = ?17
  WHERE id = ?1 AND (kind, area, received, due, closed, gone, address_key, address, postcode,
      uprn, x, y, location, notes, contact)
    IS DISTINCT FROM (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
  """
