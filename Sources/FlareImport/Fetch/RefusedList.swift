import Foundation
import Triage

/// A list of which nothing could be read. Nobody has looked at it yet, so its copy waits for a person as a
/// held list's does: until the trouble is over, or ``lifetime`` has passed.
package struct RefusedList: Codable, Hashable, Sendable {
  /// The export's own name.
  package var name: String
  package var received: Date
  package var trouble: FeedTrouble
  /// Empty where it could not be taken.
  package var sha256: String
  /// Its name in the archive, once it lies there.
  package var archived: String?

  /// Seconds.
  package static let lifetime = 30 * 86_400.0

  package init(_ export: Export, _ trouble: FeedTrouble) {
    (name, received) = (export.name, export.received)
    self.trouble = trouble
    sha256 = fileHash(of: export) ?? ""
  }

  package func isKept(_ now: Date) -> Bool {
    now.timeIntervalSince(received) < RefusedList.lifetime
  }

  /// Whether it is this export, which may lie elsewhere by now.
  package func came(as export: Export) -> Bool {
    name == export.name && abs(received.timeIntervalSince(export.received)) < 0.001
  }
}

extension [RefusedList] {
  /// So many different ones of a feed are kept.
  private static let most = 100

  /// Takes one more: of those with the same bytes and trouble the copy of the first is enough.
  package mutating func add(_ list: RefusedList, now: Date) {
    removeAll { !$0.isKept(now) }
    if !list.sha256.isEmpty,
      contains(where: { $0.sha256 == list.sha256 && $0.trouble == list.trouble })
    {
      return
    }
    self = suffix([RefusedList].most - 1) + [list]
  }
}
