import Foundation

/// Whether the register's files have been still for long enough to be read: half a register is worse than none.
struct RegisterStillness {
  /// Other files than those that were read, and since when every look has seen them alike.
  private var settling: (files: String, since: Date)?
  /// Since when no look has found the register still, and whether that is longer than any saving takes.
  private var restless: (since: Date, isLong: Bool)?

  /// Seconds that a register must have been still to be read.
  static let settles = 5.0
  /// Seconds after which a register that is never still is a matter.
  static let restlessAfter = 600.0
  /// Seconds by which another machine's clock may be ahead of ours when it saves a file.
  static let mostAhead = 600.0

  /// Whether other files than those that were read are waited for.
  var isSettling: Bool { settling != nil }
  /// Whether that is for longer than any saving takes.
  var isRestless: Bool { restless?.isLong == true }

  /// The files were read, or are those that were.
  mutating func rest() { (settling, restless) = (nil, nil) }

  /// Whether two looks some seconds apart have seen the files alike. At the start those count as still that
  /// nobody has saved for some seconds, and always a register that is away.
  /// - Parameters:
  ///   - saved: when the files were saved, the register's own first; `nil` where that is away.
  ///   - isFirst: whether none were read yet.
  mutating func isStill(
    _ files: String, saved: [Date]?, isFirst: Bool, at instant: Date
  ) -> Bool {
    if isSettled(files, saved: saved, isFirst: isFirst, at: instant) { return true }
    let since = restless?.since ?? instant
    restless = (since, instant.timeIntervalSince(since) >= RegisterStillness.restlessAfter)
    return false
  }

  private mutating func isSettled(
    _ files: String, saved: [Date]?, isFirst: Bool, at instant: Date
  ) -> Bool {
    guard let saved else { return true }
    if isFirst, settling == nil {
      let fresh = -RegisterStillness.mostAhead..<RegisterStillness.settles
      if !saved.map(instant.timeIntervalSince).contains(where: fresh.contains) { return true }
    }
    guard let settling, settling.files == files, settling.since <= instant else {
      settling = (files, instant)
      return false
    }
    return instant.timeIntervalSince(settling.since) >= RegisterStillness.settles
  }
}
