import Foundation
import GRDB
import GRDBSQLite

/// Why the store could not be opened, or could not do what was asked. A sentence that names the
/// file; never a value out of it, and never an SQL statement.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Another process (its id, where it is known) has the store open.
  case inUse(file: String, by: Int32?)
  /// The file is not a whole database. It is left as it is.
  case damaged(file: String, why: String)
  /// A later version of the program has changed the file.
  case newer(file: String)
  /// The file or its folder could not be read or made.
  case unreachable(file: String, why: String)
  /// This SQLite cannot keep the promises.
  case unsuitable(file: String, why: String)
  /// SQLite refused a statement; `code` is its extended result code.
  case refused(file: String, code: Int32, why: String)

  package var description: String {
    switch self {
    case .inUse(let file, let by):
      let who = by.map { "process \($0)" } ?? "another process"
      return "\(file) is in use by \(who). Stop it first."
    case .damaged(let file, let why):
      return "\(file) is damaged: \(why) Nothing was changed in it; restore a backup in its place."
    case .newer(let file):
      return "\(file) was written by a later version of triaged. Install that version, or restore "
        + "a backup made before the upgrade."
    case .unreachable(let file, let why):
      return "\(file) cannot be opened: \(why)."
    case .unsuitable(let file, let why):
      return "\(file) cannot be kept safe here: \(why)."
    case .refused(let file, let code, let why):
      return "\(file) refused a change or a question (SQLite \(code)): \(why)."
    }
  }

  /// After such an error nothing more may be written: stop, and start again (a failed sync leaves
  /// it unknown what is on the disk).
  package var mustStop: Bool {
    switch self {
    case .damaged: true
    case .refused(_, let code, _):
      [SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 255)
    default: false
    }
  }

  /// Whether the disk is full, or cannot be read or written.
  package var isOfDisk: Bool {
    guard case .refused(_, let code, _) = self else { return false }
    return [SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_READONLY].contains(code & 255)
  }

  /// Only the message is taken over, which names tables and columns; the statement is not.
  init(_ error: DatabaseError, file: String) {
    let why = error.message ?? "no reason given"
    let code = error.extendedResultCode.rawValue
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(file: file, why: sentence(why))
    default: self = .refused(file: file, code: code, why: why)
    }
  }
}

private func sentence(_ text: String) -> String {
  text.hasSuffix(".") ? text : text + "."
}
