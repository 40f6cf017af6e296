import FlareImport
import Foundation
import Glibc
import Testing
import Transfer
import Triage

/// A drop folder, an archive and a feed over them. `now` is told, never asked.
final class Drop {
  let folder: TemporaryFolder
  let transferrer = Transferrer(threads: 1)
  var source: FeedSource
  var state = FeedState()
  static let noon = Date(timeIntervalSince1970: 1_800_000_000)

  init(days: Int = 30, _ change: (inout FeedSettings) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    let root = folder.path
    try FileManager.default.createDirectory(
      atPath: root + "/drop", withIntermediateDirectories: true)
    let settings = settings {
      $0.source = .folder(path: root + "/drop", pattern: "*.csv")
      change(&$0)
    }
    source = FeedSource(
      settings: settings, spool: root + "/spool",
      archive: Archive(path: root + "/archive", days: days), transferrer: transferrer)
  }

  /// As after a restart: what was only in memory is forgotten.
  func restart() {
    source = FeedSource(
      settings: source.settings, spool: folder.path + "/spool",
      archive: Archive(path: folder.path + "/archive", days: 30), transferrer: transferrer)
  }

  /// Puts a file down as if it had been changed last so many seconds before noon.
  @discardableResult
  func put(_ name: String, _ text: String = "\(heading)\n\(inside("A1"))\n", age: Double) throws
    -> String
  {
    let path = folder.path + "/drop/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    touch(path, age: age)
    return path
  }

  func touch(_ path: String, age: Double) {
    let time = timespec(tv_sec: Int(Drop.noon.timeIntervalSince1970 - age), tv_nsec: 0)
    utimensat(AT_FDCWD, path, [time, time], 0)
  }

  func poll(after seconds: Double = 0) async throws -> FeedNews {
    try await source.poll(state, now: Drop.noon.addingTimeInterval(seconds))
  }

  func read(_ export: Export) throws -> ImportedList {
    try readExport(
      export, settings: source.settings, index: AreaIndex([square]),
      projection: .identity(.britishNational))
  }

  func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: self.folder.path + "/" + folder)) ?? [])
      .sorted()
  }

  deinit {
    let transferrer = transferrer
    Task { await transferrer.shutdown() }
  }
}

