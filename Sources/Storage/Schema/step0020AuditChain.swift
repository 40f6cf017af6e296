import Foundation
import GRDB

/// The audit becomes a chain: every row bears the SHA-256 of the one before it and of itself (``AuditChain``).
///
/// `audit_checkpoint` has one row, the place at which the chain begins now: `through` is the last row that has gone,
/// `hash` what the next one rests on, `purged` how many have gone since there is a chain. It moves with a purge only.
/// A row takes its place behind all others. `audit_purge` draws the line for a purge: rows up to `through` go that are
/// of before `before`, or of a time that is still to come: the clock was wrong then.
func step0020AuditChain(_ db: Database) throws {
  let last =
    try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
  try db.execute(sql: tables)
  let rows = try Row.fetchCursor(db, sql: "SELECT \(AuditChain.columns) FROM audit ORDER BY id")
  var (hash, first) = (AuditChain.beginning, last + 1)
  while let row = try rows.next() {
    if hash == AuditChain.beginning { first = row[0] }
    hash = AuditChain.hash(after: hash, row)
    try db.execute(
      sql: """
        INSERT INTO audit_anew
        SELECT id, at, actor, via, action, opportunity, generation, result, network, agency, ?
        FROM audit WHERE id = ?
        """, arguments: [Data(hash), row[0] as Int64])
  }
  try db.execute(
    sql: "INSERT INTO audit_checkpoint (id, through, hash, purged) VALUES (1, ?, ?, 0)",
    arguments: [first - 1, Data(AuditChain.beginning)])
  try db.execute(sql: replacement)
  try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = 'audit'")
  try db.execute(
    sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('audit', ?)", arguments: [last])
}

private let tables = """
  CREATE TABLE audit_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    via TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action <> ''),
    opportunity INTEGER,
    generation INTEGER,
    result TEXT NOT NULL CHECK (result <> ''),
    network TEXT NOT NULL,
    agency TEXT CHECK (agency <> ''),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
  ) STRICT;

  CREATE TABLE audit_checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    through INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    purged INTEGER NOT NULL CHECK (purged >= 0)
  ) STRICT;
  """

private let replacement = """
  DROP TABLE audit;
  ALTER TABLE audit_anew RENAME TO audit;
  DROP TABLE audit_purge;

  CREATE TABLE audit_purge (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    before INTEGER NOT NULL,
    now INTEGER NOT NULL,
    through INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX audit_by_opportunity ON audit (opportunity) WHERE opportunity IS NOT NULL;

  CREATE TRIGGER audit_takes_no_place BEFORE INSERT ON audit
  WHEN EXISTS (SELECT 1 FROM audit WHERE id >= new.id)
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;

  CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;

  CREATE TRIGGER audit_stays BEFORE DELETE ON audit
  WHEN NOT EXISTS (
    SELECT 1 FROM audit_purge WHERE old.id <= through AND old.at NOT BETWEEN before AND now)
  BEGIN SELECT raise(ABORT, 'the audit loses nothing before its time'); END;

  CREATE TRIGGER audit_begins_where_it_does BEFORE UPDATE ON audit_checkpoint
  WHEN NOT EXISTS (SELECT 1 FROM audit_purge)
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;

  CREATE TRIGGER audit_begins_somewhere BEFORE DELETE ON audit_checkpoint
  BEGIN SELECT raise(ABORT, 'the audit takes no change'); END;
  """
