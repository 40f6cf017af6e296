import Foundation
import Glibc
import Synchronization
import TestServers
import Testing
import Transfer

@Suite struct PostTests {
  @Test("A body is posted with its headers, and the answer is handed back")
  func posts() async throws {
    try await onServer { server, post in
      let answer = try await post("echo") { $0.headers = [PostRequest.Header("X-Id", "7")] }
      #expect(answer == PostAnswer(status: 200, body: body))
      let request = try #require(try server.lines(of: "requests.jsonl").first)
      #expect(request["method"] as? String == "POST")
      #expect(request["body"] as? String == String(decoding: body, as: UTF8.self))
      let headers = try #require(request["headers"] as? [String: String])
      #expect(headers["x-id"] == "7")
      #expect(headers["expect"] == nil)
      let got = try await post("echo") { $0.method = .get }
      #expect(got.status == 200)
      #expect(try server.lines(of: "requests.jsonl").last?["method"] as? String == "GET")
    }
  }

  @Test("A redirect is an answer and is not followed", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    try await onServer { server, post in
      let answer = try await post("status/\(status)/Location/%2Fecho") { _ in }
      #expect(answer.status == status)
      #expect(try server.lines(of: "requests.jsonl").count == 1)
    }
  }

  @Test("Retry-After is read as seconds and as a date, of the last answer alone")
  func retryAfter() async throws {
    try await onServer { _, post in
      #expect(try await post("status/429/Retry-After/7") { _ in }.retryAfter == 7)
      let until = try #require(try await post("until/503/600") { _ in }.retryAfter)
      #expect((590...601).contains(until))
      #expect(try await post("status/503/Retry-After/soon") { _ in }.retryAfter == nil)
      let interim = try await post("interim") { _ in }
      #expect(interim == PostAnswer(status: 204))
    }
  }

  @Test("An answer's body is cut at its bound; the status stands")
  func long() async throws {
    try await onServer { _, post in
      let long = try await post("long") { $0.mostAnswer = 1000 }
      #expect(long.status == 200 && long.body.count == 1000)
      let short = try await post("short") { _ in }
      #expect(short == PostAnswer(status: 200, body: Array("short".utf8)))
      let slow = try await post("dribble") { $0.totalSeconds = 1 }
      #expect(slow.status == 200 && slow.body.count < 100)
    }
  }

  @Test(
    "What is no answer is passing, and says nothing of the address",
    arguments: [
      ("hang", "did not answer in time"), ("slow", "did not answer in time"), ("drop", "was cut"),
      ("reset", "was cut"),
      ("garbage", "does not answer as"), ("old", "does not answer as"),
      ("number", "does not answer as"), ("headers", ""),
    ])
  func noAnswer(path: String, words: String) async throws {
    try await onServer { server, post in
      // A status that came before the trouble would stand; none of these has one that does.
      do {
        let answer = try await post("\(path)?token=sesame") { $0.totalSeconds = 2 }
        #expect(path == "headers" && answer.status == 200)
      } catch let error as TransferError {
        #expect(!error.permanent)
        #expect(error.code == 0)
        #expect(words.isEmpty || error.why.contains(words), "\(error.why)")
        #expect(!error.why.contains("sesame") && !error.why.contains(path + "?"))
      }
      #expect(try server.lines(of: "requests.jsonl").count == 1)
    }
  }

  @Test("A certificate of nobody's, and one for another name, are refused: nothing is said")
  func certificate() async throws {
    try await onServer { server, post in
      let unknown = try await failure { try await post("echo") { $0.caFile = nil } }
      #expect(unknown.why.contains("The certificate of 127.0.0.1 was not accepted"))
      #expect(!unknown.permanent && unknown.code == TransferError.nothingSent)
      let address = try #require(NetworkAddress("127.0.0.1"))
      let other = try await failure {
        try await withTransferrer { transferrer in
          try await transferrer.post(
            PostRequest(
              url: "https://hooks.example.org:\(server.port)/echo",
              allowedHosts: ["hooks.example.org"], allowPrivate: true, caFile: server.caFile),
            resolver: { _ in [address] })
        }
      }
      #expect(other.why.contains("The certificate of hooks.example.org was not accepted"))
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
    }
  }

