import CDispatch
import Foundation
import Glibc
import Logging
import Synchronization
import Testing
import Transfer
import Triage
import Web

@testable import triaged

@Suite("The admin socket")
struct AdminSocketTests {
  /// Serves a desk at a socket in a folder of its own for as long as the body takes.
  private func serving(
    _ routes: [AdminRoute], hasLeftOver: Bool = false,
    _ body: @escaping @Sendable (String) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let socket = folder.path + "/admin.sock"
    if hasLeftOver { try leaveSocket(at: socket) }
    let (running, begun) = AsyncStream<Void>.makeStream()
    let site = try AdminSite(
      desk: AdminDesk(routes: routes), socket: socket,
      logger: Logger(label: "test") { _ in JournalLogHandler() }, onRunning: { begun.yield() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { begun.finish() }
        try await site.run()
      }
      for await _ in running { break }
      do { try await body(socket) } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
      try await group.waitForAll()
    }
    #expect(!FileManager.default.fileExists(atPath: socket), "it is removed at the end")
  }

  private static let echo = AdminRoute(.post, "/echo/{name}/back") { request in
    .text(
      "\(request.parameters["name"] ?? "") \(String(decoding: request.body, as: UTF8.self))",
      type: "text/plain")
  }

  @Test("A route is found by method and path, and its parts and body arrive")
  func routes() async throws {
    let refuse = AdminRoute(.post, "/refuse") { _ in throw AdminRefusal(.conflict, "Not \"now\".") }
    let fail = AdminRoute(.get, "/fail") { _ in throw StartError("A sentence.") }
    try await serving([Self.echo, refuse, fail]) { socket in
      let long = String(repeating: "x", count: 60_000)
      let tooLong = String(repeating: "x", count: 70_000)
      for (method, path, body, status, said) in [
        (.post, "/echo/a%2Fb%20c/back", long, 200, "a/b c \(long)"),
        (.post, "/echo/a/back", "", 200, "a "),
        (.get, "/echo/a/back", "", 405, nil), (.get, "/echo/a", "", 404, nil),
        (.get, "/echo//back", "", 404, nil), (.get, "/", "", 404, nil),
        (.post, "/refuse", "{}", 409, "{\"error\":\"Not \\\"now\\\".\"}"),
        (.get, "/fail", "", 500, "{\"error\":\"A sentence.\"}"),
        (.post, "/echo/a/back", tooLong, 413, nil),
      ] as [(SocketQuestion.Method, String, String, Int, String?)] {
        let answer = try await ask(socket, method, path, body)
        #expect(answer.0 == status, "\(path)")
        if let said { #expect(answer.1 == said) }
      }
      let error = await #expect(throws: TransferError.self) {
        try await ask(socket, .post, "/echo/a/back", long, maxBytes: 1000)
      }
      #expect(error?.why == "The answer at the socket is too long.")
    }
  }

  @Test("Only its owner may speak to it: by its mode, and by who the kernel says has connected")
  func ownerOnly() async throws {
    try await serving([Self.echo]) { socket in
      var status = stat()
      try #require(lstat(socket, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      // The second wall, with the first one taken down. Only root can become somebody else.
      guard geteuid() == 0 else { return }
      let folder = (socket as NSString).deletingLastPathComponent
      #expect(chmod(socket, 0o666) == 0 && chmod(folder, 0o755) == 0)
      let script = """
        import os, socket, sys
        if sys.argv[2] != "0": os.setgid(65534); os.setuid(65534)
        s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
        try:
          s.sendall(b"POST /echo/a/back HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
          print("answered", len(s.recv(4096)))
        except OSError as e: print("answered 0")
        """
      let stranger = try await runProgram("/usr/bin/env", ["python3", "-c", script, socket, "1"])
      #expect(stranger.output == "answered 0\n", "\(stranger.errors)")
      let owner = try await runProgram("/usr/bin/env", ["python3", "-c", script, socket, "0"])
      #expect(owner.output.hasPrefix("answered") && owner.output != "answered 0\n")
    }
  }

  @Test("A socket that a killed daemon left is replaced; what is no socket is not touched")
  func leftOver() async throws {
    try await serving([Self.echo], hasLeftOver: true) { socket in
      let answer = try await ask(socket, .post, "/echo/a/back")
      #expect(answer.0 == 200)
    }
    let folder = try TemporaryFolder()
    let path = folder.path + "/admin.sock"
    try write("mine", to: path)
    let site = try AdminSite(
      desk: AdminDesk(routes: []), socket: path,
      logger: Logger(label: "test") { _ in JournalLogHandler() })
    await #expect(throws: AdminSocketError.notASocket(path)) { try await site.run() }
    #expect(try text(of: path) == "mine")
  }

  @Test("Where another instance answers, its socket is left alone and the sentence names the path")
  func inUse() async throws {
    try await serving([Self.echo]) { socket in
      let second = try AdminSite(
        desk: AdminDesk(routes: []), socket: socket,
        logger: Logger(label: "test") { _ in JournalLogHandler() })
      await #expect(throws: AdminSocketError.inUse(socket)) { try await second.run() }
      #expect(AdminSocketError.inUse(socket).description.contains(socket))
      #expect(try await ask(socket, .post, "/echo/a/back").0 == 200)
    }
  }

  @Test("Where nobody listens the error says so, and a path that no socket can have is refused")
  func nobody() async throws {
    let folder = try TemporaryFolder()
    let error = await #expect(throws: TransferError.self) {
      try await ask(folder.path + "/none.sock", .get, "/status")
    }
    #expect(error?.code == TransferError.nobodyListens)
    let long = "/" + String(repeating: "x", count: 107)
    #expect(throws: AdminSocketError.tooLong(long)) {
      try AdminSite(
        desk: AdminDesk(routes: []), socket: long,
        logger: Logger(label: "test") { _ in JournalLogHandler() })
    }
  }
}

/// As a killed process leaves one: bound, and nobody behind it.
private func leaveSocket(at path: String) throws {
  let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let length = socklen_t(MemoryLayout<sockaddr_un>.size)
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
  }
  try #require(result == 0)
}

private func ask(
  _ socket: String, _ method: SocketQuestion.Method, _ path: String, _ body: String = "",
  maxBytes: Int = 1 << 20
) async throws -> (Int, String) {
  let transferrer = Transferrer(threads: 1)
  let answer: Result<SocketAnswer, any Error>
  do {
    answer = .success(
      try await transferrer.ask(
        SocketQuestion(
          socket: socket, method: method, path: path, body: Array(body.utf8), totalSeconds: 20,
          maxBytes: maxBytes)))
  } catch { answer = .failure(error) }
  await transferrer.shutdown()
  let (status, bytes) = (try answer.get().status, try answer.get().body)
  return (status, String(decoding: bytes, as: UTF8.self))
}
