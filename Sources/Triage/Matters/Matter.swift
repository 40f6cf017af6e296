import Foundation

/// Something that is the matter with the instance itself, and not with a feed: said in status, journal and
/// mail, once when it begins. Names no resident and no address.
package struct Matter: Hashable, Sendable {
  /// One value for each thing that can be the matter. To add one, add it here and say where it comes from in
  /// `matterSources`.
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The contact register is not in force.
    case register
    /// Entries of the register are past their expiry, or to be reviewed.
    case registerExpired = "register-expired"
    case registerReview = "register-review"
    /// The rules were to be reviewed.
    case rulesReview = "rules-review"
    /// A data sharing agreement ends soon, or has ended.
    case agreementEnds = "agreement-ends"
    case agreementEnded = "agreement-ended"
    /// A secondment ends soon, or has ended without anybody to stand in.
    case secondmentEnds = "secondment-ends"
    case secondmentEnded = "secondment-ended"
    /// Nobody is told of an area's opportunities.
    case leaderless
    /// The share of a kind of job has moved.
    case mix
    /// Messages through a channel failed for good.
    case deadLetter = "dead-letter"
    /// Messages through a channel have been tried in vain for some time.
    case mailDeferred = "mail-deferred"
    /// The watcher outside cannot be told that all is well.
    case alive
    /// The configuration was changed on the disk and is refused.
    case configuration
    /// The disk of the state folder is full, or nearly so.
    case disk
    /// The backup of the day could not be made, or is late.
    case backup
    /// Something is kept for longer than it may be.
    case retention
    /// The chain of the audit does not fit.
    case audit
  }

  package var kind: Kind
  /// Of what it is the matter (an area's id, "feed street-scene"); empty where there is one only.
  package var subject: String
  /// What is the matter, and what follows of it, in whole sentences. Without personal data.
  package var sentence: String
  /// Of how much it is the matter; `nil` where that is all one, and it is told once.
  package var extent: Extent?

  package init(_ kind: Kind, of subject: String = "", _ sentence: String, extent: Extent? = nil) {
    self.kind = kind
    self.subject = subject
    self.sentence = sentence
    self.extent = extent
  }

  /// How many things there are, and the day since which the newest of them is (`yyyy-MM-dd`). Days and no rows:
  /// a row that is put in above the others makes nothing new of them.
  package struct Extent: Hashable, Sendable {
    package var count: Int
    package var latest: String

    package init(count: Int, latest: String) {
      self.count = count
      self.latest = latest
    }

    /// Whether there is something now that was not there then.
    package func isMore(than told: Extent) -> Bool {
      count > told.count || latest > told.latest
    }
  }
}

extension Matter.Kind {
  /// Seconds that it must last before it is mailed; where it is over within them nobody is told. A register
  /// that is being saved or put back is nobody's matter.
  package var patience: Double {
    switch self {
    case .register: 120
    // After days of rest the first round clears away what has waited.
    case .retention: 2 * 3600
    default: 0
    }
  }

  /// Seconds after a mail within which no other one goes out because there is more of it. What was not delivered
  /// somebody waits for.
  package var tellAgainAfter: Double { self == .deadLetter ? 86_400 : 7 * 86_400 }

  /// Whether something stands still because of it, or nobody does it. What is only to be known, or to be seen to
  /// in time, leaves the exit code of `status` as it is.
  package var isWrong: Bool {
    switch self {
    case .register, .agreementEnded, .secondmentEnded, .leaderless, .deadLetter, .mailDeferred,
      .alive, .configuration, .disk, .backup, .retention, .audit:
      true
    case .registerExpired, .registerReview, .rulesReview, .agreementEnds, .secondmentEnds, .mix:
      false
    }
  }

  /// Whether somebody waits to hear that it is over.
  package var isOverNews: Bool {
    switch self {
    case .register, .agreementEnded, .leaderless, .mailDeferred, .alive, .configuration, .disk,
      .backup, .retention, .audit:
      true
    case .registerExpired, .registerReview, .rulesReview, .agreementEnds, .secondmentEnds,
      .secondmentEnded, .mix, .deadLetter:
      false
    }
  }

  /// "ashfield: the contact register is not in force".
  func headline(_ subject: String) -> String {
    switch self {
    case .register: "the contact register is not in force"
    case .registerExpired: "entries of the contact register have expired"
    case .registerReview: "entries of the contact register are due for review"
    case .rulesReview: "the rules are due for review"
    case .agreementEnds: "the agreement of the \(subject) ends soon"
    case .agreementEnded: "the agreement of the \(subject) has ended"
    case .secondmentEnds: "the secondment of \(subject) ends soon"
    case .secondmentEnded: "the secondment of \(subject) has ended"
    case .leaderless: "nobody leads the area \(subject)"
    case .mix: "the mix of jobs has moved"
    case .deadLetter: "mails through the channel \(subject) have failed for good"
    case .mailDeferred: "the channel \(subject) does not take mails"
    case .alive: "the watcher outside cannot be told that all is well"
    case .configuration: "the configuration on the disk is refused"
    case .disk: "the disk is full, or nearly so"
    case .backup: "the daily backup is missing"
    case .retention: "something is kept for longer than it may be"
    case .audit: "the audit is not as it was written"
    }
  }

