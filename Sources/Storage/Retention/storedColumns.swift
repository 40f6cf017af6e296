import Triage

/// The columns of each table that may hold personal data, by what they hold, for the inventory; the others stand
/// under `nil`. `RetentionTableTests` holds it against the schema, so that no column comes without being described.
let storedColumns: [String: [PersonalField?: String]] = [
  // What the council says.
  "job": [
    .place: "address_key address postcode uprn x y",
    .job: "reference kind received due closed updated gone first_seen last_changed",
    .notes: "notes", .contact: "contact", .otherParty: "other_party",
    nil: "id feed area listed location",
  ],
  "job_kind": [.job: "class type status caller", nil: "id"],
  "unplaced": [.job: "reference", nil: "feed listed"],
  "other_door": [nil: "job told_at"],
  "other_door_notice": [nil: "job notice area"],
  "feed": [nil: "id name state polled_at complete"],
  "import": [nil: "id feed source bytes sha256 at report eventful"],
  "held_list": [nil: "feed name sha256 received listed trouble why whole archived"],
  "feed_episode": [nil: "id feed trouble why began ended over told"],
  // What was made of it.
  "opportunity": [
    .place: "address_key address postcode uprn x y", .job: "job_type since",
    .reason: "score band", .member: "holder",
    nil: """
    id area state generation offer trigger_job location rules_version judged made_at updated_at offered_at \
    claimed_at ended_at drawn shadow shadow_at open_since
    """,
  ],
  "score": [.reason: "points reasons", nil: "id"],
  "opportunity_job": [nil: "opportunity job"],
  "second_household": [
    .place: "address_key address postcode uprn x y", nil: "opportunity location",
  ],
  "reached_place": [.place: "address_key address postcode uprn x y", nil: "opportunity location"],
  "opt_out": [
    .place: "address_key address postcode uprn x y", .outcome: "at", .member: "by",
    nil: "opportunity location",
  ],
  // What we did.
  "claim": [
    .member: "holder issued_to second", .whereabouts: "snoozed_until", .remark: "ended_why",
    nil: """
    opportunity generation claimed_at until passes put_off was_closed closed_seen_at ended_at ended_how
    """,
  ],
  "outcome": [
    .outcome: "kind consent at declined known_before line", .member: "by",
    nil: "opportunity generation",
  ],
  "consent": [
    .outcome: "given scope asked_on how wording recorded_at withdrawn_at", .place: "households",
    .member: "by withdrawn_by", nil: "opportunity generation",
  ],
  "visit_try": [.member: "by", .whereabouts: "at next_on next_at", nil: "opportunity number"],
  "desk_event": [
    .member: "actor", .outcome: "action request before",
    nil: "id opportunity seen generation until at undone_at",
  ],
  "desk_event_notice": [nil: "event notice"],
  "desk_told": [.member: "member", nil: "opportunity kind epoch at"],
  "desk_told_notice": [nil: "notice opportunity kind epoch"],
  "desk_gap": [nil: "area since ended"],
  "outing": [
    .member: "member second ended_by", .whereabouts: "since back_by back_at",
    nil: "id opportunity told told_back_by",
  ],
  "outing_notice": [nil: "notice outing late"],
  "outcome_reminder": [.whereabouts: "day", nil: "opportunity generation at notice"],
  "outcome_week": [nil: "area monday at"],
  "pause": [.member: "by", .remark: "why", nil: "area began until"],
  // Messages.
  "announcement": [
    .member: "recipient caused_by",
    nil: "id opportunity channel state owed_at digest dismissed cause",
  ],
  "link": [.secret: "hash", nil: "announcement expires revoked"],
  "pin_try": [.member: "member", .access: "wrong at", nil: "announcement"],
  "digest": [
    .member: "recipient", .answer: "last_error", .mail: "facts",
    nil: """
    id channel state created attempts attempted_at next_attempt accepted_at keeps_empty tried_since
    """,
  ],
  "delivery_attempt": [.answer: "why code", nil: "id digest notice at result"],
  "announcement_slot": [.member: "recipient", nil: "area slot due done_at digest"],
  "receipt_check": [nil: "digest notice accepted checks next"],
  "notice": [
    .recipient: "recipient", .mail: "subject body", .answer: "last_error",
    nil: "id channel state created attempts attempted_at next_attempt ended_at",
  ],
  "notice_picture": [.mail: "alternative bytes", nil: "id notice position format"],
  "matter": [
    .member: "subject sentence",
    nil: "id kind began ended notice over told_count told_latest told_at",
  ],
  "alive_day": [.answer: "why", nil: "day tries next_try heard_at"],
  // Who comes in.
  "sign_in": [
    .member: "member", .secret: "hash asked_by", .access: "asked used_at", nil: "notice expires",
  ],
  "session": [
    .member: "member", .secret: "hash", .access: "since seen ended_at ended_how", nil: "",
  ],
  "audit": [
    .member: "actor", .access: "at via action result network",
    nil: "id opportunity generation agency hash",
  ],
  "audit_checkpoint": [nil: "id through hash purged"],
  "audit_purge": [nil: "id before now through"],
  // What the daemon works by.
  "area_set": [nil: "id fingerprint areas in_force_at told notice"],
  "area_trouble": [nil: "id problems began seen ended notice over"],
  "erasure": [.erased: "prints", nil: "id at refuses rows files_done"],
  "erasure_key": [nil: "id key"],
  "legal_hold": [.place: "subject", .remark: "why", .member: "by", nil: "at"],
  "closed_pilot": [.member: "by", nil: "area closed_at erase_on erased_at"],
  "register_seen": [nil: "id entries at"],
  "heartbeat": [nil: "id at beats"],
  "clock_seen": [nil: "id boot offset believed doubted doubted_since trusted"],
  "purged": [nil: "id at class rows before"],
  "retention_run": [nil: "id at"],
]

/// What a class of data holds of one kind.
package struct StoredField: Hashable, Sendable {
  package var field: PersonalField
  /// `table.column`, in their order.
  package var columns: [String]
}

/// What personal data a class holds, kind by kind.
package func storedFields(of dataClass: DataClass) -> [StoredField] {
  var tables: [String] = []
  for table in storedTables where table.dataClass == dataClass && !tables.contains(table.name) {
    tables.append(table.name)
  }
  return PersonalField.allCases.compactMap { field in
    let columns = tables.flatMap { table in
      (storedColumns[table]?[field] ?? "").split(separator: " ").map { "\(table).\($0)" }
    }
    return columns.isEmpty ? nil : StoredField(field: field, columns: columns)
  }
}
