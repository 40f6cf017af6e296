import GRDB

/// The schema, as an append-only list of steps: a released step is never edited.
///
/// Instants are whole milliseconds since 1970-01-01 UTC in INTEGER columns. Coordinates are
/// metres on the grid of the deployment. Council facts (`job`) and ours (`opportunity`, `claim`,
/// `outcome`, `announcement`) never share a row.
///
/// Where tens of thousands of rows are written at once a CHECK says `a = 1 OR a = 2 …`: for a
/// longer `IN` SQLite builds a table at every row, which made an import twice as slow. There the
/// foreign keys are checked at the commit, for the sake of ``BulkInsert``.
let schema: DatabaseMigrator = {
  var migrator = DatabaseMigrator()
  migrator.registerMigration("0001 mirror") { try $0.execute(sql: mirror) }
  migrator.registerMigration("0002 opportunities") { try $0.execute(sql: opportunities) }
  migrator.registerMigration("0003 outbox") { try $0.execute(sql: outbox) }
  migrator.registerMigration("0004 claims") { try $0.execute(sql: claims) }
  migrator.registerMigration("0005 heartbeat") { try $0.execute(sql: heartbeat) }
  migrator.registerMigration("0006 feed watch") { try $0.execute(sql: feedWatch) }
  migrator.registerMigration("0007 patience") { try $0.execute(sql: patience) }
  migrator.registerMigration("0008 areas") { try $0.execute(sql: areas) }
  migrator.registerMigration("0009 triage") { try $0.execute(sql: triage) }
  return migrator
}()

/// What the council says. Words that repeat from job to job are kept once, in `job_kind`.
///
/// `feed.complete` is the instant of the newest list that is believed to be whole. A job that this
/// list has bears no `listed`, so that an unchanged list writes nothing; any other bears the instant
/// of the newest list that had it (`Ledger` in Triage). `unplaced` knows of rows without a usable
/// place nothing but a fingerprint of their reference, so that their jobs are not taken for gone.
private let mirror = """
  CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    state BLOB,
    polled_at INTEGER,
    complete INTEGER
  ) STRICT;

  CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed (id),
    source TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    at INTEGER NOT NULL,
    report TEXT,
    eventful INTEGER NOT NULL CHECK (eventful IN (0, 1)),
    UNIQUE (feed, at, sha256)
  ) STRICT;

  CREATE TABLE job_kind (
    id INTEGER PRIMARY KEY,
    class TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    caller TEXT NOT NULL,
    UNIQUE (class, type, status, caller)
  ) STRICT;

  CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed (id) DEFERRABLE INITIALLY DEFERRED,
    reference TEXT NOT NULL CHECK (reference <> ''),
    kind INTEGER NOT NULL REFERENCES job_kind (id) DEFERRABLE INITIALLY DEFERRED,
    area TEXT NOT NULL,
    received INTEGER,
    due INTEGER,
    closed INTEGER,
    updated INTEGER,
    listed INTEGER,
    gone INTEGER,
    address_key TEXT,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    uprn TEXT NOT NULL,
    x REAL,
    y REAL,
    location TEXT NOT NULL CHECK (location = 'coordinates' OR location = 'uprn'
      OR location = 'postcode' OR location = 'postcodeNearEdge' OR location = 'none'),
    notes TEXT NOT NULL,
    contact TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_changed INTEGER NOT NULL,
    UNIQUE (feed, reference),
    CHECK ((x IS NULL) = (y IS NULL))
  ) STRICT;

  CREATE INDEX job_by_address ON job (address_key) WHERE address_key IS NOT NULL;

  CREATE TABLE unplaced (
    feed INTEGER NOT NULL REFERENCES feed (id) DEFERRABLE INITIALLY DEFERRED,
    reference INTEGER NOT NULL,
    listed INTEGER,
    PRIMARY KEY (feed, reference)
  ) STRICT, WITHOUT ROWID;
  """

