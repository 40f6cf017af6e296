/// Joint, drawn and trial opportunities; jobs that show the other door; pauses; what is the matter with the
/// instance itself; and the outcome "asked not to be contacted again".
///
/// `announcement.dismissed` is of somebody whom an opportunity does not concern any more, since it is another
/// area's. `shadow_at` is when an opportunity on trial would have been offered. The triggers hold law 6 for the second
/// household as `one_open_opportunity` does for the first; one that is opened again first loses its second
/// household. `reached_place` has what may be at a household of an opportunity though it is not certain, for the
/// contact register. `opt_out` outlives the opportunity that it came of. A `pause` with an empty
/// area is one for every area; `until` is a civil day. `matter` has one open row for each
/// thing that is wrong (`kind`, and of what), with the mails about its beginning and its end, and of how much it
/// was told when (`told_count`, `told_latest`, `told_at`). `register_seen` has one row: how many entries the contact
/// register had when it was in force last.
let step0009Triage = """
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

  CREATE TABLE reached_place (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE
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

  CREATE INDEX reached_place_by_opportunity ON reached_place (opportunity);
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
