import FlareImport
import Foundation
import TestServers
import Testing
import Transfer
import Triage

@Suite("Polling an Open311 server")
struct Open311Tests {
  @Test("All pages are taken, each once, in one file", arguments: ["json", "xml"])
  func pages(format: String) async throws {
    try await onServer(["--rows", "250", "--page-limit", "100"]) { city in
      city.server.format = try #require(.init(rawValue: format))
      city.server.pageSize = 100
      let news = try await city.poll()
      let export = try #require(news.exports.first)
      #expect(export.name == "requests.\(format)")
      #expect(news.alarms.isEmpty)
      #expect(try city.references(export) == city.all(250))
      let asked = try city.asked()
      #expect(asked.map { $0["page"] } == ["1", "2", "3"])
      #expect(asked[0]["start_date"] == "2026-10-17T08:00:00Z")
      #expect(asked[0]["end_date"] == "2027-01-15T08:00:00Z")
    }
  }

  @Test("The file holds the answers as they came, each with one line end behind it")
  func bytes() async throws {
    let pages = [
      "[{\"service_request_id\": \"1\"}, {\"service_request_id\": \"2\"}]",
      "[{\"service_request_id\": \"3\"}]",
    ]
    let server = try LoopbackServer { request in
      let page = request.contains("page=2") ? pages[1] : pages[0]
      return "HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\nConnection: close\r\n\r\n"
        + page
    }
    let folder = try TemporaryFolder()
    let transferrer = Transferrer(threads: 1)
    var city = Open311Settings(endpoint: "http://127.0.0.1:\(server.port)/v2")
    city.pageSize = 2
    var source = FeedSource(
      settings: settings {
        $0.source = .open311(city)
        $0.columns = .open311
        $0.http.allowInsecure = true
      },
      spool: folder.path + "/spool", archive: Archive(path: folder.path + "/archive"),
      transferrer: transferrer)
    let export = try #require(try await source.poll(FeedState(), now: Drop.noon).exports.first)
    let bytes = try Data(contentsOf: URL(filePath: export.path))
    #expect(bytes == Data((pages[0] + "\n" + pages[1] + "\n").utf8))
    await transferrer.shutdown()
  }

