/// The claim desk: leases, what was changed and by whom, consent in full, who was told of what, the audit.
///
/// `claim.until` is empty of a claim from before this step until the first start gives it a lease; of those that had
/// ended it stays empty. `claim.generation` is the opportunity's when the claim began; the opportunity's goes on
/// with every change. `opportunity.open_since` is when it was given back last. `announcement.cause` says why somebody
/// is told who need not lead the area. `desk_event` has one row for each change, with what it changed (`before`), so
/// that it can be taken back exactly; `seen` and `generation` are the opportunity's before and after it, and
/// `request` is the press. `desk_told` is what was owed once: `epoch` tells one lease, or one time of being open, from
/// the next, `member` is who is asked first; `desk_told_notice` are its mails. `claim.put_off` counts how often the end
/// was put off since the reminder would not go out. `desk_gap` is a time in which nobody could act on what waits: an area
/// was paused or on trial, or (without an area) the contact register was out of force. `clock_seen` is what is believed
/// of the wall clock, less the machine's own (seconds). `audit` takes no change (an INSERT OR REPLACE fires no trigger
/// of a DELETE, hence one of its own), and loses rows only below the line that `audit_purge` draws for a purge;
/// `agency` is to whom something was handed. Of two households `consent.households` has those that agreed. What an
/// undo takes back leaves its `request` empty.
let step0010Desk = """
  ALTER TABLE opportunity ADD COLUMN open_since INTEGER;

  ALTER TABLE announcement ADD COLUMN cause TEXT NOT NULL DEFAULT 'offered'
    CHECK (cause IN ('offered', 'passed', 'asked_first', 'deputy'));
  ALTER TABLE announcement ADD COLUMN caused_by TEXT;

  CREATE TABLE claim_anew (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL CHECK (generation > 0),
    holder TEXT NOT NULL CHECK (holder <> ''),
    issued_to TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    second TEXT CHECK (second <> ''),
    until INTEGER,
    snoozed_until TEXT,
    passes INTEGER NOT NULL DEFAULT 0 CHECK (passes >= 0),
    put_off INTEGER NOT NULL DEFAULT 0 CHECK (put_off >= 0),
    was_closed INTEGER NOT NULL DEFAULT 0 CHECK (was_closed IN (0, 1)),
    closed_seen_at INTEGER,
    ended_at INTEGER,
    ended_how TEXT CHECK (ended_how IN (
      'undone', 'released', 'lapsed', 'outcome', 'passed', 'taken_over', 'declined')),
    ended_why TEXT,
    PRIMARY KEY (opportunity, generation),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
    CHECK (second IS NOT holder)
  ) STRICT, WITHOUT ROWID;

  INSERT INTO claim_anew
    (opportunity, generation, holder, issued_to, claimed_at, ended_at, ended_how, was_closed)
  SELECT claim.opportunity, claim.generation, claim.holder, issued_to, claim.claimed_at, claim.ended_at,
    ended_how, claim.ended_at IS NULL AND (job.closed IS NOT NULL OR job.gone IS NOT NULL)
  FROM claim
  JOIN opportunity ON opportunity.id = claim.opportunity
  LEFT JOIN job ON job.id = opportunity.trigger_job;

  CREATE TABLE outcome_anew (
    opportunity INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
      'no_answer', 'not_now', 'no_thank_you', 'accepted', 'not_a_dwelling', 'could_not_visit',
      'do_not_contact', 'declined')),
    consent INTEGER CHECK (consent IN (0, 1)),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    declined TEXT CHECK (declined IN (
      'in_touch', 'wrong_address', 'not_a_dwelling', 'not_safe', 'no_reason')),
    known_before TEXT CHECK (known_before IN ('yes', 'no', 'not_sure')),
    line TEXT,
    PRIMARY KEY (opportunity, generation),
    FOREIGN KEY (opportunity, generation)
      REFERENCES claim (opportunity, generation) ON DELETE CASCADE,
    CHECK ((kind = 'accepted') = (consent IS NOT NULL)),
    CHECK ((kind = 'declined') = (declined IS NOT NULL))
  ) STRICT, WITHOUT ROWID;

  INSERT INTO outcome_anew (opportunity, generation, kind, consent, by, at)
  SELECT opportunity, generation, kind, consent, by, at FROM outcome;
  DROP TABLE outcome;
  DROP TABLE claim;
  ALTER TABLE claim_anew RENAME TO claim;
  ALTER TABLE outcome_anew RENAME TO outcome;

  CREATE UNIQUE INDEX one_holder ON claim (opportunity) WHERE ended_at IS NULL;
  CREATE INDEX claim_lease ON claim (until) WHERE ended_at IS NULL;

  CREATE TABLE consent (
    opportunity INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    scope TEXT NOT NULL CHECK (scope NOT LIKE '%enforcement%'),
    asked_on TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('in_person', 'by_phone')),
    wording TEXT NOT NULL CHECK (wording <> ''),
    households TEXT NOT NULL DEFAULT '[]',
    by TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_by TEXT,
    PRIMARY KEY (opportunity, generation),
    FOREIGN KEY (opportunity, generation)
      REFERENCES outcome (opportunity, generation) ON DELETE CASCADE,
    CHECK ((given = 0) = (scope = '[]')),
    CHECK (given = 1 OR withdrawn_at IS NULL),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE visit_try (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    next_on TEXT NOT NULL,
    next_at TEXT NOT NULL CHECK (next_at IN ('morning', 'afternoon', 'evening')),
    PRIMARY KEY (opportunity, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE desk_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    seen INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action <> ''),
    request TEXT NOT NULL,
    before TEXT NOT NULL,
    until INTEGER,
    at INTEGER NOT NULL,
    undone_at INTEGER,
    CHECK (generation = seen + 1),
    UNIQUE (opportunity, generation)
  ) STRICT;

  CREATE TABLE desk_event_notice (
    event INTEGER NOT NULL REFERENCES desk_event (id) ON DELETE CASCADE,
    notice TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    PRIMARY KEY (event, notice)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX desk_event_by_notice ON desk_event_notice (notice);

  CREATE TABLE desk_told (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN (
      'lease_ends', 'closed', 'forbidden', 'asked_first', 'remind', 'deputy', 'duty')),
    epoch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    member TEXT CHECK (member <> ''),
    PRIMARY KEY (opportunity, kind, epoch),
    CHECK (member IS NULL OR kind = 'asked_first')
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE desk_told_notice (
    notice TEXT NOT NULL PRIMARY KEY REFERENCES notice (id) ON DELETE CASCADE,
    opportunity INTEGER NOT NULL,
    kind TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    FOREIGN KEY (opportunity, kind, epoch)
      REFERENCES desk_told (opportunity, kind, epoch) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX desk_told_notice_by_told ON desk_told_notice (opportunity, kind, epoch);

  CREATE TABLE desk_gap (
    area TEXT NOT NULL,
    since INTEGER NOT NULL,
    ended INTEGER,
    PRIMARY KEY (area, since)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX desk_gap_open ON desk_gap (area) WHERE ended IS NULL;

  CREATE TABLE clock_seen (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    boot TEXT NOT NULL CHECK (boot <> ''),
    "offset" REAL NOT NULL,
    believed INTEGER NOT NULL,
    doubted REAL,
    doubted_since REAL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    CHECK ((doubted IS NULL) = (doubted_since IS NULL))
  ) STRICT;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    via TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action <> ''),
    opportunity INTEGER,
    generation INTEGER,
    result TEXT NOT NULL CHECK (result <> ''),
    network TEXT NOT NULL,
    agency TEXT CHECK (agency <> '')
  ) STRICT;

  CREATE INDEX audit_by_opportunity ON audit (opportunity) WHERE opportunity IS NOT NULL;

  CREATE TABLE audit_purge (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    before INTEGER NOT NULL
  ) STRICT;

  CREATE TRIGGER audit_takes_no_place BEFORE INSERT ON audit
  WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id)
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;

  CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;

  CREATE TRIGGER audit_stays BEFORE DELETE ON audit
  WHEN NOT EXISTS (SELECT 1 FROM audit_purge WHERE old.at < before)
  BEGIN SELECT raise(ABORT, 'the audit loses nothing before its time'); END;

  CREATE TABLE pin_try (
    announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    member TEXT NOT NULL CHECK (member <> ''),
    wrong INTEGER NOT NULL CHECK (wrong > 0),
    at INTEGER NOT NULL,
    PRIMARY KEY (announcement, member)
  ) STRICT, WITHOUT ROWID;
  """
