/// `judged` is a fingerprint of what the rules said last, to see at once what has not changed.
/// Ids are never given twice: links and mails speak of them. What has ended may outlive its jobs.
let step0002Opportunities = """
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
