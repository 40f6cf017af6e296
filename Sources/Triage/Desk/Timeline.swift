import Foundation

/// One address as its holder sees it: built when the page is opened, and never stored.
package struct HouseholdView: Hashable, Sendable {
  package var address: String
  package var postcode: String
  package var uprn: String
  package var flags: Set<Register.Flag>
  /// 12 months, newest first. Of a joint opportunity without the complaints.
  package var history: [HistoryLine]
  /// Who held an opportunity here before, within 12 months, the last first.
  package var holders: [HolderLine]

  package init(
    address: String, postcode: String, uprn: String, flags: Set<Register.Flag>,
    history: [HistoryLine], holders: [HolderLine] = []
  ) {
    self.address = address
    self.postcode = postcode
    self.uprn = uprn
    self.flags = flags
    self.history = history
    self.holders = holders
  }
}

/// One job of the past at an address, in plain words: never a code or a text of the council's.
package struct HistoryLine: Hashable, Sendable {
  package var received: Date?
  /// As the job-type table names it, or ``anotherJob``.
  package var type: String
  package var state: State
  /// The list that it came with, in plain words.
  package var feed: String

  package enum State: Hashable, Sendable {
    case open
    case closed(Date)
    /// The council has taken it off its list.
    case offTheList(Date)
  }

  package init(received: Date?, type: String, state: State, feed: String) {
    self.received = received
    self.type = type
    self.state = state
    self.feed = feed
  }

  /// Of a type that the table does not know.
  package static let anotherJob = "Another job"

  package var isOpen: Bool { state == .open }
}

/// Somebody held an opportunity at an address.
package struct HolderLine: Hashable, Sendable {
  package var name: String
  package var from: Date
  package var until: Date
  package var ending: Ending

  package enum Ending: Hashable, Sendable {
    case givenBack
    /// Went back by itself, without an outcome.
    case lapsed
    case passedOn
    case takenOver
    case declined(DeclineReason)
    case outcome(OutcomeKind, consent: Bool?)
  }

  package init(name: String, from: Date, until: Date, ending: Ending) {
    self.name = name
    self.from = from
    self.until = until
    self.ending = ending
  }
}

extension HolderLine.Ending {
  package var words: String {
    switch self {
    case .givenBack: "Given back"
    case .lapsed: "Went back by itself, without an outcome"
    case .passedOn: "Passed on"
    case .takenOver: "Taken over by a colleague"
    case .declined(let why): "Declined: \(why.inWords)"
    case .outcome(.declined, _): "Declined"
    // Without consent it stays with who heard it.
    case .outcome(.accepted, let consent): consent == true ? "Help was accepted" : "Recorded"
    case .outcome(.noAnswer, _): "No answer"
    case .outcome(.notNow, _): "Not now"
    case .outcome(.noThankYou, _): "No, thank you"
    case .outcome(.notADwelling, _): "Nobody lives there"
    case .outcome(.couldNotVisit, _): "Could not visit"
    case .outcome(.doNotContact, _): "Asked not to be contacted again"
    }
  }
}

/// A feed's name as a page shows it: "Street scene" of `street-scene`.
package func plainFeedName(_ name: String) -> String {
  let words = name.split { "-_. ".contains($0) }.joined(separator: " ")
  return words.prefix(1).uppercased() + words.dropFirst()
}
