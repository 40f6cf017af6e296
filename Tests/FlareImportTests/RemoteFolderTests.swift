import FlareImport
import Foundation
import TestServers
import Testing
import Transfer
import Triage

@Suite("Polling a folder on another machine")
struct RemoteFolderTests {
  @Test("New files are taken oldest first once they have stood still, and are known from then on")
  func wholeWay() async throws {
    try await onServer { far in
      try far.folder.put("b.csv", "\(heading)\n\(inside("OLD"))\n", modified: 1_790_000_000)
      try far.folder.put("A.CSV", "\(heading)\n\(inside("NEW"))\n", modified: 1_790_000_900)
      try far.folder.put("notes.txt", "no list")
      try far.folder.put(".a.csv", "hidden")
      let first = try await far.poll()
      #expect(first.exports.isEmpty)
      #expect(first.settling.sorted() == ["A.CSV", "b.csv"])
      #expect(first.pollAgainAfter == 60)
      let news = try await far.poll(after: 60)
      #expect(news.exports.map(\.name) == ["b.csv", "A.CSV"])
      #expect(news.exports[0].modified == Date(timeIntervalSince1970: 1_790_000_000))
      #expect(try far.record(news) == ["OLD", "NEW"])
      #expect(
        far.names("archive") == ["20270115T080100Z-jobs-A.CSV", "20270115T080100Z-jobs-b.csv"])
      #expect(far.names("spool") == [])
      far.restart()
      for minute in 1...4 {
        let again = try await far.poll(after: Double(minute) * 600)
        #expect(again.exports.isEmpty && again.settling.isEmpty && again.alarms.isEmpty)
      }
      #expect(far.folder.names == [".a.csv", "A.CSV", "b.csv", "notes.txt"], "nothing is deleted")
    }
  }

  @Test("A poll that finds nothing new costs one listing and no look at any file")
  func cheap() async throws {
    try await onServer(.ftps) { far in
      try far.folder.put("a.csv", list("A1"))
      for after in [0.0, 60] { _ = try far.record(try await far.poll(after: after)) }
      _ = try await far.poll(after: 400)
      let before = try far.folder.server.lines(of: "commands.jsonl").count
      #expect(try await far.poll(after: 800).exports.isEmpty)
      let said = try far.folder.server.lines(of: "commands.jsonl").dropFirst(before)
        .compactMap { $0["command"] as? String }
      #expect(said.contains("NLST"))
      #expect(!said.contains("SIZE") && !said.contains("MDTM") && !said.contains("RETR"))
      #expect(said.count { $0 == "USER" } == 1)
    }
  }

  @Test("A file written over under its name is another one, and an older one is marked as such")
  func writtenOver() async throws {
    try await onServer { far in
      try far.folder.put("list.csv", list("A1"), modified: 1_790_000_000)
      for after in [0.0, 60] { _ = try far.record(try await far.poll(after: after)) }
      for after in [300.0, 600] { #expect(try await far.poll(after: after).exports.isEmpty) }
      // The same length and minute: only the exact look can tell.
      try far.folder.put("list.csv", list("A2"), modified: 1_790_003_600)
      #expect(try await far.poll(after: 900).settling == ["list.csv"])
      let news = try await far.poll(after: 960)
      #expect(try far.record(news) == ["A2"])
      #expect(far.state.far?.count == 1)
      try far.folder.put("list.csv", list("A0"), modified: 1_780_000_000)
      _ = try await far.poll(after: 1200)
      let old = try #require(try await far.poll(after: 1300).exports.first)
      #expect(old.isOlderThanTaken)
    }
  }

  @Test("A file that grows is left until it has stood still")
  func growing() async throws {
    try await onServer { far in
      for (after, rows) in [(0.0, 1), (60, 2), (119, 3)] {
        try far.folder.put(
          "a.csv", "\(heading)\n" + String(repeating: inside("A1") + "\n", count: rows))
        #expect(try await far.poll(after: after).settling == ["a.csv"])
      }
      #expect(try await far.poll(after: 178).settling == ["a.csv"])
      #expect(try await far.poll(after: 179).exports.count == 1)
    }
  }

  @Test("After a crash before the commit the files are fetched again, after it only put away")
  func crashes() async throws {
    try await onServer { far in
      try far.folder.put("a.csv", list("A1"), modified: 1_790_000_000)
      try far.folder.put("b.csv", list("B1"), modified: 1_790_000_001)
      _ = try await far.poll()
      let lost = try await far.poll(after: 60)
      #expect(lost.exports.count == 2)
      far.restart()
      _ = try await far.poll(after: 120)
      #expect(far.names("spool") == [], "what was not recorded is not left lying")
      let news = try await far.poll(after: 180)
      let first = try #require(news.exports.first)
      far.state = first.stateOnceRecorded(sha256: try far.read(first).sha256)
      far.restart()
      _ = try await far.poll(after: 240)
      #expect(far.names("archive") == ["20270115T080300Z-jobs-a.csv"])
      let rest = try await far.poll(after: 300)
      #expect(try far.record(rest) == ["B1"])
      #expect(far.names("spool") == [])
    }
  }

  @Test("What was taken is deleted only when told, after it was recorded and put away")
  func deleted() async throws {
    try await onServer(deletesTaken: true) { far in
      try far.folder.put("a.csv", list("A1"), modified: 1_790_000_000)
      try far.folder.put("b.csv", list("B1"), modified: 1_790_000_001)
      _ = try await far.poll()
      let news = try await far.poll(after: 60)
      // Recorded but not put away yet, since the archive is in the way.
      try Data().write(to: URL(fileURLWithPath: far.root + "/archive"))
      for export in news.exports { far.state = export.stateOnceRecorded(sha256: "") }
      for export in news.exports {
        #expect(throws: ImportError.self) { try far.source.keep(export) }
      }
      let stuck = try await far.poll(after: 120)
      #expect(stuck.troubles.count == 2)
      #expect(far.folder.names == ["a.csv", "b.csv"])
      try FileManager.default.removeItem(atPath: far.root + "/archive")
      // One of them is another file by now.
      try far.folder.put("b.csv", list("B2"), modified: 1_790_000_900)
      let after = try await far.poll(after: 180)
      #expect(after.troubles.isEmpty)
      #expect(far.folder.names == ["b.csv"])
      #expect(after.settling == ["b.csv"])
      #expect(
        far.names("archive") == ["20270115T080100Z-jobs-a.csv", "20270115T080100Z-jobs-b.csv"])
    }
  }

  @Test("A file that may not be deleted is said and never read twice")
  func undeletable() async throws {
    try await onServer(.ftps, deletesTaken: true, arguments: ["--read-only"]) { far in
      try far.folder.put("a.csv", list("A1"))
      for after in [0.0, 60] { _ = try far.record(try await far.poll(after: after)) }
      let news = try await far.poll(after: 120)
      #expect(news.exports.isEmpty)
      #expect(news.troubles.map(\.why).joined().contains("could not be deleted"))
    }
  }

  @Test("A hostile name stays within spool and archive, and others are counted")
  func hostileNames() async throws {
    try await onServer { far in
      try far.folder.put(#"..\..\a;rm -rf $HOME`x`.csv"#, list("A1"))
      try far.folder.put("-rf .csv", list("A2"))
      try far.folder.put("bell\u{7}.csv", list("A3"))
      let long = String(repeating: "é", count: 120) + ".csv"
      try far.folder.put(long, list("A4"))
      _ = try await far.poll()
      let news = try await far.poll(after: 60)
      #expect(news.alarms.map(\.0) == [.unreachable])
      #expect(try far.record(news).sorted() == ["A2", "A4"], "a leading dot hides a file")
      #expect(far.names("archive").count == 2)
      #expect(far.names("archive").allSatisfy { $0.utf8.count < 200 && !$0.contains("/") })
      #expect(far.names("spool") == [])
    }
  }

  @Test("A file that is too large holds up no other")
  func tooLarge() async throws {
    try await onServer(maxBytes: 1000) { far in
      try far.folder.put("a.csv", String(repeating: "x", count: 1001), modified: 1_790_000_000)
      try far.folder.put("b.csv", list("B1"), modified: 1_790_000_001)
      _ = try await far.poll()
      let news = try await far.poll(after: 60)
      #expect(news.alarms.map { $0.1 }.joined().contains("a.csv was not taken"))
      #expect(try far.record(news) == ["B1"])
    }
  }

  @Test("Many files come in bounded rounds, each asking for the next")
  func many() async throws {
    try await onServer(maxBytes: 400) { far in
      for number in 1...5 {
        try far.folder.put("\(number).csv", list("A\(number)"), modified: 1_790_000_000 + number)
      }
      _ = try await far.poll()
      var (taken, rounds): ([String], Int) = ([], 0)
      while taken.count < 5, rounds < 5 {
        rounds += 1
        let news = try await far.poll(after: 60)
        taken += try far.record(news)
        #expect((news.pollAgainAfter == 0) == (taken.count < 5))
      }
      #expect(taken == ["A1", "A2", "A3", "A4", "A5"])
      #expect(rounds > 1)
    }
  }

  @Test("A file that may not be read is told of")
  func unreadable() async throws {
    try await onServer(.ftps, arguments: ["--closed"]) { far in
      try far.folder.put("a.csv", list("A1"))
      _ = try await far.poll()
      let news = try await far.poll(after: 60)
      #expect(news.exports.isEmpty)
      #expect(news.alarms.map { $0.1 }.joined().contains("does not let it be read"))
    }
  }

  @Test("A file that is never as long as it is said to be is told of", arguments: ["-1", "1"])
  func miscounted(bytes: String) async throws {
    try await onServer(.ftps, arguments: ["--miscount", bytes]) { far in
      try far.folder.put("a.csv", list("A1"))
      var told: [Int] = []
      for round in 1...4 {
        _ = try await far.poll(after: Double(round) * 200)
        let news = try await far.poll(after: Double(round) * 200 + 60)
        #expect(news.exports.isEmpty)
        if news.alarms.contains(where: { $0.1.contains("has not the size") }) { told.append(round) }
        #expect((news.pollAgainAfter == nil) == (round >= 3))
      }
      #expect(told == [3, 4])
      #expect(far.names("spool") == [])
    }
  }

  @Test("A file that is gone on the far side is forgotten")
  func pruned() async throws {
    try await onServer { far in
      try far.folder.put("a.csv", list("A1"), modified: 1_790_000_000)
      for after in [0.0, 60] { _ = try far.record(try await far.poll(after: after)) }
      #expect(far.state.far?.map(\.name) == ["a.csv"])
      try FileManager.default.removeItem(atPath: far.folder.path + "/a.csv")
      try far.folder.put("b.csv", list("B1"), modified: 1_790_000_001)
      for after in [120.0, 180] { _ = try far.record(try await far.poll(after: after)) }
      #expect(far.state.far?.map(\.name) == ["b.csv"])
    }
  }

  @Test("What earlier versions stored of a feed is still read")
  func oldState() throws {
    let stored = #"{"taken":[],"sha256":"ab","etag":"\"one\""}"#
    let state = try JSONDecoder().decode(FeedState.self, from: Data(stored.utf8))
    #expect(state.sha256 == "ab")
    #expect(state.far == nil)
  }
}

