import FlareImport
import Foundation
import Testing
import Transfer
import Triage

@Suite("Polling a URL")
struct DownloadTests {
  /// Serves one list and answers 304 to who knows its ETag.
  static func serve(_ body: @escaping @Sendable () -> (etag: String, text: String)) throws
    -> LoopbackServer
  {
    try LoopbackServer { request in
      let (etag, text) = body()
      if request.contains("If-None-Match: \(etag)\r\n") {
        return "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
      }
      return "HTTP/1.1 200 OK\r\nETag: \(etag)\r\nContent-Type: text/csv\r\n"
        + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
    }
  }

  static func feed(
    _ server: LoopbackServer, _ folder: borrowing TemporaryFolder, _ transferrer: Transferrer
  )
    -> FeedSource
  {
    FeedSource(
      settings: settings {
        $0.source = .url("http://127.0.0.1:\(server.port)/lists/jobs.csv?key=hidden")
        $0.http.allowInsecure = true
        $0.maxBytes = 10_000
      },
      spool: folder.path + "/spool", archive: Archive(path: folder.path + "/archive"),
      transferrer: transferrer)
  }

  static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test("A list is downloaded once and asked for by its ETag from then on")
  func etag() async throws {
    let transferrer = Transferrer(threads: 1)
    let folder = try TemporaryFolder()
    let server = try DownloadTests.serve { ("\"one\"", "\(heading)\n\(inside("A1"))\n") }
    var source = DownloadTests.feed(server, folder, transferrer)
    let export = try #require(try await source.poll(FeedState(), now: Drop.noon).exports.first)
    #expect(export.name == "jobs.csv", "the query is no part of the name")
    let list = try readExport(
      export, settings: source.settings, index: AreaIndex([square]),
      projection: .identity(.britishNational))
    #expect(list.references == ["A1"])
    let state = export.stateOnceRecorded(sha256: list.sha256)
    #expect(state.etag == "\"one\"")
    #expect(!"\(state)".contains("hidden"))
    try source.keep(export)
    #expect(DownloadTests.names(folder.path + "/archive") == ["20270115T080000Z-jobs-jobs.csv"])
    #expect(DownloadTests.names(folder.path + "/spool") == [])
    #expect(try await source.poll(state, now: Drop.noon).exports.isEmpty)
    #expect(server.answered == 2)
    await transferrer.shutdown()
  }

  /// Polls a server once that says of its list what the header line says.
  static func taken(
    _ header: String, path: String = "jobs.csv", after state: FeedState = FeedState()
  ) async throws -> (export: Export, archived: [String: Date]) {
    let transferrer = Transferrer(threads: 1)
    let folder = try TemporaryFolder()
    let text = "\(heading)\n"
    let server = try LoopbackServer { _ in
      "HTTP/1.1 200 OK\r\n\(header)Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
        + text
    }
    var source = FeedSource(
      settings: settings {
        $0.source = .url("http://127.0.0.1:\(server.port)/\(path)")
        $0.http.allowInsecure = true
      },
      spool: folder.path + "/spool", archive: Archive(path: folder.path + "/archive"),
      transferrer: transferrer)
    let export = try #require(try await source.poll(state, now: Drop.noon).exports.first)
    try source.keep(export)
    let archive = folder.path + "/archive"
    var archived: [String: Date] = [:]
    for name in names(archive) {
      let attributes = try FileManager.default.attributesOfItem(atPath: archive + "/" + name)
      archived[name] = attributes[.modificationDate] as? Date
    }
    await transferrer.shutdown()
    return (export, archived)
  }

  @Test("A list is as old as its server says, in any form of HTTP's dates")
  func lastModified() async throws {
    let friday = Drop.noon.addingTimeInterval(-86_400)
    for date in [
      "Thu, 14 Jan 2027 08:00:00 GMT", "Thursday, 14-Jan-27 08:00:00 GMT",
      "Thu Jan 14 08:00:00 2027",
    ] {
      let (export, archived) = try await DownloadTests.taken("Last-Modified: \(date)\r\n")
      #expect(export.modified == friday && export.received == Drop.noon, "\(date)")
      #expect(export.isDated)
      #expect(archived == ["20270115T080000Z-jobs-jobs.csv": friday])
    }
  }

