import Foundation
import Triage

/// What a person who has accepted a list that is kept nowhere believes of the next one: it may be strange
/// in the same ways, and be about as long. Anything else about it is doubted as ever.
struct Belief: Codable, Hashable {
  /// In which the accepted list was strange.
  let troubles: Set<FeedTrouble>
  /// Readable rows of the accepted list.
  let rows: Int
  /// Of the accepted list: an older one is not meant.
  let since: Date
  let until: Date

  /// Seconds from the person's word on.
  static let lifetime = 86_400.0

  /// What no person can believe unseen: the next list may lack other rows, or all of them.
  static let never: Set<FeedTrouble> = [.incomplete, .empty]

  /// - Parameters:
  ///   - strangeness: what the held list showed, all of it.
  ///   - rows: its readable rows.
  /// - Returns: `nil` where nobody can believe that of a list which nobody has seen.
  init?(in held: HeldList, strangeness: Set<FeedTrouble>, rows: Int, now: Date) {
    guard !Belief.never.contains(held.trouble), rows > 0 else { return nil }
    troubles = strangeness.union([held.trouble]).subtracting(Belief.never)
    self.rows = rows
    since = held.listed
    until = now.addingTimeInterval(Belief.lifetime)
  }

  /// A clock that was put back does not make it last.
  func isInForce(_ now: Date) -> Bool {
    now < until && until.timeIntervalSince(now) <= Belief.lifetime
  }

  /// The troubles that are overlooked in a list.
  func waives(_ counts: RowCounts, at instant: Date, now: Date) -> Set<FeedTrouble> {
    let difference = abs(readableRows(counts) - rows)
    return isInForce(now) && instant >= since && difference <= rows / 10 ? troubles : []
  }
}

/// Rows of a list that can be a measure of the next.
func readableRows(_ counts: RowCounts) -> Int { counts.rows - counts.unreadable }
