let step0003Outbox = """
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
