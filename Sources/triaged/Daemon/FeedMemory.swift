import FlareImport
import Foundation

/// What the store keeps for a feed between two polls, written with the rows it stands for.
struct FeedMemory: Codable {
  var source = FeedState()
  /// Of the boundary files by which the last list was read.
  var areas = ""
  /// Data rows of the last list that was believed.
  var rows = 0

  init(_ data: Data?) {
    if let data, let known = try? JSONDecoder().decode(FeedMemory.self, from: data) { self = known }
  }

  /// Lets the next poll find a source's list again that lies where it was. What came through a
  /// watched folder is in the archive by now; the next list brings what is newly inside.
  mutating func forgetList(of feed: FeedSettings) {
    if case .folder = feed.source { return }
    source.taken = []
    (source.etag, source.lastModified) = (nil, nil)
  }

  var data: Data { (try? JSONEncoder().encode(self)) ?? Data() }
}