@Suite("Polling a drop folder and a file")
struct DropFolderTests {
  @Test("Files are taken oldest first, read, recorded and moved to the archive")
  func oldestFirst() async throws {
    let drop = try Drop()
    try drop.put("b.csv", "\(heading)\n\(inside("OLD"))\n", age: 300)
    try drop.put("A.CSV", "\(heading)\n\(inside("NEW"))\n", age: 200)
    try drop.put("notes.txt", age: 400)
    try drop.put(".hidden.csv", age: 400)
    let news = try await drop.poll()
    #expect(news.exports.map(\.name) == ["b.csv", "A.CSV"])
    for export in news.exports {
      let list = try drop.read(export)
      drop.state = export.stateOnceRecorded(sha256: list.sha256)
      try drop.source.keep(export)
    }
    #expect(
      drop.names("archive") == ["20270115T080000Z-jobs-A.CSV", "20270115T080000Z-jobs-b.csv"])
    #expect(drop.names("drop") == [".hidden.csv", "notes.txt"])
    #expect(drop.state.newest == Drop.noon.addingTimeInterval(-200))
    #expect(try await drop.poll(after: 900).exports.isEmpty)
  }

  @Test("A file that is still being written is left until it has stood still")
  func stillWritten() async throws {
    let drop = try Drop()
    let path = try drop.put("a.csv", age: 10)
    #expect(try await drop.poll().settling == ["a.csv"])
    // It grows, and a copying tool sets an old mtime: what the last poll saw tells.
    try drop.put("a.csv", "\(heading)\n\(inside("A1"))\n\(inside("A2"))\n", age: 5000)
    #expect(try await drop.poll(after: 60).settling == ["a.csv"])
    let news = try await drop.poll(after: 130)
    #expect(news.exports.map(\.path) == [path])
  }

  @Test("A clock that is behind the file's does not hold it for ever")
  func futureFile() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: -100_000)
    #expect(try await drop.poll().exports.isEmpty)
    #expect(try await drop.poll(after: 61).exports.count == 1)
  }

  @Test("A file that changes between the poll and the reading is left for the next poll")
  func changedBeforeReading() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: 300)
    let export = try #require(try await drop.poll().exports.first)
    try drop.put("a.csv", "\(heading)\n", age: 100)
    #expect(throws: StillBeingWritten.self) { try drop.read(export) }
    try drop.source.keep(export)
    #expect(drop.names("drop") == ["a.csv"], "another file is not moved away unread")
    #expect(drop.names("archive") == [])
  }

  @Test("A file whose name would speak to a terminal is taken under a plain one")
  func nameWithControls() async throws {
    let drop = try Drop()
    try drop.put("we ird\n\u{1B}[31mred.csv", age: 300)
    try drop.put("b\u{202E}vsc\u{2066}\u{200F}\u{9B}\u{2028}.csv", age: 200)
    let exports = try await drop.poll().exports
    #expect(exports.map(\.name) == ["we ird__[31mred.csv", "b_vsc____.csv"])
    for export in exports {
      #expect(try drop.read(export).references == ["A1"])
      drop.state = export.stateOnceRecorded(sha256: "")
      try drop.source.keep(export)
    }
    #expect(drop.names("drop") == [])
    #expect(
      drop.names("archive") == [
        "20270115T080000Z-jobs-b_vsc____.csv", "20270115T080000Z-jobs-we ird__[31mred.csv",
      ])
    #expect(try await drop.poll(after: 900).exports.isEmpty)
  }

  @Test("After a crash between commit and keep the file is only put away")
  func crashBeforeKeep() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: 300)
    try drop.put("b.csv", age: 200)
    let exports = try await drop.poll().exports
    drop.state = exports[0].stateOnceRecorded(sha256: try drop.read(exports[0]).sha256)
    drop.restart()
    let news = try await drop.poll(after: 900)
    #expect(news.exports.map(\.name) == ["b.csv"])
    #expect(drop.names("archive") == ["20270115T080000Z-jobs-a.csv"])
    let last = news.exports[0].stateOnceRecorded(sha256: "")
    #expect(last.taken.map(\.name) == ["b.csv"])
  }

  @Test("After a crash before the commit the file is found again")
  func crashBeforeCommit() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: 300)
    let export = try #require(try await drop.poll().exports.first)
    _ = try drop.read(export)
    drop.restart()
    #expect(try await drop.poll(after: 900).exports.map(\.name) == ["a.csv"])
  }

  @Test("Putting an export away twice leaves one copy")
  func keepTwice() async throws {
    let drop = try Drop()
    let path = try drop.put("a.csv", age: 300)
    drop.source = FeedSource(
      settings: settings { $0.source = .file(path: path) }, spool: drop.folder.path,
      archive: Archive(path: drop.folder.path + "/archive"), transferrer: drop.transferrer)
    let export = try #require(try await drop.poll().exports.first)
    try drop.source.keep(export)
    try drop.source.keep(export)
    #expect(drop.names("archive") == ["20270115T080000Z-jobs-a.csv"])
    #expect(drop.names("drop") == ["a.csv"], "a file of the council's own stays where it is")
  }

  @Test("An unchanged file is nothing new, a changed one is; its lost copy is made up for")
  func watchedFile() async throws {
    let drop = try Drop()
    let path = try drop.put("list.csv", age: 300)
    drop.source = FeedSource(
      settings: settings { $0.source = .file(path: path) }, spool: drop.folder.path,
      archive: Archive(path: drop.folder.path + "/archive"), transferrer: drop.transferrer)
    let export = try #require(try await drop.poll().exports.first)
    drop.state = export.stateOnceRecorded(sha256: "")
    #expect(try await drop.poll(after: 900).exports.isEmpty)
    #expect(drop.names("archive") == [])
    drop.source = FeedSource(
      settings: drop.source.settings, spool: drop.folder.path,
      archive: Archive(path: drop.folder.path + "/archive"), transferrer: drop.transferrer)
    #expect(try await drop.poll(after: 900).exports.isEmpty)
    #expect(drop.names("archive") == ["20270115T080000Z-jobs-list.csv"])
    try drop.put("list.csv", "\(heading)\n", age: 100)
    #expect(try await drop.poll(after: 900).exports.count == 1)
  }

  @Test("A file from the future does not make the next list look old")
  func futureExport() async throws {
    let drop = try Drop()
    try drop.put("ahead.csv", age: -90_000)
    // Its own time says nothing, so it settles in our eyes.
    #expect(try await drop.poll(after: 900).exports.isEmpty)
    let ahead = try #require(try await drop.poll(after: 1800).exports.first)
    drop.state = ahead.stateOnceRecorded(sha256: "")
    try drop.source.keep(ahead)
    try drop.put("next.csv", age: -1900)
    let next = try #require(try await drop.poll(after: 3600).exports.first)
    #expect(!next.isOlderThanTaken)
  }

  @Test("An older export than the last one taken is marked so")
  func olderExport() async throws {
    let drop = try Drop()
    try drop.put("new.csv", age: 300)
    let new = try #require(try await drop.poll().exports.first)
    drop.state = new.stateOnceRecorded(sha256: "")
    try drop.source.keep(new)
    try drop.put("yesterday.csv", age: 90_000)
    let old = try #require(try await drop.poll(after: 900).exports.first)
    #expect(old.isOlderThanTaken)
    #expect(!new.isOlderThanTaken)
    #expect(old.stateOnceRecorded(sha256: "").newest == new.modified)
  }

  @Test("Symbolic links, folders and FIFOs in the drop folder are not read")
  func strangers() async throws {
    let drop = try Drop()
    let inner = drop.folder.path + "/drop/"
    let secret = try drop.folder.file("secret.csv", Array("\(heading)\n".utf8))
    #expect(symlink(secret, inner + "link.csv") == 0)
    #expect(mkdir(inner + "folder.csv", 0o700) == 0)
    #expect(mkfifo(inner + "pipe.csv", 0o600) == 0)
    #expect(try await drop.poll(after: 1e6).exports.isEmpty)
    #expect(throws: ImportError.self) {
      try readExport(
        at: inner + "pipe.csv", settings: settings(), index: AreaIndex([square]),
        projection: .identity(.britishNational))
    }
  }

  @Test("A file exchanged for a link between poll and reading is not followed")
  func exchangedForLink() async throws {
    let drop = try Drop()
    let path = try drop.put("a.csv", age: 300)
    let export = try #require(try await drop.poll().exports.first)
    let moved = drop.folder.path + "/moved.csv"
    #expect(rename(path, moved) == 0)
    #expect(symlink(moved, path) == 0)
    #expect(throws: StillBeingWritten.self) { try drop.read(export) }
  }

  @Test("Without an archive what was taken is deleted")
  func noArchive() async throws {
    let drop = try Drop(days: 0)
    try drop.put("a.csv", age: 300)
    try drop.source.keep(try #require(try await drop.poll().exports.first))
    #expect(drop.names("drop") == [])
    #expect(drop.names("archive") == [])
  }

  @Test("The archive is closed to others and forgets after its days")
  func purge() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: 300)
    try drop.source.keep(try #require(try await drop.poll().exports.first))
    let archive = Archive(path: drop.folder.path + "/archive", days: 30)
    var status = stat()
    #expect(stat(archive.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    #expect(stat(archive.path + "/" + drop.names("archive")[0], &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    try Data().write(to: URL(fileURLWithPath: archive.path + "/README"))
    #expect(archive.purge(now: Drop.noon.addingTimeInterval(29 * 86_400)) == 0)
    #expect(archive.purge(now: Drop.noon.addingTimeInterval(30 * 86_400)) == 1)
    #expect(drop.names("archive") == ["README"])
  }

  @Test("Two exports of one name and second both have their place in the archive")
  func sameName() async throws {
    let drop = try Drop()
    for age in [300.0, 200] {
      try drop.put("a.csv", "\(heading)\n\(inside("A\(age)"))\n", age: age)
      let export = try #require(try await drop.poll(after: 100).exports.first)
      drop.state = export.stateOnceRecorded(sha256: "")
      try drop.source.keep(export)
      drop.restart()
    }
    #expect(
      drop.names("archive") == ["20270115T080140Z-jobs-a-2.csv", "20270115T080140Z-jobs-a.csv"])
  }

  @Test("A folder that cannot be read is said, with what happens next")
  func noFolder() async throws {
    let drop = try Drop { $0.source = .folder(path: "/nowhere/at/all", pattern: "*") }
    await #expect(throws: ImportError.self) { try await drop.poll() }
  }

  @Test("What a feed remembers survives being stored as JSON")
  func stateAsJSON() async throws {
    let drop = try Drop()
    try drop.put("a.csv", age: 300)
    let state = try #require(try await drop.poll().exports.first).stateOnceRecorded(sha256: "ab")
    let stored = try JSONEncoder().encode(state)
    #expect(try JSONDecoder().decode(FeedState.self, from: stored) == state)
  }
}