  @Test("Posts to one address keep their distance; those to another do not wait")
  func pace() async throws {
    try await onServer { server, post in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for path in ["echo?a", "echo?a", "echo?a", "echo?b"] {
          group.addTask { _ = try await post(path) { $0.pace = 0.5 } }
        }
        try await group.waitForAll()
      }
      let requests = try server.lines(of: "requests.jsonl")
      let times = requests.filter { $0["path"] as? String == "/echo?a" }
        .compactMap { $0["when"] as? Double }.sorted()
      #expect(times.count == 3 && requests.count == 4)
      // The turns are half a second apart; what a connection takes differs.
      #expect(times[2] - times[0] > 0.7)
    }
  }

  @Test("Posts that were held up by a busy machine keep their distance too")
  func paceAfterWaiting() async throws {
    try await onServer { server, post in
      try await withThrowingTaskGroup(of: Void.self) { group in
        // As many as there are threads.
        for _ in 0..<2 {
          group.addTask { _ = try? await post("hang") { $0.totalSeconds = 3 } }
        }
        try await eventually { try server.lines(of: "requests.jsonl").count == 2 }
        for _ in 0..<3 { group.addTask { _ = try await post("echo") { $0.pace = 0.5 } } }
        try await group.waitForAll()
      }
      let times = try server.lines(of: "requests.jsonl")
        .filter { $0["path"] as? String == "/echo" }.compactMap { $0["when"] as? Double }.sorted()
      try #require(times.count == 3)
      #expect(times[2] - times[0] > 0.7)
    }
  }

  @Test("Headers that bear the time bear that of the posting, after the name was looked up")
  func timed() async throws {
    try await onServer { server, _ in
      let loopback = try #require(NetworkAddress("127.0.0.1"))
      let time = Mutex(100.0)
      let answer = try await withTransferrer { transferrer in
        try await transferrer.post(
          PostRequest(
            url: "https://localhost:\(server.port)/echo", allowedHosts: ["localhost"],
            allowPrivate: true, caFile: server.caFile),
          resolver: { _ in
            time.withLock { $0 = 400 }
            return [loopback]
          }, clock: { time.withLock { $0 } },
          headersAt: { [PostRequest.Header("X-At", String($0))] })
      }
      #expect(answer.status == 200)
      let request = try #require(try server.lines(of: "requests.jsonl").first)
      #expect((request["headers"] as? [String: String])?["x-at"] == "400.0")
      let odd = try await failure {
        try await withTransferrer { transferrer in
          try await transferrer.post(
            PostRequest(
              url: "https://127.0.0.1:\(server.port)/echo", allowedHosts: ["127.0.0.1"],
              allowPrivate: true, caFile: server.caFile),
            headersAt: { _ in [PostRequest.Header("X-A", "b\r\nX-C: d")] })
        }
      }
      #expect(odd.why.contains("header"))
    }
  }

  @Test("A date to come again is compared to the clock that was given")
  func clock() async throws {
    try await onServer { server, _ in
      let answer = try await withTransferrer { transferrer in
        try await transferrer.post(
          PostRequest(
            url: "https://127.0.0.1:\(server.port)/until/503/600", allowedHosts: ["127.0.0.1"],
            allowPrivate: true, caFile: server.caFile), clock: { systemClock() + 300 })
      }
      #expect((290...301).contains(try #require(answer.retryAfter)))
    }
  }

  @Test("A proxy of the environment is asked for nothing that is posted or mailed")
  func proxy() async {
    // In a process of its own, whose environment is nobody else's.
    await #expect(processExitsWith: .success) {
      for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
      for name in ["https_proxy", "HTTPS_PROXY", "smtp_proxy", "all_proxy", "ALL_PROXY"] {
        // Nobody listens there.
        setenv(name, "http://127.0.0.1:1", 1)
      }
      try await withTransferrer { transferrer in
        try await withPythonServer("webhook_server.py") { server in
          let answer = try await transferrer.post(
            PostRequest(
              url: "https://127.0.0.1:\(server.port)/echo", allowedHosts: ["127.0.0.1"],
              allowPrivate: true, caFile: server.caFile))
          #expect(answer.status == 200)
        }
        try await withPythonServer("smtp_server.py") { server in
          let relay = MailRelay(
            host: "127.0.0.1", port: server.port, caFile: server.caFile,
            ehloName: "desk.triaged.test")
          try await transferrer.send(
            MailHandover(
              relay: relay, from: "desk@triaged.test", to: "ann@team.test",
              message: Array("Subject: x\r\n\r\nx\r\n".utf8)))
        }
      }
    }
  }

  private let body = Array("{\"type\":\"test\"}".utf8)

  private typealias Post =
    @Sendable (
      _ path: String, _ change: @Sendable (inout PostRequest) -> Void
    ) async throws -> PostAnswer

  private func onServer(_ run: (PythonServer, @escaping Post) async throws -> Void) async throws {
    try await withPythonServer("webhook_server.py") { server in
      try await withTransferrer { transferrer in
        try await run(server) { [body] path, change in
          var request = PostRequest(
            url: "https://127.0.0.1:\(server.port)/\(path)", body: body,
            allowedHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)
          change(&request)
          return try await transferrer.post(request)
        }
      }
    }
  }
}
