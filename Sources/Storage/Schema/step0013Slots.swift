/// A slot of an area that was dealt with for somebody, which is done once for ever: `slot` is its civil date and name
/// ("2026-11-23 08:30"), whatever the clock says later. `digest` is the message that it made; there is none where
/// nothing was new and nothing was to be said of that.
///
/// `facts` is how the areas stood when the digest was made, as JSON. One with `keeps_empty` is told also when it
/// carries nothing (any more). `tried_since` is since when it has been tried to bring what it carries, where it took that
/// over from an earlier message.
let step0013Slots = """
  CREATE TABLE announcement_slot (
    area TEXT NOT NULL CHECK (area <> ''),
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    slot TEXT NOT NULL CHECK (slot <> ''),
    due INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    digest TEXT REFERENCES digest (id) ON DELETE SET NULL,
    PRIMARY KEY (area, recipient, slot)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX announcement_slot_by_due ON announcement_slot (due);
  CREATE INDEX announcement_slot_by_digest ON announcement_slot (digest) WHERE digest IS NOT NULL;

  ALTER TABLE digest ADD COLUMN facts TEXT;
  ALTER TABLE digest ADD COLUMN tried_since INTEGER;
  ALTER TABLE digest ADD COLUMN keeps_empty INTEGER NOT NULL DEFAULT 0
    CHECK (keeps_empty IN (0, 1));
  """