/// `judged` is a fingerprint of what the rules said last, to see at once what has not changed.
/// Ids are never given twice: links and mails speak of them. What has ended may outlive its jobs.
private let opportunities = """
  CREATE TABLE score (
    id INTEGER PRIMARY KEY,
    points INTEGER NOT NULL,
    reasons TEXT NOT NULL UNIQUE CHECK (reasons <> '')
  ) STRICT;

  CREATE TABLE opportunity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address_key TEXT NOT NULL,
    area TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'offered' OR state = 'claimed'
      OR state = 'done' OR state = 'withdrawn'),
    generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0),
    offer TEXT NOT NULL CHECK (offer = 'visit' OR offer = 'call'),
    trigger_job INTEGER REFERENCES job (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    job_type TEXT NOT NULL,
    since INTEGER NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    uprn TEXT NOT NULL,
    x REAL,
    y REAL,
    location TEXT NOT NULL CHECK (location = 'coordinates' OR location = 'uprn'
      OR location = 'postcode' OR location = 'postcodeNearEdge' OR location = 'none'),
    score INTEGER NOT NULL REFERENCES score (id) DEFERRABLE INITIALLY DEFERRED,
    band TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    judged INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    offered_at INTEGER,
    holder TEXT,
    claimed_at INTEGER,
    ended_at INTEGER,
    CHECK ((x IS NULL) = (y IS NULL)),
    CHECK (trigger_job IS NOT NULL OR ended_at IS NOT NULL),
    CHECK ((state = 'claimed' OR state = 'done') = (holder IS NOT NULL)),
    CHECK ((holder IS NULL) = (claimed_at IS NULL)),
    CHECK ((state = 'done' OR state = 'withdrawn') = (ended_at IS NOT NULL)),
    CHECK (offered_at IS NOT NULL OR state = 'waiting' OR state = 'withdrawn'),
    CHECK (state <> 'waiting' OR offered_at IS NULL)
  ) STRICT;

  CREATE UNIQUE INDEX one_open_opportunity ON opportunity (address_key)
    WHERE ended_at IS NULL;
  CREATE INDEX opportunity_offered ON opportunity (offered_at, area)
    WHERE offered_at IS NOT NULL;
  CREATE INDEX opportunity_by_trigger ON opportunity (trigger_job);
  CREATE INDEX opportunity_done ON opportunity (id) WHERE state = 'done';

  CREATE TABLE opportunity_job (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE
      DEFERRABLE INITIALLY DEFERRED,
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (opportunity, job)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX opportunity_job_by_job ON opportunity_job (job);
  """

private let outbox = """
  CREATE TABLE digest (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'failed', 'withdrawn')),
    created INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempted_at INTEGER,
    next_attempt INTEGER NOT NULL,
    last_error TEXT,
    accepted_at INTEGER,
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL))
  ) STRICT;

  CREATE INDEX digest_due ON digest (next_attempt) WHERE state = 'pending';

  CREATE TABLE announcement (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    channel TEXT NOT NULL CHECK (channel <> ''),
    state TEXT NOT NULL
      CHECK (state IN ('pending', 'bundled', 'accepted', 'withdrawn', 'failed')),
    owed_at INTEGER NOT NULL,
    digest TEXT REFERENCES digest (id),
    UNIQUE (opportunity, recipient, channel),
    CHECK (state <> 'pending' OR digest IS NULL),
    CHECK (state IN ('pending', 'withdrawn') OR digest IS NOT NULL)
  ) STRICT;

  CREATE INDEX announcement_owed ON announcement (state, owed_at)
    WHERE state IN ('pending', 'bundled');
  CREATE INDEX announcement_by_digest ON announcement (digest) WHERE digest IS NOT NULL;

  CREATE TABLE delivery_attempt (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL REFERENCES digest (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('accepted', 'deferred', 'failed')),
    why TEXT NOT NULL
  ) STRICT;

  CREATE INDEX delivery_attempt_by_digest ON delivery_attempt (digest);

  CREATE TABLE link (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    expires INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
  ) STRICT;

  CREATE INDEX link_by_announcement ON link (announcement);
  """

private let claims = """
  CREATE TABLE claim (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL CHECK (generation > 0),
    holder TEXT NOT NULL CHECK (holder <> ''),
    issued_to TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_how TEXT CHECK (ended_how IN ('undone', 'released', 'lapsed', 'outcome')),
    PRIMARY KEY (opportunity, generation),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX one_holder ON claim (opportunity) WHERE ended_at IS NULL;

  CREATE TABLE outcome (
    opportunity INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
      'no_answer', 'not_now', 'no_thank_you', 'accepted', 'not_a_dwelling', 'could_not_visit')),
    consent INTEGER CHECK (consent IN (0, 1)),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (opportunity, generation),
    FOREIGN KEY (opportunity, generation)
      REFERENCES claim (opportunity, generation) ON DELETE CASCADE,
    CHECK ((kind = 'accepted') = (consent IS NOT NULL))
  ) STRICT, WITHOUT ROWID;
  """

/// One row, written to see whether the disk still takes anything.
private let heartbeat = """
  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    beats INTEGER NOT NULL
  ) STRICT;
  """

