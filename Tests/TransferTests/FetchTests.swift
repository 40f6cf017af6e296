import Foundation
import TestServers
import Testing
import Transfer

@Suite struct FetchTests {
  @Test("A list is fetched with its ETag, privately, and nothing else is left in the folder")
  func fetches() async throws {
    try await onServer { server, fetch in
      let answer = try await fetch("list.csv") { _ in }
      #expect(
        answer
          == .fetched(
            etag: "\"list-1\"", lastModified: "Sat, 21 Nov 2026 06:00:00 GMT",
            contentType: "text/csv", bytes: list.count))
      let path = server.folder.appending(path: "out/list")
      #expect(try Data(contentsOf: path) == list)
      let mode = try FileManager.default.attributesOfItem(atPath: path.path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
      #expect(try leftIn(server) == ["list"])
    }
  }

  @Test("An unchanged list is a 304, whichever of ETag and Last-Modified is known")
  func notModified() async throws {
    try await onServer { server, fetch in
      let byTag = try await fetch("list.csv") { $0.etag = "\"list-1\"" }
      #expect(byTag == .notModified)
      let byDate = try await fetch("list.csv") {
        $0.lastModified = "Sat, 21 Nov 2026 06:00:00 GMT"
      }
      #expect(byDate == .notModified)
      #expect(try leftIn(server) == [])
      let changed = try await fetch("list.csv") { $0.etag = "\"older\"" }
      #expect(changed != .notModified)
    }
  }

  @Test("An empty list is a file without bytes")
  func empty() async throws {
    try await onServer { server, fetch in
      let answer = try await fetch("empty.csv") { _ in }
      #expect(answer == .fetched(etag: nil, lastModified: nil, contentType: nil, bytes: 0))
      #expect(try leftIn(server) == ["list"])
    }
  }

  @Test("A redirect to the same host is followed")
  func redirect() async throws {
    try await onServer { server, fetch in
      guard case .fetched(_, _, _, list.count) = try await fetch("moved-here", { _ in }) else {
        Issue.record("not fetched")
        return
      }
      #expect(try requests(server) == ["/moved-here", "/list.csv"])
    }
  }

