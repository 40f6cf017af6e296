import Foundation
import GRDB
import Triage

/// What was put back.
package struct Restored: Hashable, Sendable, Codable {
  /// Where the database lies that was there before; `nil` where there was none.
  package var aside: String?
  /// What it knew and the backup does not.
  package var carried = Carried()
  /// Erasures of since that were done again.
  package var erasedAgain = 0

  package struct Carried: Hashable, Sendable, Codable {
    /// Whether all of this could be read in the database of before; if not, it is what could be.
    package var isReadable = false
    /// Households that have asked not to be contacted again since.
    package var optOuts = 0
    /// Consents that were taken back since.
    package var withdrawnConsents = 0
    /// Links that were made useless since.
    package var revokedLinks = 0
  }
}

/// What is needed to put a backup back.
package struct RestoreOrder: Sendable {
  /// A plain backup; it stays as it is.
  package var backup: String
  /// The database's own place.
  package var database: String
  /// The folder where the database of before is kept.
  package var asideFolder: String
  /// What was erased, as far as it is written down.
  package var erasures: [Erasure]
  /// Why everything is paused afterwards.
  package var pauseWhy: String
  package var by: String
  /// Mails that are owed once it is done.
  package var notices: [Notice]
  package var now: Date

  package init(
    backup: String, database: String, asideFolder: String, erasures: [Erasure], pauseWhy: String,
    by: String, notices: [Notice], now: Date
  ) {
    self.backup = backup
    self.database = database
    self.asideFolder = asideFolder
    self.erasures = erasures
    self.pauseWhy = pauseWhy
    self.by = by
    self.notices = notices
    self.now = now
  }
}

/// Puts a backup in the place of the database, of which nobody may have it open.
///
/// The copy is checked, brought to the schema of this version, made harmless (``Store/settleRestored(_:_:)``) and erased
/// from again before it takes the place; until then nothing was changed. Killed in between, the database is as it was, or says that
/// a restore was cut short and is to be done again.
/// - Throws: ``StoreError/inUse(file:by:)`` while a daemon runs, ``BackupError`` where the backup cannot be put back.
package func restoreDatabase(_ order: RestoreOrder) async throws -> Restored {
  let path = order.database
  let folder = (path as NSString).deletingLastPathComponent
  let lock = try FileLock(path: path + ".lock", for: path)
  defer { lock.release() }
  let new = restoredPath(path)
  clearCutRestore(of: path)
  defer { clearCutRestore(of: path) }
  do {
    try copyFile(order.backup, new)
    _ = try checkCopy(at: new)
  } catch {
    throw BackupError(
      "The backup \(order.backup) cannot be put back. "
        + "\(error)".replacing(new, with: order.backup))
  }
  var restored = Restored()
  // Where one was cut short what lies there may have lost its log already; what was kept aside then has it.
  let before =
    try asideOfCutRestore(path) ?? keepAside(path, in: order.asideFolder, now: order.now)
  restored.aside = before
  let store = try Store(path: new)
  do {
    let known = before.flatMap { try? Knowledge(of: $0) }
    restored.carried = try await store.settleRestored(order, known)
    // Behind what was taken over, which may be of somebody whose erasure had only begun.
    restored.erasedAgain = try await store.eraseAgain(order.erasures)
  } catch {
    try? store.close()
    throw error
  }
  try store.close()
  _ = try checkCopy(at: new)
  try putInPlace(new, path, folder, aside: before)
  return restored
}

/// Where a backup is made ready to take a database's place.
private func restoredPath(_ path: String) -> String { path + ".restored" }

/// Removes what a restore has left behind that was cut short: a whole database that nobody looks for. Only for who holds
/// the lock of the database at that path.
package func clearCutRestore(of path: String) {
  for ending in ["", "-wal", "-shm", "-journal", ".lock"] {
    unlink(restoredPath(path) + ending)
  }
}

/// While this file is there, what lies at the database's place is not to be used. It says where the database of before
/// was kept aside.
func restoreMark(_ path: String) -> String { path + ".restoring" }

/// An old log beside a new database would be played back into it: between the two steps the mark says so.
private func putInPlace(
  _ new: String, _ path: String, _ folder: String, aside: String?
) throws {
  let mark = restoreMark(path)
  let descriptor = open(mark, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
  let place = Array((aside ?? "").utf8)
  guard descriptor >= 0, write(descriptor, place, place.count) == place.count,
    fsync(descriptor) == 0, close(descriptor) == 0, syncFolder(folder)
  else { throw notDone(path) }
  for ending in ["-wal", "-shm", "-journal"] where unlink(path + ending) != 0 && errno != ENOENT {
    throw notDone(path)
  }
  guard syncFolder(folder), rename(new, path) == 0, syncFolder(folder), unlink(mark) == 0,
    syncFolder(folder)
  else { throw notDone(path) }
}

/// - Returns: `nil` where none was cut short, or nothing was there before it.
private func asideOfCutRestore(_ path: String) -> String? {
  // It is empty where nothing was there before: `FileManager.contents(atPath:)` loses 4 KiB with each such file.
  guard let mark = FileHandle(forReadingAtPath: restoreMark(path)),
    let place = try? mark.readToEnd(), !place.isEmpty
  else { return nil }
  let aside = String(decoding: place, as: UTF8.self)
  return access(aside, F_OK) == 0 ? aside : nil
}

private func notDone(_ path: String) -> BackupError {
  BackupError(
    "\(path) could not be put in its place: \(String(cString: strerror(errno))). Mend that and do it again."
  )
}

/// Copies the database of before with its log, whatever its state, under a backup's name.
private func keepAside(_ path: String, in folder: String, now: Date) throws -> String? {
  guard access(path, F_OK) == 0 else { return nil }
  do {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var number = 1
    var aside = folder + "/" + BackupFile.name(now)
    while access(aside, F_OK) == 0 {
      number += 1
      aside = folder + "/" + BackupFile.name(now, number: number)
    }
    try copyFile(path, aside)
    if access(path + "-wal", F_OK) == 0 { try copyFile(path + "-wal", aside + "-wal") }
    guard syncFolder(folder) else { throw notDone(aside) }
    return aside
  } catch {
    throw BackupError(
      "The present database could not be kept aside in \(folder), so nothing was changed: \(error)")
  }
}

/// Copies bytes into a file that only its owner can read, and puts them on the disk.
func copyFile(_ from: String, _ to: String) throws {
  let source = open(from, O_RDONLY | O_CLOEXEC)
  guard source >= 0 else { throw cannotCopy(from) }
  defer { close(source) }
  let target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
  guard target >= 0 else { throw cannotCopy(to) }
  defer { close(target) }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
  defer { buffer.deallocate() }
  while true {
    let count = Glibc.read(source, buffer.baseAddress, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw cannotCopy(from) }
    if count == 0 { break }
    var written = 0
    while written < count {
      let step = Glibc.write(target, buffer.baseAddress! + written, count - written)
      if step < 0, errno == EINTR { continue }
      guard step > 0 else { throw cannotCopy(to) }
      written += step
    }
  }
  guard fsync(target) == 0 else { throw cannotCopy(to) }
}

private func cannotCopy(_ path: String) -> BackupError {
  BackupError("\(path) cannot be read or written: \(String(cString: strerror(errno))).")
}
