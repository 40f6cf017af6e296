import Foundation
import Geography

/// Where the data are that belong to the program and to no council: `share/triaged` beside the folder
/// of the program or above it. That is `/usr/share/triaged` for `/usr/bin/triaged`, and the one that
/// `make deps` fills for a program in `.build`.
/// - Returns: `nil` where no such folder holds the shifts of OSTN15.
func usualDataFolder() -> String? {
  guard var folder = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
  for _ in 0..<6 {
    folder.deleteLastPathComponent()
    let data = folder.appending(path: "share/triaged").path(percentEncoded: false)
    if FileManager.default.fileExists(atPath: data + "/" + shiftsFileName) { return data }
  }
  return nil
}
