import CDispatch
import Foundation
import Glibc
import Notify

/// Reads the Maildirs in which bounces arrive. What is understood goes from `new` to `cur`; what is not stays in `new`
/// for a person, and is read once in the life of the process.
actor BounceWatch {
  private let folders: [String]
  private let desk: BounceDesk
  /// Of what lies in `new` and was read: whether it is to be moved.
  private var read: [String: Bool] = [:]
  /// Files of one folder and round; the next round goes on.
  private static let mostAtOnce = 200

  init(folders: [String], desk: BounceDesk) {
    self.folders = folders
    self.desk = desk
  }

  /// - Throws: ``BounceFolderError`` where a folder cannot be used; the others were read.
  func round(now: Date) async throws {
    var failure: BounceFolderError?
    for folder in folders {
      do {
        try await look(folder, now: now)
      } catch let error as BounceFolderError {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func look(_ folder: String, now: Date) async throws {
    let new = folder + "/new"
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: new)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw BounceFolderError(folder: folder, why: "its 'new' cannot be listed")
    }
    let there = Set(names.map { new + "/" + $0 })
    read = read.filter { there.contains($0.key) || !$0.key.hasPrefix(new + "/") }
    var left = BounceWatch.mostAtOnce
    for name in names where read[new + "/" + name] == nil && left > 0 {
      left -= 1
      guard let result = try await take(new + "/" + name, now: now) else { continue }
      if case .notUnderstood = result {
        read[new + "/" + name] = false
      } else {
        read[new + "/" + name] = true
      }
    }
    // Also what could not be moved in an earlier round: it is not read again.
    for name in names where read[new + "/" + name] == true {
      let moved = rename(new + "/" + name, "\(folder)/cur/\(name):2,S") == 0
      // Somebody else may have taken it away.
      guard moved || access(new + "/" + name, F_OK) != 0 else {
        throw BounceFolderError(
          folder: folder, why: "a bounce that was read cannot be moved to its 'cur'")
      }
    }
  }

  /// - Returns: `nil` for what is not there any more.
  private func take(_ path: String, now: Date) async throws -> BounceDesk.Result? {
    switch readFile(path) {
    case .bytes(let bytes): return try await desk.take(bytes, now: now)
    case .gone: return nil
    case .unreadable: return desk.unreadable()
    }
  }
}

/// The Maildir of bounces cannot be used. Somebody has to mend it.
struct BounceFolderError: Error, CustomStringConvertible {
  var folder: String
  var why: String

  var description: String {
    "The Maildir of bounces, \(folder), cannot be used: \(why). Bounces wait there until that is mended."
  }
}

private enum FileRead {
  case bytes([UInt8])
  case gone, unreadable
}

/// The beginning of a file, as much as a bounce may have; no link is followed and nothing but a file is opened.
private func readFile(_ path: String) -> FileRead {
  let opened = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  guard opened >= 0 else { return errno == ENOENT ? .gone : .unreadable }
  defer { close(opened) }
  var status = stat()
  guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .unreadable }
  let handle = FileHandle(fileDescriptor: opened, closeOnDealloc: false)
  guard let data = try? handle.read(upToCount: mostBounceBytes) else {
    return status.st_size == 0 ? .bytes([]) : .unreadable
  }
  return .bytes([UInt8](data))
}
