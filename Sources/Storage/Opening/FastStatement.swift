import Foundation
import GRDB
import GRDBSQLite
import Triage

/// A cached statement, bound by position and stepped through SQLite's C interface, for the paths
/// that move tens of thousands of rows. Lives inside one access to the database.
///
/// Texts are copied side by side into a buffer of its own and bound from there, which spares
/// SQLite an allocation for each.
final class FastStatement {
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer?
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  private var position: Int32 = 1

  init(_ db: Database, _ sql: String) throws {
    statement = try db.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
    connection = db.sqliteConnection
    buffer = .allocate(byteCount: 32 << 10, alignment: 16)
    sqlite3_reset(handle)
  }

  deinit {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    buffer.deallocate()
  }

  // MARK: - Binding, from the first parameter to the last

  func bind(_ number: Int64) {
    sqlite3_bind_int64(handle, position, number)
    position += 1
  }

  func bind(_ number: Double) {
    sqlite3_bind_double(handle, position, number)
    position += 1
  }

  func bindNull() {
    sqlite3_bind_null(handle, position)
    position += 1
  }

  func bind(_ date: Date?) {
    if let date { bind(milliseconds(date)) } else { bindNull() }
  }

  /// The newest complete list stands as NULL.
  func bind(_ listed: Listed) {
    if case .at(let instant) = listed { bind(milliseconds(instant)) } else { bindNull() }
  }

  func bind(_ text: String) {
    var text = text
    let (handle, at) = (handle, position)
    let free = UnsafeMutableRawBufferPointer(rebasing: buffer[used...])
    used += text.withUTF8 { utf8 in
      let count = Int32(utf8.count)
      guard let source = utf8.baseAddress else {
        sqlite3_bind_text(handle, at, "", 0, nil)
        return 0
      }
      guard utf8.count <= free.count else {
        sqlite3_bind_text(handle, at, source, count, copying)
        return 0
      }
      free.copyMemory(from: UnsafeRawBufferPointer(utf8))
      sqlite3_bind_text(handle, at, free.baseAddress, count, nil)
      return utf8.count
    }
    position += 1
  }

  // MARK: - Running

  /// Runs a statement that returns no row, and makes it ready for the next binding.
  /// - Returns: the number of rows that it changed.
  @discardableResult
  func run() throws -> Int {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE else { throw failure(code) }
    rewind()
    return Int(sqlite3_changes(connection))
  }

  /// Moves to the next row; `false` after the last, ready for the next binding.
  func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      rewind()
      return false
    case let code: throw failure(code)
    }
  }

  /// Leaves the remaining rows and gets ready for the next binding.
  func rewind() {
    sqlite3_reset(handle)
    (position, used) = (1, 0)
  }

  private func failure(_ code: Int32) -> DatabaseError {
    let message = String(cString: sqlite3_errmsg(connection))
    let extended = sqlite3_extended_errcode(connection)
    sqlite3_reset(handle)
    return DatabaseError(
      resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended), message: message)
  }

  // MARK: - Columns of the present row, counted from 0

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
  func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }
  func date(_ column: Int32) -> Date? { isNull(column) ? nil : instant(int(column)) }

  func listed(_ column: Int32) -> Listed { date(column).map { .at($0) } ?? .newestComplete }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}

/// SQLite's SQLITE_TRANSIENT: it makes a copy of its own.
private var copying: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
