import Foundation

/// How an area stands at a slot, beside what is new: fixed when the digest is made; what may not be told any more
/// leaves it before each attempt. Holds streets and names of the team, and nothing more of any resident than an offer
/// may say.
package struct DigestFacts: Hashable, Sendable, Codable {
  /// ``AnnouncementSlot/key``.
  package var slot: String
  /// When the meeting begins whose pack it is.
  package var meeting: Date?
  /// When the next one is due.
  package var next: Date?
  /// Until when it is sent though it brings nothing new.
  package var usefulUntil: Date?
  package var areas: [Area]

  package init(
    slot: String, meeting: Date? = nil, next: Date? = nil, usefulUntil: Date? = nil, areas: [Area]
  ) {
    self.usefulUntil = usefulUntil
    self.slot = slot
    self.meeting = meeting
    self.next = next
    self.areas = areas
  }

  package struct Area: Hashable, Sendable, Codable {
    package var id: String
    package var name: String
    package var held: [Held]
    /// Offered before and taken by nobody; what the same digest offers is not among it.
    package var open: [Open]
    /// Above the line, without a place in this week yet.
    package var waiting: Int
    package var belowTheLine: Int
    package var lists: [FeedLine]

    package init(
      id: String, name: String, held: [Held] = [], open: [Open] = [], waiting: Int = 0,
      belowTheLine: Int = 0, lists: [FeedLine] = []
    ) {
      self.id = id
      self.name = name
      self.held = held
      self.open = open
      self.waiting = waiting
      self.belowTheLine = belowTheLine
      self.lists = lists
    }
  }

  package struct Held: Hashable, Sendable, Codable {
    package var opportunity: Int64
    /// "Mill Lane, NG17".
    package var whereabouts: String
    package var jobType: String
    /// The name of who holds it.
    package var holder: String
    package var since: Date?
    package var until: Date?

    package init(
      opportunity: Int64, whereabouts: String, jobType: String, holder: String, since: Date?,
      until: Date?
    ) {
      self.opportunity = opportunity
      self.whereabouts = whereabouts
      self.jobType = jobType
      self.holder = holder
      self.since = since
      self.until = until
    }
  }

  package struct Open: Hashable, Sendable, Codable {
    package var opportunity: Int64
    package var whereabouts: String
    package var jobType: String
    /// When the job was received.
    package var since: Date

    package init(opportunity: Int64, whereabouts: String, jobType: String, since: Date) {
      self.opportunity = opportunity
      self.whereabouts = whereabouts
      self.jobType = jobType
      self.since = since
    }
  }
}
