import Notify

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

private func readChannel(_ section: Section, _ paths: PathRules) -> Channel {
  let kind: ChannelKind = section.choice("kind", default: .maildir)
  switch kind {
  case .webhook: return .webhook(readWebhook(section, paths))
  case .teams: return .teams(readURLFile(section, paths))
  case .slack: return .slack(readURLFile(section, paths))
  case .govukNotify: return .govukNotify(readGOVUKNotify(section, paths))
  case .maildir:
    return .maildir(MaildirSettings(path: paths.resolve(section.requiredText("path"))))
  case .smtp: return .smtp(readSMTP(section, paths))
  }
}
