/// What the configuration says of claims. Times are seconds unless they say otherwise.
package struct DeskRules: Hashable, Sendable {
  package var working: WorkingTime
  /// For how long a change can be taken back.
  package var undo: Double
  /// Working time before the end of a lease at which its holder is reminded.
  package var remindBefore: Double
  /// How often one may be passed on, before it can go to a leader only.
  package var passes: Int
  /// Tries at the door.
  package var tries: Int
  /// Days from a try to the next that is proposed.
  package var againAfterDays: Int
  /// How far off a snooze or another visit may be, in days.
  package var furthestDays: Int
  /// Working time after which nobody having claimed is told on: to the leader again, then to the deputy,
  /// then to the duty mailbox.
  package var escalate: Escalation

  package struct Escalation: Hashable, Sendable {
    package var remind: Double
    package var deputy: Double
    package var duty: Double

    package init(remind: Double = 8 * 3600, deputy: Double = 16 * 3600, duty: Double = 24 * 3600) {
      self.remind = remind
      self.deputy = deputy
      self.duty = duty
    }
  }

  package init(
    working: WorkingTime, undo: Double = 600, remindBefore: Double = 3 * 3600, passes: Int = 2,
    tries: Int = 3, againAfterDays: Int = 3, furthestDays: Int = 28,
    escalate: Escalation = Escalation()
  ) {
    self.working = working
    self.undo = undo
    self.remindBefore = remindBefore
    self.passes = passes
    self.tries = tries
    self.againAfterDays = againAfterDays
    self.furthestDays = furthestDays
    self.escalate = escalate
  }
}
