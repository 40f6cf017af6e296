import Foundation
import Triage

/// What the holder sees: the only page with an address on it, and it comes only from a POST.
struct ClaimedPage: PageModel {
  var view: String { "claimed" }
  var offer: MaskedOffer
  var holder: String
  var since: String
  var address: String
  /// Where the address does not say it already.
  var postcode: String?
  var uprn: String?
  var contact: String?
  var notes: String?
  var cautions: Cautions?
  var history: [Line]
  var undo: Undo?
  var release: HiddenForm
  var outcome: OutcomeForm

  /// What the contact register says of the address, to be heeded before anything else.
  struct Cautions: Sendable {
    var doNotContact: Bool
    var noLetter: Bool
    var notAlone: Bool
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
  }

  init(
    _ view: ClaimedView, _ clock: CivilDates, now: Date, undo: HiddenForm, release: HiddenForm,
    outcome: OutcomeForm
  ) {
    offer = MaskedOffer(view.offer, clock, now: now)
    holder = view.claim.holder.name
    since = clock.moment(view.claim.since)
    address = view.address
    postcode = Self.says(view.address, view.postcode) ? nil : view.postcode
    uprn = view.uprn.isEmpty ? nil : view.uprn
    contact = view.contact.isEmpty ? nil : view.contact
    notes = view.notes.isEmpty ? nil : view.notes
    cautions =
      view.flags.isEmpty
      ? nil
      : Cautions(
        doNotContact: view.flags.contains(.doNotContact), noLetter: view.flags.contains(.noLetter),
        notAlone: view.flags.contains(.notAlone))
    history = view.history.map { line in
      Line(
        received: line.received.map(clock.shortDay) ?? "no date", type: line.type,
        status: line.status)
    }
    self.undo = now < view.undoUntil ? Undo(until: clock.clock(view.undoUntil), form: undo) : nil
    self.release = release
    self.outcome = outcome
  }

  /// Whether the text holds the postcode, however it is spaced; an empty one is held by all.
  private static func says(_ address: String, _ postcode: String) -> Bool {
    func bare(_ text: String) -> String { text.uppercased().filter { !$0.isWhitespace } }
    return postcode.isEmpty || bare(address).hasSuffix(bare(postcode))
  }
}
