import Foundation
import Glibc
import Triage

/// A Maildir on this machine: the channel that needs no mail server.
package struct MaildirSettings: Hashable, Sendable {
  /// Made where it is not there, with its `tmp`, `new` and `cur`, for the daemon's user alone.
  package var path: String

  package init(path: String) {
    self.path = path
  }
}

/// Puts a message into a Maildir as `new/<seconds>.<digest id>.triaged.eml`, whole and synced or
/// not at all.
///
/// The name is the message's own, so that a second attempt finds the first one, also after somebody
/// has read it and it lies in `cur`.
func store(_ message: Message, in settings: MaildirSettings) throws(DeliveryError) -> Receipt {
  let digest = message.id.prefix { $0 != "@" }
  guard !digest.isEmpty, digest.utf8.allSatisfy(isTokenByte) else {
    throw DeliveryError(why: "The message's id cannot be a file name.", permanent: true)
  }
  let name = "\(Int(message.date.timeIntervalSince1970)).\(digest).triaged.eml"
  let folder = settings.path
  for path in [folder, folder + "/tmp", folder + "/new", folder + "/cur"]
  where mkdir(path, 0o700) != 0 && errno != EEXIST {
    throw failure()
  }
  let receipt = Receipt(words: "It lies in the Maildir.")
  // In this order: a reader may move it from `new` to `cur` between the two looks.
  let isThere = try holds(folder + "/new", name)
  if !isThere {
    if try holds(folder + "/cur", name) { return receipt }
    let temporary = "\(folder)/tmp/\(name)"
    do throws(DeliveryError) {
      try write(message.bytes, to: temporary)
      guard rename(temporary, "\(folder)/new/\(name)") == 0 else { throw failure() }
    } catch {
      unlink(temporary)
      throw error
    }
  }
  let opened = open(folder + "/new", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard opened >= 0 else { throw failure() }
  defer { close(opened) }
  guard fsync(opened) == 0 else { throw failure() }
  return receipt
}

/// Whether the folder has the file, under its name or with flags after it (`:2,S`).
private func holds(_ folder: String, _ name: String) throws(DeliveryError) -> Bool {
  guard let listing = opendir(folder) else { throw failure() }
  defer { closedir(listing) }
  while let entry = readdir(listing) {
    let found = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if found == name || found.hasPrefix(name + ":") { return true }
  }
  return false
}

private func write(_ bytes: [UInt8], to path: String) throws(DeliveryError) {
  // What a killed attempt left there is written over.
  let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard opened >= 0 else { throw failure() }
  defer { close(opened) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { Glibc.write(opened, $0.baseAddress, $0.count) }
    if written < 0 {
      if errno == EINTR { continue }
      throw failure()
    }
    rest = rest.dropFirst(written)
  }
  guard fsync(opened) == 0 else { throw failure() }
}

private func failure() -> DeliveryError {
  let reason = String(cString: strerror(errno))
  return DeliveryError(why: "The Maildir cannot be written: \(reason).", permanent: false)
}
