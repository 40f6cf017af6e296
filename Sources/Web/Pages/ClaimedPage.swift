import Foundation
import Triage

/// What the holder sees: the only page with an address on it, and it comes only from a POST.
struct ClaimedPage: PageModel {
  var view: String { "claimed" }
  var offer: MaskedOffer
  var holder: String
  var since: String
  /// Two households are told one after the other, under a heading of their own.
  var isJoint: Bool
  var households: [Household]
  var complaints: [Line]
  var contact: String?
  var notes: String?
  var undo: Undo?
  var release: HiddenForm
  var outcome: OutcomeForm

  /// What the contact register says of the address, to be heeded before anything else.
  struct Cautions: Sendable {
    var doNotContact: Bool
    var noLetter: Bool
    var notAlone: Bool
  }

  /// One address with what happened there.
  struct Household: Sendable {
    /// "First household", of two.
    var heading: String?
    var address: String
    /// Where the address does not say it already.
    var postcode: String?
    var uprn: String?
    var cautions: Cautions?
    var caption: String
    var history: [Line]
    var holders: [Holder]
    var hasHolders: Bool
  }

  struct Undo: Sendable {
    var until: String
    var form: HiddenForm
  }

  /// A job of the past at the address.
  struct Line: Sendable {
    var received: String
    var type: String
    var status: String
    var feed: String
  }

  /// Somebody held an offer at the address before.
  struct Holder: Sendable {
    var name: String
    var from: String
    var until: String
    var ending: String
  }

  init(
    _ view: ClaimedView, _ clock: CivilDates, now: Date, undo: HiddenForm, release: HiddenForm,
    outcome: OutcomeForm
  ) {
    offer = MaskedOffer(view.offer, clock, now: now)
    holder = view.claim.holder.name
    since = clock.moment(view.claim.since)
    isJoint = view.households.count > 1
    households = view.households.enumerated().map { at, household in
      Household(
        household, clock,
        heading: view.households.count > 1 ? ["First", "Second"][min(at, 1)] : nil)
    }
    complaints = view.complaints.map { Line($0, clock) }
    contact = view.contact.isEmpty ? nil : view.contact
    notes = view.notes.isEmpty ? nil : view.notes
    self.undo = view.undoUntil.flatMap { until in
      now < until ? Undo(until: clock.clock(until), form: undo) : nil
    }
    self.release = release
    self.outcome = outcome
  }
}

extension ClaimedPage.Household {
  fileprivate init(_ view: HouseholdView, _ clock: CivilDates, heading: String?) {
    self.heading = heading.map { "\($0) household" }
    address = view.address
    postcode = says(view.address, view.postcode) ? nil : view.postcode
    uprn = view.uprn.isEmpty ? nil : view.uprn
    cautions =
      view.flags.isEmpty
      ? nil
      : ClaimedPage.Cautions(
        doNotContact: view.flags.contains(.doNotContact), noLetter: view.flags.contains(.noLetter),
        notAlone: view.flags.contains(.notAlone))
    let closed = view.history.count { !$0.isOpen }
    caption =
      closed == 0
      ? "Jobs of the last 12 months, newest first"
      : "Jobs of the last 12 months, newest first; \(closed) of \(view.history.count) no longer open"
    history = view.history.map { ClaimedPage.Line($0, clock) }
    holders = view.holders.map { holder in
      ClaimedPage.Holder(
        name: holder.name, from: clock.shortDay(holder.from), until: clock.shortDay(holder.until),
        ending: holder.ending.words)
    }
    hasHolders = !holders.isEmpty
  }
}

extension ClaimedPage.Line {
  fileprivate init(_ line: HistoryLine, _ clock: CivilDates) {
    received = line.received.map(clock.shortDay) ?? "no date"
    type = line.type
    status =
      switch line.state {
      case .open: "Open"
      case .closed(let at): "Closed \(clock.shortDay(at))"
      case .offTheList(let at): "Off the list since \(clock.shortDay(at))"
      }
    feed = line.feed
  }
}

/// Whether the text holds the postcode, however it is spaced; an empty one is held by all.
private func says(_ address: String, _ postcode: String) -> Bool {
  func bare(_ text: String) -> String { text.uppercased().filter { !$0.isWhitespace } }
  return postcode.isEmpty || bare(address).hasSuffix(bare(postcode))
}
