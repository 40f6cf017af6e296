import Foundation
import Storage
import Triage

/// Below so little room on the disk nothing new is begun: no list is taken, no digest goes out, nothing is claimed. What
/// is held can be ended as long as the database takes it, and alarms go on.
struct DiskFloor: Sendable {
  /// Bytes; `nil` where nobody knows, which holds up nothing.
  let left: @Sendable () -> Int?

  init(left: @escaping @Sendable () -> Int?) { self.left = left }

  /// Of the disk that a folder is on.
  init(folder: String) { left = { bytesLeft(at: folder) } }

  var isReached: Bool { left().map { $0 < leastBytesLeft } ?? false }

  /// - Throws: ``NoRoom`` below the floor.
  func check() throws {
    if let left = left(), left < leastBytesLeft { throw NoRoom(left: left) }
  }
}

/// Why a loop does not begin a round.
struct NoRoom: Error, CustomStringConvertible {
  /// Bytes.
  var left: Int

  var description: String {
    "The disk of the state folder is full, or nearly so: \(CivilWords.grouped(left >> 10)) KiB are left. Lists wait, and "
      + "nothing new is mailed or claimed until there is room."
  }
}

/// Does what somebody asks for at the desk.
/// - Throws: `ClaimError.noRoom` where the disk was too full for it; then nothing was changed.
func tellingOfNoRoom<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
  do {
    return try await body()
  } catch let error as StoreError where error.isFull {
    throw ClaimError.noRoom
  }
}

/// - Parameter isOpen: whether it is the matter already: then it is over only where there is room to spare.
func diskMatters(left: Int?, isOpen: Bool) -> [Matter] {
  guard let left, left < (isOpen ? 2 : 1) * leastBytesLeft else { return [] }
  return [
    Matter(
      .disk,
      "The disk of the state folder is full, or nearly so. New lists wait, no offer is mailed, and nothing can be claimed; "
        + "what is held can be ended, and alarms are sent, as long as the disk takes them.")
  ]
}