private func list(_ reference: String) -> String { "\(heading)\n\(inside(reference))\n" }

private enum Way {
  case sftp, ftps
}

/// A feed over the folder of a server that runs for this test.
private final class Far {
  let folder: FarFolder
  let transferrer: Transferrer
  let settings: FeedSettings
  var source: FeedSource
  var state = FeedState()

  var root: String { folder.server.folder.path }

  init(_ folder: FarFolder, _ transferrer: Transferrer, _ settings: FeedSettings) {
    self.folder = folder
    self.transferrer = transferrer
    self.settings = settings
    source = Far.source(folder, transferrer, settings)
  }

  private static func source(
    _ folder: FarFolder, _ transferrer: Transferrer, _ settings: FeedSettings
  ) -> FeedSource {
    let root = folder.server.folder.path
    return FeedSource(
      settings: settings, spool: root + "/spool", archive: Archive(path: root + "/archive"),
      transferrer: transferrer)
  }

  /// As after a restart: what was only in memory is forgotten.
  func restart() { source = Far.source(folder, transferrer, settings) }

  func poll(after seconds: Double = 0) async throws -> FeedNews {
    try await source.poll(state, now: Drop.noon.addingTimeInterval(seconds))
  }

  func read(_ export: Export) throws -> ImportedList {
    try readExport(
      export, settings: settings, index: AreaIndex([square]),
      projection: .identity(.britishNational))
  }

