import Foundation
import TestServers
import Testing
import Transfer

@Suite("A folder behind OpenSSH")
struct SFTPTests {
  @Test("Files are listed, looked at, fetched with their time, and deleted")
  func wholeWay() async throws {
    try await onServer { far, site, transferrer in
      try far.put("a list.csv", "one\n", modified: 1_790_000_001)
      try far.put("#100%41;b.csv", "three\n", modified: 1_790_000_003)
      try FileManager.default.createDirectory(
        atPath: far.path + "/folder.csv", withIntermediateDirectories: false)
      symlink("a list.csv", far.path + "/link.csv")
      try far.put(".hidden.csv", "")
      let listing = try await transferrer.list(site)
      #expect(listing.entries.map(\.name) == ["#100%41;b.csv", "a list.csv"])
      #expect(listing.entries.allSatisfy { $0.line?.hasPrefix("-rw") == true })
      let files = try await transferrer.look(
        at: ["a list.csv", "gone.csv", "#100%41;b.csv"], in: site)
      #expect(
        files == [
          RemoteFile(name: "a list.csv", size: 4, modified: 1_790_000_001),
          RemoteFile(name: "#100%41;b.csv", size: 6, modified: 1_790_000_003),
        ])
      let path = far.file("fetched")
      #expect(try await transferrer.fetch(files[1], in: site, to: path, maxBytes: 6))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "three\n")
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.modificationDate] as? Date == Date(timeIntervalSince1970: 1_790_000_003))
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try await transferrer.delete(files[0], in: site))
      #expect(try await transferrer.delete(files[0], in: site) == false, "gone is gone")
      #expect(far.names == ["#100%41;b.csv", ".hidden.csv", "folder.csv", "link.csv"])
    }
  }

  @Test("A name with quotes and backslashes is that file and no other, also when it is deleted")
  func quoted() async throws {
    try await onServer { far, site, transferrer in
      let name = #"a" b\c\"d'.csv"#
      try far.put(name, "x")
      try far.put("other.csv", "x")
      let file = try #require(try await transferrer.look(at: [name], in: site).first)
      #expect(try await transferrer.fetch(file, in: site, to: far.file("fetched"), maxBytes: 9))
      #expect(try await transferrer.delete(file, in: site))
      #expect(far.names == ["other.csv"])
    }
  }

  @Test("Names with controls, line ends or bytes that are no UTF-8 are counted and never used")
  func hostileNames() async throws {
    try await onServer { far, site, transferrer in
      try far.put("a\u{1B}[2J.csv", "x")
      try far.put("turned\u{202E}vsc.exe", "x")
      try far.put("one\ntwo\t.csv", "x")
      try far.put("good.csv", "x")
      let bytes: [UInt8] = Array((far.path + "/caf").utf8) + [0xE9, 0]
      let made = bytes.withUnsafeBufferPointer { pointer in
        pointer.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_CREAT, 0o600) }
      }
      close(made)
      let listing = try await transferrer.list(site)
      // Half of a name with a line end in it looks like one; there is no such file.
      #expect(listing.entries.map(\.name) == ["good.csv", "one"])
      #expect(listing.unusableNames == 4)
      let files = try await transferrer.look(at: ["one", "good.csv"], in: site)
      #expect(files.map(\.name) == ["good.csv"])
      for name in ["../escape", "a/b", "", ".", "x\ny"] {
        let error = try await failure { try await transferrer.look(at: [name], in: site) }
        #expect(error.permanent)
      }
    }
  }

  @Test("A file that grew, shrank or was written anew since it was seen is not taken or deleted")
  func changed() async throws {
    try await onServer { far, site, transferrer in
      try far.put("a.csv", "one\n")
      let seen = try #require(try await transferrer.look(at: ["a.csv"], in: site).first)
      let path = far.file("fetched")
      for (text, time) in [("one\ntwo\n", 1_800_000_000), ("o", 1_800_000_000), ("new\n", 7)] {
        try far.put("a.csv", text, modified: time)
        #expect(try await transferrer.fetch(seen, in: site, to: path, maxBytes: 100) == false)
        #expect(try await transferrer.delete(seen, in: site) == false)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(!FileManager.default.fileExists(atPath: path + ".part"))
      #expect(far.names == ["a.csv"])
    }
  }

  @Test("A file over the limit is refused before it is fetched")
  func tooLarge() async throws {
    try await onServer { far, site, transferrer in
      try far.put("a.csv", "0123456789")
      let file = try #require(try await transferrer.look(at: ["a.csv"], in: site).first)
      let error = try await failure {
        try await transferrer.fetch(file, in: site, to: far.file("fetched"), maxBytes: 9)
      }
      #expect(error.permanent)
      #expect(error.why.contains("larger"))
    }
  }

  @Test(
    "The server's key is found whether its name is plain, hashed or behind keys of other kinds",
    arguments: ["known_hosts", "known_hosts.hashed", "known_hosts.many"])
  func knownHosts(file: String) async throws {
    try await onServer { far, site, transferrer in
      var site = site
      site.knownHostsFile = far.file(file)
      try far.put("a.csv", "x")
      let listing = try await transferrer.list(site)
      #expect(listing.entries.map(\.name) == ["a.csv"])
    }
  }

  @Test(
    "A server whose key is not known, or another one, is not spoken to",
    arguments: [
      ("known_hosts.other", "is not the one in the known_hosts file"),
      ("known_hosts.empty", "is not in the known_hosts file"),
      ("known_hosts.revoked", "is not in the known_hosts file"),
      ("none", "known_hosts file for 127.0.0.1 cannot be read"),
      ("", "No known_hosts file is named"),
    ])
  func unknownHost(file: String, words: String) async throws {
    try await onServer { far, site, transferrer in
      let known = try String(contentsOfFile: far.file("known_hosts"), encoding: .utf8)
      try Data("\(known)@revoked \(known)".utf8).write(
        to: URL(fileURLWithPath: far.file("known_hosts.revoked")))
      var site = site
      site.knownHostsFile = file.isEmpty ? nil : far.file(file)
      let error = try await failure { try await transferrer.list(site) }
      #expect(error.permanent)
      #expect(error.why.contains(words), "\(error)")
      let said = try String(contentsOfFile: far.file("sshd.log"), encoding: .utf8)
      #expect(!said.contains("Accepted"))
      #expect(!error.why.contains(far.server.folder.path))
    }
  }

  @Test("A key that is not let in, one that is no key and one open to everybody are said")
  func wrongKey() async throws {
    try await onServer { far, site, transferrer in
      var site = site
      site.keyFile = far.file("stranger")
      let stranger = try await failure { try await transferrer.list(site) }
      #expect(stranger.permanent)
      #expect(stranger.why.contains("did not accept the key"), "\(stranger)")
      site.keyFile = try far.secret("no key at all")
      let noKey = try await failure { try await transferrer.list(site) }
      #expect(noKey.permanent)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: far.file("client"))
      site.keyFile = far.file("client")
      let open = try await failure { try await transferrer.list(site) }
      #expect(open.why.contains("may be read by everybody"))
      #expect(!open.why.contains("client"))
      site.keyFile = nil
      let nothing = try await failure { try await transferrer.list(site) }
      #expect(nothing.why.contains("Neither a password nor a key"))
      site.passwordFile = try far.secret("sesame")
      let password = try await failure { try await transferrer.list(site) }
      #expect(password.why.contains("did not accept the user name and password"), "\(password)")
    }
  }

  @Test("A folder that is not there is said without its path")
  func noFolder() async throws {
    try await onServer { far, site, transferrer in
      var site = site
      site.url += "/hidden-path"
      let error = try await failure { try await transferrer.list(site) }
      #expect(error.why.contains("no such folder"), "\(error)")
      #expect(!error.why.contains("hidden-path"))
    }
  }

  @Test(
    "Other protocols, and addresses with a user or a question in them, are refused",
    arguments: [
      "http://127.0.0.1/", "scp://127.0.0.1/", "file:///etc", "sftp://ann:sesame@127.0.0.1/",
      "ftps://127.0.0.1/?a=sesame", "sftp://127.0.0.1/a%0Ab", "no address",
    ])
  func badAddress(url: String) async throws {
    try await withTransferrer { transferrer in
      let site = RemoteSite(url: url, user: "ann", keyFile: "/nowhere", knownHostsFile: "/nowhere")
      let error = try await failure { try await transferrer.list(site) }
      #expect(error.permanent)
      #expect(error.why.contains("address of the folder"))
      #expect(!error.why.contains("sesame"))
    }
  }

  @Test("A server that breaks off in the middle of a file leaves nothing behind")
  func cut() async throws {
    try await onServer(["--kill-at", "300000"]) { far, site, transferrer in
      try far.put("a.csv", Data(count: 5_000_000))
      let file = RemoteFile(name: "a.csv", size: 5_000_000, modified: 1_800_000_000)
      let path = far.file("fetched")
      let error = try await failure {
        try await transferrer.fetch(file, in: site, to: path, maxBytes: 1 << 30)
      }
      #expect(!error.permanent, "\(error)")
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(!FileManager.default.fileExists(atPath: path + ".part"))
    }
  }

  @Test("A server that never says a word is given up in time")
  func silent() async throws {
    try await onServer { far, site, transferrer in
      let listener = try LoopbackSocket()
      var site = site
      site.url = "sftp://127.0.0.1:\(listener.port)/"
      try Data("[127.0.0.1]:\(listener.port) ssh-ed25519 AAAA\n".utf8).write(
        to: URL(fileURLWithPath: far.file("known")))
      site.knownHostsFile = far.file("known")
      site.totalSeconds = 0.5
      let began = ContinuousClock.now
      let error = try await failure { try await transferrer.list(site) }
      #expect(!error.permanent)
      #expect(error.why.contains("in time"), "\(error)")
      #expect(ContinuousClock.now - began < .seconds(30))
    }
  }
}

private func onServer(
  _ arguments: [String] = [],
  _ body: (FarFolder, RemoteSite, Transferrer) async throws -> Void
) async throws {
  try await withPythonServer("sftp_server.py", arguments) { server in
    try await withTransferrer { transferrer in
      let far = FarFolder(server)
      try await body(
        far,
        RemoteSite(
          url: far.sftp, user: FarFolder.me, keyFile: far.file("client"),
          knownHostsFile: far.file("known_hosts"), totalSeconds: 60), transferrer)
    }
  }
}
