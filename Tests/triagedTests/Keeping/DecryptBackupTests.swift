import Foundation
import Storage
import Testing

@testable import triaged

@Suite("Opening an encrypted backup")
struct DecryptBackupTests {
  @Test("GnuPG finds its agent however long the path of the state folder is")
  func longPath() async throws {
    let folder = try TemporaryFolder()
    let state = folder.path + "/" + String(repeating: "a-long-name-", count: 10)
    try FileManager.default.createDirectory(
      atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let made = try await runProgram(
      "/bin/sh",
      [
        "-ec",
        """
        export GNUPGHOME=$(mktemp -d /tmp/triaged-test-XXXXXX)
        trap 'gpgconf --kill gpg-agent; rm -rf "$GNUPGHOME"' EXIT
        cd '\(folder.path)'
        echo 'a backup' > plain
        gpg --batch --quiet --passphrase '' --quick-gen-key backup@example.org default default never
        gpg --batch --export-secret-keys --armor > secret
        gpg --batch --quiet --trust-model always --recipient backup@example.org --output backup.gpg --encrypt plain
        """,
      ])
    try #require(made.code == 0, "\(made.errors)")

    try decryptBackup(
      folder.path + "/backup.gpg", .gpg, to: state + "/opened", identity: folder.path + "/secret",
      in: state)

    #expect(FileManager.default.contents(atPath: state + "/opened") == Data("a backup\n".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["opened"])
    #expect(try links(to: state).isEmpty)
  }

  /// What in /tmp still leads there.
  private func links(to folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/tmp").filter {
      guard $0.hasPrefix("triaged-") else { return false }
      let end = try? FileManager.default.destinationOfSymbolicLink(atPath: "/tmp/\($0)/gnupg")
      return end?.hasPrefix(folder) == true
    }
  }
}
