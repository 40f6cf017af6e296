import Foundation
import GRDB

/// What is known of a claim link. The token itself is nowhere in the store.
package struct StoredLink: Hashable, Sendable {
  package var announcement: Int64
  package var opportunity: Int64
  /// The member to whom the link was sent.
  package var recipient: String
  package var expires: Date
  package var revoked: Bool
  package var cause = AnnouncementCause.offered
}

/// Why somebody is told of an opportunity.
package enum AnnouncementCause: String, Hashable, Sendable, CaseIterable {
  /// They lead its area.
  case offered
  /// It was passed to them.
  case passed
  /// They held one there before.
  case askedFirst = "asked_first"
  /// They stand in for somebody who leads its area and has not acted.
  case deputy
}

extension Store {
  /// - Parameter hash: the SHA-256 of the token, 32 bytes.
  package func link(hash: [UInt8]) async throws -> StoredLink? {
    try await read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT link.announcement, announcement.opportunity, announcement.recipient,
            link.expires, link.revoked, announcement.cause
          FROM link JOIN announcement ON announcement.id = link.announcement
          WHERE link.hash = ?
          """, arguments: [Data(hash)]
      ).map {
        StoredLink(
          announcement: $0["announcement"], opportunity: $0["opportunity"],
          recipient: $0["recipient"], expires: instant($0["expires"]), revoked: $0["revoked"],
          cause: try word($0["cause"], "announcement.cause"))
      }
    }
  }
}
