import Foundation
import GRDB
import Testing
import Triage

@testable import Storage

/// What must go, and nothing else, told by the days alone and not by the table that the purge is made of.
///
/// `:jobs`, `:offers` … are the beginnings of the first days that are kept.
private let mustGo: [(table: String, key: String, keys: String)] = [
  ("opportunity", "id", "SELECT id FROM gone_opportunity"),
  (
    "reached_place", "rowid",
    """
    SELECT reached_place.rowid FROM reached_place JOIN opportunity ON opportunity.id = reached_place.opportunity
    WHERE opportunity.ended_at < :offers
    """
  ),
  ("claim", claimKey, "SELECT \(claimKey) FROM gone_claim"),
  ("outcome", claimKey, "SELECT \(claimKey) FROM outcome WHERE \(claimKey) IN (\(goneClaims))"),
  ("consent", claimKey, "SELECT \(claimKey) FROM consent WHERE \(claimKey) IN (\(goneClaims))"),
  ("desk_event", "id", "SELECT id FROM desk_event WHERE opportunity IN gone_opportunity"),
  ("outing", "id", "SELECT id FROM outing WHERE opportunity IN gone_opportunity"),
  (
    "visit_try", "opportunity || ' ' || number",
    "SELECT opportunity || ' ' || number FROM visit_try WHERE opportunity IN gone_opportunity"
  ),
  ("announcement", "id", "SELECT id FROM gone_announcement"),
  ("link", "hex(hash)", "SELECT hex(hash) FROM link WHERE announcement IN gone_announcement"),
  ("digest", "id", "SELECT id FROM gone_digest"),
  (
    "delivery_attempt", "id",
    """
    SELECT id FROM delivery_attempt
    WHERE at < :messages OR digest IN gone_digest OR notice IN gone_notice
    """
  ),
  ("job", "id", "SELECT id FROM gone_job"),
  (
    "opportunity_job", "opportunity || ' ' || job",
    """
    SELECT opportunity || ' ' || job FROM opportunity_job
    WHERE opportunity IN gone_opportunity OR job IN gone_job
    """
  ),
  ("unplaced", "reference", "SELECT reference FROM unplaced WHERE listed < :jobs"),
  (
    "import", "id",
    """
    SELECT id FROM import AS one WHERE at < :imports AND at < (
      SELECT max(at) FROM import AS other WHERE other.feed = one.feed)
    """
  ),
  ("notice", "id", "SELECT id FROM gone_notice"),
  ("matter", "id", "SELECT id FROM matter WHERE ended < :notices"),
  ("feed_episode", "id", "SELECT id FROM feed_episode WHERE ended < :notices"),
  ("sign_in", "hex(hash)", "SELECT hex(hash) FROM sign_in WHERE expires < :sessions"),
  (
    "session", "hex(hash)",
    "SELECT hex(hash) FROM session WHERE ifnull(ended_at, seen) < :sessions"
  ),
  ("audit", "id", "SELECT id FROM audit WHERE at < :audit"),
  ("opt_out", "opportunity", "SELECT 0 WHERE 0"),
]

private let claimKey = "opportunity || ' ' || generation"
private let goneClaims = "SELECT \(claimKey) FROM gone_claim"

private let gone = """
  WITH gone_opportunity AS (
    SELECT one.id FROM opportunity AS one
    WHERE (one.ended_at < :claims
        AND EXISTS (SELECT 1 FROM claim WHERE claim.opportunity = one.id))
      OR (one.ended_at < :offers AND NOT EXISTS (
        SELECT 1 FROM claim
        WHERE claim.opportunity = one.id AND ifnull(ended_at >= :claims, 1)))),
  gone_claim AS (
    SELECT opportunity, generation FROM claim
    WHERE ended_at < :claims OR opportunity IN gone_opportunity),
  gone_announcement AS (
    SELECT told.id FROM announcement AS told JOIN opportunity AS one ON one.id = told.opportunity
    WHERE one.id IN gone_opportunity OR (one.ended_at < :messages AND NOT (
      EXISTS (
        SELECT 1 FROM consent
        WHERE consent.opportunity = one.id AND given = 1 AND withdrawn_at IS NULL
          AND \(claimKey) NOT IN (SELECT \(claimKey) FROM gone_claim))
      AND told.cause = 'offered'))),
  gone_digest AS (
    SELECT id FROM digest
    WHERE state IN ('accepted', 'failed', 'withdrawn') AND created < :messages
      AND id NOT IN (
        SELECT digest FROM announcement
        WHERE digest IS NOT NULL AND id NOT IN (SELECT id FROM gone_announcement))),
  gone_notice AS (SELECT id FROM notice WHERE ended_at < :notices),
  held_job AS (
    SELECT trigger_job AS id FROM opportunity WHERE ended_at IS NULL
    UNION
    SELECT job FROM opportunity_job JOIN opportunity ON opportunity.id = opportunity
    WHERE ended_at IS NULL),
  gone_job AS (
    SELECT job.id FROM job JOIN feed ON feed.id = job.feed
    WHERE job.id NOT IN held_job AND (
      closed < :jobs OR gone < :jobs OR (feed.name = 'post' AND received < :jobs)))
  """

