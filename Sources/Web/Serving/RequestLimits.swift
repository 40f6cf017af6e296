/// How much may be asked in a minute; as much may come at once. 0: as much as anybody likes.
package struct RequestLimits: Hashable, Sendable {
  package var perLink: Int
  /// From one address; of version 6 from one network (/64).
  package var perAddress: Int
  /// Links that there are not, from one address: whoever guesses gets no further.
  package var unknown: Int
  /// Of everybody together.
  package var all: Int

  package init(
    perLink: Int = 300, perAddress: Int = 600, unknown: Int = 10, all: Int = 12_000
  ) {
    self.perLink = perLink
    self.perAddress = perAddress
    self.unknown = unknown
    self.all = all
  }
}
