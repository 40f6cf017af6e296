import Foundation
import Storage

/// What became of the backups after an erasure.
struct CleanedBackups: Sendable {
  var rewritten: [String] = []
  var deleted: [String] = []
  /// What could not be seen to, in sentences.
  var left: [String] = []
}

extension BackupKeeper {
  /// Databases that were kept aside when a backup was put in their place, named as backups are.
  nonisolated var asideFolder: String { configuration.state + "/aside" }

  /// Takes what was erased out of every backup of the configured folder: a plain one is opened, erased from as this
  /// database was, and written anew; one that cannot be opened, as an encrypted one, is deleted, after a fresh one
  /// was made. For who has entered the ``gate``.
  func cleanBackups(now: Date) async -> CleanedBackups {
    var cleaned = CleanedBackups()
    let files = BackupFile.list(in: settings.folder) + BackupFile.list(in: asideFolder)
    guard !files.isEmpty else { return cleaned }
    do {
      let fresh = try await makeAlone(in: settings.folder, now: now)
      cleaned.rewritten.append(fresh.file)
    } catch {
      cleaned.left.append("The backups still hold it, since no fresh one could be made: \(error)")
      return cleaned
    }
    for file in files {
      if file.encryption == nil, await rewrite(file.path) {
        cleaned.rewritten.append(file.path)
      } else if remove(file.path) {
        cleaned.deleted.append(file.path)
      } else {
        cleaned.left.append("The backup \(file.path) could not be deleted and still holds it.")
      }
    }
    return cleaned
  }

  /// Its log first, which nobody would look for afterwards. - Returns: whether it is gone.
  func remove(_ path: String) -> Bool {
    for ending in ["-wal", "-shm"] { unlink(path + ending) }
    return unlink(path) == 0 || errno == ENOENT
  }

  /// - Returns: `false` where it cannot be opened or written anew; it is as it was then.
  private func rewrite(_ path: String) async -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    let copy = folder + "/.partial-" + (path as NSString).lastPathComponent
    let endings = ["", "-wal", "-shm", "-journal", ".lock"]
    func clear() { for ending in endings { unlink(copy + ending) } }
    clear()
    defer { clear() }
    do {
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      if access(path + "-wal", F_OK) == 0 {
        try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
      }
      let store = try Store(path: copy)
      do {
        let erasures = try ErasureLog(folder: configuration.state).all()
        // One that knows of all of them may hold bytes of what they erased all the same.
        if try await store.eraseAgain(erasures) == 0 { try await store.rewrite() }
      } catch {
        try? store.close()
        throw error
      }
      try store.close()
      _ = try checkCopy(at: copy)
      try moveIntoPlace(copy, path)
      unlink(path + "-wal")
      return true
    } catch {
      return false
    }
  }
}
