/// One row, written to see whether the disk still takes anything.
let step0005Heartbeat = """
  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    beats INTEGER NOT NULL
  ) STRICT;
  """
