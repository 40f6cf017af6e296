/// What is kept, by how long it is kept. Purge, dry run, inventory, metrics and the settings are all made of this one
/// list, so that a class cannot be forgotten in one of them.
package enum DataClass: String, CaseIterable, Codable, Hashable, Sendable {
  /// The mirror of the council's jobs.
  case jobs
  /// Opportunities that nobody ever claimed.
  case offers
  /// What was claimed: claims, outcomes, consents, visits.
  case claims
  /// Places where somebody asked not to be contacted again.
  case optOuts = "opt_outs"
  /// Messages about opportunities, with their links.
  case messages
  /// Links to sign in, and sessions.
  case sessions
  case audit
  /// Accounts of the lists that were read.
  case imports
  /// Mails to the admin and the team, and what they were about.
  case notices
  /// Lists as they were received. Files, not rows.
  case archive
  /// What the daemon works by: one row for each thing that is so now. Nothing of a resident.
  case standing
}

extension DataClass {
  /// How long something is kept.
  package enum Keeping: Hashable, Sendable {
    /// So many whole days if the settings say nothing, and which of them they may say.
    case days(usual: Int, in: ClosedRange<Int>)
    /// Why no number of days ends it, as a sentence.
    case untilNotNeeded(String)
  }

  package var keeping: Keeping {
    switch self {
    case .jobs: .days(usual: 366, in: 30...3660)
    case .offers: .days(usual: 366, in: 30...3660)
    case .claims: .days(usual: 731, in: 30...3660)
    case .optOuts:
      .untilNotNeeded(
        "Who asked not to be contacted again is not contacted again: it holds for good.")
    case .messages: .days(usual: 366, in: 30...3660)
    case .sessions: .days(usual: 7, in: 1...90)
    case .audit: .days(usual: 731, in: 30...3660)
    case .imports: .days(usual: 366, in: 30...3660)
    case .notices: .days(usual: 366, in: 30...3660)
    case .archive: .days(usual: 30, in: 0...3650)
    case .standing:
      .untilNotNeeded("It says what is so now, and is written over when that changes.")
    }
  }

  /// Its name in a sentence, as people say it.
  package var inWords: String {
    switch self {
    case .jobs: "jobs of the lists"
    case .offers: "opportunities that nobody claimed"
    case .claims: "claims, outcomes, consents and visits"
    case .optOuts: "requests not to be contacted again"
    case .messages: "messages about opportunities, and their links"
    case .sessions: "links to sign in, and sessions"
    case .audit: "the audit"
    case .imports: "accounts of lists that were read"
    case .notices: "mails to the admin and the team, and what they were about"
    case .archive: "lists as they were received"
    case .standing: "what the daemon works by"
    }
  }

  /// From when its days are counted.
  package var countedFrom: String {
    switch self {
    case .jobs:
      "the day on which the job was closed or left the list; in a list that never says so, the day on which it was "
        + "received. What an open opportunity rests on stays with it"
    case .offers: "the day on which it was taken back"
    case .claims: "the day on which the claim ended"
    case .optOuts, .standing: ""
    case .messages:
      "the day on which the opportunity ended, or the message was made. While a consent stands, the links by which it "
        + "can be taken back stay"
    case .sessions: "the day on which it ended"
    case .audit: "the day on which it happened"
    case .imports:
      "the day on which the list was read. The newest of each list stays, without its report"
    case .notices: "the day on which the mail was accepted or given up, or the matter was over"
    case .archive:
      "the moment at which it was received. A list that waits for a person stays until it does not wait any more"
    }
  }
}
