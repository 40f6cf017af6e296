/// The upper bound: what this team is not for. A short agreed list of words; a job that has one shows the
/// other door and makes no opportunity, and its address is left alone for some time.
package struct Safeguarding: Hashable, Sendable {
  /// Anywhere in class, type or (where the feed carries them) notes; case is ignored.
  package var words: [String]
  /// Patterns over a whole class, type, status or caller type (``wildcard(_:matches:)``): flags that the
  /// council's system sets.
  package var flags: [String]
  /// The other door: whom to ring ("the Multi-Agency Safeguarding Hub, 0300 500 80 90").
  package var ring: String
  /// Days after such a job in which its address makes no opportunity.
  package var days: Int

  package init(words: [String] = [], flags: [String] = [], ring: String = "", days: Int = 90) {
    self.words = words
    self.flags = flags
    self.ring = ring
    self.days = days
  }

  /// What is said of such a job.
  package var sentence: String { "This may be for safeguarding: ring \(ring)." }
}
