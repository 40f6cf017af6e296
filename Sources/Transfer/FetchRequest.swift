/// What to fetch, and how much patience and room there is for it.
package struct FetchRequest: Hashable, Sendable {
  /// `https:`, or `http:` where ``allowInsecureHTTP`` says so. Never with a user name in it.
  package var url: String
  /// From the last answer; sent as `If-None-Match`.
  package var etag: String?
  /// From the last answer, word for word; sent as `If-Modified-Since`.
  package var lastModified: String?
  /// Until the connection stands, TLS included.
  package var connectSeconds: Double
  /// From the first look-up of the name to the last byte, over all redirects.
  package var totalSeconds: Double
  /// Of the body after decoding, whether or not its length was declared.
  package var maxBytes: Int
  /// PEM certificates to trust in place of the system's.
  package var caFile: String?
  package var userAgent: String
  package var allowInsecureHTTP: Bool
  /// A transfer that brings less than a byte a second for this long is given up.
  package var stallSeconds: Double
  package var credentials: Credentials
  /// A secret that the other side wants in the query; `nil`: none.
  package var queryKey: QueryKey?

  /// Who asks. Read from its file at every fetch, so that a changed password needs no restart; sent
  /// over TLS or on this machine only, and to nobody but the host of ``url``.
  package enum Credentials: Hashable, Sendable {
    case none
    case basic(user: String, passwordFile: String)
    case bearer(tokenFile: String)
  }

  /// Added to the query as `name=` and the first line of the file, under the rules of ``Credentials``.
  package struct QueryKey: Hashable, Sendable {
    package var name: String
    package var file: String

    package init(name: String, file: String) {
      self.name = name
      self.file = file
    }
  }

  package init(
    url: String, etag: String? = nil, lastModified: String? = nil, connectSeconds: Double = 15,
    totalSeconds: Double = 300, maxBytes: Int = 1 << 30, caFile: String? = nil,
    userAgent: String = "triaged", allowInsecureHTTP: Bool = false, stallSeconds: Double = 30,
    credentials: Credentials = .none, queryKey: QueryKey? = nil
  ) {
    self.url = url
    self.etag = etag
    self.lastModified = lastModified
    self.connectSeconds = connectSeconds
    self.totalSeconds = totalSeconds
    self.maxBytes = maxBytes
    self.caFile = caFile
    self.userAgent = userAgent
    self.allowInsecureHTTP = allowInsecureHTTP
    self.stallSeconds = stallSeconds
    self.credentials = credentials
    self.queryKey = queryKey
  }
}

/// What became of a ``FetchRequest``.
package enum FetchAnswer: Hashable, Sendable {
  /// 304: what was fetched last still holds, and nothing was written.
  case notModified
  /// The body lies at the path, synced to disk.
  case fetched(etag: String?, lastModified: String?, contentType: String?, bytes: Int)
}
