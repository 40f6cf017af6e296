import Foundation
import Triage

/// One address with what happened there, on a page.
struct HouseholdPart: Sendable {
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

  /// What the contact register says of the address, to be heeded before anything else.
  struct Cautions: Sendable {
    var doNotContact: Bool
    var noLetter: Bool
    var notAlone: Bool
  }

  /// A job of the past at the address.
  struct Line: Sendable {
    var received: String
    var type: String
    var status: String
    var feed: String

    init(_ line: HistoryLine, _ speech: Speech) {
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

  /// Somebody held an offer at the address before.
  struct Holder: Sendable {
    var name: String
    var from: String
    var until: String
    var ending: String
  }

  init(_ view: HouseholdView, _ speech: Speech, heading: String?) {
    let words = speech.words
    self.heading = heading
    address = view.address
    postcode = says(view.address, view.postcode) ? nil : view.postcode
    uprn = view.uprn.isEmpty ? nil : view.uprn
    cautions =
      view.flags.isEmpty
      ? nil
      : Cautions(
        doNotContact: view.flags.contains(.doNotContact), noLetter: view.flags.contains(.noLetter),
        notAlone: view.flags.contains(.notAlone))
    let closed = view.history.count { !$0.isOpen }
    caption =
      closed == 0
      ? words[.history]
      : words.filled(.historyClosed, ["closed": "\(closed)", "all": "\(view.history.count)"])
    history = view.history.map { Line($0, speech) }
    holders = view.holders.map { holder in
      Holder(
        name: holder.name, from: speech.shortDay(holder.from),
        until: speech.shortDay(holder.until), ending: speech.ending(holder.ending))
    }
    hasHolders = !holders.isEmpty
  }
}

/// Whether the text holds the postcode, however it is spaced; an empty one is held by all.
private func says(_ address: String, _ postcode: String) -> Bool {
  func bare(_ text: String) -> String { text.uppercased().filter { !$0.isWhitespace } }
  return postcode.isEmpty || bare(address).hasSuffix(bare(postcode))
}
