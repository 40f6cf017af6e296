import Foundation
import Storage
import Triage

/// The outbox, for a person at a terminal and for scripts. Recipients are ids of members or roles, never addresses.
struct OutboxReport: Codable, Hashable {
  /// IANA id of the zone of civil times.
  var timeZone: String
  var now: Date
  /// How many messages there are in each state, as long as they are kept; a state without any is left out.
  var states: [String: Int]
  /// What is owed and what has failed for good, the longest first.
  var messages: [Line]

  struct Line: Codable, Hashable {
    var id: String
    var kind: OutboxMessage.Kind
    /// A member's id, "the admin" or "a duty mailbox".
    var to: String
    var channel: String
    var state: OutboxMessage.State
    var created: Date
    var attempts: Int
    var nextAttempt: Date?
    var last: Answer?
    /// Ids of the areas of which it tells.
    var areas: [String]
    /// Opportunities that a digest carries.
    var items: Int

    init(_ message: OutboxMessage, _ configuration: Configuration) {
      id = message.id
      kind = message.kind
      to = configuration.whom(message)
      channel = message.channel
      state = message.state
      created = message.created
      attempts = message.attempts
      nextAttempt = message.nextAttempt
      last = message.last.map(Answer.init)
      areas = message.areas.sorted()
      items = message.items
    }
  }

  struct Answer: Codable, Hashable {
    var at: Date
    /// "accepted", "deferred", "failed", "unheard", "bounced" or "delayed".
    var result: String
    var code: Int?
    var words: String

    init(_ answer: OutboxMessage.Answer) {
      at = answer.at
      result = answer.result
      code = answer.code
      words = answer.words
    }

    func line(_ words: CivilWords) -> String {
      let said = self.words.isEmpty ? "" : ": \(self.words)"
      return "\(words.moment(at)), \(result)\(code.map { " (\($0))" } ?? "")\(said)"
    }
  }

  var plainText: String {
    guard !messages.isEmpty else { return "Nothing is owed, and nothing has failed." }
    let words = words(of: timeZone, at: now)
    return messages.map { $0.lines(words).joined(separator: "\n") }.joined(separator: "\n\n")
  }
}

extension OutboxReport.Line {
  fileprivate func lines(_ words: CivilWords) -> [String] {
    let what =
      kind == .digest
      ? "mail about \(CivilWords.counted(items, "opportunity", "opportunities"))" : "notice"
    var lines = [
      "\(id): \(state.rawValue)",
      "  A \(what) to \(to) through \(channel), made \(words.moment(created)), "
        + "\(CivilWords.counted(attempts, "attempt")).",
    ]
    if let last { lines.append("  Last: \(last.line(words))") }
    if let nextAttempt { lines.append("  Next attempt: \(words.moment(nextAttempt)).") }
    return lines
  }
}

/// Every attempt at one message.
struct OutboxAttempts: Codable, Hashable {
  var id: String
  var timeZone: String
  var now: Date
  var attempts: [OutboxReport.Answer]

  var plainText: String {
    guard !attempts.isEmpty else { return "Nobody has tried to send \(id) yet." }
    let words = words(of: timeZone, at: now)
    return attempts.map { $0.line(words) }.joined(separator: "\n")
  }
}

extension Configuration {
  /// The member for whom a message is; `nil`: somebody else, or somebody who has left.
  func member(_ message: OutboxMessage) -> Member? {
    switch message.kind {
    case .digest: team.member(message.recipient)
    case .notice: team.members.first { $0.email == message.recipient }
    }
  }

  /// Whom a message is for, without an address: a member's id or a role.
  func whom(_ message: OutboxMessage) -> String {
    if message.kind == .digest { return message.recipient }
    if message.recipient == admin?.email { return "the admin" }
    if let member = member(message) { return member.id }
    let duties = [team.duty] + team.areas.map(\.duty)
    if duties.contains(where: { $0?.email == message.recipient }) { return "a duty mailbox" }
    return "somebody who is in the configuration no more"
  }
}