  @Test(
    "A redirect to another host or port is not followed, and the error names only the host",
    arguments: ["moved-away", "moved-port"])
  func redirectAway(path: String) async throws {
    try await onServer { server, fetch in
      let error = try await failure { try await fetch("\(path)?token=secret") { _ in } }
      #expect(error.permanent)
      #expect(error.why.contains("127.0.0.1 redirects to"))
      for word in ["sesame", "secret", "list.csv", path] { #expect(!error.why.contains(word)) }
      #expect(try requests(server).count == 1)
      #expect(try leftIn(server) == [])
    }
  }

  @Test("A redirect without end, and one without a place, end in an error")
  func redirectLoop() async throws {
    try await onServer { server, fetch in
      let round = try await failure { try await fetch("round") { _ in } }
      #expect(round.permanent)
      #expect(try requests(server).count == 6)
      let nowhere = try await failure { try await fetch("moved-nowhere") { _ in } }
      #expect(nowhere.permanent)
    }
  }

  @Test(
    "A body over the limit is refused, whether or not its length was declared",
    arguments: ["long", "long-declared"])
  func sizeLimit(path: String) async throws {
    try await onServer { server, fetch in
      let error = try await failure { try await fetch(path) { $0.maxBytes = 50_000 } }
      #expect(error.permanent)
      #expect(error.why.contains("larger"))
      #expect(try leftIn(server) == [])
    }
  }

  @Test("A body exactly at the limit is taken")
  func exactLimit() async throws {
    try await onServer { _, fetch in
      let answer = try await fetch("list.csv") { $0.maxBytes = list.count }
      #expect(answer != .notModified)
      let error = try await failure {
        try await fetch("list.csv") { $0.maxBytes = list.count - 1 }
      }
      #expect(error.why.contains("larger"))
    }
  }

  @Test(
    "A server that stalls, before or within the body, is given up in time",
    arguments: ["stalled", "silent"])
  func stalled(path: String) async throws {
    try await onServer { server, fetch in
      let began = ContinuousClock.now
      let error = try await failure { try await fetch(path) { $0.totalSeconds = 0.5 } }
      #expect(!error.permanent)
      #expect(error.why.contains("in time"))
      #expect(ContinuousClock.now - began < .seconds(30))
      #expect(try leftIn(server) == [])
    }
  }

  @Test("A body that stops coming is given up long before the total time")
  func lowSpeed() async throws {
    try await onServer { _, fetch in
      let began = ContinuousClock.now
      let error = try await failure {
        try await fetch("stalled") {
          $0.stallSeconds = 1
          $0.totalSeconds = 120
        }
      }
      #expect(!error.permanent)
      #expect(ContinuousClock.now - began < .seconds(30))
    }
  }

  @Test("A body cut short leaves nothing behind, and the last good file stands")
  func cutShort() async throws {
    try await onServer { server, fetch in
      _ = try await fetch("list.csv") { _ in }
      let error = try await failure { try await fetch("short") { _ in } }
      #expect(!error.permanent)
      #expect(try leftIn(server) == ["list"])
      #expect(try Data(contentsOf: server.folder.appending(path: "out/list")) == list)
    }
  }

  @Test("Retry-After is read in seconds and as a date")
  func retryAfter() async throws {
    try await onServer { _, fetch in
      let error = try await failure { try await fetch("busy") { _ in } }
      #expect((error.code, error.permanent, error.retryAfter) == (503, false, 120))
      let until = try await failure { try await fetch("busy-until") { _ in } }
      let seconds = try #require(until.retryAfter)
      #expect(seconds > 500 && seconds <= 601)
    }
  }

  @Test(
    "A status says whether trying again makes sense, however long its page is",
    arguments: [
      (401, true), (403, true), (404, true), (410, true), (418, true), (408, false), (429, false),
      (500, false), (502, false), (504, false), (206, false),
    ])
  func statuses(status: Int, permanent: Bool) async throws {
    try await onServer { server, fetch in
      let error = try await failure { try await fetch("status/\(status)") { _ in } }
      #expect((error.code, error.permanent) == (status, permanent))
      #expect(try leftIn(server) == [])
    }
  }

  @Test("Plain http needs to be allowed, and other protocols cannot be")
  func protocols() async throws {
    try await withTemporaryFolder { folder in
      try await withTransferrer { transferrer in
        let path = folder.appending(path: "list").path
        for url in ["http://lists.example/a", "ftp://lists.example/a", "file:///etc/passwd", "?"] {
          let error = try await failure {
            try await transferrer.fetch(FetchRequest(url: url), to: path)
          }
          #expect(error.permanent)
        }
        let withUser = try await failure {
          try await transferrer.fetch(
            FetchRequest(url: "https://ann:sesame@lists.example/a?key=sesame"), to: path)
        }
        #expect(withUser.permanent)
        #expect(!withUser.why.contains("sesame") && !withUser.why.contains("ann"))
      }
    }
  }

  @Test("Over TLS a list comes only from a certificate that is trusted, and stays on TLS")
  func tls() async throws {
    try await withPythonServer("http_server.py", ["--tls"]) { server in
      try await withTransferrer { transferrer in
        let path = server.folder.appending(path: "list").path
        var request = FetchRequest(
          url: "https://127.0.0.1:\(server.port)/list.csv", caFile: server.caFile)
        let answer = try await transferrer.fetch(request, to: path)
        #expect(answer != .notModified)
        request.caFile = nil
        let untrusted = try await failure { try await transferrer.fetch(request, to: path) }
        #expect(untrusted.permanent)
        #expect(untrusted.why.contains("certificate of 127.0.0.1 was not accepted"))
        request.caFile = server.caFile
        request.allowInsecureHTTP = true
        request.url = "https://127.0.0.1:\(server.port)/moved-to-plain"
        let toPlain = try await failure { try await transferrer.fetch(request, to: path) }
        #expect(toPlain.permanent)
        #expect(try requests(server) == ["/list.csv", "/moved-to-plain"])
      }
    }
  }

  @Test("A header hidden in what is known of the last answer is refused")
  func headerInjection() async throws {
    try await onServer { server, fetch in
      let error = try await failure { try await fetch("list.csv") { $0.etag = "a\r\nX-Evil: 1" } }
      #expect(error.permanent)
      #expect(try requests(server) == [])
    }
  }

  @Test("Nobody listening is a passing error that names the host")
  func refused() async throws {
    try await onServer { server, _ in
      try await withTransferrer { transferrer in
        let error = try await failure {
          try await transferrer.fetch(
            FetchRequest(url: "http://127.0.0.1:1/list?key=sesame", allowInsecureHTTP: true),
            to: server.folder.appending(path: "list").path)
        }
        #expect(!error.permanent)
        #expect(error.why == "127.0.0.1 could not be reached.")
      }
    }
  }

  @Test("A cancelled task stops its transfer")
  func cancelled() async throws {
    try await onServer { server, fetch in
      try await withTransferrer { transferrer in
        let request = FetchRequest(
          url: "http://127.0.0.1:\(server.port)/stalled", allowInsecureHTTP: true)
        let path = server.folder.appending(path: "out/list").path
        let task = Task { try await transferrer.fetch(request, to: path) }
        try await eventually { try leftIn(server) == ["list.part"] }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try leftIn(server) == [])
      }
    }
  }

