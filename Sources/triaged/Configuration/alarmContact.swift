import Notify
import Triage

extension Configuration {
  /// By whom, and through which channel, a matter is told; `nil`: nobody can be told of it by mail.
  func contact(for matter: Matter) -> AdminContact? {
    switch matter.kind {
    case .mailDeferred: admin(besides: matter.subject)
    // It may be one mailbox alone: without another channel the same is better than none.
    case .deadLetter: admin(besides: matter.subject) ?? admin
    case .register, .registerExpired, .registerReview, .rulesReview, .agreementEnds,
      .agreementEnded, .secondmentEnds, .secondmentEnded, .leaderless, .mix, .alive,
      .configuration, .disk, .backup, .retention, .audit:
      admin
    }
  }

  /// Where the admin and these members are told what all of them are to know.
  /// - Parameter members: ids; who is in the team no more is left out.
  func contacts(ofAdminAnd members: [String]) -> [(email: String, channel: String)] {
    members.compactMap(team.member).map { ($0.email, $0.channel) }
      + (admin.map { [($0.email, $0.channel)] } ?? [])
  }

  /// The admin, through a channel other than one that fails; `nil` where there is none.
  func admin(besides failing: String) -> AdminContact? {
    guard var contact = admin else { return nil }
    if contact.channel != failing { return contact }
    guard let other = contact.otherChannel(among: channels) else { return nil }
    contact.channel = other
    return contact
  }
}

extension AdminContact {
  /// The channel by which they are told that theirs fails: the one that is named, else the first by name of those that
  /// reach nobody but who a message is for. One that a whole team reads is never chosen by itself.
  func otherChannel(among channels: [String: Channel]) -> String? {
    if let alarmChannel { return alarmChannel == channel ? nil : alarmChannel }
    let others = channels.keys.sorted().filter { $0 != channel }
    return others.first { channels[$0]?.reach == .mailbox }
      ?? others.first { channels[$0]?.reach == .folder }
  }
}

extension Channel {
  /// Who reads what goes through it.
  enum Reach {
    /// Who the message is for.
    case mailbox
    /// Whoever may read a folder of this machine.
    case folder
    /// Whoever is in a team, or a program.
    case many
  }

  var reach: Reach {
    switch self {
    case .smtp, .govukNotify: .mailbox
    case .maildir: .folder
    case .webhook, .teams, .slack: .many
    }
  }
}
