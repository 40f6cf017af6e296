/// What was erased, what must not be, and which pilots are closed.
///
/// `erasure` has one row for each erasure: that, when and how much, and of whom only keyed fingerprints (`prints`, a
/// list of hexadecimal texts), by the one key of `erasure_key`, which is made here and goes with every backup. With
/// `refuses` later rows that bear such a fingerprint are not stored. `files_done` says that archive and backups have
/// been seen to. A `legal_hold` names what must not be erased, as its `subject` says it: an address key, or "ref:", feed
/// and reference. In a `closed_pilot` nothing is stored any more; `erase_on` is the civil day on which what is there
/// goes, and `erased_at` when it went.
let step0017Keeping = """
  CREATE TABLE erasure_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL CHECK (length(key) = 32)
  ) STRICT;

  INSERT INTO erasure_key (id, key) VALUES (1, randomblob(32));

  CREATE TABLE erasure (
    id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
    at INTEGER NOT NULL,
    prints TEXT NOT NULL,
    refuses INTEGER NOT NULL CHECK (refuses IN (0, 1)),
    rows INTEGER NOT NULL CHECK (rows >= 0),
    files_done INTEGER NOT NULL DEFAULT 0 CHECK (files_done IN (0, 1))
  ) STRICT;

  CREATE TABLE legal_hold (
    subject TEXT NOT NULL PRIMARY KEY CHECK (subject <> ''),
    why TEXT NOT NULL CHECK (why <> ''),
    by TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE closed_pilot (
    area TEXT NOT NULL PRIMARY KEY CHECK (area <> ''),
    closed_at INTEGER NOT NULL,
    by TEXT NOT NULL,
    erase_on TEXT NOT NULL,
    erased_at INTEGER
  ) STRICT, WITHOUT ROWID;
  """
