import Foundation
import Triage

/// What one poll found and the rules made of it: recorded whole or not at all.
package struct Pass: Sendable {
  /// `nil`: no list was read, what is known was only judged anew.
  package var feed: String?
  /// The export's file name or URL without its query.
  package var source: String
  package var bytes: Int
  /// Of the export's bytes: 64 hexadecimal digits.
  package var sha256: String
  package var report: ImportReport?
  /// The feed's own memory (ETag, file stamps); opaque here. `nil` leaves the stored one.
  package var feedState: Data?
  /// New and changed jobs; those that turn out unchanged are left alone.
  package var changed: [Job]
  /// The address keys of ``changed``, in their order, where the caller has them at hand; making
  /// one from a written address costs more than storing the job.
  package var addressKeys: [AddressKey?]?
  /// Which list had each of ``changed`` last, in their order; empty: the newest complete one.
  package var listed: [Listed]
  /// Jobs whose words are the same, and which are gone or listed since another instant.
  package var relisted: [Relisting]
  /// By fingerprint: references without a usable place, as far as that changed.
  package var unplaced: [Int64: Listed]
  /// The instant of the feed's newest complete list; `nil` leaves the stored one.
  package var complete: Date?
  /// What now waits for a person; outer `nil` leaves what is stored.
  package var held: HeldList??
  /// The judgement over all jobs that are known, of every feed.
  package var verdict: Verdict
  /// What the judgement was told of the passes before it.
  package var past: PastOffers
  /// What is stored under another address than it has now.
  package var rekeyed: Rekeyed
  /// By area id: to whom a newly offered opportunity is owed.
  package var recipients: [String: [Recipient]]
  /// By area id: the members who lead it today. What is offered there and was told to none of them is owed to
  /// the ``recipients`` afresh; `nil`: nobody is taken for gone.
  package var leading: [String: Set<String>]?
  package var now: Date

  package struct Recipient: Hashable, Sendable {
    package var member: String
    package var channel: String

    package init(member: String, channel: String) {
      self.member = member
      self.channel = channel
    }
  }

  package init(
    feed: String?, source: String = "", bytes: Int = 0, sha256: String = "",
    report: ImportReport? = nil, feedState: Data? = nil, changed: [Job] = [],
    addressKeys: [AddressKey?]? = nil, listed: [Listed] = [], relisted: [Relisting] = [],
    unplaced: [Int64: Listed] = [:], complete: Date? = nil, held: HeldList?? = nil,
    verdict: Verdict, past: PastOffers = PastOffers(), rekeyed: Rekeyed = Rekeyed(),
    recipients: [String: [Recipient]], leading: [String: Set<String>]? = nil, now: Date
  ) {
    self.feed = feed
    self.source = source
    self.bytes = bytes
    self.sha256 = sha256
    self.report = report
    self.feedState = feedState
    self.changed = changed
    self.addressKeys = addressKeys
    self.listed = listed
    self.relisted = relisted
    self.unplaced = unplaced
    self.complete = complete
    self.held = held
    self.verdict = verdict
    self.past = past
    self.rekeyed = rekeyed
    self.recipients = recipients
    self.leading = leading
    self.now = now
  }
}

/// What a pass changed in the store. All zero when the same pass is recorded again.
package struct PassResult: Hashable, Sendable {
  /// Jobs.
  package var new = 0, changed = 0, gone = 0
  /// Opportunities: inserted, judged differently, no longer there, newly offered.
  package var made = 0, updated = 0, withdrawn = 0, offered = 0
  /// Opportunities that had been withdrawn and whose reason came back: their links work again.
  package var reopened = 0
  /// Opportunities that go on at what their address is now; newly counted on trial.
  package var moved = 0, onTrial = 0
  /// Announcements newly owed.
  package var announced = 0

  package init() {}
}
