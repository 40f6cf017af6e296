import Foundation
import Glibc
import Storage

/// Decrypts a backup into a file that only its owner can read, by `age` or `gpg`, which may ask the person at the
/// terminal for a passphrase. Blocks its thread.
///
/// Until it is whole the file has the mode that the process's umask leaves it.
/// - Parameters:
///   - identity: a file with the secret key; without it GnuPG takes the keys of whoever runs this.
///   - folder: one of ours, for what GnuPG needs meanwhile.
/// - Throws: ``BackupError``; then there is no second file.
func decryptBackup(
  _ file: String, _ encryption: BackupFile.Encryption, to path: String, identity: String?,
  in folder: String
) throws {
  let program = "/usr/bin/\(encryption.rawValue)"
  guard FileManager.default.isExecutableFile(atPath: program) else {
    throw BackupError(
      "\(file) was encrypted by \(encryption.rawValue), and there is no \(program).")
  }
  unlink(path)
  switch (encryption, identity) {
  case (.age, nil):
    throw BackupError("\(file) is encrypted: name the file with the secret key by --identity.")
  case (.age, .some(let identity)):
    try run(program, ["--decrypt", "-i", identity, "-o", path, file], file)
  case (.gpg, nil):
    try run(program, ["--yes", "--output", path, "--decrypt", file], file)
  case (.gpg, .some(let identity)):
    let home = folder + "/" + gnuPGHome
    try? FileManager.default.removeItem(atPath: home)
    try makePrivateFolder(home)
    defer { try? FileManager.default.removeItem(atPath: home) }
    let link = try linkWithRoomForSockets(to: home)
    let name = link ?? home
    defer {
      // It leaves a program running that holds the key.
      try? run("/usr/bin/gpgconf", ["--homedir", name, "--kill", "gpg-agent"], file)
      if let link {
        unlink(link)
        rmdir((link as NSString).deletingLastPathComponent)
      }
    }
    try run(program, ["--homedir", name, "--quiet", "--import", identity], file)
    try run(
      program, ["--homedir", name, "--quiet", "--yes", "--output", path, "--decrypt", file], file)
  }
  guard chmod(path, 0o600) == 0 else {
    throw BackupError("\(program) left nothing behind for \(file).")
  }
}

/// A short name for a folder in which GnuPG would have no room for its sockets: their path may have 107 bytes (unix(7)),
/// and it puts up to 24 behind the folder's. In a folder of its own, so that nobody else's link is taken for it; nothing
/// but the link lies there.
/// - Returns: `nil` where the folder's own name will do.
private func linkWithRoomForSockets(to folder: String) throws -> String? {
  if folder.utf8.count <= 80 { return nil }
  var template = Array("/tmp/triaged-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw BackupError("/tmp cannot be written to.") }
  let place = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
  let link = place + "/gnupg"
  guard symlink(folder, link) == 0 else {
    rmdir(place)
    throw BackupError("\(link) could not be made.")
  }
  return link
}

/// With the terminal of whoever asks: ``ChildProcess`` has none, and no socket by which GnuPG could reach its agent.
private func run(_ program: String, _ arguments: [String], _ file: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  do {
    try process.run()
  } catch {
    throw BackupError("\(program) could not be started.")
  }
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw BackupError("\(program) could not open \(file): is it the right key?")
  }
}