  @Test(
    "A server that answers with a page is told for what it is",
    arguments: [("<!DOCTYPE html><p>Sign in</p>", "HTML page"), ("", "empty"), ("[{", "cut off")])
  func noList(page: String, word: String) async throws {
    let server = try LoopbackServer { _ in
      "HTTP/1.1 200 OK\r\nContent-Length: \(page.utf8.count)\r\nConnection: close\r\n\r\n" + page
    }
    let folder = try TemporaryFolder()
    let transferrer = Transferrer(threads: 1)
    var source = FeedSource(
      settings: settings {
        $0.source = .open311(Open311Settings(endpoint: "http://127.0.0.1:\(server.port)/v2"))
        $0.columns = .open311
        $0.http.allowInsecure = true
      },
      spool: folder.path + "/spool", archive: Archive(path: folder.path + "/archive"),
      transferrer: transferrer)
    let error = await #expect(throws: ImportError.self) {
      try await source.poll(FeedState(), now: Drop.noon)
    }
    #expect(error?.trouble == .unreadable)
    #expect(error?.why.contains(word) == true, "\(error?.why ?? "")")
    await transferrer.shutdown()
  }

  @Test("A server whose own limit on a page is smaller is asked for the rest")
  func cappedPages() async throws {
    try await onServer(["--rows", "130", "--page-limit", "50"]) { city in
      city.server.pageSize = 1000
      let export = try #require(try await city.poll().exports.first)
      #expect(try city.references(export) == city.all(130))
    }
  }

  @Test("A server that ignores the page is told of, and its one page is taken once")
  func ignoredPage() async throws {
    try await onServer(["--rows", "250", "--ignore", "page"]) { city in
      city.server.pageSize = 100
      let news = try await city.poll()
      #expect(news.alarms.map(\.0) == [.atLimit])
      #expect(try city.references(try #require(news.exports.first)).count == 100)
      #expect(try city.asked().count == 2)
    }
    try await onServer(["--rows", "60", "--ignore", "page"]) { city in
      city.server.pageSize = 100
      let news = try await city.poll()
      #expect(news.alarms.isEmpty, "all of it was on the one page")
      #expect(try city.references(try #require(news.exports.first)) == city.all(60))
    }
  }

  @Test("Without pages an answer at the limit is asked for again in halves of its time")
  func narrowing() async throws {
    try await onServer(["--rows", "2000", "--limit", "300"]) { city in
      city.server.serverLimit = 300
      let news = try await city.poll()
      #expect(news.alarms.isEmpty)
      #expect(try city.references(try #require(news.exports.first)) == city.all(2000))
    }
  }

  @Test("An hour at the limit is taken and told of")
  func crowdedHour() async throws {
    try await onServer(["--rows", "40", "--limit", "30", "--crowd", "50"]) { city in
      city.server.serverLimit = 30
      city.server.windowDays = 2
      let news = try await city.poll()
      #expect(news.alarms.map(\.0) == [.atLimit])
      #expect(news.alarms[0].1.contains("single hour"))
      let references = try city.references(try #require(news.exports.first))
      #expect(references.isSuperset(of: city.all(40).subtracting(["000000"])))
    }
  }

  @Test("A server that ignores the dates is told of after three questions")
  func ignoredDates() async throws {
    try await onServer(["--rows", "500", "--limit", "100", "--ignore", "dates"]) { city in
      city.server.serverLimit = 100
      let news = try await city.poll()
      #expect(news.alarms.map(\.0) == [.atLimit])
      #expect(try city.references(try #require(news.exports.first)).count == 100)
      #expect(try city.asked().count == 3)
    }
  }

  @Test("A year is asked for in windows of at most 90 days, oldest first")
  func windows() async throws {
    try await onServer(["--rows", "100"]) { city in
      city.server.windowDays = 365
      let export = try #require(try await city.poll().exports.first)
      #expect(try city.references(export) == city.all(100))
      let starts = try city.asked().compactMap { $0["start_date"] }
      #expect(starts.count == 5)
      #expect(starts == starts.sorted())
    }
  }

  @Test("Jurisdiction and key go along, and the key is in no name, state or error")
  func key() async throws {
    try await onServer(["--rows", "3", "--key", "hidden+key &"]) { city in
      city.server.jurisdiction = "my town.example"
      city.server.apiKeyFile = try FarFolder(city.python).secret("hidden+key &\n")
      let export = try #require(try await city.poll().exports.first)
      #expect(try city.asked()[0]["jurisdiction_id"] == "my town.example")
      #expect(!"\(export)".contains("hidden"))
      city.server.apiKeyFile = try FarFolder(city.python).secret("other-hidden\n")
      let error = await #expect(throws: TransferError.self) { try await city.poll() }
      #expect(error?.code == 403)
      #expect(error.map { "\($0)".contains("hidden") } == false)
    }
  }

  @Test("A request to come later in the middle takes nothing and says when")
  func busy() async throws {
    try await onServer(["--rows", "250", "--page-limit", "100", "--busy-at", "2"]) { city in
      city.server.pageSize = 100
      let error = await #expect(throws: TransferError.self) { try await city.poll() }
      #expect(error?.retryAfter == 90)
      #expect(error?.permanent == false)
      #expect(city.names("spool") == [])
      let export = try #require(try await city.poll().exports.first)
      #expect(try city.references(export) == city.all(250))
    }
  }

  @Test("A page in place of a list, and a list cut off, take nothing", arguments: ["html", "cut"])
  func noList(flaw: String) async throws {
    for format in Open311Settings.Format.allCases {
      try await onServer(["--rows", "20", "--\(flaw)"]) { city in
        city.server.format = format
        let error = await #expect(throws: ImportError.self) { try await city.poll() }
        #expect(error?.why.contains("no \(format.rawValue.uppercased()) list") == true)
        #expect(city.names("spool") == [])
      }
    }
  }

  @Test("More bytes than the feed allows are refused, over all pages together")
  func tooLarge() async throws {
    try await onServer(["--rows", "250", "--page-limit", "50"]) { city in
      city.server.pageSize = 50
      city.maxBytes = 60_000
      let error = await #expect(throws: TransferError.self) { try await city.poll() }
      #expect(error?.why.contains("larger") == true)
      #expect(city.names("spool") == [])
    }
  }

  @Test("An unchanged answer is nothing new, until it is to be read again")
  func unchanged() async throws {
    try await onServer(["--rows", "20"]) { city in
      let export = try #require(try await city.poll().exports.first)
      let sha256 = try city.sha256(export)
      city.state = export.stateOnceRecorded(sha256: sha256)
      try city.source().keep(export)
      #expect(city.names("archive").count == 1)
      #expect(try await city.poll().exports.isEmpty)
      #expect(city.names("spool") == [])
      city.state.taken = []
      #expect(try await city.poll().exports.count == 1)
    }
  }

  @Test("A download whose rows were recorded before a crash is only put away")
  func crash() async throws {
    try await onServer(["--rows", "20"]) { city in
      let export = try #require(try await city.poll().exports.first)
      city.state = export.stateOnceRecorded(sha256: try city.sha256(export))
      #expect(try await city.poll().exports.isEmpty)
      #expect(city.names("archive").count == 1)
    }
  }

  @Test("A window that is too crowded for its server ends after a bounded number of questions")
  func bounded() async throws {
    try await onServer(["--rows", "1500", "--limit", "1"]) { city in
      city.server.serverLimit = 1
      let error = await #expect(throws: ImportError.self) { try await city.poll() }
      #expect(error?.why.contains("does not end after 1000 questions") == true)
      #expect(city.names("spool") == [])
    }
  }

  @Test("The columns of the standard map every field that a job needs, and no description")
  func columns() {
    let headings = ColumnMap.open311.requiredHeadings.map(\.heading)
    #expect(headings.contains("service_request_id"))
    #expect(!headings.contains("description"))
    #expect(settings { $0.columns = .open311 }.problems().isEmpty)
  }
}