/// What is the matter with feeds, which list waits for a person, and the mails about it.
private let feedWatch = """
  CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    channel TEXT NOT NULL CHECK (channel <> ''),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'failed')),
    created INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempted_at INTEGER,
    next_attempt INTEGER NOT NULL,
    last_error TEXT,
    ended_at INTEGER,
    CHECK ((state = 'pending') = (ended_at IS NULL))
  ) STRICT;

  CREATE INDEX notice_due ON notice (next_attempt) WHERE state = 'pending';

  CREATE TABLE feed_episode (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL REFERENCES feed (id),
    trouble TEXT NOT NULL,
    why TEXT NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER,
    over TEXT REFERENCES notice (id) ON DELETE SET NULL,
    CHECK (over IS NULL OR ended IS NOT NULL)
  ) STRICT;

  CREATE UNIQUE INDEX one_open_episode ON feed_episode (feed, trouble) WHERE ended IS NULL;
  CREATE INDEX episode_by_notice ON feed_episode (over) WHERE over IS NOT NULL;

  CREATE TABLE held_list (
    feed INTEGER NOT NULL PRIMARY KEY REFERENCES feed (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    received INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    trouble TEXT NOT NULL,
    why TEXT NOT NULL,
    whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
    archived TEXT NOT NULL
  ) STRICT;
  """

/// The mail about an episode's beginning, which is not sent where the episode ends before it is due.
private let patience = """
  ALTER TABLE feed_episode ADD COLUMN told TEXT REFERENCES notice (id) ON DELETE SET NULL;

  CREATE INDEX episode_by_first_notice ON feed_episode (told) WHERE told IS NOT NULL;
  """

/// The areas that are and were in force, what is the matter with an edit, and pictures in mails.
///
/// A set with `told = 0` is the mail that is owed because of it. One row of `area_trouble` is one way in
/// which the boundary files cannot be used; several are open at once where one bad edit followed another,
/// and `seen` says which of them was met last.
private let areas = """
  CREATE TABLE notice_picture (
    id INTEGER PRIMARY KEY,
    notice TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    format TEXT NOT NULL CHECK (format IN ('png', 'svg')),
    alternative TEXT NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (notice, position)
  ) STRICT;

  CREATE TABLE area_set (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL CHECK (fingerprint <> ''),
    areas BLOB NOT NULL,
    in_force_at INTEGER NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    notice TEXT REFERENCES notice (id) ON DELETE SET NULL
  ) STRICT;

  CREATE INDEX area_set_by_notice ON area_set (notice) WHERE notice IS NOT NULL;

  CREATE TABLE area_trouble (
    id INTEGER PRIMARY KEY,
    problems TEXT NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER,
    notice TEXT REFERENCES notice (id) ON DELETE SET NULL,
    over TEXT REFERENCES notice (id) ON DELETE SET NULL,
    CHECK (over IS NULL OR ended IS NOT NULL)
  ) STRICT;

  CREATE UNIQUE INDEX one_open_area_trouble ON area_trouble (problems) WHERE ended IS NULL;
  CREATE INDEX area_trouble_by_notice ON area_trouble (notice) WHERE notice IS NOT NULL;
  CREATE INDEX area_trouble_by_over ON area_trouble (over) WHERE over IS NOT NULL;
  """

