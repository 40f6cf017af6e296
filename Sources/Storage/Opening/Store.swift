import Foundation
import GRDB

/// The one store of an instance: an SQLite file, one process, one connection.
///
/// The loops meet here and nowhere else. Nothing is written while a method reads, and a method that writes is one
/// transaction; what it has answered is on the disk. `now` comes in as an argument. Whatever fails throws
/// a ``StoreError``, and nothing of the transaction has happened.
package final class Store: Sendable {
  /// The database file; `-wal` and `.lock` lie beside it.
  package let path: String
  private let lock: FileLock
  private let queue: DatabaseQueue
  private let cannotGoOn: @Sendable (StoreError) -> Void
  private let syncs: Int

  /// Opens the file, or makes it where there is none.
  ///
  /// Refuses a file that another process has open, that is damaged, or that a later version has
  /// written. A damaged file is never repaired or replaced.
  /// - Parameter cannotGoOn: called at once, by whoever meets it first, with an error after which nothing more may be
  ///   written (``StoreError/mustStop``); the call that met it throws it too.
  package init(
    path: String, cannotGoOn: @escaping @Sendable (StoreError) -> Void = { _ in }
  ) throws {
    let file = URL(fileURLWithPath: path)
    let folder = file.deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw StoreError.unreachable(file: folder, why: "the folder could not be made")
    }
    self.path = path
    self.cannotGoOn = cannotGoOn
    lock = try FileLock(path: path + ".lock", for: path)
    syncs = SyncLog.listen { code in
      cannotGoOn(
        .refused(file: path, code: code, why: "what was written did not reach the disk"))
    }
    do {
      queue = try openDatabase(path)
    } catch {
      SyncLog.leave(syncs)
      throw error
    }
  }

  deinit { SyncLog.leave(syncs) }

  /// Ends the use of the file, with everything in the main file and none in the log. Later calls
  /// fail. A store that is not closed is as safe; its log is read at the next start.
  package func close() throws {
    try describingErrors(of: path) { try queue.close() }
    lock.release()
  }

  /// Sees one state, in no transaction: there is one connection, used by one after the other, and the lock keeps every
  /// other process away. A transaction and `PRAGMA query_only` would be four statements more for each look, and the
  /// pragma has every statement that is kept compiled anew.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    do {
      return try await queue.unsafeRead { db in
        // SQLite would read through the null pointer that is left of it.
        guard db.sqliteConnection != nil else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        let changes = db.totalChangesCount
        let value = try body(db)
        assert(db.totalChangesCount == changes, "what reads has written")
        return value
      }
    } catch let error as DatabaseError {
      throw told(error)
    }
  }

  /// Runs to its end even if the caller is cancelled: a shutdown must not lose the note that a
  /// mail was accepted.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    do {
      return try await Task { [queue] in try await queue.write(body) }.value
    } catch let error as DatabaseError {
      throw told(error)
    }
  }

  /// Uses the connection outside of any transaction, after all that came before.
  func access<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    do {
      return try await Task { [queue] in try await queue.writeWithoutTransaction(body) }.value
    } catch let error as DatabaseError {
      throw told(error)
    }
  }

  private func told(_ error: DatabaseError) -> StoreError {
    let error = StoreError(error, file: path)
    if error.mustStop { cannotGoOn(error) }
    return error
  }

  /// Moves the log into the main file and empties it, so that what was deleted is in neither.
  func emptyLog() async throws {
    try await access { _ = try $0.checkpoint(.truncate) }
  }
}
