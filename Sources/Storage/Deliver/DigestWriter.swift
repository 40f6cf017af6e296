import Foundation
import GRDB
import Triage

/// Writes the messages of a round, inside its transaction.
final class DigestWriter {
  private let db: Database
  private let now: Int64
  private let newID: () -> String
  private let link: (_ announcement: Int64, _ digest: String) -> [UInt8]
  private let linkExpires: Int64
  private(set) var made = 0

  init(
    db: Database, now: Int64, newID: @escaping () -> String,
    link: @escaping (_ announcement: Int64, _ digest: String) -> [UInt8], linkExpires: Int64
  ) {
    self.db = db
    self.now = now
    self.newID = newID
    self.link = link
    self.linkExpires = linkExpires
  }

  func write(_ bundle: Bundles.Bundle, to address: Bundles.Address, _ held: HeldBack) throws {
    guard bundle.isTold else { return }
    let id = newID()
    made += 1
    try db.execute(
      sql: """
        INSERT INTO digest (id, recipient, channel, state, created, next_attempt, keeps_empty)
        VALUES (?, ?, ?, 'pending', ?, ?, ?)
        """,
      arguments: [
        id, address.recipient, address.channel, now, now,
        bundle.slots.values.contains(where: \.sendsEmpty),
      ])
    for announcement in bundle.announcements {
      try put(announcement.id, into: id)
      if announcement.isScheduled, announcement.cause == .offered {
        // It may have waited for the end of a quiet time.
        try db.execute(
          sql: "UPDATE announcement SET owed_at = ? WHERE id = ?",
          arguments: [now, announcement.id])
      }
    }
    if bundle.slots.isEmpty { return }
    // Nobody was to be told of these before.
    try db.execute(
      sql: "UPDATE announcement SET owed_at = ? WHERE digest = ?", arguments: [now, id])
    try takeOver(from: address, areas: Set(bundle.slots.keys), held, into: id)
    try db.execute(
      sql: "UPDATE digest SET facts = ? WHERE id = ?",
      arguments: [try json(try facts(bundle, of: id)), id])
    for (area, slot) in bundle.slots {
      try noteSlot(db, area: area, recipient: address.recipient, slot, digest: id, now)
    }
  }

  /// Deals with the slots at which there was nothing new, and nothing to be said of that.
  func noteSilent(_ bundles: Bundles) throws {
    for (address, bundle) in bundles.ordered where !bundle.isTold {
      for (area, slot) in bundle.slots {
        try noteSlot(db, area: area, recipient: address.recipient, slot, digest: nil, now)
      }
    }
  }

  private func put(_ announcement: Int64, into digest: String) throws {
    try db.execute(
      sql: "UPDATE announcement SET state = 'bundled', digest = ? WHERE id = ?",
      arguments: [digest, announcement])
    try db.execute(
      sql: """
        INSERT INTO link (hash, announcement, expires) VALUES (?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET expires = excluded.expires
        """, arguments: [Data(link(announcement, digest)), announcement, linkExpires])
  }

  /// Takes over what earlier messages of the same areas could not bring to the same person, as while a relay is
  /// down: else one for each slot would come at its return. One of which an attempt was cut short, or which somebody has
  /// said to be late, may have arrived, and goes on under its own id; so does one that is held back.
  private func takeOver(
    from address: Bundles.Address, areas: Set<String>, _ held: HeldBack, into digest: String
  ) throws {
    let earlier = try String.fetchAll(
      db,
      sql: """
        SELECT id FROM digest
        WHERE recipient = ?3 AND channel = ?4 AND id <> ?5 AND state IN ('pending', 'deferred')
          AND NOT EXISTS (
            SELECT 1 FROM delivery_attempt
            WHERE delivery_attempt.digest = digest.id AND result IN ('unheard', 'delayed', 'accepted'))
          AND NOT EXISTS (
            SELECT 1 FROM announcement JOIN opportunity ON opportunity.id = announcement.opportunity
            WHERE announcement.digest = digest.id AND announcement.state = 'bundled'
              AND (cause <> 'offered' OR opportunity.id IN (\(HeldBack.opportunities))
                OR opportunity.area NOT IN (SELECT value FROM json_each(?6))))
          AND NOT EXISTS (
            SELECT 1 FROM announcement_slot
            WHERE announcement_slot.digest = digest.id
              AND area NOT IN (SELECT value FROM json_each(?6)))
        ORDER BY created, id
        """,
      arguments: held.arguments() + [
        address.recipient, address.channel, digest, try json(areas.sorted()),
      ])
    try db.execute(
      sql: """
        UPDATE digest SET tried_since = (
          SELECT min(coalesce(tried.tried_since, (
            SELECT min(at) FROM delivery_attempt WHERE delivery_attempt.digest = tried.id)))
          FROM digest AS tried WHERE tried.id IN (SELECT value FROM json_each(?)))
        WHERE id = ?
        """, arguments: [try json(earlier), digest])
    for id in earlier {
      let carried = try Int64.fetchAll(
        db, sql: "SELECT id FROM announcement WHERE digest = ? AND state = 'bundled'",
        arguments: [id])
      for announcement in carried { try put(announcement, into: digest) }
      try db.execute(
        sql: "UPDATE digest SET state = 'withdrawn' WHERE id = ?", arguments: [id])
    }
  }

  private func facts(_ bundle: Bundles.Bundle, of digest: String) throws -> DigestFacts {
    let offered = try Int64.fetchSet(
      db, sql: "SELECT opportunity FROM announcement WHERE digest = ?", arguments: [digest])
    let slots = bundle.slots.sorted {
      ($0.value.facts.name, $0.key) < ($1.value.facts.name, $1.key)
    }
    let areas = slots.map { _, slot in
      var area = slot.facts
      area.open.removeAll { offered.contains($0.opportunity) }
      return area
    }
    return DigestFacts(
      slot: slots[0].value.key, meeting: slots.compactMap(\.value.meeting).min(),
      next: slots.compactMap(\.value.next).min(),
      usefulUntil: slots.compactMap(\.value.usefulUntil).max(), areas: areas)
  }
}
