import Foundation
import Storage

/// What a message about a damaged database goes on with: the newest backup, and how it is put back.
/// - Parameters:
///   - folder: of the backups; `nil` where the configuration does not say.
///   - state: the state folder.
/// - Returns: empty for any other error.
func restoreAdvice(_ error: any Error, folder: String?, state: String) -> String {
  guard case StoreError.damaged(let file, _) = error, file.hasPrefix(state + "/") else { return "" }
  let folder = folder ?? state + "/backups"
  guard let newest = BackupFile.list(in: folder).first else {
    return
      " There is no backup in \(folder); if one was taken elsewhere, bring it here and put it back with the "
      + "service stopped: triaged restore FILE --state \(state)"
  }
  let made = newest.made.formatted(.iso8601)
  return
    " The newest backup was made at \(made). With the service stopped, put it back: triaged restore "
    + "\(newest.path) --state \(state)"
    + (newest.encryption == nil ? "" : " --identity SECRET_KEY_FILE")
}
