import FlareImport
import Foundation
import Triage

/// Which exports, as they were received, have rows of somebody.
struct ArchivedMentions: Sendable {
  /// Names in the archive.
  var found: [String] = []
  /// Those of which it cannot be told: other feeds', damaged ones, in parts unreadable.
  var unreadable: [String] = []
}

extension BackupKeeper {
  private var archive: Archive {
    Archive(path: configuration.archiveFolder, days: configuration.archiveDays)
  }

  /// Looks through all that lies in the archive. Blocks this actor's thread on the disk.
  func archivedMentions(_ isMeant: @Sendable ([String]) -> Bool) -> ArchivedMentions {
    let feeds = Dictionary(
      configuration.feeds.map { ($0.name, $0.settings) }, uniquingKeysWith: { one, _ in one })
    let lists = archive.lists(of: feeds.keys.sorted()).lists
    var mentions = ArchivedMentions()
    for list in lists {
      let hasRow = feeds[list.feed].flatMap {
        archive.hasRow(
          list, settings: $0, spool: configuration.state + "/spool", isMeant: isMeant)
      }
      switch hasRow {
      case .some(true): mentions.found.append(list.file)
      case .some(false): continue
      case nil: mentions.unreadable.append(list.file)
      }
    }
    let known = Set(lists.map(\.file))
    mentions.unreadable += archive.files().filter { !known.contains($0) }
    return mentions
  }

  /// And what is there of copies that were cut short. - Returns: those that could not be deleted.
  func deleteArchived(_ files: [String]) -> [String] {
    let archive = archive
    archive.deleteCutShort()
    return files.filter { !archive.delete($0) }
  }

  /// Of an erasure that a stop has cut short nobody knows any more whom it was of.
  func deleteWholeArchive() -> [String] { deleteArchived(archive.files()) }
}
