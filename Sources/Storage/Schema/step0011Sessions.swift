/// Links to sign in to the board, and sessions.
///
/// Of both the database has the SHA-256 alone, as of the secret of the browser that has asked (`asked_by`). `member` is a member's id, or "(admin)". A link's `notice` is the mail
/// that brings it: its text is stored without the link, which is made when the mail is sent. How often somebody
/// has asked is counted here, so that a restart forgets nothing; there is no row for an address that is nobody's.
/// `seen` is written at most once a minute.
let step0011Sessions = """
  CREATE TABLE sign_in (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    member TEXT NOT NULL CHECK (member <> ''),
    notice TEXT UNIQUE REFERENCES notice (id) ON DELETE SET NULL,
    asked_by BLOB NOT NULL CHECK (length(asked_by) = 32),
    asked INTEGER NOT NULL,
    expires INTEGER NOT NULL CHECK (expires > asked),
    used_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX sign_in_by_member ON sign_in (member, asked);

  CREATE TABLE session (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    member TEXT NOT NULL CHECK (member <> ''),
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended_at INTEGER,
    ended_how TEXT CHECK (ended_how IN (
      'signed out', 'renewed', 'idle', 'too long', 'no leader', 'all signed out')),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX session_open ON session (member) WHERE ended_at IS NULL;
  """
