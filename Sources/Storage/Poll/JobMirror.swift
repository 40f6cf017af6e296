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
  func write(_ db: Database, into result: inout PassResult) throws {
    let kindIDs = try kinds.map { try $0.id(db) }
    var feeds: [String: Int64] = [:]
    let before = try jobCount(db)
    var touched = 0
    let upsert = try FastStatement(db, upsertSQL)
    for (at, job) in jobs.enumerated() {
      if feeds[job.id.feed] == nil { feeds[job.id.feed] = try feedID(db, job.id.feed) }
      upsert.bind(feeds[job.id.feed]!)
      upsert.bind(job.id.reference)
      upsert.bind(kindIDs[kindOf[at]])
      upsert.bind(job.area)
      upsert.bind(job.received)
      upsert.bind(job.due)
      upsert.bind(job.closed)
      upsert.bind(job.gone)
      if let key = keys[at] { upsert.bind(key.text) } else { upsert.bindNull() }
      bind(job.place, to: upsert)
      upsert.bind(job.notes)
      upsert.bind(job.contact)
      upsert.bind(now)
      upsert.bind(now)
      touched += try upsert.run()
    }
    result.new = try jobCount(db) - before
    result.changed = touched - result.new

    let mark = try FastStatement(
      db,
      """
      UPDATE job SET gone = ?, last_changed = ?
      WHERE feed = (SELECT id FROM feed WHERE name = ?) AND reference = ? AND gone IS NULL
      """)
    for ref in gone {
      mark.bind(now)
      mark.bind(now)
      mark.bind(ref.feed)
      mark.bind(ref.reference)
      result.gone += try mark.run()
    }
  }

  private func jobCount(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM job")!
  }
}

/// Binds address, postcode, uprn, x, y, location, in this order.
func bind(_ place: Place, to statement: FastStatement) {
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

/// `first_seen` stays, and a row that says the same as before is not written.
private let upsertSQL = """
  INSERT INTO job (feed, reference, kind, area, received, due, closed, gone, address_key,
    address, postcode, uprn, x, y, location, notes, contact, first_seen, last_changed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (feed, reference) DO UPDATE SET
    kind = excluded.kind, area = excluded.area, received = excluded.received,
    due = excluded.due, closed = excluded.closed, gone = excluded.gone,
    address_key = excluded.address_key, address = excluded.address,
    postcode = excluded.postcode, uprn = excluded.uprn, x = excluded.x, y = excluded.y,
    location = excluded.location, notes = excluded.notes, contact = excluded.contact,
    last_changed = excluded.last_changed
  WHERE (job.kind, job.area, job.received, job.due, job.closed, job.gone, job.address_key,
      job.address, job.postcode, job.uprn, job.x, job.y, job.location, job.notes, job.contact)
    IS DISTINCT FROM
      (excluded.kind, excluded.area, excluded.received, excluded.due, excluded.closed,
      excluded.gone, excluded.address_key, excluded.address, excluded.postcode, excluded.uprn,
      excluded.x, excluded.y, excluded.location, excluded.notes, excluded.contact)
  """
