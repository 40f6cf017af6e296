import Foundation
import TestServers
import Testing
import Transfer

@Suite("Credentials of an address")
struct CredentialsTests {
  @Test("A user and password from a file open a list; white space around them is not theirs")
  func basic() async throws {
    try await onServer { server, fetch in
      let file = try FarFolder(server).secret("  open sesame é \r\nsecond line\n")
      let answer = try await fetch("basic.csv") {
        $0.credentials = .basic(user: "ann", passwordFile: file)
      }
      #expect(answer != .notModified)
      let moved = try await fetch("moved-to-basic") {
        $0.credentials = .basic(user: "ann", passwordFile: file)
      }
      #expect(moved != .notModified, "a redirect on the same host keeps them")
    }
  }

  @Test("A token and a key in the query open a list too")
  func tokenAndKey() async throws {
    try await onServer { server, fetch in
      let token = try FarFolder(server).secret("open-sesame\n")
      _ = try await fetch("bearer.csv") { $0.credentials = .bearer(tokenFile: token) }
      let key = try FarFolder(server).secret("open+sesame&x")
      _ = try await fetch("key.csv") { $0.queryKey = .init(name: "api_key", file: key) }
    }
  }

  @Test("A changed password is taken from its file at the next fetch")
  func changed() async throws {
    try await onServer { server, fetch in
      let file = try FarFolder(server).secret("wrong sesame")
      let ask: @Sendable () async throws -> FetchAnswer = {
        try await fetch("basic.csv") { $0.credentials = .basic(user: "ann", passwordFile: file) }
      }
      let error = try await failure { try await ask() }
      #expect((error.code, error.permanent) == (401, true))
      #expect(
        error.why == "127.0.0.1 did not accept the sign-in that the feed is given (HTTP 401).")
      try Data("open sesame é".utf8).write(to: URL(fileURLWithPath: file))
      _ = try await ask()
      let none = try await failure { try await fetch("basic.csv") { _ in } }
      #expect(none.why == "127.0.0.1 asks for a sign-in (HTTP 401).")
    }
  }

  @Test(
    "A secret file that is missing, empty, blank or open to everybody is said, and nothing is asked",
    arguments: [
      ("missing", "cannot be read: No such file or directory"), ("empty", "is empty"),
      ("blank", "has no password on its first line"), ("open", "may be read by everybody"),
      ("folder", "is no regular file"), ("long", "too long"), ("binary", "has no password"),
    ])
  func badFile(kind: String, words: String) async throws {
    try await onServer { server, fetch in
      let far = FarFolder(server)
      let file =
        switch kind {
        case "missing": "/nowhere/hidden-path"
        case "empty": try far.secret("")
        case "blank": try far.secret("  \t\nsesame")
        case "open": try far.secret("sesame", mode: 0o604)
        case "folder": server.folder.path
        case "long": try far.secret(String(repeating: "x", count: 5000))
        default: try far.secret("ses\u{0}ame")
        }
      let error = try await failure {
        try await fetch("basic.csv") { $0.credentials = .basic(user: "ann", passwordFile: file) }
      }
      #expect(error.permanent)
      #expect(error.why.contains("password file for 127.0.0.1"))
      #expect(error.why.contains(words), "\(error)")
      #expect(!error.why.contains("hidden-path") && !error.why.contains("sesame"))
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
    }
  }

  @Test("Without encryption no secret leaves this machine, even where http is allowed")
  func notInClear() async throws {
    try await onServer { server, _ in
      try await withTransferrer { transferrer in
        let file = try FarFolder(server).secret("sesame")
        var request = FetchRequest(url: "http://lists.example/a", allowInsecureHTTP: true)
        let path = server.folder.appending(path: "list").path
        request.credentials = .bearer(tokenFile: file)
        let bearer = try await failure { try await transferrer.fetch(request, to: path) }
        #expect(bearer.why.contains("only https"))
        request.credentials = .none
        request.queryKey = .init(name: "api_key", file: file)
        let key = try await failure { try await transferrer.fetch(request, to: path) }
        #expect(key.why.contains("only https"))
      }
    }
  }

  @Test(
    "A redirect to another host or port gets neither credentials nor a request",
    arguments: ["moved-away", "moved-port"])
  func redirectAway(path: String) async throws {
    try await onServer { server, fetch in
      let file = try FarFolder(server).secret("sesame-word")
      let error = try await failure {
        try await fetch(path) {
          $0.credentials = .basic(user: "ann", passwordFile: file)
          $0.queryKey = .init(name: "api_key", file: file)
        }
      }
      #expect(error.permanent)
      for word in ["ann", "sesame-word", "api_key"] { #expect(!error.why.contains(word)) }
      #expect(try server.lines(of: "requests.jsonl").count == 1)
    }
  }

  @Test("A user with a colon and a token with a line end are refused")
  func injection() async throws {
    try await onServer { server, fetch in
      let file = try FarFolder(server).secret("a b")
      let token = try await failure {
        try await fetch("bearer.csv") { $0.credentials = .bearer(tokenFile: file) }
      }
      #expect(token.why.contains("token"))
      let user = try await failure {
        try await fetch("basic.csv") {
          $0.credentials = .basic(user: "ann:x", passwordFile: file)
        }
      }
      #expect(user.why.contains("colon"))
    }
  }

  @Test("429 tells when to come again")
  func slowDown() async throws {
    try await onServer { _, fetch in
      let error = try await failure { try await fetch("slow-down") { _ in } }
      #expect((error.code, error.permanent, error.retryAfter) == (429, false, 7))
    }
  }
}

private typealias Fetch =
  @Sendable (String, @Sendable (inout FetchRequest) -> Void) async throws -> FetchAnswer

private func onServer(_ body: (PythonServer, @escaping Fetch) async throws -> Void) async throws {
  try await withPythonServer("http_server.py") { server in
    try await withTransferrer { transferrer in
      try await body(server) { path, change in
        var request = FetchRequest(
          url: "http://127.0.0.1:\(server.port)/\(path)", totalSeconds: 30,
          allowInsecureHTTP: true)
        change(&request)
        return try await transferrer.fetch(
          request, to: server.folder.appending(path: "fetched").path)
      }
    }
  }
}
