import Foundation
import Notify
import Transfer

private enum SecurityWord: String, CaseIterable {
  case starttls, tls, plain

  var security: MailRelay.Security {
    switch self {
    case .starttls: .startTLS
    case .tls: .implicitTLS
    case .plain: .plainForTestsOnly
    }
  }
}

/// `kind: smtp` (docs/channels/smtp.md): one relay, or several under `relays:` in the order in which they are asked.
func readSMTP(_ section: Section, _ paths: PathRules) -> SMTPSettings {
  let seconds = section.duration("timeout", default: 60, in: 0.1...600)
  let bouncesTo = section.text("bounces_to")
  let isTagged = section.bool("bounce_tag", default: false)
  checkBounceAddress(bouncesTo, isTagged: isTagged, section)
  return SMTPSettings(
    relays: readRelays(section, paths, seconds: seconds), bouncesTo: bouncesTo, bounceTag: isTagged,
    bounceMaildir: readBounceMaildir(section, paths), totalSeconds: seconds)
}

private func readRelays(
  _ section: Section, _ paths: PathRules, seconds: Double
) -> [MailRelay] {
  guard section.has("relays") else { return [readRelay(section, paths, seconds: seconds)] }
  for key in relayKeys where section.has(key) {
    section.problem(
      ofKey: key, "With 'relays' each relay has its own '\(key)': it goes into an entry there.")
  }
  let entries = section.sections("relays")
  if entries.isEmpty {
    section.problem(at: "relays", "'relays' takes at least one relay, each with a 'host'.")
  }
  var relays: [MailRelay] = []
  for entry in entries {
    let relay = readRelay(entry, paths, seconds: seconds)
    entry.finish()
    if relays.contains(where: { ($0.host, $0.port) == (relay.host, relay.port) }) {
      entry.problem(at: "host", "The relay \(relay.host), port \(relay.port), stands twice.")
    }
    relays.append(relay)
  }
  return relays
}

/// What ``readRelay(_:_:seconds:)`` reads.
private let relayKeys = [
  "host", "port", "security", "ca_file", "user", "password_file", "ehlo", "connect_timeout",
]

private func readRelay(_ section: Section, _ paths: PathRules, seconds: Double) -> MailRelay {
  let word: SecurityWord = section.choice("security", default: .starttls)
  let host = section.requiredText("host")
  if word == .plain, !["127.0.0.1", "localhost", "::1"].contains(host) {
    section.problem(at: "security", "'plain' is for a relay on this machine only.")
  }
  if word == .plain, section.has("user") {
    section.problem(at: "security", "A password never goes over a 'plain' connection.")
  }
  let ehlo = section.text("ehlo", default: "localhost")
  if !host.isEmpty, !MailRelay.isHost(host) {
    section.problem(at: "host", "'host' takes a host name such as smtp.example.org, or an address.")
  }
  if !MailRelay.isGreeting(ehlo) {
    section.problem(
      at: "ehlo", "'ehlo' takes a host name such as desk.example.org, or an address as [192.0.2.1]."
    )
  }
  let passwordFile = section.text("password_file").map(paths.resolve)
  _ = readSecretLine("password_file", "password", section, paths)
  return MailRelay(
    host: host, port: section.int("port", default: word == .tls ? 465 : 587, in: 1...65_535),
    security: word.security,
    caFile: readableFile(section, "ca_file", paths, "The file of trusted certificates"),
    user: section.text("user"), passwordFile: passwordFile, ehloName: ehlo,
    connectSeconds: section.duration("connect_timeout", default: 15, in: 0.1...300),
    totalSeconds: seconds)
}

private func checkBounceAddress(_ address: String?, isTagged: Bool, _ section: Section) {
  guard let address else {
    if isTagged {
      section.problem(
        at: "bounce_tag",
        "'bounce_tag' needs 'bounces_to': the address to which the tag of each mail is added.")
    }
    return
  }
  guard isMailAddress(address) else {
    section.problem(
      at: "bounces_to", "'bounces_to' takes one address such as bounces@example.org.")
    return
  }
  let name = address.prefix { $0 != "@" }
  if isTagged, name.utf8.count > SMTPSettings.longestTagged {
    section.problem(
      at: "bounces_to",
      "With 'bounce_tag' the part of 'bounces_to' before the @ may have "
        + "\(SMTPSettings.longestTagged) characters: the tag takes the rest of what relays accept.")
  }
  if isTagged, name.contains("+") {
    section.problem(
      at: "bounces_to",
      "With 'bounce_tag' the part of 'bounces_to' before the @ has no + of its own.")
  }
}

/// What has no folder yet is a warning: whoever delivers bounces may make it with the first one.
private func readBounceMaildir(_ section: Section, _ paths: PathRules) -> String? {
  guard let path = section.text("bounces").map(paths.resolve) else { return nil }
  var isFolder: ObjCBool = false
  if !FileManager.default.fileExists(atPath: path + "/new", isDirectory: &isFolder)
    || !isFolder.boolValue
  {
    section.problem(
      at: "bounces", severity: .warning,
      "The Maildir of bounces has no folder 'new' that this user can see: no bounce is read until it has."
    )
  }
  return path
}
