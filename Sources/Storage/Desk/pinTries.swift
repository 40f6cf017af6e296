import Foundation
import GRDB

/// What came of a PIN.
package enum PINTry: Hashable, Sendable {
  case right
  case wrong(left: Int)
  /// Too many wrong ones in a row: nothing is compared any more, at this link, until the member has another one.
  case locked
}

extension Store {
  /// Counts one try of a member at a link, in one transaction with the look whether the link takes any more, so that
  /// many at a time get no more tries than one after the other.
  /// - Parameters:
  ///   - isRight: what was compared already; it says nothing where the link is locked.
  ///   - isGiven: a form without a PIN, as a scanner sends it, is no try.
  package func tryPIN(
    announcement: Int64, member: String, isRight: Bool, isGiven: Bool = true, most: Int = 5,
    now: Date
  ) async throws -> PINTry {
    try await write { db in
      let wrong =
        try Int.fetchOne(
          db, sql: "SELECT wrong FROM pin_try WHERE announcement = ? AND member = ?",
          arguments: [announcement, member]) ?? 0
      if wrong >= most { return .locked }
      if isRight {
        if wrong > 0 {
          try db.execute(
            sql: "DELETE FROM pin_try WHERE announcement = ? AND member = ?",
            arguments: [announcement, member])
        }
        return .right
      }
      if !isGiven { return .wrong(left: most - wrong) }
      try db.execute(
        sql: """
          INSERT INTO pin_try (announcement, member, wrong, at) VALUES (?, ?, 1, ?)
          ON CONFLICT (announcement, member) DO UPDATE SET wrong = wrong + 1, at = excluded.at
          """, arguments: [announcement, member, milliseconds(now)])
      return wrong + 1 >= most ? .locked : .wrong(left: most - wrong - 1)
    }
  }
}
