import Foundation
import Storage
import Triage

/// What is asked for with `links list` and `links revoke`: one of the three.
struct LinksWish: Codable, Sendable {
  var opportunity: Int64?
  /// A member's id.
  var recipient: String?
  var all: Bool?
  /// Of `revoke`: what is still on offer is told again, with new links.
  var sendAnew: Bool?
  /// Who asks, for the audit: a user's name on the daemon's machine.
  var by: String = ""
}

extension AdminOffice {
  /// The links of a scope: to whom they were sent and whether they are good; no token is known.
  func links(_ wish: LinksWish, now: Date) async throws -> LinksReport {
    let scope = try await scope(of: wish)
    return LinksReport(
      timeZone: configuration.timeZone.identifier, now: now,
      links: try await store.issuedLinks(scope).map { LinksReport.Line($0, now: now) })
  }

  /// Makes links useless. Of one opportunity it also tells who had them and who has seen its details: that is what has to
  /// be known where a mail or a phone has come into other hands.
  func revokeLinks(_ wish: LinksWish, now: Date) async throws -> RevocationReport {
    let scope = try await scope(of: wish)
    if case .all = scope, wish.all != true {
      throw AdminRefusal(
        .misuse, "To revoke links wants one of an opportunity, a recipient, or all of them.")
    }
    let action =
      switch scope {
      case .recipient(let member): "revoke-links of \(member)"
      case .opportunity, .all: "revoke-links"
      }
    let done = try await store.revokeLinks(
      scope, sendsAnew: wish.sendAnew == true,
      audit: AuditRow(
        at: now, actor: SignedIn.admin, mark: AuditMark(command: wish.by), action: action,
        opportunity: wish.opportunity), now: now)
    var views: ClaimStory?
    if case .opportunity(let id) = scope { views = try await claimStory(of: id, now: now) }
    return RevocationReport(done: done, story: views)
  }

  private func scope(of wish: LinksWish) async throws -> LinkScope {
    let given = [wish.opportunity != nil, wish.recipient != nil, wish.all == true].count { $0 }
    if given > 1 {
      throw AdminRefusal(.misuse, "Say one of --opportunity, --recipient and --all.")
    }
    if let id = wish.opportunity {
      guard try await store.opportunity(id) != nil else { throw unknown(opportunity: id) }
      return .opportunity(id)
    }
    guard let member = wish.recipient else { return .all }
    let ids = configuration.team.members.map(\.id)
    // Who has left the team may still have links.
    let sent = try await store.issuedLinks(.recipient(member))
    guard ids.contains(member) || !sent.isEmpty else {
      throw AdminRefusal(
        .unknown,
        "There is no member '\(plainLine(member))' in team.yaml"
          + "\(Section.suggestion(for: member, among: ids)), and no link was sent to one.")
    }
    return .recipient(member)
  }

  func unknown(opportunity id: Int64) -> AdminRefusal {
    AdminRefusal(.unknown, "There is no opportunity \(id), or it is not kept any more.")
  }
}

extension AuditMark {
  /// Of a command at a terminal of the daemon's machine.
  /// - Parameter name: of the user who has given it.
  init(command name: String) {
    self.init(via: "command by \(plainLine(String(name.prefix(100))))")
  }
}

/// Claim links, for a person at a terminal and for scripts.
struct LinksReport: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  var links: [Line]

  struct Line: Codable, Hashable {
    var opportunity: Int64
    /// Of the opportunity: `waiting`, `offered`, `claimed`, `done` or `withdrawn`.
    var state: OpportunityState
    var area: String
    /// A member's id.
    var recipient: String
    var channel: String
    /// When a mail system took the mail that brings it.
    var accepted: Date?
    var expires: Date
    var revoked: Bool
    /// Whether it opens something now.
    var good: Bool

    init(_ link: IssuedLink, now: Date) {
      opportunity = link.opportunity
      state = link.state
      area = link.area
      recipient = link.recipient
      channel = link.channel
      accepted = link.accepted
      expires = link.expires
      revoked = link.isRevoked
      good = link.isGood(at: now)
    }
  }

  /// - Parameter all: with those that open nothing any more.
  func plainText(all: Bool) -> String {
    let shown = links.filter { all || $0.good }
    if shown.isEmpty { return all ? "No link was sent." : "No link is good." }
    let words = words(of: timeZone, at: now)
    return shown.map { $0.text(words) }.joined(separator: "\n")
  }
}

extension LinksReport.Line {
  func text(_ words: CivilWords) -> String {
    let sent = accepted.map { "mail accepted \(words.moment($0))" } ?? "mail not accepted yet"
    let end =
      revoked
      ? "revoked" : good ? "good until \(words.fullMoment(expires))" : "opens nothing any more"
    return
      "\(opportunity) (\(state.rawValue), \(area)): \(recipient) through \(channel), \(sent), \(end)"
  }
}

/// What `links revoke` has done.
struct RevocationReport: Codable, Hashable {
  /// Links that were good until now, sessions on the board that have ended, and offers that are told again.
  var links: Int
  var sessions: Int
  var owedAnew: Int
  /// Of one opportunity.
  var story: ClaimStory?

  init(done: RevokedLinks, story: ClaimStory?) {
    links = done.links
    sessions = done.sessions
    owedAnew = done.owedAnew
    self.story = story
  }

  var plainText: String {
    var sentences = [
      "\(CivilWords.counted(links, "link")) that opened something until now \(links == 1 ? "does" : "do") not any more."
    ]
    if sessions > 0 {
      sentences.append(
        "\(CivilWords.counted(sessions, "session")) on the board \(sessions == 1 ? "has" : "have") ended."
      )
    }
    sentences.append(
      owedAnew > 0
        ? "\(CivilWords.counted(owedAnew, "announcement")) \(owedAnew == 1 ? "is" : "are") owed again, with new links."
        : "What is on offer can be claimed on the board; --send-anew sends new links.")
    return sentences.joined(separator: " ") + (story.map { "\n\n" + $0.plainText } ?? "")
  }
}
