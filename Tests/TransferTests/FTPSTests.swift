import Foundation
import TestServers
import Testing
import Transfer

@Suite("A folder behind FTP with TLS")
struct FTPSTests {
  @Test(
    "Files are listed, looked at, fetched and deleted, with TLS asked for or from the first byte",
    arguments: [false, true])
  func wholeWay(implicit: Bool) async throws {
    try await onServer(implicit ? ["--implicit"] : []) { far, site, transferrer in
      try far.put("a list.csv", "one\n", modified: 1_790_000_001)
      try far.put("b.csv", "three\n", modified: 1_790_000_003)
      try FileManager.default.createDirectory(
        atPath: far.path + "/folder.csv", withIntermediateDirectories: false)
      symlink("b.csv", far.path + "/link.csv")
      let listing = try await transferrer.list(site)
      #expect(listing.entries.map(\.name) == ["a list.csv", "b.csv"])
      let files = try await transferrer.look(at: ["a list.csv", "gone.csv", "b.csv"], in: site)
      #expect(
        files == [
          RemoteFile(name: "a list.csv", size: 4, modified: 1_790_000_001),
          RemoteFile(name: "b.csv", size: 6, modified: 1_790_000_003),
        ])
      let path = far.file("fetched")
      #expect(try await transferrer.fetch(files[1], in: site, to: path, maxBytes: 6))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
      #expect(try await transferrer.delete(files[0], in: site))
      #expect(far.names == ["b.csv", "folder.csv", "link.csv"])
      let said = try far.server.lines(of: "commands.jsonl")
      let signIns = said.filter { ["USER", "PASS"].contains($0["command"] as? String) }
      #expect(!signIns.isEmpty)
      #expect(signIns.allSatisfy { $0["tls"] as? Bool == true })
      #expect(!said.contains { ["PORT", "EPRT"].contains($0["command"] as? String) })
    }
  }

  @Test("An empty folder is an empty listing")
  func empty() async throws {
    try await onServer { far, site, transferrer in
      let listing = try await transferrer.list(site)
      #expect(listing == RemoteListing())
    }
  }

  @Test("A server without TLS is told neither user nor password")
  func noTLS() async throws {
    try await onServer(["--plain"]) { far, site, transferrer in
      let error = try await failure { try await transferrer.list(site) }
      #expect(error.permanent)
      #expect(error.why.contains("does not offer the encryption that is required"), "\(error)")
      let said = try far.server.lines(of: "commands.jsonl").compactMap { $0["command"] as? String }
      #expect(!said.contains("USER") && !said.contains("PASS"))
    }
  }

  @Test("A certificate that is not trusted ends it before the sign-in", arguments: [false, true])
  func untrusted(implicit: Bool) async throws {
    try await onServer(implicit ? ["--implicit"] : []) { far, site, transferrer in
      var site = site
      site.caFile = nil
      let error = try await failure { try await transferrer.list(site) }
      #expect(error.permanent)
      #expect(error.why.contains("certificate of 127.0.0.1 was not accepted"), "\(error)")
      let said = try far.server.lines(of: "commands.jsonl").compactMap { $0["command"] as? String }
      #expect(!said.contains("USER"))
    }
  }

  @Test("A wrong password is said without it, and a folder that is not there without its path")
  func refused() async throws {
    try await onServer { far, site, transferrer in
      var wrong = site
      wrong.passwordFile = try far.secret("hidden-word")
      let error = try await failure { try await transferrer.list(wrong) }
      #expect(error.permanent)
      #expect(error.why == "127.0.0.1 did not accept the user name and password.")
      var nowhere = site
      nowhere.url += "/hidden-path"
      let folder = try await failure { try await transferrer.list(nowhere) }
      #expect(folder.why.contains("no such folder"), "\(folder)")
      #expect(!folder.why.contains("hidden-path"))
    }
  }

  @Test("A server that breaks off in the middle of a file leaves nothing behind")
  func cut() async throws {
    try await onServer(["--kill-at", "300000"]) { far, site, transferrer in
      try far.put("a.csv", Data(count: 5_000_000))
      let file = RemoteFile(name: "a.csv", size: 5_000_000, modified: 1_800_000_000)
      let path = far.file("fetched")
      let result = try? await transferrer.fetch(file, in: site, to: path, maxBytes: 1 << 30)
      #expect(result != true)
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(!FileManager.default.fileExists(atPath: path + ".part"))
    }
  }

  @Test("A server without times is watched by sizes, one without sizes not at all")
  func knowsLittle() async throws {
    try await onServer(["--timeless"]) { far, site, transferrer in
      try far.put("a.csv", "one\n")
      let file = try #require(try await transferrer.look(at: ["a.csv"], in: site).first)
      #expect(file == RemoteFile(name: "a.csv", size: 4, modified: nil))
      #expect(try await transferrer.fetch(file, in: site, to: far.file("fetched"), maxBytes: 9))
    }
    try await onServer(["--sizeless"]) { far, site, transferrer in
      try far.put("a.csv", "one\n")
      let error = try await failure { try await transferrer.look(at: ["a.csv"], in: site) }
      #expect(error.why.contains("does not tell the size"), "\(error)")
    }
  }
}

private func onServer(
  _ arguments: [String] = [],
  _ body: (FarFolder, RemoteSite, Transferrer) async throws -> Void
) async throws {
  try await withPythonServer("ftps_server.py", arguments) { server in
    try await withTransferrer { transferrer in
      let far = FarFolder(server)
      let scheme = arguments.contains("--implicit") ? "ftps" : "ftp"
      try await body(
        far,
        RemoteSite(
          url: "\(scheme)://127.0.0.1:\(server.port)", user: "ann",
          passwordFile: try far.secret("sesame\n"), caFile: server.caFile, totalSeconds: 60),
        transferrer)
    }
  }
}
