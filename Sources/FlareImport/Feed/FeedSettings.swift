import Foundation

/// One feed as its YAML file describes it: where the list comes from, how often, and how to read
/// it. The loader in `triaged` fills it; ``problems`` says what no reader could work with.
package struct FeedSettings: Hashable, Sendable {
  package var name: String
  package var source: Source
  package var kind: Kind
  /// Seconds between two polls.
  package var cadenceSeconds: Double
  /// A file is taken when its size and mtime have stood still for so many seconds.
  package var settleSeconds: Double
  /// A longer export is refused whole.
  package var maxBytes: Int
  package var columns: ColumnMap
  /// The system of the coordinates in the list, such as `EPSG:27700` or `EPSG:4326`.
  package var crs: String
  /// Words that stand for an empty cell ("N/A", "Unspecified"); case is ignored.
  package var nullWords: [String]
  /// Patterns of statuses that mean closed even where the row has no closed date: case is
  /// ignored, `*` stands for any run of characters.
  package var closedWords: [String]
  /// Patterns as ``DatePattern`` reads them, tried in this order.
  package var dateFormats: [String]
  /// IANA name of the zone in which the list writes its times.
  package var timeZone: String
  /// Whether a `Z` or `+00:00` behind a time says nothing, and the time is one of ``timeZone``.
  package var zoneMarksAreLocal: Bool
  /// Whether notes may be stored at all.
  package var carryNotes: Bool
  /// Whether the resident's name, telephone or e-mail may be stored at all.
  package var carryContact: Bool
  package var http: HTTP
  package var format: ListFormat
  package var shape: ListShape
  /// How a file's name tells the instant of its list: the letters of ``DatePattern`` in braces, `*`
  /// for any run of characters ("CSVEXP_{ddMMyyyy_HHmm}.CSV"), in the feed's time zone. `nil`: its
  /// last change tells it.
  package var dateInName: String?
  /// Further words that mark a column as one that may not be mapped (see ``specialCategory(_:further:)``).
  package var refusedWords: [String]
  /// A job placed by its postcode alone, nearer than so many metres to an area's edge, is listed for a
  /// person to decide.
  package var approximateMetres: Double

  package enum Source: Hashable, Sendable {
    /// Every file of the folder whose name fits the glob (case is ignored), oldest first.
    case folder(path: String, pattern: String)
    /// One file that is written over again and again.
    case file(path: String)
    /// HTTPS, or HTTP where ``HTTP/allowInsecure`` says so.
    case url(String)
    case remoteFolder(RemoteFolder)
    case open311(Open311Settings)

    /// Whether somebody else's server stands in between.
    package var isFar: Bool {
      switch self {
      case .folder, .file: false
      case .url, .remoteFolder, .open311: true
      }
    }
  }

  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The whole list each time: a job that is missing is gone.
    case snapshot
    /// News only: a missing job means nothing.
    case updates
  }

  /// What only a source behind HTTP or FTPS needs.
  package struct HTTP: Hashable, Sendable {
    /// PEM file of a certificate authority of the council's own.
    package var caFile: String?
    package var allowInsecure: Bool
    package var credentials: Credentials
    package var connectSeconds: Double
    package var totalSeconds: Double

    /// Read from their file at every fetch, sent over TLS only.
    package enum Credentials: Hashable, Sendable {
      case none
      case basic(user: String, passwordFile: String)
      case bearer(tokenFile: String)
    }

    package init(
      caFile: String? = nil, allowInsecure: Bool = false, credentials: Credentials = .none,
      connectSeconds: Double = 15, totalSeconds: Double = 600
    ) {
      self.caFile = caFile
      self.allowInsecure = allowInsecure
      self.credentials = credentials
      self.connectSeconds = connectSeconds
      self.totalSeconds = totalSeconds
    }
  }

  package init(
    name: String, source: Source, kind: Kind = .snapshot, cadenceSeconds: Double = 900,
    settleSeconds: Double = 60, maxBytes: Int = 1_073_741_824, columns: ColumnMap,
    crs: String = "EPSG:27700", nullWords: [String] = [], closedWords: [String] = [],
    dateFormats: [String] = FeedSettings.usualDateFormats, timeZone: String = "Europe/London",
    zoneMarksAreLocal: Bool = false, carryNotes: Bool = false, carryContact: Bool = false,
    http: HTTP = HTTP(),
    format: ListFormat = .detect, shape: ListShape = ListShape(), dateInName: String? = nil,
    refusedWords: [String] = [], approximateMetres: Double = 250
  ) {
    self.name = name
    self.source = source
    self.kind = kind
    self.cadenceSeconds = cadenceSeconds
    self.settleSeconds = settleSeconds
    self.maxBytes = maxBytes
    self.columns = columns
    self.crs = crs
    self.nullWords = nullWords
    self.closedWords = closedWords
    self.dateFormats = dateFormats
    self.timeZone = timeZone
    self.zoneMarksAreLocal = zoneMarksAreLocal
    self.carryNotes = carryNotes
    self.carryContact = carryContact
    self.http = http
    self.format = format
    self.shape = shape
    self.dateInName = dateInName
    self.refusedWords = refusedWords
    self.approximateMetres = approximateMetres
  }

  /// Day before month, as British lists write it, and ISO 8601.
  package static let usualDateFormats = [
    "d/M/yyyy", "d/M/yyyy H:mm", "d/M/yyyy H:mm:ss", "yyyy-MM-dd", "yyyy-MM-dd HH:mm",
    "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssXXX",
  ]

  /// What is wrong with the values themselves, as (key, sentence). Opens no file.
  package func problems() -> [(key: String, problem: String)] {
    var found: [(key: String, problem: String)] = []
    if TimeZone(identifier: timeZone) == nil {
      found.append(("time_zone", "No time zone is called '\(timeZone)'; write 'Europe/London'."))
    }
    for format in dateFormats {
      do {
        _ = try DatePattern(format)
      } catch {
        found.append(("date_formats", error.why))
      }
    }
    if dateFormats.isEmpty { found.append(("date_formats", "At least one date format is needed.")) }
    if cadenceSeconds <= 0 { found.append(("cadence", "The cadence must be above zero.")) }
    if settleSeconds < 0 { found.append(("settle", "The settling time cannot be negative.")) }
    if maxBytes <= 0 { found.append(("max_bytes", "The size limit must be above zero.")) }
    if shape.maxRatio < 1 { found.append(("max_ratio", "The ratio must be 1 or more.")) }
    if let row = shape.headerRow, !(1...1000).contains(row) {
      found.append(("header_row", "The header row must be from 1 to 1000."))
    }
    if !(0...100_000).contains(approximateMetres) {
      found.append(("approximate", "The distance must be from 0 to 100000 metres."))
    }
    if let dateInName {
      do {
        _ = try NameDate(dateInName)
      } catch {
        found.append(("date_in_name", error.why))
      }
    }
    return found + columns.problems()
      + specialCategoryProblems().map { ("columns.\($0.meaning)", $0.problem) }
  }

  /// Mapped columns whose headings say that they hold what may never be held.
  package func specialCategoryProblems() -> [(meaning: String, problem: String)] {
    columns.requiredHeadings.compactMap { meaning, heading in
      specialCategory(heading, further: refusedWords).map { word in
        (
          meaning,
          "'\(heading)' may hold a special category of personal data (\(word)); it cannot be mapped."
        )
      }
    }
  }
}
