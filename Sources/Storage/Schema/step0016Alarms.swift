/// `outing.told_back_by` is the time of which it was told that it is over, empty where nobody has been told.
/// `outing_notice` are the mails of an outing, which wait for no others; `late` says of one that it tells that they are
/// late, and that nothing else has been told since to whoever has it.
let step0016Alarms = """
  ALTER TABLE outing ADD COLUMN told_back_by INTEGER;
  UPDATE outing SET told_back_by = back_by WHERE told > 0;

  CREATE TABLE outing_notice (
    notice TEXT NOT NULL PRIMARY KEY REFERENCES notice (id) ON DELETE CASCADE,
    outing INTEGER NOT NULL REFERENCES outing (id) ON DELETE CASCADE,
    late INTEGER NOT NULL CHECK (late IN (0, 1))
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX outing_notice_by_outing ON outing_notice (outing);
  """