  /// Reads, records and puts away, as the daemon does. - Returns: the references in area.
  func record(_ news: FeedNews) throws -> [String] {
    try news.exports.flatMap { export in
      let list = try read(export)
      state = export.stateOnceRecorded(sha256: list.sha256)
      try source.keep(export)
      return list.references
    }
  }

  func names(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + name)) ?? []).sorted()
  }
}

private func onServer(
  _ way: Way = .sftp, deletesTaken: Bool = false, arguments: [String] = [],
  maxBytes: Int = 1 << 20, _ body: (Far) async throws -> Void
) async throws {
  let script = way == .sftp ? "sftp_server.py" : "ftps_server.py"
  try await withPythonServer(script, arguments) { server in
    let folder = FarFolder(server)
    var remote = RemoteFolder(
      url: folder.sftp, pattern: "*.csv", user: FarFolder.me, keyFile: folder.file("client"),
      knownHostsFile: folder.file("known_hosts"), deletesTaken: deletesTaken)
    if way == .ftps {
      remote = RemoteFolder(
        url: "ftp://127.0.0.1:\(server.port)/", pattern: "*.csv", user: "ann",
        passwordFile: try folder.secret("sesame"), deletesTaken: deletesTaken)
    }
    let settings = settings {
      $0.source = .remoteFolder(remote)
      $0.http.caFile = server.caFile
      $0.maxBytes = maxBytes
    }
    let transferrer = Transferrer(threads: 1)
    do {
      try await body(Far(folder, transferrer, settings))
    } catch {
      await transferrer.shutdown()
      throw error
    }
    await transferrer.shutdown()
  }
}
