import Crypto
import FlareImport
import Foundation
import Triage

/// What the store keeps for a feed between two polls, written with the rows it stands for.
struct FeedMemory: Codable {
  var source = FeedState()
  /// Of the boundary files and the feed's settings by which the last list was read.
  private(set) var ground = ""
  /// Of the areas among it.
  private(set) var areas = ""
  /// Data rows of the last lists that were believed, the newest last.
  var usual: [Int] = []
  /// Of the list that was taken last, with what it is told from another by at a glance.
  var sha256 = ""
  var bytes = 0
  /// When the list with these bytes came first.
  var sameSince: Date?
  /// Whether that list is the newest that is believed: then the same bytes again say nothing new.
  var isNewest = false
  /// By which the next list is told for the beginning of the newest that is believed.
  var print: ListPrint?
  /// The rows that could not be read in the last lists either.
  var standing: StandingRows?
  /// What a person has said of the next list.
  var belief: Belief?
  /// In what the list that waits for a person is strange, and how many readable rows it has.
  var held: Strangeness?
  /// The instant of the newest list that was read.
  var newestList: Date?
  /// When the feed was first polled.
  var knownSince: Date?
  /// By what the list that was taken last is told from another with the same bytes.
  var delivery: Delivery?
  /// The lists of which nothing could be read, for as long as their copies are kept.
  var refused: [RefusedList] = []
  /// Parts that were stored and could not be read back; they begin anew.
  private(set) var lost: [String] = []

  private enum CodingKeys: String, CodingKey {
    case source, ground, areas, usual, sha256, bytes, sameSince, isNewest, print, standing, belief,
      held
    case newestList, knownSince, delivery, refused
  }

  struct Strangeness: Codable {
    var sha256: String
    var troubles: Set<FeedTrouble>
    var rows: Int
  }

  /// In what a list that waits is strange: all of it, of which ``HeldList`` names the most telling.
  func shown(by list: HeldList?) -> Set<FeedTrouble> {
    guard let list else { return [] }
    let others = held.flatMap { $0.sha256 == list.sha256 ? $0.troubles : nil }
    return (others ?? []).union([list.trouble])
  }

  init(_ data: Data?) {
    guard let data else { return }
    do {
      self = try JSONDecoder().decode(FeedMemory.self, from: data)
    } catch {
      lost = ["everything"]
    }
  }

  /// Part by part, since another version may have stored other parts: what is not there is as it is for a
  /// new feed, and what cannot be read is named in ``lost``.
  init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    func part<Part: Decodable>(_ key: CodingKeys, or usual: Part) -> Part {
      do {
        return try parts.decodeIfPresent(Part.self, forKey: key) ?? usual
      } catch {
        lost.append(key.stringValue)
        return usual
      }
    }
    source = part(.source, or: FeedState())
    ground = part(.ground, or: "")
    areas = part(.areas, or: "")
    usual = part(.usual, or: [])
    sha256 = part(.sha256, or: "")
    bytes = part(.bytes, or: 0)
    sameSince = part(.sameSince, or: nil)
    isNewest = part(.isNewest, or: false)
    print = part(.print, or: nil)
    standing = part(.standing, or: nil)
    belief = part(.belief, or: nil)
    held = part(.held, or: nil)
    newestList = part(.newestList, or: nil)
    knownSince = part(.knownSince, or: nil)
    delivery = part(.delivery, or: nil)
    refused = part(.refused, or: [])
    lost += source.lost.map { "source.\($0)" }
  }

  /// Lets the next poll find a source's list again that lies where it was. What came through a
  /// watched folder is in the archive by now; the next list brings what is newly inside.
  mutating func forgetList(of feed: FeedSettings) {
    switch feed.source {
    case .folder, .remoteFolder: return
    case .file, .url, .open311: break
    }
    source.taken = []
    (source.etag, source.lastModified) = (nil, nil)
  }

  /// Whether a list with these bytes was the last one, and was read otherwise.
  func isReread(_ sha256: String, on ground: String) -> Bool {
    sha256 == self.sha256 && ground != self.ground
  }

  /// By which a list is asked whether it was cut off; `nil` where two exports say the same. That the same
  /// bytes were fetched twice, or read again, does not make them two.
  func listBefore(_ reading: ListReading, isReread: Bool) -> ListPrint? {
    guard reading.list.sha256 == sha256, !isReread, let delivery,
      reading.delivery?.isAnother(than: delivery) == true
    else { return print }
    return nil
  }

  /// Takes note of a list that was read and held against what is known.
  /// - Parameters:
  ///   - isWaived: whether a person's word about the next list made it believed.
  ///   - isReread: see ``isReread(_:on:)``.
  mutating func take(
    _ news: News, _ reading: ListReading, isWaived: Bool, isReread: Bool, now: Date
  ) {
    let isWhole = news.intake.isHeldWhole
    if !isWhole {
      noteLost(reading.list.lost, at: news.instant, isReread: isReread, now: now)
    }
    if let state = reading.state { take(state, isBelieved: !isWhole) }
    if news.isHistory { return }
    let isSame = reading.list.sha256 == sha256
    if !isSame { sameSince = now }
    // The same bytes are a newer list only where the source says so.
    if !isSame || reading.isDated {
      newestList = max(min(newestList ?? news.instant, now), news.instant)
    }
    let isKnown = delivery.map { reading.delivery?.isAnother(than: $0) != true } ?? false
    if !isSame || !isKnown { delivery = reading.delivery }
    (sha256, bytes) = (reading.list.sha256, reading.bytes)
    isNewest = news.change.complete != nil
    if news.intake.isBelieved {
      // What a person has accepted is the new measure.
      if reading.isAccepted || isWaived { usual = [] }
      noteUsual(news.report)
      print = reading.list.print
      belief = nil
    }
  }

  /// Takes note of the rows of a list that could not be read.
  mutating func noteLost(_ lost: LostRows, at instant: Date, isReread: Bool, now: Date) {
    var rows = standing ?? StandingRows()
    rows.limit(to: now)
    rows.take(lost, at: instant, isReread: isReread)
    standing = rows
  }

  /// A list was read by these areas and settings.
  mutating func stand(on areas: String, _ settings: FeedSettings) {
    self.areas = areas
    ground = triaged.ground(areas, settings)
  }

  /// Whether the last list was read by other areas, and by the settings of today.
  func wasRedrawn(to areas: String, _ settings: FeedSettings) -> Bool {
    !self.areas.isEmpty && self.areas != areas && ground == triaged.ground(self.areas, settings)
  }

  /// Takes note of how long a list is that is believed.
  mutating func noteUsual(_ report: ImportReport) {
    let rows = readableRows(report.counts)
    if rows > 0 { usual = Array((usual + [rows]).suffix(20)) }
  }

  /// Takes over what the source is to know.
  /// - Parameter isBelieved: whether the list may be a measure of what is newer than it.
  mutating func take(_ state: FeedState, isBelieved: Bool) {
    let newest = source.newest
    source = state
    if !isBelieved { source.newest = newest }
  }

  var data: Data { (try? JSONEncoder().encode(self)) ?? Data() }
}

/// What says whether a list would be read today as it was read before: boundaries and settings.
func ground(_ areasFingerprint: String, _ settings: FeedSettings) -> String {
  let text = Data("\(areasFingerprint) \(settings)".utf8)
  return SHA256.hash(data: text).map { String($0, radix: 16) }.joined(separator: ".")
}
