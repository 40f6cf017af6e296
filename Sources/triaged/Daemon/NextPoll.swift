import Foundation
import Synchronization

/// When a feed is polled next; `nil` while one is being polled.
final class NextPoll: Sendable {
  private let instant = Mutex<Date?>(nil)

  var value: Date? { instant.withLock { $0 } }

  func set(_ value: Date?) { instant.withLock { $0 = value } }
}
