import GRDB

/// Which of the mails that are owed a loop sends. Alarms, the mails about who is out on a visit, have loops of their
/// own, so that they wait for no others.
package enum NoticeLane: Hashable, Sendable {
  case all
  /// All but the alarms by these channels.
  case ordinary(but: [String])
  case alarms(by: String)

  /// Of rows of `notice`, with ``arguments()``.
  var condition: String {
    switch self {
    case .all: "TRUE"
    case .ordinary: "NOT (\(Self.isAlarm) AND channel IN (SELECT value FROM json_each(?)))"
    case .alarms: "(\(Self.isAlarm) AND channel = ?)"
    }
  }

  /// Whether the desk's own mails are among them.
  var isOrdinary: Bool {
    if case .alarms = self { false } else { true }
  }

  private static let isAlarm = "notice.id IN (SELECT notice FROM outing_notice)"

  func arguments() throws -> StatementArguments {
    switch self {
    case .all: []
    case .ordinary(let channels): [try json(channels)]
    case .alarms(let channel): [channel]
    }
  }
}
