import CCurl

/// A URL taken apart by libcurl's own parser, so that what is compared here is what is asked there.
struct RemoteURL: Equatable {
  let text: String
  let scheme: String
  let host: String
  let port: String

  /// - Parameter base: what a relative `text` is resolved against.
  /// - Returns: `nil` for what is no URL, and for one with a user name in it.
  init?(_ text: String, relativeTo base: RemoteURL? = nil) {
    guard let url = curl_url() else { return nil }
    defer { curl_url_cleanup(url) }
    let flags = UInt32(CURLU_DISALLOW_USER)
    if let base, curl_url_set(url, CURLUPART_URL, base.text, flags) != CURLUE_OK { return nil }
    guard curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK else { return nil }
    func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard curl_url_get(url, part, &value, UInt32(flags)) == CURLUE_OK, let value else {
        return nil
      }
      defer { curl_free(value) }
      return String(cString: value)
    }
    guard let whole = part(CURLUPART_URL), let scheme = part(CURLUPART_SCHEME),
      let host = part(CURLUPART_HOST), let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT)
    else { return nil }
    self.text = whole
    self.scheme = scheme.lowercased()
    self.host = host.lowercased()
    self.port = port
  }

  /// Whether a redirect from here to there stays with the same host: same scheme, host and port,
  /// or from `http:` up to `https:` on their own ports.
  func mayLead(to other: RemoteURL) -> Bool {
    guard host == other.host else { return false }
    if scheme == other.scheme { return port == other.port }
    return scheme == "http" && other.scheme == "https" && port == "80" && other.port == "443"
  }

  /// A proxy of the environment has no way to our own loopback.
  var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
  }
}
