/// What is followed up after it was taken on, said or sent.
///
/// `outcome_reminder`: the holder of a claim was reminded that nothing is recorded of it. `generation` is the claim's,
/// `day` the civil day (`yyyy-MM-dd`) on which it was planned for, they set out, or it went back; `notice` is the mail,
/// which may be gone by now. `outcome_week`: the leaders of an area have been told in a civil week, which is named by
/// its Monday, what is missing; also where nothing was.
///
/// `alive_day`: on which civil days a watcher outside was told that all is well, or was to be. `receipt_check`: what
/// became of a message is asked of the other side, which had taken it at `accepted`; `next` is empty once that is
/// known, or is asked no more.
let step0015FollowUp = """
  CREATE TABLE outcome_reminder (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL,
    day TEXT NOT NULL CHECK (day <> ''),
    at INTEGER NOT NULL,
    notice TEXT NOT NULL CHECK (notice <> ''),
    PRIMARY KEY (opportunity, generation, day)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX outcome_reminder_by_notice ON outcome_reminder (notice);

  CREATE TABLE outcome_week (
    area TEXT NOT NULL CHECK (area <> ''),
    monday TEXT NOT NULL CHECK (monday <> ''),
    at INTEGER NOT NULL,
    PRIMARY KEY (area, monday)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alive_day (
    day TEXT NOT NULL PRIMARY KEY CHECK (day <> ''),
    tries INTEGER NOT NULL CHECK (tries > 0),
    next_try INTEGER NOT NULL,
    heard_at INTEGER,
    why TEXT,
    CHECK (heard_at IS NULL OR why IS NULL)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE receipt_check (
    digest TEXT UNIQUE REFERENCES digest (id) ON DELETE CASCADE,
    notice TEXT UNIQUE REFERENCES notice (id) ON DELETE CASCADE,
    accepted INTEGER NOT NULL,
    checks INTEGER NOT NULL CHECK (checks > 0),
    next INTEGER,
    CHECK ((digest IS NULL) <> (notice IS NULL))
  ) STRICT;

  CREATE INDEX digest_accepted ON digest (accepted_at) WHERE state = 'accepted';
  CREATE INDEX notice_accepted ON notice (ended_at) WHERE state = 'accepted';
  """
