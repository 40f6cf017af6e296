import GRDB
import Triage

extension SubjectRows {
  /// The rows that a legal hold names, which stay whatever their age. Without a hold no row is looked at.
  init(heldIn db: Database) throws {
    let subjects = try String.fetchSet(db, sql: "SELECT subject FROM legal_hold")
    guard !subjects.isEmpty else {
      self.init(jobs: [], opportunities: [])
      return
    }
    let match = SubjectMatch(
      uprns: Set(subjects.compactMap { AddressKey(text: $0).uprn }),
      addresses: subjects.filter { $0.hasPrefix("addr:") })
    try self.init(
      db, isTheirs: match.holds, isReference: { subjects.contains(SubjectMatch.identifier($0)) })
  }

  /// The ids of the mails to the team and the admin that are about them.
  func notices(_ db: Database) throws -> Set<String> {
    try String.fetchSet(
      db, sql: noticesAbout(opportunities: "?1", jobs: "?2"),
      arguments: [try json(opportunities.sorted()), try json(jobs.sorted())])
  }
}

/// What the conditions of ``storedTables`` ask for.
struct RetentionArguments {
  /// Whether a legal hold names any row.
  let hasHeld: Bool
  private let lists: [String: String]

  init(_ db: Database, snapshotFeeds: Set<String>) throws {
    let held = try SubjectRows(heldIn: db)
    hasHeld = !held.isEmpty
    lists = [
      "snapshots": try json(snapshotFeeds.sorted()),
      "held_jobs": try json(held.jobs.sorted()),
      "held_opportunities": try json(held.opportunities.sorted()),
    ]
  }

  /// - Parameter limit: the first moment of what is kept; milliseconds since 1970.
  func bound(limit: Int64? = nil) -> StatementArguments {
    var arguments = lists.mapValues { $0 as (any DatabaseValueConvertible)? }
    if let limit { arguments["limit"] = limit }
    return StatementArguments(arguments)
  }
}

/// Whether a row is one of those that a legal hold names, for ``StoredTable/Age/held``. A place that another's
/// opportunity may reach is that one's, and goes with it.
enum Held {
  static let opportunity = "IN (SELECT value FROM json_each(:held_opportunities))"
  static let job = "IN (SELECT value FROM json_each(:held_jobs))"
  static let notice =
    "IN (\(noticesAbout(opportunities: ":held_opportunities", jobs: ":held_jobs")))"
}

/// The ids of the mails to the team and the admin that are about opportunities or jobs, as a question.
/// - Parameters: names of the statement's parameters: JSON lists of ids.
func noticesAbout(opportunities: String, jobs: String) -> String {
  let isTheirs = "opportunity IN (SELECT value FROM json_each(\(opportunities)))"
  return """
    SELECT notice FROM desk_event_notice JOIN desk_event ON desk_event.id = event
      WHERE \(isTheirs)
    UNION SELECT notice FROM desk_told_notice WHERE \(isTheirs)
    UNION SELECT outing_notice.notice FROM outing_notice JOIN outing ON outing.id = outing
      WHERE \(isTheirs)
    UNION SELECT notice FROM outcome_reminder WHERE \(isTheirs)
    UNION SELECT notice FROM other_door_notice
      WHERE job IN (SELECT value FROM json_each(\(jobs)))
    """
}
