/// Who is out on a visit, and by when they wanted to be back. `told` is 0 (nobody has been told that they are late),
/// 1 (the leaders) or 2 (the duty mailbox too); it goes back to 0 when a later time was given or they are back, and
/// that has been told as well. `ended_by` is who said that they are back.
let step0014Outing = """
  CREATE TABLE outing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    member TEXT NOT NULL CHECK (member <> ''),
    second TEXT CHECK (second <> ''),
    since INTEGER NOT NULL,
    back_by INTEGER NOT NULL CHECK (back_by > since),
    back_at INTEGER,
    ended_by TEXT,
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1, 2)),
    CHECK ((back_at IS NULL) = (ended_by IS NULL))
  ) STRICT;

  CREATE UNIQUE INDEX one_outing ON outing (opportunity, member) WHERE back_at IS NULL;
  CREATE INDEX outing_by_opportunity ON outing (opportunity);
  CREATE INDEX outing_to_tell ON outing (back_by) WHERE back_at IS NULL OR told > 0;
  """
