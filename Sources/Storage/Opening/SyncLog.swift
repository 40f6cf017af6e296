import GRDB
import Synchronization

/// Hears of a failed sync of which no statement tells. Where the sync of a checkpoint fails SQLite carries on and tries
/// again with the next one; that may succeed though the system has thrown away what the first was to bring to the disk.
/// SQLite's log alone tells of it (https://www.sqlite.org/errlog.html).
enum SyncLog {
  private static let state = Mutex<(next: Int, listeners: [Int: @Sendable (Int32) -> Void])>(
    (0, [:]))

  /// SQLite takes a log before its first use in the process only, and PROJ uses it too.
  static let isHeard: Void = {
    Database.logError = { code, _ in
      guard [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC].contains(code) else { return }
      for listener in state.withLock({ Array($0.listeners.values) }) { listener(code.rawValue) }
    }
  }()

  /// - Parameter listener: called with the extended result code, on the thread that met it.
  /// - Returns: for ``leave(_:)``.
  static func listen(_ listener: @escaping @Sendable (Int32) -> Void) -> Int {
    return state.withLock { state in
      state.next += 1
      state.listeners[state.next] = listener
      return state.next
    }
  }

  static func leave(_ number: Int) { state.withLock { $0.listeners[number] = nil } }
}

extension Store {
  /// Hears of syncs that fail in a checkpoint, from now on. To be called before anything else of the program, since PROJ
  /// opens a database too; where it is not, such a failure goes unheard.
  package static func hearFailedSyncs() { _ = SyncLog.isHeard }
}
