/// What a relay's report tells of one of our messages (RFC 3464).
package struct Bounce: Hashable, Sendable {
  /// Ids of digests or notices that it may be of, the most certain first: by the tag of the envelope sender, then
  /// by the Message-ID of what came back.
  package var ids: [String]
  /// The relay has given up. Else the message is only late.
  package var isPermanent: Bool
  /// Status and diagnosis, without addresses: "5.1.1 550 no such user".
  package var words: String
}

/// Why what came is no bounce that says anything to us. One sentence, without a word of what came.
package struct BounceProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

/// Bytes that a bounce may have: a report and the headers, or a mail of ours, pictures and all, come back.
package let mostBounceBytes = 4 << 20