/// Joint, drawn and trial opportunities; jobs that show the other door; pauses; what is the matter with the
/// instance itself; and the outcome "asked not to be contacted again".
///
/// `announcement.dismissed` is of somebody whom an opportunity does not concern any more, since it is another
/// area's. `shadow_at` is when an opportunity on trial would have been offered. The triggers hold law 6 for the second
/// household as `one_open_opportunity` does for the first; one that is opened again first loses its second
/// household. `opt_out` outlives the opportunity that it came of. A `pause` with an empty
/// area is one for every area; `until` is a civil day. `matter` has one open row for each
/// thing that is wrong (`kind`, and of what), with the mails about its beginning and its end, and of how much it
/// was told when (`told_count`, `told_latest`, `told_at`). `register_seen` has one row: how many entries the contact
/// register had when it was in force last.
private let triage = """
  ALTER TABLE job ADD COLUMN other_party INTEGER;

  ALTER TABLE announcement ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0
    CHECK (dismissed = 0 OR state = 'withdrawn');

  ALTER TABLE opportunity ADD COLUMN drawn INTEGER NOT NULL DEFAULT 0 CHECK (drawn IN (0, 1));
  ALTER TABLE opportunity ADD COLUMN shadow INTEGER NOT NULL DEFAULT 0 CHECK (shadow IN (0, 1));
  ALTER TABLE opportunity ADD COLUMN shadow_at INTEGER CHECK (shadow_at IS NULL OR shadow = 1);

  CREATE TABLE second_household (
    opportunity INTEGER NOT NULL PRIMARY KEY REFERENCES opportunity (id) ON DELETE CASCADE
      DEFERRABLE INITIALLY DEFERRED,
    address_key TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    uprn TEXT NOT NULL,
    x REAL,
    y REAL,
    location TEXT NOT NULL CHECK (location IN (
      'coordinates', 'uprn', 'postcode', 'postcodeNearEdge', 'none')),
    CHECK ((x IS NULL) = (y IS NULL))
  ) STRICT;

  CREATE INDEX second_household_by_address ON second_household (address_key);
  CREATE INDEX opportunity_ever_claimed ON opportunity (address_key) WHERE generation > 0;
  CREATE INDEX opportunity_on_trial ON opportunity (shadow_at) WHERE shadow_at IS NOT NULL;
  CREATE INDEX opportunity_held ON opportunity (holder) WHERE state = 'claimed';

  CREATE TRIGGER one_open_made BEFORE INSERT ON opportunity
  WHEN new.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM second_household
    JOIN opportunity ON opportunity.id = second_household.opportunity
    WHERE second_household.address_key = new.address_key AND opportunity.ended_at IS NULL)
  BEGIN SELECT raise(ABORT, 'an open joint opportunity has this household'); END;

  CREATE TRIGGER one_open_again BEFORE UPDATE OF address_key, ended_at ON opportunity
  WHEN new.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM second_household
    JOIN opportunity ON opportunity.id = second_household.opportunity
    WHERE (second_household.address_key = new.address_key AND opportunity.ended_at IS NULL)
      OR (opportunity.id = new.id AND old.ended_at IS NOT NULL))
  BEGIN SELECT raise(ABORT, 'an open joint opportunity has this household'); END;

  CREATE TRIGGER one_open_second BEFORE INSERT ON second_household
  WHEN EXISTS (SELECT 1 FROM opportunity WHERE id = new.opportunity AND ended_at IS NULL)
    AND (EXISTS (
      SELECT 1 FROM opportunity WHERE address_key = new.address_key AND ended_at IS NULL)
    OR EXISTS (
      SELECT 1 FROM second_household
      JOIN opportunity ON opportunity.id = second_household.opportunity
      WHERE second_household.address_key = new.address_key AND opportunity.ended_at IS NULL))
  BEGIN SELECT raise(ABORT, 'another open opportunity has the second household'); END;

  CREATE TABLE opt_out (
    opportunity INTEGER NOT NULL,
    address_key TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    uprn TEXT NOT NULL,
    x REAL,
    y REAL,
    location TEXT NOT NULL CHECK (location IN (
      'coordinates', 'uprn', 'postcode', 'postcodeNearEdge', 'none')),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (opportunity, address_key),
    CHECK ((x IS NULL) = (y IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE other_door (
    job INTEGER NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    told_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE other_door_notice (
    job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    notice TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    area TEXT NOT NULL,
    PRIMARY KEY (job, notice)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX other_door_by_notice ON other_door_notice (notice);

  CREATE TABLE pause (
    area TEXT NOT NULL PRIMARY KEY,
    why TEXT NOT NULL CHECK (why <> ''),
    by TEXT NOT NULL,
    began INTEGER NOT NULL,
    until TEXT
  ) STRICT;

  CREATE TABLE matter (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject TEXT NOT NULL,
    sentence TEXT NOT NULL,
    began INTEGER NOT NULL,
    ended INTEGER,
    notice TEXT REFERENCES notice (id) ON DELETE SET NULL,
    over TEXT REFERENCES notice (id) ON DELETE SET NULL,
    told_count INTEGER,
    told_latest TEXT,
    told_at INTEGER,
    CHECK (over IS NULL OR ended IS NOT NULL),
    CHECK ((told_count IS NULL) = (told_latest IS NULL) AND (told_count IS NULL) = (told_at IS NULL))
  ) STRICT;

  CREATE TABLE register_seen (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    at INTEGER NOT NULL
  ) STRICT;

  CREATE UNIQUE INDEX one_open_matter ON matter (kind, subject) WHERE ended IS NULL;
  CREATE INDEX matter_by_notice ON matter (notice) WHERE notice IS NOT NULL;
  CREATE INDEX matter_by_over ON matter (over) WHERE over IS NOT NULL;

  CREATE TABLE outcome_anew (
    opportunity INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
      'no_answer', 'not_now', 'no_thank_you', 'accepted', 'not_a_dwelling', 'could_not_visit',
      'do_not_contact')),
    consent INTEGER CHECK (consent IN (0, 1)),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (opportunity, generation),
    FOREIGN KEY (opportunity, generation)
      REFERENCES claim (opportunity, generation) ON DELETE CASCADE,
    CHECK ((kind = 'accepted') = (consent IS NOT NULL))
  ) STRICT, WITHOUT ROWID;

  INSERT INTO outcome_anew SELECT opportunity, generation, kind, consent, by, at FROM outcome;
  DROP TABLE outcome;
  ALTER TABLE outcome_anew RENAME TO outcome;
  """