  @Test("A second fetch to the same place is refused; what a killed one left is taken over")
  func samePlace() async throws {
    try await onServer { server, fetch in
      try await withTransferrer { transferrer in
        let request = FetchRequest(
          url: "http://127.0.0.1:\(server.port)/stalled", allowInsecureHTTP: true)
        let path = server.folder.appending(path: "out/list").path
        let task = Task { try await transferrer.fetch(request, to: path) }
        try await eventually { try requests(server) == ["/stalled"] }
        let error = try await failure { try await fetch("list.csv") { _ in } }
        #expect(error.why.contains("already"))
        task.cancel()
        _ = await task.result
        try Data("left by a killed process".utf8).write(to: URL(filePath: path + ".part"))
        _ = try await fetch("list.csv") { _ in }
        #expect(try Data(contentsOf: URL(filePath: path)) == list)
      }
    }
  }

  @Test("Shutting down cuts short what is under way and refuses what comes later")
  func shutdown() async throws {
    try await onServer { server, _ in
      let transferrer = Transferrer(threads: 1)
      let request = FetchRequest(
        url: "http://127.0.0.1:\(server.port)/silent", allowInsecureHTTP: true)
      let path = server.folder.appending(path: "out/list").path
      let task = Task { try await transferrer.fetch(request, to: path) }
      try await eventually { try requests(server) == ["/silent"] }
      await transferrer.shutdown()
      await #expect(throws: TransferError.self) { try await task.value }
      await #expect(throws: TransferError.self) { try await transferrer.fetch(request, to: path) }
    }
  }
}

/// Made each time: LeakSanitizer does not see who refers to a constant one.
private var list: Data { Data("reference,street\r\n1,Mill Lane\r\n".utf8) }

private typealias Fetch =
  @Sendable (String, @Sendable (inout FetchRequest) -> Void) async throws -> FetchAnswer

/// Runs with the HTTP server of `Tests` and a way to fetch from it into `out/list`.
private func onServer(_ body: (PythonServer, Fetch) async throws -> Void) async throws {
  try await withPythonServer("http_server.py") { server in
    let out = server.folder.appending(path: "out")
    try FileManager.default.createDirectory(at: out, withIntermediateDirectories: false)
    try await withTransferrer { transferrer in
      try await body(server) { path, change in
        var request = FetchRequest(
          url: "http://127.0.0.1:\(server.port)/\(path)", totalSeconds: 30,
          allowInsecureHTTP: true)
        change(&request)
        return try await transferrer.fetch(request, to: out.appending(path: "list").path)
      }
    }
  }
}

private func leftIn(_ server: PythonServer) throws -> [String] {
  try FileManager.default.contentsOfDirectory(
    atPath: server.folder.appending(path: "out").path
  ).sorted()
}

private func requests(_ server: PythonServer) throws -> [String] {
  try server.lines(of: "requests.jsonl").compactMap { $0["path"] as? String }
}
