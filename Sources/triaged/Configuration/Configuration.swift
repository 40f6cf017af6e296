import FlareImport
import Foundation
import Geography
import Notify
import Triage

/// Everything that one instance is told by its folder of files.
struct Configuration: Sendable {
  /// The folder, as the person gave it.
  var folder: String
  /// Where the daemon keeps what it remembers.
  var state: String
  var instance: String
  var grid: Grid
  var timeZone: TimeZone
  var listenHost: String
  /// 0 takes a free port; links then bear the port that was taken.
  var listenPort: Int
  /// Without a slash at the end.
  var publicURL: String
  /// Seconds.
  var linkLifetime: Double
  /// Seconds.
  var undoWindow: Double
  var archiveDays: Int
  /// Seconds since the register was saved.
  var registerMaxAge: Double
  var areaSettings: AreaFileSettings
  var mail: MailIdentity
  var channels: [String: Channel]
  /// Seconds between two rounds of mail.
  var deliverEvery: Double
  var retry: RetrySettings
  var feeds: [FeedSettings]
  var rules: Rules
  var team: Team
  var wording: Wording

  var areasFolder: String { folder + "/areas" }
  /// Exports as they were received.
  var archiveFolder: String { state + "/archive" }
  var registerFile: String { folder + "/register.csv" }
}
