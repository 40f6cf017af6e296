import Foundation
import GRDB
import Triage

/// What of the areas waits for a time of its own, and whose time has come. An area that is not in it is told at once.
package struct AnnouncementPlan: Sendable {
  package var areas: [String: Area]

  package init(areas: [String: Area] = [:]) { self.areas = areas }

  /// Whether a message that was made before waits for the end of a quiet time.
  package func isQuiet(_ due: DueDigest) -> Bool {
    let told =
      due.items.filter { $0.cause == .offered }.map(\.opportunity.opportunity.area)
      + (due.facts?.areas.map(\.id) ?? [])
    return told.contains { areas[$0]?.isQuiet == true }
  }

  package struct Area: Sendable {
    /// Points from which nothing waits; `nil`: everything does.
    package var atOnceFrom: Int?
    /// Nothing is told at the moment.
    package var isQuiet: Bool
    /// Ids of those who lead it today.
    package var leaders: Set<String>
    /// `nil`: none is in force.
    package var slot: Slot?

    package init(
      atOnceFrom: Int?, isQuiet: Bool = false, leaders: Set<String> = [], slot: Slot? = nil
    ) {
      self.leaders = leaders
      self.atOnceFrom = atOnceFrom
      self.isQuiet = isQuiet
      self.slot = slot
    }
  }

  package struct Slot: Sendable {
    /// ``AnnouncementSlot/key``.
    package var key: String
    package var due: Date
    package var meeting: Date?
    package var next: Date?
    package var usefulUntil: Date?
    package var sendsEmpty: Bool
    /// Who is told of it whether or not there is something new.
    package var leaders: [Pass.Recipient]
    package var facts: DigestFacts.Area

    package init(
      key: String, due: Date, meeting: Date? = nil, next: Date? = nil, usefulUntil: Date? = nil,
      sendsEmpty: Bool = true, leaders: [Pass.Recipient], facts: DigestFacts.Area
    ) {
      self.usefulUntil = usefulUntil
      self.key = key
      self.due = due
      self.meeting = meeting
      self.next = next
      self.sendsEmpty = sendsEmpty
      self.leaders = leaders
      self.facts = facts
    }
  }
}

extension Store {
  /// Of slots in force, the areas in which one is not dealt with yet for somebody.
  /// - Parameter slots: by area: the slot's key and the ids of those who are told.
  package func areasWithOpenSlots(
    _ slots: [String: (key: String, leaders: [String])]
  ) async throws -> Set<String> {
    if slots.isEmpty { return [] }
    return try await read { db in
      var open: Set<String> = []
      for (area, slot) in slots {
        let done = try doneSlots(db, area: area, slot: slot.key)
        if slot.leaders.contains(where: { !done.contains($0) }) { open.insert(area) }
      }
      return open
    }
  }
}

/// For whom a slot of an area is dealt with: ids of members.
func doneSlots(_ db: Database, area: String, slot: String) throws -> Set<String> {
  try String.fetchSet(
    db, sql: "SELECT recipient FROM announcement_slot WHERE area = ? AND slot = ?",
    arguments: [area, slot])
}

/// Deals with a slot for good.
func noteSlot(
  _ db: Database, area: String, recipient: String, _ slot: AnnouncementPlan.Slot,
  digest: String?, _ now: Int64
) throws {
  try db.execute(
    sql: """
      INSERT INTO announcement_slot (area, recipient, slot, due, done_at, digest)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """, arguments: [area, recipient, slot.key, milliseconds(slot.due), now, digest])
}
