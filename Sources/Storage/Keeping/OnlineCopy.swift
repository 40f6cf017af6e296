import Foundation
import GRDB
import GRDBSQLite

/// Why there is no backup, or none that can be put back, as a sentence. It names files and never a value.
package struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

extension Store {
  /// Copies the database into a new file while the store is in use: everything that was answered before this was
  /// called, and perhaps some of what comes meanwhile.
  ///
  /// SQLite's own online backup, some pages at a time, each in an access of its own: a claim waits for a few pages
  /// and never for the whole copy. What is changed meanwhile is changed in the copy too, since it comes through the
  /// same connection. The copy is not checked here, see ``checkCopy(at:)``.
  /// - Parameters:
  ///   - path: a file that is not there yet. It is made readable by its owner alone, and removed where this throws.
  ///   - pagesAtOnce: of 16 KiB.
  /// - Throws: ``BackupError`` where the copy cannot be written.
  package func copy(to path: String, pagesAtOnce: Int32 = 64) async throws {
    let copy: OnlineCopy
    do {
      copy = try await access { try OnlineCopy($0, to: path) }
      do {
        while try await !access({ _ in try copy.step(pagesAtOnce) }) {}
      } catch {
        try? await access { _ in copy.finish() }
        throw error
      }
      try await access { _ in copy.finish() }
    } catch {
      unlink(path)
      throw error
    }
  }
}

extension Store {
  /// Of the file and its log.
  package var bytesOnDisk: Int {
    ["", "-wal"].reduce(0) { sum, ending in
      var status = stat()
      return stat(path + ending, &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }
}

/// A copy on its way.
///
/// Not `Sendable` by itself: it is only used within accesses to the one connection, which never run side by side.
private final class OnlineCopy: @unchecked Sendable {
  private let path: String
  private var target: OpaquePointer?
  private var handle: OpaquePointer?

  init(_ db: Database, to path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw BackupError("The backup \(path) cannot be made: \(String(cString: strerror(errno))).")
    }
    close(descriptor)
    // Not NOFOLLOW, by which SQLite means the whole path: systemd's /var/lib/triaged is a link (DynamicUser).
    guard sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      // Who reads a copy that was cut short would not know: it has another name until it was checked.
      sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nil, nil, nil)
        == SQLITE_OK,
      let begun = sqlite3_backup_init(target, "main", db.sqliteConnection, "main")
    else {
      let why = failure
      finish()
      throw why
    }
    handle = begun
  }

  /// - Returns: whether that was the last of it.
  func step(_ pages: Int32) throws -> Bool {
    switch sqlite3_backup_step(handle, pages) {
    case SQLITE_DONE: true
    case SQLITE_OK: false
    default: throw failure
    }
  }

  func finish() {
    if let handle { sqlite3_backup_finish(handle) }
    sqlite3_close(target)
    (handle, target) = (nil, nil)
  }

  private var failure: BackupError {
    BackupError(
      "The backup \(path) could not be written: \(String(cString: sqlite3_errmsg(target))).")
  }
}
