import Foundation
import Glibc

/// What a file is known by: where it lies on disk, its size and the time of its last change.
/// Moving a file within its file system changes none of these.
package struct FileIdentity: Codable, Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int64
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package var modified: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modified = modified
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }

  /// - Returns: `nil` for what is not a regular file (a symbolic link included) or not there.
  init?(regularFileAt path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  package var modifiedDate: Date { Date(timeIntervalSince1970: Double(modified) / 1e9) }
}

/// What a feed remembers between polls. Stored in the same transaction as the rows it stands for,
/// so that a poll after a crash knows what is in the database.
package struct FeedState: Codable, Hashable, Sendable {
  /// Files whose rows are in the database and that may still lie where they were found.
  package var taken: [TakenFile] = []
  /// Files of a ``RemoteFolder`` whose rows are in the database and that still lay there when it was
  /// last recorded; `nil` in what earlier versions stored.
  package var far: [FarFile]?
  /// The time of the last change of the newest export that was taken.
  package var newest: Date?
  /// SHA-256 of the export last taken, in hexadecimal.
  package var sha256: String = ""
  /// HTTP validators of the answer last taken, as the server wrote them.
  package var etag: String?
  package var lastModified: String?
  /// SHA-256 of the URL that the validators belong to; the URL itself may hold a secret.
  package var urlHash: String?
  /// Parts that were stored and could not be read back.
  package private(set) var lost: [String] = []

  private enum CodingKeys: String, CodingKey {
    case taken, far, newest, sha256, etag, lastModified, urlHash
  }

  package struct TakenFile: Codable, Hashable, Sendable {
    package var identity: FileIdentity
    package var name: String
    /// When it was taken; part of its name in the archive.
    package var received: Date
  }

  /// What a file on another machine is known by: it tells no inode.
  package struct FarFile: Codable, Hashable, Sendable {
    package var name: String
    /// Bytes.
    package var size: Int
    /// The last change by that machine's clock, in seconds since 1970; `nil` where it does not tell.
    package var modified: Int?
    /// When it was taken; part of its name in the archive.
    package var received: Date
  }

  package init() {}

  /// Part by part, since an earlier or later version may have stored other parts.
  package init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    taken = parts.part(.taken, or: [], lost: &lost)
    far = parts.part(.far, or: nil, lost: &lost)
    newest = parts.part(.newest, or: nil, lost: &lost)
    sha256 = parts.part(.sha256, or: "", lost: &lost)
    etag = parts.part(.etag, or: nil, lost: &lost)
    lastModified = parts.part(.lastModified, or: nil, lost: &lost)
    urlHash = parts.part(.urlHash, or: nil, lost: &lost)
  }
}
