import CDispatch
import Foundation
import Glibc
import Transfer

/// A file that a key names and that must be there to be read.
///
/// What lies under `${credentials}` can be looked at by the service alone; elsewhere that is said, and is no error.
/// - Parameters:
///   - what: as the sentence begins; `nil`: "The file of 'ca_file'".
///   - isSecret: whether what it holds might have been typed in the place of its path (``named(_:_:_:)``).
func readableFile(
  _ section: Section, _ key: String, _ paths: PathRules, _ what: String? = nil,
  isSecret: Bool = false
) -> String? {
  guard let text = section.text(key) else { return nil }
  let path = paths.resolve(text)
  guard !isOutOfReach(section, key, paths) else { return path }
  if !FileManager.default.isReadableFile(atPath: path) {
    section.problem(
      at: key, cause: .file,
      "\(what ?? "The file of '\(key)'") cannot be read: \(isSecret ? named(section, key, path) : path) is not "
        + "there, or this user may not read it."
    )
  }
  return path
}

/// A file with a secret: to be read by us, and not by everybody.
func secretFile(_ section: Section, _ key: String, _ paths: PathRules) -> String? {
  guard let path = readableFile(section, key, paths, isSecret: true) else { return nil }
  warnOfService(section, key, path)
  let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  if let mode, mode & 0o004 != 0 {
    section.problem(
      at: key, cause: .file,
      "The file of '\(key)', \(path), may be read by everybody on this machine; close it with `chmod o-r`."
    )
  }
  return path
}

/// The first line of a secret's file, for a look at its form; `nil` where there is none, which is reported.
func readSecretLine(
  _ key: String, _ what: String, _ section: Section, _ paths: PathRules
) -> String? {
  guard let text = section.text(key), !isOutOfReach(section, key, paths) else { return nil }
  let path = paths.resolve(text)
  warnOfService(section, key, path)
  do throws(TransferError) {
    return try readSecret(path, what, for: "this channel")
  } catch {
    section.problem(
      at: key, cause: .file, "\(error.why) It is '\(key)', \(named(section, key, path)).")
    return nil
  }
}

/// Root can read what the service cannot: said where root looks, and the package's group is there.
func warnOfService(_ section: Section, _ key: String, _ path: String) {
  guard geteuid() == 0, let group = getgrnam(serviceGroup)?.pointee.gr_gid,
    serviceCannotRead(path, group: group)
  else { return }
  section.problem(
    at: key, severity: .warning, cause: .file,
    "The service is not root and cannot read the file of '\(key)', \(path): chgrp \(serviceGroup) it and "
      + "chmod 0640 it, or hand it over as a credential.")
}

/// Of those who may read the configuration (packaging/debian/triaged.sysusers).
private let serviceGroup = "triaged-read"

/// Whether somebody of this group, who is nobody else, may not read a file that is there.
func serviceCannotRead(_ path: String, group: gid_t) -> Bool {
  var facts = stat()
  guard stat(path, &facts) == 0, facts.st_mode & 0o004 == 0 else { return false }
  return facts.st_gid != group || facts.st_mode & 0o040 == 0
}

/// How a message speaks of a secret's file that could not be read: by its path, or, where what was written does not begin
/// like one, not by what was written. It may be the secret itself, and the journal keeps what is said.
func named(_ section: Section, _ key: String, _ path: String) -> String {
  let text = section.text(key) ?? ""
  let isPath = ["/", "./", "../", "${"].contains { text.hasPrefix($0) }
  return isPath
    ? path : "the file named here (not repeated, as a secret may stand in the place of a path)"
}

/// Whether a key's file lies where nobody but the service can look, which is said.
func isOutOfReach(_ section: Section, _ key: String, _ paths: PathRules) -> Bool {
  guard let text = section.text(key), paths.credentials == nil, text.contains(PathRules.credentials)
  else { return false }
  section.problem(
    at: key, severity: .warning, cause: .noCredentials,
    "'\(key)' is \(text), which only the service can read: CREDENTIALS_DIRECTORY is not set here, so the file "
      + "was not looked at.")
  return true
}
