import Foundation

/// The council's own name for a job: unique within its feed.
package struct JobRef: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let feed: String
  package let reference: String

  package init(feed: String, reference: String) {
    self.feed = feed
    self.reference = reference
  }

  package static func < (one: JobRef, other: JobRef) -> Bool {
    (one.feed, one.reference) < (other.feed, other.reference)
  }

  package var description: String { "\(feed)/\(reference)" }
}

/// One job as the council's list has it. We mirror it and change nothing in it.
///
/// Instants are UTC; the feed's civil times were read in the feed's own time zone.
package struct Job: Hashable, Sendable, Identifiable {
  package let id: JobRef
  package var received: Date?
  package var due: Date?
  package var closed: Date?
  /// When the council last changed it, where the list says so.
  package var updated: Date?
  package var status: String
  package var jobClass: String
  package var type: String
  /// Who raised it (a resident, an officer, …), where the list says so.
  package var callerType: String
  package var place: Place
  /// Only where the feed is allowed to carry it, else empty.
  package var notes: String
  /// Only where the feed is allowed to carry it, else empty.
  package var contact: String
  /// The pilot area that holds the job; where areas overlap, the first in stated order.
  package var area: String
  /// When a snapshot first came without it: the council has taken it off the list.
  package var gone: Date?
  /// Of a complaint: a fingerprint (``AddressKey/print``) of the other party's address, where the list
  /// has one. The address itself is not kept.
  package var otherParty: Int64?

  package init(
    id: JobRef, received: Date? = nil, due: Date? = nil, closed: Date? = nil,
    updated: Date? = nil, status: String = "", jobClass: String = "", type: String = "",
    callerType: String = "", place: Place,
    notes: String = "", contact: String = "", area: String, gone: Date? = nil,
    otherParty: Int64? = nil
  ) {
    self.id = id
    self.received = received
    self.due = due
    self.closed = closed
    self.updated = updated
    self.status = status
    self.jobClass = jobClass
    self.type = type
    self.callerType = callerType
    self.place = place
    self.notes = notes
    self.contact = contact
    self.area = area
    self.gone = gone
    self.otherParty = otherParty
  }
}
