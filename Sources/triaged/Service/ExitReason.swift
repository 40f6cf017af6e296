import Foundation
import Storage
import Web

/// Why `triaged run` does not start, or had to stop: an exit code after sysexits.h, and what is said, a line each.
struct ExitReason: Hashable {
  enum Code: Int32, CaseIterable {
    /// The database is damaged, or not one that this version can use.
    case database = 65
    /// A file that the configuration names is missing or cannot be used.
    case file = 66
    /// The address of the pages or the admin socket is in use.
    case address = 69
    case other = 70
    /// The disk cannot be read or written, or is full.
    case disk = 74
    /// Another process has the database open.
    case inUse = 75
    /// The configuration is refused.
    case configuration = 78
  }

  var code: Code
  var lines: [String]

  init(_ code: Code, _ lines: [String]) {
    self.code = code
    self.lines = lines
  }

  /// - Parameter state: the state folder, to look for a backup.
  init(_ error: any Error, state: String) {
    switch error {
    case let error as ConfigurationError: self.init(error)
    case let error as StoreError: self.init(error, state: state)
    case let error as StartError: self.init(error.code, ["triaged does not start. \(error)"])
    case let error as ListenError: self.init(.address, ["triaged does not start. \(error)"])
    case let error as AdminSocketError: self.init(.address, ["triaged does not start. \(error)"])
    default: self.init(.other, ["triaged does not start or had to stop: \(error)"])
    }
  }

  private init(_ error: ConfigurationError) {
    let told = error.problems.map(\.description)
    let errors = error.problems.filter { $0.severity == .error }
    if !errors.isEmpty, errors.allSatisfy({ $0.cause == .file }) {
      let lines = errors.map(\.description)
      self.init(.file, lines.count == 1 ? ["triaged does not start. \(lines[0])"] : lines)
    } else {
      self.init(
        .configuration, told + ["The configuration has errors, so triaged does not start."])
    }
  }

  private init(_ error: StoreError, state: String) {
    switch error {
    case .damaged, .newer, .unsuitable:
      self.init(.database, ["triaged does not start. \(error) \(ExitReason.wayBack(state))"])
    case .inUse: self.init(.inUse, ["triaged does not start. \(error)"])
    case .unreachable: self.init(.disk, ["triaged does not start. \(error)"])
    case .refused:
      let isDisk = error.mustStop || error.isOfDisk
      self.init(isDisk ? .disk : .other, ["triaged does not start or had to stop. \(error)"])
    }
  }

  /// What to restore, as far as there is something.
  static func wayBack(_ state: String) -> String {
    let folder = state + "/backups"
    guard let newest = newestBackup(in: folder) else {
      return "No backup lies in \(folder)."
    }
    return "The newest backup is \(newest); to put it in place: triaged restore \(newest)"
  }

  /// By the time at which it was written; `nil` where there is none.
  private static func newestBackup(in folder: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains(".sqlite") }.map { folder + "/" + $0 }
      .compactMap { path in savedAt(path).map { (path, $0) } }
      .max { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }
}
