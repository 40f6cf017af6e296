import Foundation

/// A mail ready to be handed over. Rendered again for every attempt; the same content is the same bytes.
package struct Message: Hashable, Sendable, Identifiable {
  /// The Message-ID without its angle brackets: the digest's id, and our domain.
  package var id: String
  package var from: String
  package var to: String
  package var subject: String
  package var date: Date
  /// A whole RFC 5322 message with CRLF line ends, ASCII throughout.
  package var bytes: [UInt8]

  package init(
    id: String, from: String, to: String, subject: String, date: Date, bytes: [UInt8]
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.subject = subject
    self.date = date
    self.bytes = bytes
  }
}
