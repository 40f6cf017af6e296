import Foundation

/// One file or download that is ready to be read: whole, still, and not taken before.
package struct Export: Hashable, Sendable {
  package let feed: String
  /// The file's own name, or the last part of the URL's path: fit for reports, terminals and the archive,
  /// since what is no plain text in it is an underscore here (``plainName(_:)``).
  package let name: String
  /// Where the bytes lie now.
  package let path: String
  package let identity: FileIdentity
  /// When the poll found it.
  package let received: Date
  /// The file's last change; for a download, `Last-Modified`, or the moment it was received where its
  /// server does not tell.
  package let modified: Date
  /// Whether a newer export of this feed was taken before: yesterday's file put in again.
  package let isOlderThanTaken: Bool
  let origin: Origin
  /// What the state must go on to know: files beside it that were taken before, HTTP validators.
  let before: FeedState

  /// For a file of a ``RemoteFolder``: what it is known by there.
  var far: FeedState.FarFile?

  /// Whether the source says of which instant the list is. A server that does not may go on giving the
  /// same one, and the same bytes are then no newer list.
  package var isDated = true

  /// By what it is told from an earlier export with the same bytes; `nil` where its source tells nothing
  /// of that kind, so that the same bytes are always the same export.
  package var delivery: Delivery?

  init(
    feed: String, name: String, path: String, identity: FileIdentity, received: Date,
    modified: Date, isOlderThanTaken: Bool, origin: Origin, before: FeedState
  ) {
    self.feed = feed
    self.name = plainName(name)
    self.path = path
    self.identity = identity
    self.received = received
    self.modified = modified
    self.isOlderThanTaken = isOlderThanTaken
    self.origin = origin
    self.before = before
  }

  enum Origin: Hashable, Sendable {
    case folder
    case file
    case download
    case remote
  }

  package var byteCount: Int { Int(identity.size) }

  /// What to store in the transaction that records this export's rows (or its refusal).
  ///
  /// Exports of one poll are recorded in the order they were given, each with its own state.
  /// - Parameter sha256: as ``ImportedList/sha256`` has it, or empty for an unreadable export.
  package func stateOnceRecorded(sha256: String) -> FeedState {
    var state = before
    state.taken.append(
      FeedState.TakenFile(identity: identity, name: name, received: received))
    if let far {
      // One file has a name: what stood under it before is gone.
      state.far = (state.far ?? []).filter { $0.name != far.name } + [far]
    }
    // A clock that is ahead must not make every later list look old.
    let dated = min(modified, received)
    state.newest = before.newest.map { min(max($0, dated), received) } ?? dated
    state.sha256 = sha256
    return state
  }
}
