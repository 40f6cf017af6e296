import Crypto
import Foundation
import Glibc
import Transfer
import Triage

extension FeedSource {
  /// Fetches the list of an address, unless it is the one that was taken last.
  func pollURL(
    _ url: String, _ state: FeedState, _ now: Date
  ) async throws -> FeedNews {
    let path = spoolPath()
    let name = FeedSource.lastPart(URLComponents(string: url)?.path ?? "")
    var news = FeedNews()
    finishDownload(name, path, state, &news)
    let urlHash = hexadecimal(SHA256.hash(data: Array(url.utf8)))
    let knows = state.urlHash == urlHash
    let answer = try await transferrer.fetch(
      FetchRequest(
        url: url, etag: knows ? state.etag : nil, lastModified: knows ? state.lastModified : nil,
        connectSeconds: settings.http.connectSeconds, totalSeconds: settings.http.totalSeconds,
        maxBytes: settings.maxBytes, caFile: settings.http.caFile,
        allowInsecureHTTP: settings.http.allowInsecure, credentials: settings.http.fetching),
      to: path)
    switch answer {
    case .notModified: return news
    case .fetched(let etag, let lastModified, _, _):
      let changed = lastModified.flatMap(FeedSource.lastChange).map { min($0, now) }
      // The copy in the archive tells the instant too, so that it can be read again as of then.
      if let changed { touch(path, changed) }
      guard let identity = FileIdentity(regularFileAt: path) else { throw unreadable(path, ENOENT) }
      var state = state
      state.taken = []
      (state.etag, state.lastModified, state.urlHash) = (etag, lastModified, urlHash)
      var export = export(name, path, identity, now, .download, state, changed: changed)
      export.isDated = changed != nil
      export.delivery = .answer(lastModified: lastModified, etag: etag)
      news.exports = [export]
      return news
    }
  }

  /// The instant that a `Last-Modified` tells; `nil` for what is no date, and for the zero of the clocks
  /// of file systems (1970, 1980), which says that none is known.
  private static func lastChange(_ value: String) -> Date? {
    guard let seconds = httpDate(value), seconds >= 631_152_000 else { return nil }
    return Date(timeIntervalSince1970: seconds)
  }

  private func touch(_ path: String, _ instant: Date) {
    let time = timespec(tv_sec: Int(instant.timeIntervalSince1970), tv_nsec: 0)
    utimensat(AT_FDCWD, path, [time, time], AT_SYMLINK_NOFOLLOW)
  }
}

extension FeedSettings.HTTP {
  /// The credentials as the transfer takes them.
  var fetching: FetchRequest.Credentials {
    switch credentials {
    case .none: .none
    case .basic(let user, let passwordFile): .basic(user: user, passwordFile: passwordFile)
    case .bearer(let tokenFile): .bearer(tokenFile: tokenFile)
    }
  }
}