@Suite("Retention, day by day")
struct RetentionSimulationTests {
  private static let whole = ProcessInfo.processInfo.environment["TRIAGED_RETENTION"] == "years"

  /// Of the short form, so that in its days every class goes many times.
  private var shortDays: RetentionDays {
    var days = RetentionDays()
    days[.jobs] = 21
    days[.offers] = 18
    days[.claims] = 50
    days[.messages] = 14
    days[.sessions] = 3
    days[.audit] = 60
    days[.imports] = 9
    days[.notices] = 12
    return days
  }

  private func beginnings(_ days: RetentionDays, _ now: Date) -> [String: Int64] {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "Europe/London")!
    var beginnings: [String: Int64] = [:]
    for dataClass in DataClass.allCases {
      guard let count = days[dataClass],
        let day = calendar.date(
          byAdding: .day, value: -count, to: calendar.startOfDay(for: now))
      else { continue }
      beginnings[dataClass.rawValue] = Int64(day.timeIntervalSince1970 * 1000)
    }
    return beginnings
  }

  private func keys(_ store: Store) async throws -> [String: Set<String>] {
    try await store.read { db in
      var keys: [String: Set<String>] = [:]
      for (table, key, _) in mustGo {
        keys[table] = Set(try String.fetchAll(db, sql: "SELECT CAST(\(key) AS TEXT) FROM \(table)"))
      }
      return keys
    }
  }

  private func due(
    _ store: Store, _ beginnings: [String: Int64]
  ) async throws -> [String: Set<String>] {
    try await store.read { db in
      var due: [String: Set<String>] = [:]
      for (table, _, sql) in mustGo {
        due[table] = Set(
          try String.fetchAll(
            db, sql: "\(gone), due (key) AS (\(sql)) SELECT CAST(key AS TEXT) FROM due",
            arguments: StatementArguments(
              beginnings.mapValues { $0 as (any DatabaseValueConvertible)? })))
      }
      return due
    }
  }

  @Test(
    "After every purge what had to go has gone, and nothing else",
    .timeLimit(.minutes(30)))
  func simulated() async throws {
    let days = Self.whole ? RetentionDays() : shortDays
    let span = Self.whole ? 3 * 366 : 120
    // With both changes of the clocks in it.
    let start = Date(timeIntervalSince1970: Self.whole ? 1_767_225_600 : 1_792_195_200)
    var went: [String: Int] = [:]
    var keptForConsent = 0
    try await withStore { store in
      var town = RetentionTown(store, seed: 8, from: start)
      for number in 0..<span {
        try await town.live(start + Double(number) * day)
        let now = town.now + 1800
        let beginnings = beginnings(days, now)
        let (before, due) = (try await keys(store), try await due(store, beginnings))
        let zone = try #require(TimeZone(identifier: "Europe/London"))
        let would = try await store.purgeWouldDelete(
          RetentionLimits(days, now: now, zone: zone), snapshotFeeds: ["list"], now: now)
        let did = try await store.purge(
          RetentionLimits(days, now: now, zone: zone), snapshotFeeds: ["list"], now: now)
        #expect(did == would)
        let after = try await keys(store)
        for (table, _, _) in mustGo {
          let vanished = before[table, default: []].subtracting(after[table, default: []])
          let early = vanished.subtracting(due[table, default: []])
          let late = due[table, default: []].intersection(after[table, default: []])
          #expect(early.isEmpty, "\(table), day \(number): gone before its time")
          #expect(late.isEmpty, "\(table), day \(number): still there")
          went[table, default: 0] += vanished.count
          if !early.isEmpty || !late.isEmpty { return }
        }
        keptForConsent += try await store.read { db in
          #expect(
            try Int.fetchOne(
              db, sql: "SELECT count(*) FROM import WHERE report NOTNULL AND at < ?",
              arguments: [beginnings["imports"]]) == 0)
          return try Int.fetchOne(
            db,
            sql: """
              SELECT count(*) FROM link JOIN announcement ON announcement.id = announcement
              JOIN opportunity ON opportunity.id = opportunity WHERE ended_at < ?
              """, arguments: [beginnings["messages"]])!
        }
        let ages = try await store.dataAges(
          past: RetentionLimits(days, now: now, zone: zone), snapshotFeeds: ["list"], now: now)
        #expect(ages.filter { $0.value.overdue > 0 } == [:], "day \(number)")
      }
      #expect(try await store.verifyAudit().fault == nil)
      let noted = try await store.purgeNotes(limit: .max).reduce(0) { $0 + $1.rows }
      #expect(noted > 0)
    }
    // A table of which nothing ever went has shown nothing.
    for (table, _, _) in mustGo where table != "opt_out" && table != "reached_place" {
      #expect(went[table, default: 0] > 0, "of \(table) nothing ever went")
    }
    #expect(keptForConsent > 0, "no link ever stayed for its consent")
    print("Retention over \(span) days: \(went.sorted { $0.key < $1.key })")
  }
}
