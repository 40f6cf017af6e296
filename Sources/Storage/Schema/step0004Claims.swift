let step0004Claims = """
  CREATE TABLE claim (
    opportunity INTEGER NOT NULL REFERENCES opportunity (id) ON DELETE CASCADE,
    generation INTEGER NOT NULL CHECK (generation > 0),
    holder TEXT NOT NULL CHECK (holder <> ''),
    issued_to TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_how TEXT CHECK (ended_how IN ('undone', 'released', 'lapsed', 'outcome')),
    PRIMARY KEY (opportunity, generation),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX one_holder ON claim (opportunity) WHERE ended_at IS NULL;

  CREATE TABLE outcome (
    opportunity INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
      'no_answer', 'not_now', 'no_thank_you', 'accepted', 'not_a_dwelling', 'could_not_visit')),
    consent INTEGER CHECK (consent IN (0, 1)),
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (opportunity, generation),
    FOREIGN KEY (opportunity, generation)
      REFERENCES claim (opportunity, generation) ON DELETE CASCADE,
    CHECK ((kind = 'accepted') = (consent IS NOT NULL))
  ) STRICT, WITHOUT ROWID;
  """
