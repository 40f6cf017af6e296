import Foundation
import Storage
import Triage

/// A backup that was made just now.
struct MadeBackup: Codable, Hashable, Sendable {
  var file: String
  var made: Date
  var bytes: Int
  /// Before it was encrypted.
  var plainBytes: Int
  var encryption: BackupFile.Encryption?
  /// All of it, and the copying alone.
  var seconds: Double
  var copySeconds: Double

  var plainText: String {
    "\(file) was made: \(CivilWords.grouped(bytes)) bytes, checked"
      + (encryption.map { ", encrypted by \($0.rawValue)" } ?? ", not encrypted")
      + ". To put it back: triaged restore \(file)"
  }
}

/// What `backup list` shows.
struct BackupList: Codable, Hashable, Sendable {
  struct Entry: Codable, Hashable, Sendable {
    var file: String
    var made: Date
    var bytes: Int
    var encryption: BackupFile.Encryption?
  }

  var folder: String
  var timeZone: String
  var now: Date
  var keepDays: Int
  /// When the schedule asked for one last.
  var lastDue: Date?
  var isOwed: Bool
  /// The newest first.
  var backups: [Entry]

  var plainText: String {
    let words = CivilWords(zone: TimeZone(identifier: timeZone) ?? .gmt, now: now)
    var lines = backups.map { backup in
      "\(backup.file)  \(words.moment(backup.made)), \(CivilWords.grouped(backup.bytes)) bytes"
        + (backup.encryption.map { ", encrypted by \($0.rawValue)" } ?? "")
    }
    if lines.isEmpty { lines = ["There is no backup in \(folder)."] }
    lines.append(
      lastDue == nil
        ? "None is made by itself: 'backup' in triaged.yaml has no time ('at')."
        : isOwed ? "The backup of \(words.moment(lastDue!)) is missing." : "None is missing.")
    lines.append(
      "Each is deleted after \(CivilWords.counted(keepDays, "day")), but never the newest.")
    return lines.joined(separator: "\n")
  }
}
