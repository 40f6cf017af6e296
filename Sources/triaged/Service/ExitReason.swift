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
    /// The address of the pages or for monitors, or the admin socket, is in use.
    case address = 69
    case other = 70
    /// The disk cannot be read or written, or is full.
    case disk = 74
    /// Another process has the database open.
    case inUse = 75
    /// The configuration is refused.
    case configuration = 78

    /// Whether another start may find it otherwise: the unit tries no other (`RestartPreventExitStatus`).
    var mayPass: Bool {
      switch self {
      case .address, .other, .disk, .inUse: true
      case .database, .file, .configuration: false
      }
    }

    /// By which the journal explains it (packaging/journal/triaged.catalog): 128 bits in hexadecimal digits, drawn once and
    /// never changed.
    var messageID: String {
      switch self {
      case .database: "14735bfeb97848c5b2d9e09f18ae1961"
      case .file: "74e2500cc0044f1794ff91edae38d6e5"
      case .address: "5248de288d6948ef8b136f40fa4e7056"
      case .other: "4ab1fe10b5b44e1383cf76743f3ff0dc"
      case .disk: "1488db2338cd4eec8e0d1927987bd054"
      case .inUse: "99dae8b6008d4f1495604ac8cbcd85a5"
      case .configuration: "7df4e2dd94f84d91815572cd3025d899"
      }
    }
  }

  var code: Code
  var lines: [String]

  init(_ code: Code, _ lines: [String]) {
    self.code = code
    self.lines = lines
  }

  /// Each line; the last is the one that the journal explains.
  func say(to journal: JournalLogHandler) {
    for line in lines.dropLast() { journal.sayLast(line) }
    if let last = lines.last { journal.sayLast(last, messageID: code.messageID) }
  }

  /// - Parameters:
  ///   - state: the state folder.
  ///   - backups: the folder of backups, where the configuration says which.
  init(_ error: any Error, state: String, backups: String? = nil) {
    switch error {
    case let error as ConfigurationError: self.init(error)
    case let error as StoreError:
      self.init(error, restoreAdvice(error, folder: backups, state: state))
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

  private init(_ error: StoreError, _ advice: String) {
    switch error {
    case .damaged, .newer, .unsuitable:
      self.init(.database, ["triaged does not start. \(error)\(advice)"])
    case .inUse: self.init(.inUse, ["triaged does not start. \(error)"])
    case .unreachable: self.init(.disk, ["triaged does not start. \(error)"])
    case .refused:
      let isDisk = error.mustStop || error.isOfDisk
      self.init(isDisk ? .disk : .other, ["triaged does not start or had to stop. \(error)"])
    }
  }
}
