import Triage

/// Every table of the schema with its class, in the order in which rows go: what others hang on, or ask for, first.
///
/// A table that stands here twice has rows of two kinds. What is open or held stays with its jobs, whatever its age.
/// What nobody ever claimed goes with its days; what was claimed stays for as long as claims and outcomes do, without
/// the jobs and messages that made it. What a legal hold names stays until it is ended. `RetentionTableTests` holds the
/// list against the schema.
let storedTables: [StoredTable] =
  opportunityTables + messageTables + noticeTables + listTables + sessionTables + standingTables

private let opportunityEnded =
  "SELECT ended_at FROM opportunity WHERE opportunity.id ="
private let wasClaimed = "EXISTS (SELECT 1 FROM claim WHERE claim.opportunity = opportunity.id)"

private let opportunityTables = [
  StoredTable(
    "opportunity", .claims, since: "ended_at", only: wasClaimed, held: "id \(Held.opportunity)"),
  StoredTable("second_household", .offers, .with("opportunity")),
  // The register is asked for what is open only.
  StoredTable(
    "reached_place", .offers, since: "\(opportunityEnded) reached_place.opportunity",
    held: "opportunity \(Held.opportunity)"),
  StoredTable("claim", .claims, since: "ended_at", held: "opportunity \(Held.opportunity)"),
  // Also what has just lost its last claim: else that would be overdue at once.
  StoredTable(
    "opportunity", .offers, since: "ended_at", only: "NOT \(wasClaimed)",
    held: "id \(Held.opportunity)"),
  StoredTable("outcome", .claims, .with("claim")),
  StoredTable("consent", .claims, .with("outcome")),
  StoredTable("visit_try", .claims, .with("opportunity")),
  StoredTable("desk_event", .claims, .with("opportunity")),
  StoredTable("desk_told", .claims, .with("opportunity")),
  StoredTable("outing", .claims, .with("opportunity")),
  StoredTable("outcome_reminder", .claims, .with("opportunity")),
  StoredTable(
    "opt_out", .optOuts, .overwritten("It outlives its opportunity, for good.")),
]

/// The links of whoever holds what a consent came of, through whose link it was recorded, and to whom it was
/// offered: they are the way to take it back.
private let standingConsent = """
  opportunity IN (SELECT opportunity FROM consent WHERE given = 1 AND withdrawn_at IS NULL)
  AND (cause = 'offered' OR EXISTS (
    SELECT 1 FROM claim
    WHERE claim.opportunity = announcement.opportunity AND claim.ended_how = 'outcome'
      AND announcement.recipient IN (claim.holder, claim.issued_to)))
  """

private let messageTables = [
  StoredTable(
    "announcement", .messages, since: "\(opportunityEnded) announcement.opportunity",
    only: "NOT (\(standingConsent))", held: "opportunity \(Held.opportunity)"),
  StoredTable("link", .messages, .with("announcement")),
  StoredTable("pin_try", .messages, .with("announcement")),
  StoredTable(
    "digest", .messages, since: "created",
    only: """
      state NOT IN \(owedStates) AND NOT EXISTS (
        SELECT 1 FROM announcement WHERE announcement.digest = digest.id)
      """),
  // What stays for its consent says nothing of the others that were held then.
  StoredTable(
    "digest", .messages, since: "created",
    only: "state NOT IN \(owedStates) AND (facts NOTNULL OR keeps_empty = 1)",
    emptying: "facts = NULL, keeps_empty = 0"),
  StoredTable("announcement_slot", .messages, since: "due"),
  StoredTable(
    "delivery_attempt", .messages, since: "at",
    held: """
      notice \(Held.notice)
      OR digest IN (SELECT digest FROM announcement WHERE opportunity \(Held.opportunity))
      """),
]

private let noticeTables = [
  StoredTable("feed_episode", .notices, since: "ended"),
  StoredTable("matter", .notices, since: "ended"),
  StoredTable("area_trouble", .notices, since: "ended"),
  StoredTable("notice", .notices, since: "ended_at", held: "id \(Held.notice)"),
  StoredTable("notice_picture", .notices, .with("notice")),
  StoredTable("desk_event_notice", .notices, .with("notice")),
  StoredTable("desk_told_notice", .notices, .with("notice")),
  StoredTable("outing_notice", .notices, .with("notice")),
  StoredTable("receipt_check", .messages, .with("digest")),
  StoredTable("alive_day", .notices, since: "next_try"),
  StoredTable("outcome_week", .notices, since: "at"),
  StoredTable("desk_gap", .notices, since: "ended"),
]