/// A feed over `open311_server.py`.
private final class City {
  let python: PythonServer
  let transferrer: Transferrer
  var server: Open311Settings
  var state = FeedState()
  var maxBytes = 10_000_000

  init(_ python: PythonServer, _ transferrer: Transferrer) {
    self.python = python
    self.transferrer = transferrer
    server = Open311Settings(endpoint: "http://127.0.0.1:\(python.port)/v2/")
  }

  func source() -> FeedSource {
    FeedSource(
      settings: settings {
        $0.source = .open311(server)
        $0.columns = .open311
        $0.http.allowInsecure = true
        $0.maxBytes = maxBytes
      },
      spool: python.folder.path + "/spool", archive: Archive(path: python.folder.path + "/archive"),
      transferrer: transferrer)
  }

  func poll() async throws -> FeedNews {
    var source = source()
    return try await source.poll(state, now: Drop.noon)
  }

  func sha256(_ export: Export) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [export.path]
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    waitForEnd(of: process)
    return String(String(decoding: data, as: UTF8.self).prefix(64))
  }

  /// The references of the requests in the file, found by their look; each must be there once.
  func references(_ export: Export) throws -> Set<String> {
    let text = try String(contentsOfFile: export.path, encoding: .utf8)
    let json = text.matches(of: /"service_request_id": "(\d{6})"/).map { String($0.1) }
    let xml = text.matches(of: /<service_request_id>(\d{6})</).map { String($0.1) }
    return Set(json + xml)
  }

  func all(_ count: Int) -> Set<String> {
    Set((0..<count).map { String(repeating: "0", count: 6 - "\($0)".count) + "\($0)" })
  }

  func asked() throws -> [[String: String]] {
    try python.lines(of: "requests.jsonl").map { $0["query"] as? [String: String] ?? [:] }
  }

  func names(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: python.folder.path + "/" + name)) ?? [])
      .sorted()
  }
}

private func onServer(
  _ arguments: [String], _ body: (City) async throws -> Void
) async throws {
  try await withPythonServer("open311_server.py", arguments) { server in
    let transferrer = Transferrer(threads: 1)
    do {
      try await body(City(server, transferrer))
    } catch {
      await transferrer.shutdown()
      throw error
    }
    await transferrer.shutdown()
  }
}
