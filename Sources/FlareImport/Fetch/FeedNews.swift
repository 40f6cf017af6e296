import Triage

/// What a poll found.
package struct FeedNews: Sendable {
  /// To be read and recorded in this order; none means that nothing is new.
  package var exports: [Export] = []
  /// Names of files that have not stood still for long enough yet.
  package var settling: [String] = []
  /// Exports that were recorded earlier and could not be put away now; for the journal.
  package var troubles: [ImportError] = []
  /// What is the matter with the source although it answered, with a sentence on what happened and
  /// what happens next. Told at every poll for as long as it lasts.
  package var alarms: [(FeedTrouble, String)] = []
  /// Whether the source was asked for a whole list and gave, byte for byte, the one that was taken last.
  package var isSameAsTaken = false
  /// Seconds after which another poll is worth while before the cadence says so: something settles,
  /// or there was more than one poll takes. `nil`: nothing of that kind.
  package var pollAgainAfter: Double?
}
