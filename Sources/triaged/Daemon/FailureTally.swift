/// Which failures of a loop are worth a line: the first with its sentence, then each time that it has come
/// twice as often, so that a disk that is full all night does not fill the journal too.
struct FailureTally {
  /// Failures in a row.
  private(set) var inARow = 0
  private var counts: [String: Int] = [:]

  /// So many different sentences are told apart; any further ones count as one.
  private static let mostSentences = 20

  /// - Returns: how often the loop has failed so since it last worked, where that is to be said.
  mutating func failed(_ sentence: String) -> Int? {
    inARow += 1
    let key =
      counts[sentence] != nil || counts.count < FailureTally.mostSentences ? sentence : ""
    let count = counts[key, default: 0] + 1
    counts[key] = count
    return count & (count - 1) == 0 ? count : nil
  }

  /// - Returns: how often it had failed in a row; `nil` where it worked before too.
  mutating func worked() -> Int? {
    guard inARow > 0 else { return nil }
    defer { self = FailureTally() }
    return inARow
  }
}
