import CCurl

/// A URL taken apart by libcurl's own parser, so that what is compared here is what is asked there.
struct RemoteURL: Equatable {
  let text: String
  let scheme: String
  let host: String
  let port: String
  /// As written, percent-encoded.
  let path: String
  let hasQueryOrFragment: Bool

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
    path = part(CURLUPART_PATH) ?? "/"
    hasQueryOrFragment = part(CURLUPART_QUERY) != nil || part(CURLUPART_FRAGMENT) != nil
  }

  /// Whether a redirect from here to there stays with the same host: same scheme, host and port,
  /// or from `http:` up to `https:` on their own ports.
  func mayLead(to other: RemoteURL) -> Bool {
    guard host == other.host else { return false }
    if scheme == other.scheme { return port == other.port }
    return scheme == "http" && other.scheme == "https" && port == "80" && other.port == "443"
  }

  /// - Parameter value: goes in percent-encoded, whatever is in it.
  func adding(query name: String, _ value: String) -> RemoteURL? {
    let whole = text.prefix { $0 != "#" }
    return RemoteURL("\(whole)\(whole.contains("?") ? "&" : "?")\(name)=\(percentEncoded(value))")
  }

  /// A proxy of the environment has no way to our own loopback.
  var isLoopback: Bool {
    host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
  }
}

/// All but letters, digits and `-._~` of ASCII as `%XX` (RFC 3986, 2.1).
package func percentEncoded(_ text: String) -> String {
  var encoded = ""
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }
  }
  return encoded
}

/// The inverse of ``percentEncoded(_:)``; `nil` for what is not UTF-8 then.
func percentDecoded(_ text: String) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == 0x25, rest.count >= 2,
      let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(validating: bytes, as: UTF8.self)
}
