/// What is the matter with feeds, which list waits for a person, and the mails about it.
let step0006FeedWatch = """
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
