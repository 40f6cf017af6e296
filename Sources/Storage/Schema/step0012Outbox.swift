/// Every state of what is owed, of digests and of notices alike, and every attempt at both.
///
/// `pending`: never tried. `sending`: an attempt was begun, and nothing was heard of it yet. `deferred`: it is tried
/// again at `next_attempt`. `accepted`: the other side has taken it. `failed`: for good; a dead letter. `withdrawn`:
/// nobody needs it any more, or a person has dropped it. What was tried before this step is deferred.
///
/// An attempt is of a digest or of a notice, and goes with it. `code` and `why` are the other side's answer, or why
/// there was none: `unheard` is an attempt that a stop cut short; `bounced` and `delayed` came afterwards, by mail.
let step0012Outbox = """
  CREATE TABLE digest_anew (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
      'pending', 'sending', 'accepted', 'deferred', 'failed', 'withdrawn')),
    created INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempted_at INTEGER,
    next_attempt INTEGER NOT NULL,
    last_error TEXT,
    accepted_at INTEGER,
    CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CHECK (state <> 'sending' OR attempted_at IS NOT NULL)
  ) STRICT;

  INSERT INTO digest_anew
  SELECT id, recipient, channel,
    CASE WHEN state = 'pending' AND attempts > 0 THEN 'deferred' ELSE state END,
    created, attempts, attempted_at, next_attempt, last_error, accepted_at
  FROM digest;
  DROP TABLE digest;
  ALTER TABLE digest_anew RENAME TO digest;

  CREATE INDEX digest_due ON digest (next_attempt) WHERE state IN \(owedStates);
  CREATE INDEX digest_failed ON digest (id) WHERE state = 'failed';

  CREATE TABLE notice_anew (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    channel TEXT NOT NULL CHECK (channel <> ''),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
      'pending', 'sending', 'accepted', 'deferred', 'failed', 'withdrawn')),
    created INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempted_at INTEGER,
    next_attempt INTEGER NOT NULL,
    last_error TEXT,
    ended_at INTEGER,
    CHECK ((state IN \(owedStates)) = (ended_at IS NULL)),
    CHECK (state <> 'sending' OR attempted_at IS NOT NULL)
  ) STRICT;

  INSERT INTO notice_anew
  SELECT id, recipient, channel, subject, body,
    CASE WHEN state = 'pending' AND attempts > 0 THEN 'deferred' ELSE state END,
    created, attempts, attempted_at, next_attempt, last_error, ended_at
  FROM notice;
  DROP TABLE notice;
  ALTER TABLE notice_anew RENAME TO notice;

  CREATE INDEX notice_due ON notice (next_attempt) WHERE state IN \(owedStates);
  CREATE INDEX notice_failed ON notice (id) WHERE state = 'failed';

  CREATE TABLE delivery_attempt_anew (
    id INTEGER PRIMARY KEY,
    digest TEXT REFERENCES digest (id) ON DELETE CASCADE,
    notice TEXT REFERENCES notice (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    result TEXT NOT NULL CHECK (result IN (
      'accepted', 'deferred', 'failed', 'unheard', 'bounced', 'delayed')),
    code INTEGER,
    why TEXT NOT NULL,
    CHECK ((digest IS NULL) <> (notice IS NULL))
  ) STRICT;

  INSERT INTO delivery_attempt_anew (id, digest, at, result, why)
  SELECT id, digest, at, result, why FROM delivery_attempt;
  DROP TABLE delivery_attempt;
  ALTER TABLE delivery_attempt_anew RENAME TO delivery_attempt;

  CREATE INDEX delivery_attempt_by_digest ON delivery_attempt (digest) WHERE digest IS NOT NULL;
  CREATE INDEX delivery_attempt_by_notice ON delivery_attempt (notice) WHERE notice IS NOT NULL;
  """

/// The states of a message that is still to be accepted, as SQL. The schema and every query say it with the same
/// words, so that the indexes are found; a released step rests on it.
let owedStates = "('pending', 'sending', 'deferred')"
