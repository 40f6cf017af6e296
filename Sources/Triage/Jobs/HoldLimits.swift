/// When a list is too strange to be believed (law 9).
package struct HoldLimits: Hashable, Sendable {
  /// So many open jobs may be missing at once, whatever share of them it is.
  package var missingJobs = 10
  /// Of the open jobs; more of them missing, and more than ``missingJobs``, is strange. 100: never.
  package var missingPercent = 10
  /// Of the usual number of rows; a list that is shorter than that by more is strange. 100: never.
  package var shrunkPercent = 50
  /// A list of so many times the usual number of rows is strange. 0: never.
  package var grownTimes = 10
  /// Of the dates; a list of which more are in the future is not taken at all. 100: never.
  package var futurePercent = 2
  /// Seconds after which a list that still comes, byte for byte the same, is told. 0: never.
  package var sameAfter = 3 * 86_400.0
  /// Seconds that a trouble must stay away before its end is told; one that is back sooner goes on.
  package var quiet = 3600.0

  package init() {}
}
