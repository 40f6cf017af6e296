/// What went for its age, and when the purge came round last.
///
/// `purged` has one row for each class of data and purge that deleted something: how many rows, not counting those
/// that hang on them, and the first civil day (`before`, `yyyy-MM-dd`) of which they are kept. `retention_run` has one
/// row: when the last purge ended.
let step0019Retention = """
  CREATE TABLE purged (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    class TEXT NOT NULL CHECK (class <> ''),
    rows INTEGER NOT NULL CHECK (rows > 0),
    before TEXT NOT NULL CHECK (before <> '')
  ) STRICT;

  CREATE TABLE retention_run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
  ) STRICT;
  """
