import Foundation
import Notify
import Transfer

/// `channels:` of triaged.yaml: ways for a message to reach a member, by the names that team.yaml uses.
func readChannels(_ file: Section, _ paths: PathRules) -> [String: Channel] {
  guard let section = file.section("channels") else {
    file.problem(at: "channels", "'channels' is missing: where do announcements go?")
    return [:]
  }
  var channels: [String: Channel] = [:]
  for name in section.keys {
    guard let channel = section.section(name) else { continue }
    channels[name] = readChannel(channel, paths)
    channel.finish()
  }
  section.finish()
  return channels
}

private enum ChannelKind: String, CaseIterable {
  case maildir, smtp, webhook, teams, slack
  case govukNotify = "govuk-notify"
}

private enum SecurityWord: String, CaseIterable {
  case starttls, tls, plain
}

private func readChannel(_ section: Section, _ paths: PathRules) -> Channel {
  let kind: ChannelKind = section.choice("kind", default: .maildir)
  switch kind {
  case .webhook: return .webhook(readWebhook(section, paths))
  case .teams: return .teams(readURLFile(section, paths))
  case .slack: return .slack(readURLFile(section, paths))
  case .govukNotify: return .govukNotify(readGOVUKNotify(section, paths))
  case .maildir:
    return .maildir(MaildirSettings(path: paths.resolve(section.requiredText("path"))))
  case .smtp:
    let word: SecurityWord = section.choice("security", default: .starttls)
    let host = section.requiredText("host")
    if word == .plain, !["127.0.0.1", "localhost", "::1"].contains(host) {
      section.problem(at: "security", "'plain' is for a relay on this machine only.")
    }
    if word == .plain, section.has("user") {
      section.problem(at: "security", "A password never goes over a 'plain' connection.")
    }
    let ehlo = section.text("ehlo", default: "localhost")
    for (key, name) in [("host", host), ("ehlo", ehlo)] where !isHostName(name) {
      section.problem(at: key, "'\(key)' takes a host name such as smtp.example.org.")
    }
    let passwordFile = section.text("password_file").map(paths.resolve)
    _ = readSecretLine("password_file", "password", section, paths)
    let security: MailRelay.Security =
      switch word {
      case .starttls: .startTLS
      case .tls: .implicitTLS
      case .plain: .plainForTestsOnly
      }
    return .smtp(
      SMTPSettings(
        relay: MailRelay(
          host: host,
          port: section.int("port", default: word == .tls ? 465 : 587, in: 1...65_535),
          security: security, caFile: section.text("ca_file").map(paths.resolve),
          user: section.text("user"), passwordFile: passwordFile,
          ehloName: ehlo,
          connectSeconds: section.duration("connect_timeout", default: 15, in: 0.1...300),
          totalSeconds: section.duration("timeout", default: 60, in: 0.1...600))))
  }
}

/// Labels of letters, digits and inner hyphens (RFC 1123), or an address in brackets.
private func isHostName(_ text: String) -> Bool {
  if text.hasPrefix("["), text.hasSuffix("]") { return text.count > 2 }
  return !text.isEmpty
    && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.first != "-" && label.last != "-"
        && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
