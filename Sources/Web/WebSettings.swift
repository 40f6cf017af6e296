import Foundation

/// What the pages need to know of the configuration.
package struct WebSettings: Sendable {
  /// The address to listen on.
  package var host: String
  /// 0 lets the system choose; the port in use is told when the site runs.
  package var port: Int
  /// Where people reach the pages, as mails name it. A path in it is kept in front of every link.
  /// The `Host` header of a request is never asked.
  package var publicURL: URL
  /// In the head of every page and its title; says nothing about why somebody looks at it.
  package var serviceName: String
  /// The civil time in which moments are shown.
  package var timeZone: TimeZone
  /// The secret behind the form nonces, 32 bytes or more. Kept over restarts, so that a page that
  /// is open meanwhile goes on working.
  package var formKey: [UInt8]
  /// For how long a claim can be undone, as the page before the claim says it. The desk decides.
  package var undoMinutes: Int
  /// That the pages speak, the one first that serves whoever asks for none of them.
  package var languages: [Language]
  package var wording: PageWording
  /// What stands in the style element of pictures that are part of a page, as it stands there: the security policy
  /// names it by its hash.
  package var pictureStyle: String
  /// Reverse proxies: from these `X-Forwarded-For` and ``proxyNameHeader`` are taken, from nobody else.
  package var trustedProxies: [NetworkAddress]
  /// The header in which such a proxy names who has signed in there; `nil`: it names nobody.
  package var proxyNameHeader: String?
  /// The id of the member whom a proxy calls so.
  package var proxyMember: @Sendable (_ name: String) -> String?
  package var limits: RequestLimits
  package var connections: ConnectionLimits

  package init(
    host: String, port: Int, publicURL: URL, serviceName: String, timeZone: TimeZone,
    formKey: [UInt8], undoMinutes: Int = 10, languages: [Language] = [.english],
    wording: PageWording = .builtIn, pictureStyle: String = "",
    trustedProxies: [NetworkAddress] = [],
    proxyNameHeader: String? = nil,
    proxyMember: @escaping @Sendable (String) -> String? = { $0 },
    limits: RequestLimits = RequestLimits(), connections: ConnectionLimits = ConnectionLimits()
  ) {
    self.host = host
    self.port = port
    self.publicURL = publicURL
    self.serviceName = serviceName
    self.timeZone = timeZone
    self.formKey = formKey
    self.undoMinutes = undoMinutes
    self.languages = languages
    self.wording = wording
    self.pictureStyle = pictureStyle
    self.trustedProxies = trustedProxies
    self.proxyNameHeader = proxyNameHeader
    self.proxyMember = proxyMember
    self.limits = limits
    self.connections = connections
  }

  /// The origin that a browser names in `Origin` for our own pages (RFC 6454, section 6.1):
  /// scheme and host in lower case, the port only where it is not the scheme's own.
  var origin: String {
    let scheme = (publicURL.scheme ?? "").lowercased()
    var host = (publicURL.host ?? "").lowercased()
    if host.contains(":"), !host.hasPrefix("[") { host = "[\(host)]" }
    let usual = scheme == "https" ? 443 : 80
    guard let port = publicURL.port, port != usual else { return "\(scheme)://\(host)" }
    return "\(scheme)://\(host):\(port)"
  }

  /// The path in front of every link, without a slash at its end; empty for a site of its own.
  var basePath: String {
    var path = publicURL.path
    while path.hasSuffix("/") { path.removeLast() }
    return path
  }
}

/// The site cannot be made as it is configured.
package enum WebSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  case formKeyTooShort(bytes: Int)
  case publicURLWithoutHost

  package var description: String {
    switch self {
    case .formKeyTooShort(let bytes):
      "The form key has \(bytes) bytes and needs 32 or more; no page is served."
    case .publicURLWithoutHost:
      "The public URL is no http or https address with a host; no page is served."
    }
  }
}
