import FlareImport
import Foundation
import Geography
import Notify
import Triage
import Web

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
  var listenPort: Int
  /// Without a slash at the end.
  var publicURL: String
  /// Seconds.
  var linkLifetime: Double
  /// Of claims: leases, undo, tries, escalation.
  var desk: DeskRules
  /// What helps at the door.
  var cards: ClaimCards
  /// What the council's codes mean.
  var glossary: Glossary
  /// For how long each class of data is kept.
  var retention: RetentionDays
  /// Seconds since the register was saved.
  var registerMaxAge: Double
  var registerFile: String
  var areaSettings: AreaFileSettings
  /// Metres from its edge within which an area marks an opportunity, where it states none itself.
  var areaMargin: Double
  /// Neighbouring wards for maps; `nil`: none are drawn.
  var contextFile: String?
  /// Whose data maps are drawn from, for their foot.
  var attribution: String
  var mail: MailIdentity
  var channels: [String: Channel]
  /// Seconds between two rounds of mail.
  var deliverEvery: Double
  var retry: RetrySettings
  var feeds: [Feed]
  var rules: Rules
  var team: Team
  var wording: Wording
  /// Who is told of a feed in trouble; `nil` where nobody is.
  var admin: AdminContact?
  /// Who is told once a day that all is well; `nil` where nobody is.
  var alive: AliveSettings?
  /// Where the daemon answers the command line, and only its own user.
  var adminSocket: String
  /// ``configurationFingerprint(_:)`` of its files.
  var fingerprint: String
  var holidays: BankHolidays
  var web: WebSection
  /// Where monitors ask over TCP; `nil`: at the admin socket alone.
  var monitor: MonitorSettings?
  /// Words and templates of the pages.
  var pages: PageWording

  var backup: BackupSettings

  /// Where UPRNs and postcodes are looked up, if the file is there.
  var gazetteerFile: String

  /// For how many days lists are kept as they were received.
  var archiveDays: Int { retention[.archive] ?? 0 }
  var areasFolder: String { folder + "/areas" }
  /// Exports as they were received.
  var archiveFolder: String { state + "/archive" }

  /// The contact register's boundary files stand beside it.
  var register: RegisterPlaces {
    RegisterPlaces(
      path: registerFile, maxAge: registerMaxAge,
      polygons: RegisterPolygons(
        folder: (registerFile as NSString).deletingPathExtension, grid: grid, settings: areaSettings
      ))
  }

  /// What is on trial.
  var shadowFeeds: Set<String> { Set(feeds.filter(\.isShadow).map(\.name)) }

  /// Feeds whose agreement has ended.
  func endedFeeds(on day: CivilDay) -> Set<String> {
    Set(feeds.filter { $0.isEnded(on: day) }.map(\.name))
  }
}
