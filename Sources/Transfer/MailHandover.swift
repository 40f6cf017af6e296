/// A mail relay, and how to speak with it.
package struct MailRelay: Hashable, Sendable {
  package enum Security: Hashable, Sendable {
    /// STARTTLS, and nothing is said in clear beyond it: a relay that does not offer it gets no mail.
    case startTLS
    /// TLS from the first byte (RFC 8314, port 465).
    case implicitTLS
    /// No encryption: for a loopback test server. A password is never sent this way.
    case plainForTestsOnly
  }

  /// What ``isHost(_:)`` takes.
  package var host: String
  package var port: Int
  package var security: Security
  /// PEM certificates to trust in place of the system's.
  package var caFile: String?
  /// `nil` hands over without AUTH.
  package var user: String?
  /// Read at every handover, so that a changed password needs no restart; one trailing newline is
  /// not part of it.
  package var passwordFile: String?
  /// What we call ourselves in EHLO: what ``isGreeting(_:)`` takes.
  package var ehloName: String
  package var connectSeconds: Double
  /// For the whole dialogue.
  package var totalSeconds: Double

  package init(
    host: String, port: Int = 587, security: Security = .startTLS, caFile: String? = nil,
    user: String? = nil, passwordFile: String? = nil, ehloName: String,
    connectSeconds: Double = 15, totalSeconds: Double = 60
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.caFile = caFile
    self.user = user
    self.passwordFile = passwordFile
    self.ehloName = ehloName
    self.connectSeconds = connectSeconds
    self.totalSeconds = totalSeconds
  }
}

/// One message for one recipient: with several, one refused address would refuse them all.
package struct MailHandover: Sendable {
  package var relay: MailRelay
  /// The envelope sender, to which bounces go.
  package var from: String
  package var to: String
  /// A whole RFC 5322 message with CRLF line ends.
  package var message: [UInt8]

  package init(relay: MailRelay, from: String, to: String, message: [UInt8]) {
    self.relay = relay
    self.from = from
    self.to = to
    self.message = message
  }
}
