/// What the council says. Words that repeat from job to job are kept once, in `job_kind`.
///
/// `feed.complete` is the instant of the newest list that is believed to be whole. A job that this
/// list has bears no `listed`, so that an unchanged list writes nothing; any other bears the instant
/// of the newest list that had it (`Ledger` in Triage). `unplaced` knows of rows without a usable
/// place nothing but a fingerprint of their reference, so that their jobs are not taken for gone.
let step0001Mirror = """
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
