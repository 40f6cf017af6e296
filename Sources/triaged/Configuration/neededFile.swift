import Foundation
import Transfer

/// A file that a key names and that must be there to be read.
///
/// What lies under `${credentials}` can be looked at by the service alone; elsewhere that is said, and is no error.
/// - Parameter what: as the sentence begins; `nil`: "The file of 'ca_file'".
func readableFile(
  _ section: Section, _ key: String, _ paths: PathRules, _ what: String? = nil
) -> String? {
  guard let text = section.text(key) else { return nil }
  let path = paths.resolve(text)
  guard !isOutOfReach(section, key, paths) else { return path }
  if !FileManager.default.isReadableFile(atPath: path) {
    section.problem(
      at: key, cause: .file,
      "\(what ?? "The file of '\(key)'") cannot be read: \(path) is not there, or this user may not read it."
    )
  }
  return path
}

/// A file with a secret: to be read by us, and not by everybody.
func secretFile(_ section: Section, _ key: String, _ paths: PathRules) -> String? {
  guard let path = readableFile(section, key, paths) else { return nil }
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
  do throws(TransferError) {
    return try readSecret(path, what, for: "this channel")
  } catch {
    section.problem(at: key, cause: .file, "\(error.why) It is '\(key)', \(path).")
    return nil
  }
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
