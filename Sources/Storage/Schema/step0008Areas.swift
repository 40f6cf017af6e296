/// The areas that are and were in force, what is the matter with an edit, and pictures in mails.
///
/// A set with `told = 0` is the mail that is owed because of it. One row of `area_trouble` is one way in
/// which the boundary files cannot be used; several are open at once where one bad edit followed another,
/// and `seen` says which of them was met last.
let step0008Areas = """
  CREATE TABLE notice_picture (
    id INTEGER PRIMARY KEY,
    notice TEXT NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    format TEXT NOT NULL CHECK (format IN ('png', 'svg')),
    alternative TEXT NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (notice, position)
  ) STRICT;

  CREATE TABLE area_set (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint TEXT NOT NULL CHECK (fingerprint <> ''),
    areas BLOB NOT NULL,
    in_force_at INTEGER NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    notice TEXT REFERENCES notice (id) ON DELETE SET NULL
  ) STRICT;

  CREATE INDEX area_set_by_notice ON area_set (notice) WHERE notice IS NOT NULL;

  CREATE TABLE area_trouble (
    id INTEGER PRIMARY KEY,
    problems TEXT NOT NULL,
    began INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER,
    notice TEXT REFERENCES notice (id) ON DELETE SET NULL,
    over TEXT REFERENCES notice (id) ON DELETE SET NULL,
    CHECK (over IS NULL OR ended IS NOT NULL)
  ) STRICT;

  CREATE UNIQUE INDEX one_open_area_trouble ON area_trouble (problems) WHERE ended IS NULL;
  CREATE INDEX area_trouble_by_notice ON area_trouble (notice) WHERE notice IS NOT NULL;
  CREATE INDEX area_trouble_by_over ON area_trouble (over) WHERE over IS NOT NULL;
  """
