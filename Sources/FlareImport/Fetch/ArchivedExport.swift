import Foundation
import Triage

extension HeldList {
  /// Whether it is this export, which may lie elsewhere by now.
  package func came(as export: Export) -> Bool {
    // The store keeps milliseconds.
    name == export.name && abs(received.timeIntervalSince(export.received)) < 0.001
  }
}

extension Archive {
  /// The name of a file here, given by that name or by any path that leads to it; `nil` for one that
  /// lies elsewhere.
  package func nameHere(_ file: String) -> String? {
    guard file.contains("/") else { return file }
    let url = URL(fileURLWithPath: file)
    let folder = url.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL
    let here = URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL
    return folder.path == here.path ? url.lastPathComponent : nil
  }

  /// Whether a file with this name lies here.
  package func holds(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && FileIdentity(regularFileAt: path + "/" + name) != nil
  }

  /// The name of the copy of a list that waits for a person, where the program ended before it could be
  /// written down; `nil` where none lies here.
  package func copy(of held: HeldList, feed: String, now: Date) -> String? {
    let name = Archive.name(feed: feed, name: held.name, received: held.received)
    for number in 1..<1000 {
      let name = number == 1 ? name : Archive.numbered(name, number)
      guard let export = export(name, feed: feed, now: now) else { return nil }
      if fileHash(of: export) == held.sha256 { return name }
    }
    return nil
  }

  /// The name of the newest copy of a list, by its bytes; `nil` where none lies here.
  /// - Parameter name: the export's own.
  package func copy(
    sha256: String, bytes: Int, feed: String, name: String, now: Date
  ) -> String? {
    let plain = Archive.safeName(feed) + "-" + Archive.safeName(name)
    let endings = Set([plain] + (2..<1000).map { Archive.numbered(plain, $0) })
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let copies = names.filter { name in
      Archive.received(name) != nil && endings.contains(String(name.dropFirst(Archive.dateLength)))
    }
    return copies.sorted(by: >).first { copy in
      guard let export = export(copy, feed: feed, now: now), export.byteCount == bytes else {
        return false
      }
      return fileHash(of: export) == sha256
    }
  }

  /// Characters of "YYYYMMDDTHHMMSSZ-".
  private static let dateLength = 17

  /// An export that was put away, to be read once more under its own name and with its own time.
  ///
  /// - Parameter file: a name in the archive, or the path of any regular file: one that does not bear
  ///   an archive's name is known by its own name and its last change.
  /// - Returns: `nil` where there is no regular file.
  package func export(_ file: String, feed: String, now: Date) -> Export? {
    let path = file.contains("/") ? file : self.path + "/" + file
    guard let identity = FileIdentity(regularFileAt: path) else { return nil }
    var name = String(path.split(separator: "/").last ?? "")
    let received = Archive.received(name)
    if received != nil {
      name.removeFirst("YYYYMMDDTHHMMSSZ-".count)
      let prefix = Archive.safeName(feed) + "-"
      if name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    }
    return Export(
      feed: feed, name: name, path: path, identity: identity, received: received ?? now,
      modified: min(identity.modifiedDate, received ?? now), isOlderThanTaken: false, origin: .file,
      before: FeedState())
  }
}
