import CSQLite
import Foundation
import GRDB
import GRDBSQLite

/// Opens the database file, or makes it where there is none, checked and at the latest schema.
/// The caller holds the lock. Files are 0600; a folder that is missing is made 0700.
///
/// A new file is made under another name and renamed when its schema is on the disk, so an empty
/// or half-made file under the real name is damage and nothing else.
func openDatabase(_ path: String) throws -> DatabaseQueue {
  guard access(restoreMark(path), F_OK) != 0 else {
    throw StoreError.damaged(
      file: path, why: "A restore was cut short before it had the backup in place.")
  }
  var status = stat()
  if lstat(path, &status) != 0 {
    guard errno == ENOENT else {
      throw StoreError.unreachable(file: path, why: String(cString: strerror(errno)))
    }
    guard access(path + "-wal", F_OK) != 0 else {
      throw StoreError.damaged(file: path, why: "It is gone, but its -wal file is there.")
    }
    try makeDatabase(path)
  } else {
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError.unreachable(file: path, why: "it is not a regular file")
    }
    guard status.st_size > 0 else { throw StoreError.damaged(file: path, why: "It is empty.") }
    if status.st_mode & 0o077 != 0 { chmod(path, 0o600) }
  }
  return try describingErrors(of: path) {
    let queue = try DatabaseQueue(path: path, configuration: configuration(path))
    do {
      try queue.inDatabase { try check($0, path, size: Int(status.st_size)) }
      try queue.read { db in
        if try schema.hasBeenSuperseded(db) { throw StoreError.newer(file: path) }
      }
      try schema.migrate(queue)
      queue.inDatabase { keepLogAtEnd($0, false) }
    } catch {
      try? queue.close()
      throw error
    }
    return queue
  }
}

private func makeDatabase(_ path: String) throws {
  let new = path + ".new"
  for ending in ["", "-wal", "-shm", "-journal"] { unlink(new + ending) }
  // SQLite gives the files beside a database the mode of the database.
  let descriptor = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
  guard descriptor >= 0 else {
    throw StoreError.unreachable(file: new, why: String(cString: strerror(errno)))
  }
  close(descriptor)
  try describingErrors(of: new) {
    let queue = try DatabaseQueue(path: new, configuration: configuration(new))
    try queue.inDatabase { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
    try schema.migrate(queue)
    // Only the file is renamed, not its log: closing alone would say nothing of a page that did not reach the file.
    _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    queue.inDatabase { keepLogAtEnd($0, false) }
    try queue.close()
  }
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
  guard rename(new, path) == 0, syncFolder(folder) else {
    throw StoreError.unreachable(file: path, why: String(cString: strerror(errno)))
  }
}

/// Whether the end of the connection leaves the log where it is, rather than moving it into the main file.
func keepLogAtEnd(_ db: Database, _ keeps: Bool) {
  csqlite_keep_log(db.sqliteConnection, keeps ? 1 : 0)
}

/// - Returns: whether what was made and renamed in the folder is on the disk.
func syncFolder(_ path: String) -> Bool {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  return fsync(descriptor) == 0
}

/// One connection that nobody else may join (`locking_mode`): SQLite before 3.51.3 can lose a
/// committed transaction when two connections write and checkpoint at the same instant.
private func configuration(_ path: String) -> Configuration {
  var configuration = Configuration()
  configuration.label = "triaged.store"
  configuration.foreignKeysEnabled = true
  configuration.busyMode = .timeout(5)
  configuration.publicStatementArguments = false
  configuration.prepareDatabase { db in
    // What turns out to be damaged is left as it is, with its log.
    keepLogAtEnd(db, true)
    try db.execute(
      sql: """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA page_size = \(pageSize);
        PRAGMA cache_size = -8192;
        PRAGMA journal_size_limit = 4194304;
        PRAGMA secure_delete = ON;
        PRAGMA cell_size_check = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA temp_store = MEMORY;
        """)
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    guard mode == "wal" else {
      throw StoreError.unsuitable(file: path, why: "write-ahead logging could not be switched on")
    }
    try db.execute(sql: "PRAGMA synchronous = FULL")
  }
  return configuration
}

/// Bytes. A list of 60,000 jobs in area is recorded a fifth faster than with 4096.
private let pageSize = 16384
/// "tria": tells our files from other programs' SQLite files.
let applicationID = 0x7472_6961

/// Holds SQLite to what the design rests on, and the file to being whole.
private func check(_ db: Database, _ path: String, size: Int) throws {
  guard sqlite3_libversion_number() >= 3_040_000 else {
    let version = String(cString: sqlite3_libversion())
    throw StoreError.unsuitable(file: path, why: "SQLite \(version) is older than 3.40.0")
  }
  for (pragma, wanted) in [
    ("journal_mode", "wal"), ("synchronous", "2"), ("secure_delete", "1"), ("foreign_keys", "1"),
    ("locking_mode", "exclusive"),
  ] {
    let found = try Row.fetchOne(db, sql: "PRAGMA \(pragma)")?[0] as DatabaseValue?
    guard found.map({ String.fromDatabaseValue($0) ?? "\($0)" }) == wanted else {
      throw StoreError.unsuitable(file: path, why: "SQLite does not keep \(pragma) at \(wanted)")
    }
  }
  guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
    throw StoreError.unsuitable(
      file: path,
      why:
        "it is the database of another program, or its beginning was changed. Nothing was changed in it now; move "
        + "it away, or restore a backup in its place")
  }
  // The full check reads every page and compares every index with its table.
  let name = size <= fullCheckBytes ? "integrity_check" : "quick_check"
  guard try String.fetchOne(db, sql: "PRAGMA \(name)(1)") == "ok" else {
    throw StoreError.damaged(file: path, why: "SQLite's \(name) found a fault.")
  }
}

/// Up to this size (bytes) the start affords the full check, about 7 ms for a megabyte; above it
/// the quick one, which does not compare indexes.
private let fullCheckBytes = 64 << 20

/// Runs a body and turns what SQLite throws into sentences about the file.
func describingErrors<Value>(of path: String, _ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as DatabaseError {
    throw StoreError(error, file: path)
  }
}
