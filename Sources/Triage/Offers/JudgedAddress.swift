import Foundation

/// What one address, or two households together, are worth at a moment: numbers only, since a replay asks for
/// it many thousand times. ``AddressJudge/opportunity(_:at:)`` makes the sentences of it.
package struct JudgedAddress: Sendable {
  /// Positions in ``JobsByAddress/keys``; of two households the lesser key is the first.
  package let address: Int
  package let second: Int?
  package let area: String
  /// The position of the job that makes it, in ``JobsByAddress/jobs``.
  package let trigger: Int
  /// The sum of the reasons that ``AddressJudge/opportunity(_:at:)`` gives.
  package let points: Int
  /// Empty: below the line.
  package let band: String
  /// When the trigger was received.
  package let since: Date
  /// When the oldest job was received that is a reason by itself.
  package let waitingSince: Date
  /// There was another job at the address when it began to wait: one that comes later throws nobody out of the
  /// lot.
  package let hasHistory: Bool
  /// On trial: its area, the rules, or the feeds of all the jobs that could make it.
  package let isShadow: Bool

  /// Jobs of feeds on trial count as well.
  let withTrials: Bool
  /// The strongest job that is a reason by itself, and what is left of its points.
  let strongest: (job: Int, points: Int)?
  let signals: SignalPoints
  let reciprocity: Reciprocity?

  package var isAboveLine: Bool { !band.isEmpty }
}

/// Complaints that went both ways, at a moment.
struct Reciprocity {
  let newer: Int
  let older: Int
  /// Of the two, the complaint that the lesser of the two keys made.
  let ofOne: Int
  let ofOther: Int
  let points: Int
}
