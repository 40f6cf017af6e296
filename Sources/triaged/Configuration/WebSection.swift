import Foundation
import Triage
import Web

/// What `triaged.yaml` says of the pages beyond where they listen.
struct WebSection: Sendable {
  var languages: [Language] = [.english]
  var trustedProxies: [NetworkAddress] = WebSection.loopback
  var proxyNameHeader: String?
  var limits = RequestLimits()

  /// A proxy on the same machine is the usual one; who speaks from there is on the machine already.
  static let loopback = ["127.0.0.1", "::1"].compactMap { NetworkAddress($0) }
}

/// `web:` of triaged.yaml.
func readWeb(_ file: Section) -> WebSection {
  var web = WebSection()
  guard let section = file.section("web") else { return web }
  let languages = section.list("languages")
  if !languages.isEmpty {
    let known = Language.allCases.map(\.rawValue)
    web.languages = languages.compactMap { Language(rawValue: $0) }
    for name in languages where !known.contains(name) {
      section.problem(
        at: "languages",
        "The pages do not speak '\(name)'; 'languages' takes of \(known.joined(separator: ", ")).")
    }
    if Set(web.languages).count != web.languages.count {
      section.problem(at: "languages", "A language stands twice.")
    }
  }
  if section.has("trusted_proxies") {
    let addresses = section.list("trusted_proxies")
    web.trustedProxies = addresses.compactMap { NetworkAddress($0) }
    for text in addresses where NetworkAddress(text) == nil {
      section.problem(
        at: "trusted_proxies", "'trusted_proxies' takes addresses such as 192.0.2.1, not '\(text)'."
      )
    }
  }
  if let name = section.text("proxy_name_header") {
    web.proxyNameHeader = name
    if name.isEmpty || !name.utf8.allSatisfy({ $0 == 0x2d || isLetterOrDigit($0) }) {
      section.problem(
        at: "proxy_name_header", "'proxy_name_header' takes a header's name such as X-Remote-User.")
    }
    // Anybody on the machine could say that they are anybody.
    if !section.has("trusted_proxies") {
      section.problem(
        at: "proxy_name_header",
        "'proxy_name_header' needs 'trusted_proxies': from whom may a name be believed?")
    }
  }
  if let limits = section.section("limits") {
    let usual = RequestLimits()
    func bound(_ key: String, _ usual: Int) -> Int {
      limits.int(key, default: usual, in: 0...1_000_000_000)
    }
    web.limits = RequestLimits(
      perLink: bound("per_link", usual.perLink),
      perAddress: bound("per_address", usual.perAddress),
      unknown: bound("unknown", usual.unknown), all: bound("all", usual.all))
    limits.finish()
  }
  section.finish()
  return web
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
}
