import CDispatch
import Foundation
import Glibc

/// Where root has done what the service's user is to go on with: what root has put into the state folder becomes the
/// folder's owner's. The folder may be reached by a link, as systemd's is (DynamicUser); within it no link is followed, and
/// no file changes hands that has a second name: the service's user could have made them to get at files of others.
func handToOwner(of state: String) {
  let folder = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  defer { close(folder) }
  var owner = stat()
  guard geteuid() == 0, fstat(folder, &owner) == 0, owner.st_uid != 0 else { return }
  hand(folder, to: owner)
}

/// - Parameter folder: a descriptor.
private func hand(_ folder: Int32, to owner: stat) {
  let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd/\(folder)")
  for name in names ?? [] {
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR {
      let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      guard inner >= 0 else { continue }
      hand(inner, to: owner)
      close(inner)
    }
    guard status.st_uid == 0, kind == S_IFDIR || (kind == S_IFREG && status.st_nlink == 1) else {
      continue
    }
    fchownat(folder, name, owner.st_uid, owner.st_gid, AT_SYMLINK_NOFOLLOW)
  }
}
