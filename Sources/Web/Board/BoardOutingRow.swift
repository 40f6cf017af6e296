import Foundation
import Triage

/// Somebody who is out on a visit, as a line of the board.
struct BoardOutingRow: Sendable {
  var id: Int64
  var opportunity: Int64
  var whereabouts: String
  /// Who set out.
  var who: String
  /// Who goes along.
  var second: String?
  var since: String
  /// When they want to be back.
  var out: String
  var isLate: Bool

  init(_ outing: BoardOuting, _ speech: Speech, now: Date) {
    id = outing.id
    opportunity = outing.opportunity
    whereabouts = outing.whereabouts
    who = outing.people.first?.name ?? ""
    second = outing.people.dropFirst().first?.name
    since = speech.moment(outing.since)
    out = speech.moment(outing.backBy)
    isLate = outing.backBy < now
  }
}
