import Foundation
import GRDB

/// What a checked copy of a database is.
package struct CheckedCopy: Hashable, Sendable {
  package var bytes: Int
  /// Of the last step of its schema.
  package var schema: String
}

/// Reads every page of a copy, compares every index with its table and every reference with its row, and puts the
/// file on the disk. To be called for a file that nobody else has open; it takes as long as reading it takes, and
/// leaves one file without a log.
/// - Throws: ``StoreError`` where it is damaged, of another program, or of a later version of this one.
package func checkCopy(at path: String) throws -> CheckedCopy {
  try isDatabaseFile(path)
  let schema = try describingErrors(of: path) {
    let queue = try DatabaseQueue(path: path, configuration: copyConfiguration)
    defer { try? queue.close() }
    return try queue.inDatabase { try look(at: $0, path) }
  }
  let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
  guard descriptor >= 0 else { throw cannotBeKept(path) }
  defer { close(descriptor) }
  var status = stat()
  guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw cannotBeKept(path) }
  return CheckedCopy(bytes: Int(status.st_size), schema: schema)
}

/// An empty file would be taken for an empty database.
private func isDatabaseFile(_ path: String) throws {
  guard let file = FileHandle(forReadingAtPath: path) else {
    throw StoreError.unreachable(file: path, why: String(cString: strerror(errno)))
  }
  defer { try? file.close() }
  guard try file.read(upToCount: 16) == Data("SQLite format 3\0".utf8) else {
    throw StoreError.damaged(file: path, why: "It is no SQLite database.")
  }
}

private func look(at db: Database, _ path: String) throws -> String {
  guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
    throw StoreError.unsuitable(file: path, why: "it is the database of another program")
  }
  guard try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") == "ok" else {
    throw StoreError.damaged(file: path, why: "SQLite's integrity_check found a fault.")
  }
  guard try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") == nil else {
    throw StoreError.damaged(file: path, why: "A row refers to one that is not there.")
  }
  if try schema.hasBeenSuperseded(db) { throw StoreError.newer(file: path) }
  return try schema.appliedMigrations(db).last ?? ""
}

/// Alone, so that no file of shared memory is made; without a log, so that the copy is one file.
private var copyConfiguration: Configuration {
  var configuration = Configuration()
  configuration.label = "triaged.copy"
  configuration.publicStatementArguments = false
  configuration.prepareDatabase { db in
    try db.execute(
      sql: """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA cell_size_check = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA journal_mode = DELETE;
        """)
  }
  return configuration
}

private func cannotBeKept(_ path: String) -> BackupError {
  BackupError("The backup \(path) cannot be put on the disk: \(String(cString: strerror(errno))).")
}
