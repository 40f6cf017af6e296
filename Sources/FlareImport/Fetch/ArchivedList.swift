import Foundation
import Triage

/// A file of the archive, as its name tells it.
package struct ArchivedList: Hashable, Sendable {
  /// Its name in the archive, for ``Archive/export(_:feed:now:)``.
  package let file: String
  package let feed: String
  /// When the poll found it.
  package let received: Date
  package let bytes: Int
}

extension Archive {
  /// The lists that lie here, the newest first. Opens none of them.
  ///
  /// - Parameter feeds: the feeds of the configuration. Where the names of two of them fit a file, the
  ///   longer one is its feed.
  /// - Returns: with them the number of lists that are no such feed's.
  package func lists(of feeds: [String]) -> (lists: [ArchivedList], ofOtherFeeds: Int) {
    let prefixes = feeds.map { (feed: $0, prefix: Archive.safeName($0) + "-") }
      .sorted { $0.prefix.utf8.count > $1.prefix.utf8.count }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var lists: [ArchivedList] = []
    var others = 0
    for name in names {
      guard let received = Archive.received(name),
        let identity = FileIdentity(regularFileAt: path + "/" + name)
      else { continue }
      let rest = name.dropFirst("YYYYMMDDTHHMMSSZ-".count)
      guard let feed = prefixes.first(where: { rest.hasPrefix($0.prefix) })?.feed else {
        others += 1
        continue
      }
      lists.append(
        ArchivedList(file: name, feed: feed, received: received, bytes: Int(identity.size)))
    }
    lists.sort { ($0.received, $0.file) > ($1.received, $1.file) }
    return (lists, others)
  }
}
