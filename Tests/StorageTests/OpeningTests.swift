import Foundation
import GRDB
import TestDesk
import TestServers
import Testing
import Triage

@testable import Storage

@Suite("Opening the store")
struct OpeningTests {
  @Test("A new store is made in a 0700 folder with 0600 files")
  func modes() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await offerOne(store)
      func mode(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as! Int
      }
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      #expect(try mode(folder) == 0o700)
      for ending in ["", "-wal", ".lock"] { #expect(try mode(path + ending) == 0o600) }
      #expect(!FileManager.default.fileExists(atPath: path + ".new"))
      try store.close()
      chmod(path, 0o644)
      try Store(path: path).close()
      #expect(try mode(path) == 0o600)
    }
  }

  @Test("A second opener is refused with a sentence that names the file and the process")
  func secondOpener() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let refusal = #expect(throws: StoreError.self) { try Store(path: path) }
      #expect(refusal == .inUse(file: path, by: getpid()))
      #expect(refusal?.description.contains(path) == true)
      try store.close()
      try Store(path: path).close()
    }
  }

  @Test("After it was closed a store is neither read nor written")
  func closed() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try store.close()
      await #expect(throws: StoreError.self) { try await store.registerSeen() }
      await #expect(throws: StoreError.self) { try await store.noteRegister(entries: 1, now: noon) }
    }
  }

  @Test("Another program's connection is kept out while the store is open")
  func foreignConnection() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      #expect(throws: DatabaseError.self) {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM job") }
      }
      try store.close()
    }
  }

  @Test("The file is kept by write-ahead logging, full sync, secure delete and foreign keys")
  func pragmas() async throws {
    try await withStore { store in
      let found = try await store.read { db in
        try ["journal_mode", "synchronous", "secure_delete", "foreign_keys", "locking_mode"]
          .map {
            try "\(Row.fetchOne(db, sql: "PRAGMA \($0)")!.databaseValues.first!.storage.value!)"
          }
      }
      #expect(found == ["wal", "2", "1", "1", "exclusive"])
    }
  }

  @Test(
    "A file that is not a whole database is refused, named and left as it is",
    arguments: ["empty", "text", "cut in half", "header gone", "main file missing"])
  func damaged(_ flaw: String) async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await offerOne(store)
      try store.close()
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let bytes: Data? =
        switch flaw {
        case "empty": Data()
        case "text": Data("<!DOCTYPE html>".utf8)
        case "cut in half": whole.prefix(whole.count / 2)
        case "header gone": Data(count: 100) + whole.dropFirst(100)
        default: nil
        }
      if let bytes {
        try bytes.write(to: URL(fileURLWithPath: path))
      } else {
        try FileManager.default.moveItem(atPath: path, toPath: path + "-wal")
      }
      let refusal = #expect(throws: StoreError.self) { try Store(path: path) }
      guard case .damaged(let file, _) = refusal else {
        Issue.record("refused as \(String(describing: refusal))")
        return
      }
      #expect(file == path)
      #expect(refusal!.mustStop)
      let after = (try? fileBytes(path)).map { Data($0) }
      #expect(after == bytes)
    }
  }

  @Test("What is damaged stays as it is, and so does the log that a kill has left beside it")
  func damagedWithLog() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let jobs = (0..<200).map { job("A\($0)", uprn: "\(20_000 + $0)") }
      try await store.record(pass(jobs, verdict(jobs.map { opportunity([$0]) })))
      try await store.emptyLog()
      try await store.record(pass([job("LATER", uprn: "5")], verdict([])))
      let killed = path + ".killed"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
      try store.close()
      try #require(log.count > 0)
      let damaged = bytes.count / 2 / 16384 * 16384
      bytes.replaceSubrange(damaged..<damaged + 4096, with: Data(repeating: 0xA5, count: 4096))
      try bytes.write(to: URL(fileURLWithPath: killed))
      try log.write(to: URL(fileURLWithPath: killed + "-wal"))
      for _ in 0..<2 {
        #expect(throws: StoreError.self) { try Store(path: killed) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: killed)) == bytes)
        #expect(try Data(contentsOf: URL(fileURLWithPath: killed + "-wal")) == log)
      }
    }
  }

  @Test("No page that SQLite's own check finds damaged is started on")
  func damagedPages() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      let jobs = (0..<800).map { job("A\($0)", uprn: "\(20_000 + $0 / 2)") }
      let offers = stride(from: 0, to: 800, by: 2).map { opportunity([jobs[$0], jobs[$0 + 1]]) }
      try await store.record(pass(jobs, verdict(offers)))
      try store.close()
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      var random = SystemRandomNumberGenerator()
      var found = 0
      // A page's free space holds nothing that damage could show in: many tries, so that enough
      // fall on what is used.
      for _ in 0..<400 {
        var bytes = whole
        let length = Int.random(in: 8...512, using: &random)
        let start = Int.random(in: 0..<(whole.count - length), using: &random)
        for byte in start..<start + length { bytes[byte] = .random(in: 0...255, using: &random) }
        try bytes.write(to: URL(fileURLWithPath: path))
        if isWhole(path) { continue }
        found += 1
        #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
      }
      #expect(found > 33)
    }
  }

  private func isWhole(_ path: String) -> Bool {
    let answer = try? DatabaseQueue(path: path).inDatabase {
      try String.fetchOne($0, sql: "PRAGMA integrity_check")
    }
    return answer == "ok"
  }

  @Test("Another program's database is refused and gets none of our tables")
  func foreignFile() async throws {
    try await withFolder { path in
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let other = try DatabaseQueue(path: path)
      try other.write { try $0.execute(sql: "CREATE TABLE other (a)") }
      try other.close()
      #expect(throws: StoreError.self) { try Store(path: path) }
      let tables = try DatabaseQueue(path: path).read {
        try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema")
      }
      #expect(tables == ["other"])
    }
  }

  @Test("A file that a later version has changed is refused")
  func newer() async throws {
    try await withFolder { path in
      let store = try Store(path: path)
      try await store.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 from the future')")
      }
      try store.close()
      // A program that another test starts holds the lock from its fork to its exec.
      var refusal = #expect(throws: StoreError.self) { try Store(path: path) }
      let deadline = ContinuousClock.now + .seconds(10)
      while refusal != .newer(file: path), ContinuousClock.now < deadline {
        refusal = #expect(throws: StoreError.self) { try Store(path: path) }
      }
      #expect(refusal == .newer(file: path))
    }
  }

  @Test("A half-made new file is no obstacle")
  func halfMade() async throws {
    try await withFolder { path in
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("SQLite for".utf8).write(to: URL(fileURLWithPath: path + ".new"))
      let store = try Store(path: path)
      #expect(try await store.counts().jobs == 0)
      try store.close()
    }
  }

  @Test(
    "A stored word without a meaning is told as damage, by its column and not by its value",
    arguments: [
      ("opportunity", "state"), ("opportunity", "offer"), ("opportunity", "location"),
      ("job", "location"), ("outcome", "kind"), ("score", "reasons"),
    ])
  func strangeWord(table: String, column: String) async throws {
    try await withStore { store in
      let id = try await offerOne(store)
      _ = try await store.claim(
        opportunity: id, member: "ann", issuedTo: "ann", generation: 0, now: noon)
      let outcome = Outcome(kind: .notNow, consent: nil, by: "ann", at: noon)
      _ = try await store.record(outcome: outcome, opportunity: id, generation: 1)
      try await store.write {
        try $0.execute(
          sql: """
            PRAGMA ignore_check_constraints = ON;
            UPDATE opportunity SET ended_at = NULL;
            UPDATE \(table) SET \(column) = 'CANARY';
            """)
      }
      let refusal = await #expect(throws: StoreError.self) {
        _ = try await store.opportunity(id)
        _ = try await known(store)
      }
      #expect(refusal?.mustStop == true)
      #expect(refusal?.description.contains("\(table).\(column)") == true)
      #expect(refusal?.description.contains("CANARY") == false)
      if (table, column) == ("opportunity", "state") {
        await #expect(throws: StoreError.self) { try await store.counts() }
        await #expect(throws: StoreError.self) { try await known(store) }
        await #expect(throws: StoreError.self) { try await store.record(pass([], verdict([]))) }
      }
    }
  }

  @Test("An error tells the table and never a value")
  func errorsHideValues() async throws {
    try await withStore { store in
      try await offerOne(store)
      let refusal = await #expect(throws: StoreError.self) {
        try await store.write {
          try $0.execute(
            sql: "UPDATE job SET reference = ?, notes = ?", arguments: ["", "CANARY"])
        }
      }
      #expect(refusal?.description.contains("CANARY") == false)
      #expect(refusal?.description.contains("UPDATE") == false)
      #expect(refusal?.description.contains("reference") == true)
    }
  }
}
