/// A question to put to another side's HTTPS interface, and where it may go at all.
package struct PostRequest: Hashable, Sendable {
  package enum Method: String, Hashable, Sendable {
    case get = "GET"
    case post = "POST"
  }

  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `https:`; it may hold a secret, which is never in a sentence.
  package var url: String
  package var method: Method
  package var headers: [Header]
  /// Only with `post`.
  package var body: [UInt8]
  /// The names, from the configuration, of which the host must be one: exactly, in any case of letters.
  package var allowedHosts: Set<String>
  /// Whether the host may lie on this machine or in the council's own network (``NetworkAddress/Reach``).
  package var allowPrivate: Bool
  /// PEM certificates to trust in place of the system's.
  package var caFile: String?
  package var connectSeconds: Double
  /// From the connection to the last byte.
  package var totalSeconds: Double
  /// Bytes of the answer's body that are kept; what comes beyond them is not waited for.
  package var mostAnswer: Int
  /// Seconds from one post to this URL to the next; more wait their turn.
  package var pace: Double

  package init(
    url: String, method: Method = .post, headers: [Header] = [], body: [UInt8] = [],
    allowedHosts: Set<String>, allowPrivate: Bool = false, caFile: String? = nil,
    connectSeconds: Double = 10, totalSeconds: Double = 20, mostAnswer: Int = 65_536,
    pace: Double = 0
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.allowedHosts = allowedHosts
    self.allowPrivate = allowPrivate
    self.caFile = caFile
    self.connectSeconds = connectSeconds
    self.totalSeconds = totalSeconds
    self.mostAnswer = mostAnswer
    self.pace = pace
  }
}

/// What came back, whatever its status: a redirect too, since none is followed.
package struct PostAnswer: Hashable, Sendable {
  package var status: Int
  /// The other side's wish, in seconds from now.
  package var retryAfter: Double?
  /// Decoded; not more than ``PostRequest/mostAnswer``, and not all of it where the other side broke off
  /// after its status.
  package var body: [UInt8]

  package init(status: Int, retryAfter: Double? = nil, body: [UInt8] = []) {
    self.status = status
    self.retryAfter = retryAfter
    self.body = body
  }
}
