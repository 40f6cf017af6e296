import Foundation
import GRDB
import Synchronization
import TestDesk
import Testing
import Triage

@testable import Storage

@Suite("Copies of a database in use")
struct BackupTests {
  @Test("A copy has all that was answered before it was begun, also of what is written meanwhile")
  func underLoad() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await record(store, people(300))
      for round in 0..<5 {
        let copy = path + ".copy\(round)"
        // One page at a time, so that writes come in between.
        async let copying: Void = store.copy(to: copy, pagesAtOnce: 1)
        for number in 0..<30 {
          try await store.record(
            pass(
              [job("R\(round)-\(number)", uprn: "\(900_000 + 100 * round + number)")], verdict([])))
        }
        let answered = try await store.read {
          try Int.fetchOne($0, sql: "SELECT count(*) FROM job")!
        }
        try await copying
        #expect(try checkCopy(at: copy).schema == schema.migrations.last)
        #expect(access(copy + "-wal", F_OK) != 0, "it is one file")
        let old = try Store(path: copy)
        let jobs = try await old.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job")! }
        let begun = 300 + 30 * round
        #expect(jobs >= begun)
        #expect(jobs <= answered)
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try old.close()
      }
      try store.close()
    }
  }

  @Test("A folder that is reached by a link, as systemd's state folders are, has copies too")
  func throughLink() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let folder = (path as NSString).deletingLastPathComponent
      let link = folder + "/link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder)
      try await store.copy(to: link + "/copy", pagesAtOnce: 8)
      _ = try checkCopy(at: link + "/copy")
      try store.close()
    }
  }

  @Test("Nothing waits for a whole copy")
  func noWait() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await record(store, people(300))
      // By the order of things and not by a clock: the machine may be busy with other tests. Of a copy in one piece three
      // get through: before it, behind it, and before its end is told.
      let hasEnded = Atomic(false)
      async let copying: Void = {
        defer { hasEnded.store(true, ordering: .releasing) }
        try await store.copy(to: path + ".copy", pagesAtOnce: 1)
      }()
      var meanwhile = 0
      while !hasEnded.load(ordering: .acquiring) {
        let hasBegun = access(path + ".copy", F_OK) == 0
        try await store.writable(now: noon)
        if hasBegun, !hasEnded.load(ordering: .acquiring) { meanwhile += 1 }
      }
      try await copying
      #expect(meanwhile >= 10)
      try store.close()
    }
  }

  @Test("What is no whole database of ours is refused and stays as it is")
  func refused() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await record(store, people(50))
      try await store.copy(to: path + ".copy")
      try store.close()
      let good = try Data(contentsOf: URL(fileURLWithPath: path + ".copy"))
      func fails(_ data: Data, _ test: (any Error) -> Bool) throws {
        try data.write(to: URL(fileURLWithPath: path + ".bad"))
        do {
          _ = try checkCopy(at: path + ".bad")
          Issue.record("it was taken")
        } catch { #expect(test(error), "\(error)") }
      }
      func isDamage(_ error: any Error) -> Bool {
        if case StoreError.damaged = error { true } else { false }
      }
      try fails(Data(), isDamage)
      try fails(Data("<html>".utf8), isDamage)
      try fails(good.prefix(good.count / 2), isDamage)
      var spoiled = good
      spoiled.replaceSubrange(20_000..<40_000, with: Data(repeating: 0x5A, count: 20_000))
      try fails(spoiled, isDamage)
      var foreign = good
      foreign.replaceSubrange(68..<72, with: [1, 2, 3, 4])
      try fails(foreign) { if case StoreError.unsuitable = $0 { true } else { false } }
      try good.write(to: URL(fileURLWithPath: path + ".newer"))
      let queue = try DatabaseQueue(path: path + ".newer")
      try await queue.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 later')")
      }
      try queue.close()
      #expect(throws: StoreError.newer(file: path + ".newer")) {
        try checkCopy(at: path + ".newer")
      }
    }
  }

  @Test("A copy that cannot be written leaves nothing behind, and the store goes on")
  func noRoom() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await record(store, people(50))
      await #expect(throws: BackupError.self) { try await store.copy(to: path + "/nowhere/copy") }
      try Data().write(to: URL(fileURLWithPath: path + ".there"))
      await #expect(throws: BackupError.self) { try await store.copy(to: path + ".there") }
      try await store.writable(now: noon)
      try store.close()
    }
  }

  @Test("A backup's name says when it was made, and only such names are backups")
  func names() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = Date(timeIntervalSince1970: 1_795_335_300)
    #expect(BackupFile.name(made) == "triaged-20261122T081500Z.sqlite")
    let names = [
      BackupFile.name(made), BackupFile.name(made, number: 2),
      BackupFile.name(made + 1, encryption: .age), BackupFile.name(made - 86_400, encryption: .gpg),
      "triaged-yesterday.sqlite", ".partial-" + BackupFile.name(made), "notes.txt",
    ]
    for name in names { try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    let list = BackupFile.list(in: folder)
    #expect(
      list.map { ($0.path as NSString).lastPathComponent } == [
        names[2], names[0], names[1], names[3],
      ])
    #expect(list.map(\.made) == [made + 1, made, made, made - 86_400])
    #expect(list.map(\.encryption) == [.age, nil, nil, .gpg])
  }
}
