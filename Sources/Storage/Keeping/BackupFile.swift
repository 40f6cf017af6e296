import Foundation

/// A backup as it lies in a folder: `triaged-20261122T081500Z.sqlite`, with `.age` or `.gpg` behind it where it is
/// encrypted. The instant in its name (UTC) is that at which it was begun.
package struct BackupFile: Hashable, Sendable {
  package var path: String
  package var made: Date
  package var bytes: Int
  package var encryption: Encryption?

  package enum Encryption: String, Hashable, Sendable, Codable, CaseIterable {
    case age, gpg
  }

  /// The name of a backup; a number is put behind the instant where another one has the name.
  package static func name(
    _ instant: Date, number: Int = 1, encryption: Encryption? = nil
  ) -> String {
    let stamp = instant.formatted(stampStyle)
    return "\(beginning)\(stamp)\(number == 1 ? "" : "-\(number)")\(ending)"
      + (encryption.map { ".\($0.rawValue)" } ?? "")
  }

  /// - Returns: `nil` where nobody of ours can have made a file of that name.
  package init?(path: String) {
    var rest = (path as NSString).lastPathComponent[...]
    guard rest.hasPrefix(Self.beginning) else { return nil }
    rest = rest.dropFirst(Self.beginning.count)
    encryption = Encryption.allCases.first { rest.hasSuffix(".\($0.rawValue)") }
    if let encryption { rest = rest.dropLast(encryption.rawValue.utf8.count + 1) }
    guard rest.hasSuffix(Self.ending) else { return nil }
    let stamp = rest.dropLast(Self.ending.count).split(
      separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let made = try? Date(String(stamp[0]), strategy: Self.stampStyle),
      stamp.count == 1 || Int(stamp[1]) != nil
    else { return nil }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    (self.path, self.made, bytes) = (path, made, Int(status.st_size))
  }

  /// Those of a folder, the newest first.
  package static func list(in folder: String) -> [BackupFile] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { BackupFile(path: folder + "/" + $0) }.sorted {
      ($0.made, $0.path) > ($1.made, $1.path)
    }
  }

  private static let beginning = "triaged-"
  private static let ending = ".sqlite"

  private static let stampStyle = Date.ISO8601FormatStyle(
    dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
}

/// Gives a finished file its name, which no other file has, and puts the folder on the disk.
/// - Throws: ``BackupError``.
package func moveIntoPlace(_ finished: String, _ path: String) throws {
  let folder = (path as NSString).deletingLastPathComponent
  guard rename(finished, path) == 0, syncFolder(folder) else {
    throw BackupError(
      "The backup cannot be given its name \(path): \(String(cString: strerror(errno))).")
  }
}
