import Foundation

/// Who our mails are from, and where and when they think they are.
package struct MailIdentity: Hashable, Sendable {
  /// The From address, and the envelope sender unless the channel names another.
  package var from: String
  /// Shown beside ``from``.
  package var displayName: String
  /// A mailbox that somebody reads.
  package var replyTo: String?
  /// Right of the `@` in Message-IDs; a domain of ours.
  package var messageIDDomain: String
  /// Names the service in subjects and pages; reveals nothing ("Street Scene").
  package var serviceName: String
  package var publicURL: String
  /// IANA id of the zone of civil times ("Europe/London").
  package var timeZone: String

  package init(
    from: String, displayName: String, replyTo: String? = nil, messageIDDomain: String,
    serviceName: String, publicURL: String, timeZone: String = "Europe/London"
  ) {
    self.from = from
    self.displayName = displayName
    self.replyTo = replyTo
    self.messageIDDomain = messageIDDomain
    self.serviceName = serviceName
    self.publicURL = publicURL
    self.timeZone = timeZone
  }

  /// What is wrong with it, as sentences without the values; ``render(_:identity:wording:)`` throws
  /// the first of them.
  package var problems: [String] {
    var problems: [String] = []
    if !isMailAddress(from) { problems.append("The sender is not a usable e-mail address.") }
    if let replyTo, !isMailAddress(replyTo) {
      problems.append("The address for replies is not a usable e-mail address.")
    }
    if !isMailAddress("x@" + messageIDDomain) {
      problems.append("The domain for Message-IDs is not a domain name.")
    }
    if !publicURL.hasPrefix("https://"), !publicURL.hasPrefix("http://") {
      problems.append("The public address is not an http or https URL.")
    }
    if TimeZone(identifier: timeZone) == nil {
      problems.append("The time zone is not known to this system.")
    }
    return problems
  }
}

/// Whether a text is an address that every relay takes: `local@domain` of RFC 5321 without quoting,
/// comments or characters beyond ASCII, at most 254 of them.
package func isMailAddress(_ text: String) -> Bool {
  let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
  guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].count) else {
    return false
  }
  func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
  let dot = UInt8(ascii: ".")
  let special = Array("!#$%&'*+-/=?^_`{|}~".utf8)
  let atoms = parts[0].split(separator: dot, omittingEmptySubsequences: false)
  let labels = parts[1].split(separator: dot, omittingEmptySubsequences: false)
  return atoms.allSatisfy { atom in
    !atom.isEmpty && atom.allSatisfy { isAlphanumeric($0) || special.contains($0) }
  }
    && labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
        && label.last != UInt8(ascii: "-")
        && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
