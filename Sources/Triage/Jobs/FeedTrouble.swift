import Foundation

/// What can be the matter with a feed. Of each kind one episode is open at a time: the admin is told
/// when it begins and when it is over, and not at every poll.
package enum FeedTrouble: String, Hashable, Sendable, Codable, CaseIterable {
  /// The folder, the file or the server could not be looked at.
  case unreachable
  /// It came, and this machine could not read it: a full disk, a right that is missing, no memory.
  case notRead
  /// Nothing came when its cadence said that something should.
  case late
  /// What came is no list: an HTML page, a ZIP under a wrong name, a PDF, no header.
  case unreadable
  /// Mapped columns are missing, renamed or glued together.
  case missingColumns
  /// Its end or some of its rows could not be read: nothing is closed because of it.
  case incomplete
  /// No file content, a header only, or rows of nothing but delimiters, where jobs were open.
  case empty
  /// Half of the usual number of rows, or less.
  case shrunk
  /// Ten times the usual number of rows, or more.
  case grown
  /// Too many open jobs are missing from it at once.
  case vanished
  /// Byte for byte the list of long ago.
  case sameAgain
  /// More dates in the future than can be: a day taken for a month.
  case futureDates
  /// A server gave exactly as many rows as it gives at most.
  case atLimit
  /// It was read and could not be put into the archive.
  case notPutAway
}

/// One trouble of one feed from its beginning to its end.
package struct FeedEpisode: Hashable, Sendable, Codable {
  package var feed: String
  package var trouble: FeedTrouble
  /// What happened and what happens next, in sentences without personal data.
  package var why: String
  package var began: Date
  /// `nil` while it lasts.
  package var ended: Date?

  package init(
    feed: String, trouble: FeedTrouble, why: String, began: Date, ended: Date? = nil
  ) {
    self.feed = feed
    self.trouble = trouble
    self.why = why
    self.began = began
    self.ended = ended
  }
}

/// A list that is not believed, whole or in part, until a person has looked.
package struct HeldList: Hashable, Sendable, Codable {
  /// The export's own name.
  package var name: String
  package var sha256: String
  package var received: Date
  package var trouble: FeedTrouble
  package var why: String
  /// Whether nothing of it was taken; else its rows were taken and only nothing was closed.
  package var isWhole: Bool
  /// Its name in the archive; empty where none is kept.
  package var archived: String
  /// The instant of the list itself, by which it takes its place among the others when it is accepted.
  package var listed: Date

  /// - Parameter listed: `nil`: it is as old as it was received.
  package init(
    name: String, sha256: String, received: Date, trouble: FeedTrouble, why: String,
    isWhole: Bool, archived: String, listed: Date? = nil
  ) {
    self.name = name
    self.sha256 = sha256
    self.received = received
    self.listed = listed ?? received
    self.trouble = trouble
    self.why = why
    self.isWhole = isWhole
    self.archived = archived
  }

  /// By which a person names it: the first digits of its SHA-256. Lists of one feed often share a name.
  package var mark: String { String(sha256.prefix(HeldList.markLength)) }

  package static let markLength = 8

  /// "triaged feeds accept street-scene --list 3f2a9b1c"
  package func acceptCommand(feed: String) -> String {
    "triaged feeds accept \(feed) --list \(mark)"
  }
}

/// How a feed stands, for `status`, pages and monitors. Holds no personal data.
package struct FeedStatus: Hashable, Sendable, Codable {
  package var name: String
  /// The last poll that came to its end.
  package var polled: Date?
  /// The last list that came: when it was read, under which name, and its account.
  package var listAt: Date?
  package var listName: String
  package var counts: RowCounts
  /// Rows in area of that list, by area id.
  package var inAreaByArea: [String: Int]
  /// Those that last now.
  package var episodes: [FeedEpisode]
  package var held: HeldList?
  /// What a person had read again since.
  package var again: LastReadAgain?

  package init(
    name: String, polled: Date? = nil, listAt: Date? = nil, listName: String = "",
    counts: RowCounts = RowCounts(), inAreaByArea: [String: Int] = [:],
    episodes: [FeedEpisode] = [], held: HeldList? = nil, again: LastReadAgain? = nil
  ) {
    self.name = name
    self.polled = polled
    self.listAt = listAt
    self.listName = listName
    self.counts = counts
    self.inAreaByArea = inAreaByArea
    self.episodes = episodes
    self.held = held
    self.again = again
  }
}
