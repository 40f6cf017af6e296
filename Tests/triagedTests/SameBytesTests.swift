import FlareImport
import Foundation
import TestServers
import Testing
import Triage

@testable import triaged

@Suite("The same bytes twice are two exports only where the source shows it")
struct SameBytesTests {
  private static let monday = WatchedFeed.monday
  private static let hour = 3600.0

  struct Server: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Of the answers: one to the whole list, three to the cut one.
    var headers: [[String: String]]
    var isBelieved = false
  }

  private static func changed(_ time: String) -> [String: String] {
    ["Last_Modified": "Mon, 23 Nov 2026 \(time) GMT"]
  }

  static let servers = [
    Server(testDescription: "tells nothing", headers: [[:], [:], [:], [:]]),
    Server(
      testDescription: "one change",
      headers: [changed("09:00:00")] + Array(repeating: changed("10:30:00"), count: 3)),
    Server(
      testDescription: "two machines that got their copies a little apart",
      headers: ["09:00:00", "10:30:00", "10:30:02", "10:33:00"].map(changed)),
    Server(
      testDescription: "one entity tag, packed and not",
      headers: ["\"a\"", "\"b\"", "\"b-gzip\"", "W/\"b\""].map { ["ETag": $0] }),
    Server(
      testDescription: "one entity tag",
      headers: [["ETag": "\"a\""]] + Array(repeating: ["ETag": "\"b\""], count: 3)),
    Server(
      testDescription: "one change under the tags of two machines",
      headers: [changed("09:00:00")]
        + ["b", "c", "b"].map {
          changed("10:30:00").merging(["ETag": "\"\($0)\""]) { one, _ in one }
        }),
    Server(
      testDescription: "changed since",
      headers: ["09:00:00", "10:30:00", "10:30:00", "12:30:00"].map(changed), isBelieved: true),
    Server(
      testDescription: "another entity tag",
      headers: ["a", "b", "b", "c"].map { ["ETag": "\"\($0)\""] }, isBelieved: true),
  ]

  @Test("A cut list that is fetched again and again closes nothing", arguments: servers)
  func fetchedAgain(_ answers: Server) async throws {
    let (monday, hour) = (SameBytesTests.monday, SameBytesTests.hour)
    try await withPythonServer("http_server.py") { server in
      let feed = try WatchedFeed()
      try feed.comes(
        from: "url: http://127.0.0.1:\(server.port)/file/list.csv\nallow_http: true")
      func poll(_ numbers: ClosedRange<Int>, _ hours: Double, _ headers: [String: String])
        async throws
      {
        let rows = [FictionalTown.header.joined(separator: ",")] + numbers.map { feed.row($0) }
        try write(
          rows.map { $0 + "\r\n" }.joined(), to: server.folder.appending(path: "list.csv").path)
        try JSONEncoder().encode(headers).write(
          to: server.folder.appending(path: "headers.json"))
        try await feed.round(monday + hours * hour)
      }
      try await poll(1...20, 0, answers.headers[0])
      #expect(try await feed.there() == Array(1...20))
      for at in 1...3 {
        try await poll(1...18, Double(at), answers.headers[at])
        let isOver = at == 3 && answers.isBelieved
        #expect(try await feed.there() == Array(1...(isOver ? 18 : 20)))
        #expect(try await feed.troubles() == (isOver ? [] : [.incomplete]))
        // Of a held list that only comes again there is one account.
        #expect(try await feed.reports().count == (isOver ? 3 : 2))
        try feed.restart()
      }
      try await poll(2...17, 4, [:])
      #expect(try await feed.there() == Array(2...17))
      #expect(try await feed.troubles().isEmpty)
      try await feed.end()
    }
  }

  @Test("A cut list that is read again on request closes nothing either")
  func replayed() async throws {
    let feed = try WatchedFeed()
    let (monday, hour) = (SameBytesTests.monday, SameBytesTests.hour)
    try await feed.list(1...20, at: monday)
    try await feed.list(1...18, at: monday + hour)
    let held = try #require(try await feed.status().held)
    for at in 2...3 {
      _ = try await feed.poller.replay(
        held.archived, feed: WatchedFeed.feed, now: monday + Double(at) * hour)
      #expect(try await feed.there() == Array(1...20))
    }
    // A second delivery: another name, and changed since.
    try await feed.list(1...18, at: monday + 4 * hour)
    #expect(try await feed.there() == Array(1...18))
    try await feed.end()
  }
}
