import CDispatch
import Foundation
import Glibc
import Testing

@testable import triaged

@Suite("What root has left in the state folder", .enabled(if: geteuid() == 0))
struct HandToOwnerTests {
  private func owner(_ path: String) -> UInt32? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_uid : nil
  }

  @Test("becomes the service's user's, and nothing that is reached by a link or has another name")
  func handed() throws {
    let folder = try TemporaryFolder()
    let (state, outside) = (folder.path + "/private", folder.path + "/outside")
    for path in [state + "/aside", outside] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let files = ["erasures.jsonl", "aside/triaged-20261122T021500Z.sqlite"].map { state + "/" + $0 }
    let others = ["passwd", "shadow"].map { outside + "/" + $0 }
    for path in files + others { try write("x", to: path) }
    try FileManager.default.createSymbolicLink(
      atPath: state + "/backups", withDestinationPath: outside)
    try #require(link(others[1], state + "/second-name") == 0)
    // As systemd has it for a user that it makes up.
    let reached = folder.path + "/state"
    try FileManager.default.createSymbolicLink(atPath: reached, withDestinationPath: state)
    try #require(chown(state, 61_234, 61_234) == 0)

    handToOwner(of: reached)
    #expect((files + [state + "/aside"]).map(owner) == [61_234, 61_234, 61_234])
    #expect((others + [outside, state + "/backups"]).map(owner) == [0, 0, 0, 0])
  }
}