  @Test(
    "Where its server says nothing of use, a list is as old as it was received",
    arguments: [
      "", "Last-Modified: yesterday\r\n", "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
    ])
  func notDated(header: String) async throws {
    let (export, _) = try await DownloadTests.taken(header)
    #expect(export.modified == Drop.noon)
    #expect(!export.isDated)
  }

  @Test("A server's clock that is ahead makes no list newer than it was received")
  func clockAhead() async throws {
    let (export, _) = try await DownloadTests.taken(
      "Last-Modified: Fri, 15 Jan 2027 09:00:00 GMT\r\n")
    #expect(export.modified == Drop.noon)
  }

  @Test("A copy that is older than the list taken last is known for it")
  func staleCopy() async throws {
    var state = FeedState()
    state.newest = Drop.noon.addingTimeInterval(-3600)
    let stale = try await DownloadTests.taken(
      "Last-Modified: Thu, 14 Jan 2027 08:00:00 GMT\r\n", after: state)
    #expect(stale.export.isOlderThanTaken)
    #expect(stale.export.stateOnceRecorded(sha256: "").newest == state.newest)
  }

  @Test("Controls in the name of an address are not handed on")
  func addressWithControls() async throws {
    let (export, _) = try await DownloadTests.taken("", path: "jobs%1B%5B31m%0A.csv")
    #expect(export.name == "jobs_[31m_.csv")
  }

  @Test("A download whose rows were recorded before a crash is only put away")
  func crashBeforeKeep() async throws {
    let transferrer = Transferrer(threads: 1)
    let folder = try TemporaryFolder()
    let server = try DownloadTests.serve { ("\"one\"", "\(heading)\n") }
    var source = DownloadTests.feed(server, folder, transferrer)
    let export = try #require(try await source.poll(FeedState(), now: Drop.noon).exports.first)
    let state = export.stateOnceRecorded(sha256: "")
    var restarted = DownloadTests.feed(server, folder, transferrer)
    #expect(
      try await restarted.poll(state, now: Drop.noon.addingTimeInterval(60)).exports.isEmpty)
    #expect(DownloadTests.names(folder.path + "/archive") == ["20270115T080000Z-jobs-jobs.csv"])
    await transferrer.shutdown()
  }

  @Test("Validators of one URL are not sent to another")
  func otherURL() async throws {
    let transferrer = Transferrer(threads: 1)
    let folder = try TemporaryFolder()
    let server = try DownloadTests.serve { ("\"one\"", "\(heading)\n") }
    let other = try DownloadTests.serve { ("\"one\"", "\(heading)\n\(inside("B1"))\n") }
    var source = DownloadTests.feed(server, folder, transferrer)
    let export = try #require(try await source.poll(FeedState(), now: Drop.noon).exports.first)
    var moved = DownloadTests.feed(other, folder, transferrer)
    let news = try await moved.poll(export.stateOnceRecorded(sha256: ""), now: Drop.noon)
    #expect(news.exports.count == 1)
    await transferrer.shutdown()
  }

  @Test("A list over the size limit is an error and leaves nothing behind")
  func tooLarge() async throws {
    let transferrer = Transferrer(threads: 1)
    let folder = try TemporaryFolder()
    let server = try DownloadTests.serve { ("\"one\"", String(repeating: "x", count: 10_001)) }
    var source = DownloadTests.feed(server, folder, transferrer)
    await #expect(throws: TransferError.self) {
      try await source.poll(FeedState(), now: Drop.noon)
    }
    #expect(DownloadTests.names(folder.path + "/spool") == [])
    await transferrer.shutdown()
  }
}