private let listTables = [
  // The newest account of a feed stays: it says when the last list came.
  StoredTable(
    "import", .imports, since: "at",
    only: """
      EXISTS (
        SELECT 1 FROM import AS later WHERE later.feed = import.feed AND later.at > import.at)
      """),
  StoredTable("import", .imports, since: "at", only: "report NOTNULL", emptying: "report = NULL"),
  StoredTable(
    "import", .imports,
    .condition(
      """
      id IN (
        SELECT id FROM (
          SELECT id, row_number() OVER (PARTITION BY feed ORDER BY at DESC, id DESC) AS place
          FROM import)
        WHERE place > \(mostReports))
      """)),
  StoredTable("unplaced", .jobs, since: "listed"),
  StoredTable(
    "job", .jobs, since: jobSince, only: restsOnNothingOpen, held: "job.id \(Held.job)"),
  StoredTable("opportunity_job", .jobs, .with("job")),
  StoredTable("other_door", .jobs, .with("job")),
  StoredTable("other_door_notice", .jobs, .with("job")),
  StoredTable("job_kind", .jobs, .unused(["job.kind"])),
  StoredTable("score", .offers, .unused(["opportunity.score"])),
]

/// So many accounts of a feed are kept at most: a list every five minutes for more than a month.
private let mostReports = 10_000

/// The first of: closed, gone and, where lists do not tell what is gone, received, or seen first where that is unknown.
private let jobSince = """
  nullif(min(
    ifnull(gone, \(Int64.max)), ifnull(closed, \(Int64.max)),
    iif(
      feed IN (SELECT id FROM feed WHERE name IN (SELECT value FROM json_each(:snapshots))),
      \(Int64.max), coalesce(received, first_seen))), \(Int64.max))
  """

private let restsOnNothingOpen = """
  NOT EXISTS (
    SELECT 1 FROM opportunity_job
    JOIN opportunity ON opportunity.id = opportunity_job.opportunity
    WHERE opportunity_job.job = job.id AND opportunity.ended_at IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM opportunity
    WHERE opportunity.trigger_job = job.id AND opportunity.ended_at IS NULL)
  """

private let sessionTables = [
  StoredTable("sign_in", .sessions, since: "expires"),
  // Also those that nobody came back to.
  StoredTable("session", .sessions, since: "coalesce(ended_at, seen)"),
]

private let standingTables = [
  // The newest that was told is what an untold one is compared with.
  StoredTable(
    "area_set", .standing,
    .condition(
      """
      told = 1 AND id NOT IN (SELECT id FROM area_set ORDER BY id DESC LIMIT 2)
        AND id <> (SELECT max(id) FROM area_set WHERE told = 1)
      """)),
  StoredTable("feed", .standing, .overwritten("One row for each list of the configuration.")),
  StoredTable("held_list", .standing, .overwritten("It goes when the list waits no more.")),
  StoredTable("pause", .standing, .overwritten("It goes on the day behind its last.")),
  StoredTable(
    "erasure", .optOuts, .overwritten("With it nobody comes back by a list or a backup.")),
  StoredTable("legal_hold", .optOuts, .overwritten("It goes when a person ends it.")),
  StoredTable("closed_pilot", .standing, .overwritten("One row for each pilot that was closed.")),
  StoredTable("erasure_key", .standing, .overwritten("One row.")),
  StoredTable("heartbeat", .standing, .overwritten("One row.")),
  StoredTable("clock_seen", .standing, .overwritten("One row.")),
  StoredTable("register_seen", .standing, .overwritten("One row, of how many entries there are.")),
  StoredTable("audit", .audit, .chained),
  StoredTable("audit_checkpoint", .audit, .overwritten("One row: where the chain begins.")),
  StoredTable("audit_purge", .audit, .overwritten("Empty but for the moment of a purge.")),
  StoredTable(
    "purged", .standing, .overwritten("How many rows went: a few bytes a day, of nobody.")),
  StoredTable("retention_run", .standing, .overwritten("One row.")),
]
