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
    _ view: ClaimedView, _ speech: Speech, now: Date, undo: HiddenForm, release: HiddenForm,
    outcome: OutcomeForm
  ) {
    offer = MaskedOffer(view.offer, speech, now: now)
    holder = view.claim.holder.name
    since = speech.moment(view.claim.since)
    isJoint = view.households.count > 1
    households = view.households.enumerated().map { at, household in
      Household(
        household, speech,
        heading: view.households.count > 1
          ? speech.words[.household, at == 0 ? "1" : "2"] : nil)
    }
    complaints = view.complaints.map { Line($0, speech) }
    contact = view.contact.isEmpty ? nil : view.contact
    notes = view.notes.isEmpty ? nil : view.notes
    self.undo = view.undoUntil.flatMap { until in
      now < until ? Undo(until: speech.clock(until), form: undo) : nil
    }
    self.release = release
    self.outcome = outcome
  }
}

extension ClaimedPage.Household {
  fileprivate init(_ view: HouseholdView, _ speech: Speech, heading: String?) {
    let words = speech.words
    self.heading = heading
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
      ? words[.history]
      : words.filled(.historyClosed, ["closed": "\(closed)", "all": "\(view.history.count)"])
    history = view.history.map { ClaimedPage.Line($0, speech) }
    holders = view.holders.map { holder in
      ClaimedPage.Holder(
        name: holder.name, from: speech.shortDay(holder.from),
        until: speech.shortDay(holder.until), ending: words[.ending, holder.ending.member])
    }
    hasHolders = !holders.isEmpty
  }
}

extension ClaimedPage.Line {
  fileprivate init(_ line: HistoryLine, _ speech: Speech) {
    let words = speech.words
    received = line.received.map(speech.shortDay) ?? words[.noDate]
    type = line.type == HistoryLine.anotherJob ? words[.anotherJob] : line.type
    status =
      switch line.state {
      case .open: words[.open]
      case .closed(let at): words.filled(.closed, ["day": speech.shortDay(at)])
      case .offTheList(let at): words.filled(.offTheList, ["day": speech.shortDay(at)])
      }
    feed = line.feed
  }
}

extension HolderLine.Ending {
  /// Of ``WordFamily/ending``.
  fileprivate var member: String {
    switch self {
    case .givenBack, .passedOn, .takenOver, .declined, .outcome(.declined, _): "given_back"
    case .lapsed: "lapsed"
    // Without consent it stays with who heard it.
    case .outcome(.accepted, let consent) where consent != true: "recorded"
    case .outcome(let kind, _): kind.rawValue
    }
  }
}

/// Whether the text holds the postcode, however it is spaced; an empty one is held by all.
private func says(_ address: String, _ postcode: String) -> Bool {
  func bare(_ text: String) -> String { text.uppercased().filter { !$0.isWhitespace } }
  return postcode.isEmpty || bare(address).hasSuffix(bare(postcode))
}