  /// The same when it is over.
  func pastHeadline(_ subject: String) -> String {
    switch self {
    case .register: "the contact register is in force again"
    case .agreementEnded: "the agreement of the \(subject) holds again"
    case .leaderless: "the area \(subject) has a leader again"
    case .mailDeferred: "no mail waits for the channel \(subject) any more"
    case .alive: "the watcher outside is told again that all is well"
    case .configuration: "the configuration on the disk is in force"
    case .disk: "there is room on the disk again"
    case .backup: "the daily backup was made again"
    case .retention: "nothing is kept for longer than it may be"
    case .audit: "the audit fits again, or what does not fit was acknowledged"
    case .registerExpired, .registerReview, .rulesReview, .agreementEnds, .secondmentEnds,
      .secondmentEnded, .mix, .deadLetter:
      "over: \(headline(subject))"
    }
  }

  /// What a person does about it.
  var advice: String {
    switch self {
    case .register:
      "Mend register.csv, or what it names, or put a good copy in its place, and save it: it takes effect "
        + "within a minute by itself. Where it says so, and it is meant, 'triaged register accept' takes a register "
        + "that has become much shorter."
    case .registerExpired, .registerReview:
      "Ask whoever owns the entry. Renew its date, or remove the row; until then it goes on holding."
    case .rulesReview:
      "Let the partnership look at rules.yaml, agree on it anew, and change 'version', 'agreed_on' and "
        + "'review_on'. Reload the service after editing it (triaged reload)."
    case .agreementEnds, .agreementEnded:
      "Have the agreement renewed and write its new end into the feed's file or team.yaml. Reload the "
        + "service after editing it (triaged reload)."
    case .secondmentEnds, .secondmentEnded, .leaderless:
      "Change 'until', name a 'deputy' or another leader in team.yaml. Reload the service after editing it (triaged reload)."
    case .mix:
      "Ask whoever runs the list whether something has changed there, and whether the rules still fit."
    case .deadLetter:
      "See what the other side said. Mend the address in team.yaml or the channel's settings, or ask whoever runs the "
        + "mail system; then send each again ('triaged outbox retry') or drop it ('triaged outbox drop'). Until then "
        + "tell those whom it was for yourself."
    case .mailDeferred:
      "See what the other side said, and ask whoever runs the mail system. Every message is tried again by itself, under "
        + "the same id; after five days, or what 'deliver: retry' says, it fails for good."
    case .alive:
      "Look whether its address ('alive' under 'admin' in triaged.yaml) is still right, and whether this machine may "
        + "reach it. Until then the alarm of that watcher says nothing of this service."
    case .configuration:
      "Mend what is told, look with 'triaged check', and say 'triaged reload' (or 'systemctl reload'). Until then the "
        + "service runs by the earlier configuration; it would not start anew by this one."
    case .disk:
      "Make room on the disk of the state folder, or give it a larger one. Everything goes on by itself then; lists that "
        + "came meanwhile are read, and no restart is needed."
    case .backup:
      "Mend what it says: make room, install the program that encrypts, or put the folder right ('backup' in "
        + "triaged.yaml). It is tried again every ten minutes by itself; 'triaged backup' makes one at once."
    case .retention:
      "Look in the journal for why the retention loop fails, and whether the clock of the machine is right: by one that "
        + "has jumped nothing is deleted. 'triaged purge' does it now and says what is left."
    case .audit:
      "Take a copy of the state folder before anything else, and find out who could write it: the daemon changes no row "
        + "that it has written. A backup of before shows what stood there. When that is settled, 'triaged audit "
        + "acknowledge' writes down what came of it, and only what does not fit beside it is told again."
    }
  }

  /// Where to look, for a line of its own.
  package var command: String {
    switch self {
    case .register, .registerExpired, .registerReview: "To see the rows: triaged check"
    case .configuration: "To see every problem: triaged check"
    case .deadLetter, .mailDeferred: "To see them, and what was said: triaged outbox list"
    case .backup: "To see those that are there: triaged backup list"
    case .retention: "To see what is due: triaged purge --dry-run"
    case .audit: "To look again: triaged audit verify"
    case .mix, .rulesReview: "To see the rules as people read them: triaged explain rules"
    case .agreementEnds, .agreementEnded, .secondmentEnds, .secondmentEnded, .leaderless, .alive,
      .disk:
      "To see how things stand: triaged status"
    }
  }
}
