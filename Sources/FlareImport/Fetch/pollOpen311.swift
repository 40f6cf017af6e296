import Foundation
import Glibc
import Transfer
import Triage

extension FeedSource {
  /// Asks a GeoReport v2 server for the requests of the last days. An answer that is byte for byte
  /// the one last taken is nothing new: the protocol knows no conditional question.
  mutating func pollOpen311(
    _ server: Open311Settings, _ state: FeedState, _ now: Date
  ) async throws -> FeedNews {
    var news = FeedNews()
    let path = spoolPath()
    let name = "requests.\(server.format.rawValue)"
    finishDownload(name, path, state, &news)
    do {
      let list = try AppendedFile(path: path)
      var round = Open311Round(
        server, settings, transferrer, page: spoolPath("page"), list: list)
      try await round.run(now: now)
      news.alarms += round.alarms
      // What is to be read again was taken out of the state.
      if !state.taken.isEmpty, list.sha256 == state.sha256 {
        news.isSameAsTaken = true
        return news
      }
      try list.commit()
    } catch let refused as AppendedFile.Refused {
      throw unreadable(path, refused.code)
    } catch is ReadTrouble {
      throw unreadable(path, EIO)
    }
    guard let identity = FileIdentity(regularFileAt: path) else { throw unreadable(path, ENOENT) }
    var state = state
    state.taken = []
    news.exports = [export(name, path, identity, now, .download, state)]
    return news
  }
}
