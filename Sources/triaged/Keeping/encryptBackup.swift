import CDispatch
import Foundation
import Geography
import Glibc
import Storage

/// The name of the folder in which GnuPG keeps what it needs for a moment.
let gnuPGHome = ".partial-gnupg"

/// Encrypts a file for a recipient into another one that is not there yet, by `age` or `gpg`; blocks its thread.
///
/// A child without a shell, a network and any key but the public one. What it wrote is put on the disk.
/// - Parameter folder: one of ours, in which GnuPG may keep what it needs meanwhile.
/// - Throws: ``BackupError``; then there is no second file.
func encryptBackup(
  _ plain: String, to path: String, for encryption: BackupEncryption, in folder: String
) throws {
  let home = folder + "/" + gnuPGHome
  try? FileManager.default.removeItem(atPath: home)
  defer { try? FileManager.default.removeItem(atPath: home) }
  if encryption.kind == .gpg { try makePrivateFolder(home) }
  let child = ChildProcess(
    program: encryption.program,
    arguments: arguments(plain, path, encryption, home: home), folder: folder,
    environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder])
  let outcome = child.run(seconds: 3600, mostBytes: 1 << 16)
  do {
    guard case .finished(_, let complaint, let code) = outcome else {
      throw BackupError("\(encryption.program) could not be run, or did not end within an hour.")
    }
    guard code == 0 else {
      // Its last line says why; it names files and keys.
      let why = complaint.split(whereSeparator: \.isNewline).last ?? "it gave no reason"
      throw BackupError("\(encryption.program) could not encrypt the backup: \(why)")
    }
    try putOnDisk(path)
  } catch {
    unlink(path)
    throw error
  }
}

private func arguments(
  _ plain: String, _ path: String, _ encryption: BackupEncryption, home: String
) -> [String] {
  switch (encryption.kind, encryption.recipient) {
  case (.age, .key(let key)): ["--encrypt", "-r", key, "-o", path, plain]
  case (.age, .file(let file)): ["--encrypt", "-R", file, "-o", path, plain]
  case (.gpg, .key(let key)), (.gpg, .file(let key)):
    [
      "--homedir", home, "--batch", "--no-tty", "--no-autostart", "--trust-model", "always",
      "--compress-algo", "none", "--recipient-file", key, "--output", path, "--encrypt", plain,
    ]
  }
}

/// An empty or missing file is no backup.
private func putOnDisk(_ path: String) throws {
  let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
  guard descriptor >= 0 else { throw BackupError("The encrypted backup \(path) is not there.") }
  defer { close(descriptor) }
  guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0, lseek(descriptor, 0, SEEK_END) > 0
  else { throw BackupError("The encrypted backup \(path) could not be put on the disk.") }
}
