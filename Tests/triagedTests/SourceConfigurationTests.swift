import FlareImport
import Foundation
import TestServers
import Testing
import Triage

@testable import triaged

@Suite("Where a feed's lists come from")
struct SourceConfigurationTests {
  @Test("SFTP: a folder with its key, host and pattern, asked every half hour")
  func sftp() throws {
    let settings = try load(
      """
      remote:
        url: sftp://files.example:2222/out/lists
        user: triaged
        key_file: secret
        known_hosts: hosts
        pattern: "CSVEXP_*.CSV"
        delete_taken: true
      """)
    guard case .remoteFolder(let folder) = settings.source else {
      Issue.record("no folder")
      return
    }
    #expect(folder.url == "sftp://files.example:2222/out/lists")
    #expect(folder.user == "triaged")
    #expect(folder.pattern == "CSVEXP_*.CSV")
    #expect(folder.keyFile?.hasSuffix("/config/secret") == true)
    #expect(folder.knownHostsFile?.hasSuffix("/config/hosts") == true)
    #expect(folder.deletesTaken)
    #expect((settings.cadenceSeconds, settings.settleSeconds) == (1800, 60))
  }

  @Test("FTPS: a folder with a password and a certificate authority of the council's own")
  func ftps() throws {
    let settings = try load(
      "remote: {url: \"ftps://files.example/\", user: triaged, password_file: secret}\n"
        + "ca_file: hosts\n")
    guard case .remoteFolder(let folder) = settings.source else {
      Issue.record("no folder")
      return
    }
    #expect(folder.passwordFile?.hasSuffix("/config/secret") == true)
    #expect(!folder.deletesTaken)
    #expect(settings.http.caFile?.hasSuffix("/config/hosts") == true)
  }

  @Test("An address with a user and password, or with a token")
  func credentials() throws {
    let basic = try load("url: https://lists.example/a.csv\nuser: ann\npassword_file: secret\n")
    guard case .basic(let user, let file) = basic.http.credentials else {
      Issue.record("no sign-in")
      return
    }
    #expect(user == "ann")
    #expect(file.hasSuffix("/config/secret"))
    #expect(basic.cadenceSeconds == 1800)
    let bearer = try load("url: https://lists.example/a.csv\ntoken_file: secret\n")
    guard case .bearer = bearer.http.credentials else {
      Issue.record("no token")
      return
    }
  }

  @Test("Open311: without columns those of the standard, as news in WGS 84")
  func open311() throws {
    let settings = try load(
      """
      open311:
        endpoint: https://city.example/open311/v2
        format: xml
        jurisdiction: city.example
        api_key_file: secret
        page_size: 100
        server_limit: 500
        window_days: 30
      """, columns: false)
    guard case .open311(let server) = settings.source else {
      Issue.record("no server")
      return
    }
    #expect(server.endpoint == "https://city.example/open311/v2")
    #expect((server.format, server.jurisdiction) == (.xml, "city.example"))
    #expect((server.pageSize, server.serverLimit, server.windowDays) == (100, 500, 30))
    #expect(server.apiKeyFile?.hasSuffix("/config/secret") == true)
    #expect(settings.columns == .open311)
    #expect(
      (settings.crs, settings.kind, settings.closedWords) == ("EPSG:4326", .updates, ["closed"]))
  }

  @Test(
    "Each mistake about a source is told",
    arguments: [
      ("url: https://a.example/\nfolder: b", "A feed says one of"),
      ("pattern: \"*\"", "A feed says one of"),
      ("url: http://a.example/", "'url' is not encrypted"),
      ("url: gopher://a.example/", "begins with https://"),
      ("url: https://ann:word@a.example/", "'url' has a user name in it"),
      ("url: https://a.example/\nuser: ann", "A sign-in is"),
      ("url: https://a.example/\nuser: ann\ntoken_file: secret", "A sign-in is"),
      ("url: https://a.example/\nuser: ann\npassword_file: nowhere", "cannot be read"),
      ("url: https://a.example/\nuser: ann\npassword_file: open", "may be read by everybody"),
      ("url: https://a.example/\nuser: \"a:b\"\npassword_file: secret", "without a colon"),
      (
        "url: http://a.example/\nallow_http: true\ntoken_file: secret",
        "sent over https only"
      ),
      (
        "remote: {url: \"sftp://a.example/\", user: a, key_file: secret}",
        "'known_hosts' is missing"
      ),
      (
        "remote: {url: \"sftp://a.example/\", user: a, known_hosts: hosts}",
        "SFTP takes a 'key_file' or a 'password_file'"
      ),
      (
        "remote: {url: \"sftp://a.example/\", key_file: secret, known_hosts: hosts}",
        "'user' is missing"
      ),
      ("remote: {url: \"https://a.example/\", user: a}", "'url' takes an address such as sftp:"),
      ("remote: {url: \"ftps://a.example/\", user: a}", "'password_file' is missing"),
      (
        "remote: {url: \"ftps://a@a.example/\", user: a, password_file: secret}",
        "'user' stands apart"
      ),
      (
        "remote: {url: \"ftps://a.example/\", user: a, password_file: secret, key_file: secret}",
        "'key_file' is for SFTP"
      ),
      (
        "remote: {url: \"ftps://a.example/\", user: a, password_file: secret, patern: x}",
        "did you mean 'pattern'"
      ),
      ("open311: {endpoint: \"https://a.example/?b\"}\nkind: updates", "under which requests.json"),
      ("open311: {endpoint: \"https://a.example/\"}\nkind: snapshot", "'kind' must be updates"),
      (
        "open311: {endpoint: \"http://a.example/\", api_key_file: secret}\nallow_http: true",
        "sent over https only"
      ),
      ("open311: {endpoint: \"https://a.example/\", page_size: 0}", "'page_size' takes"),
      ("open311: {endpoint: \"https://a.example/\", format: csv}", "'format' takes one of"),
    ])
  func mistakes(lines: String, sentence: String) throws {
    let problems = try problems(of: lines + "\n")
    #expect(problems.contains { $0.contains(sentence) }, "told: \(problems)")
  }

  @Test("To delete what was taken needs an archive")
  func deletingWithoutArchive() throws {
    let remote =
      "remote: {url: \"ftps://a.example/\", user: a, password_file: secret, delete_taken: true}\n"
    #expect(try problems(of: remote).isEmpty)
    let without = try loaded(remote, true) { config in
      let file = config + "/triaged.yaml"
      let lines = try text(of: file).split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("archive_days:") }
      try write(lines.joined(separator: "\n") + "\narchive_days: 0\n", to: file)
    }.problems
    let told = try #require(without.first { $0.text.contains("needs an archive") }, "\(without)")
    #expect(told.file.hasSuffix("/feeds/street-scene.yaml"))
    #expect(told.line == 3 && told.column > 70, "where 'delete_taken' stands: \(told)")
  }

  @Test(
    "Coordinates that cannot be brought onto the grid are told where the feed's file names them")
  func coordinates() throws {
    let told = try loaded("folder: drop\ncoordinates: EPSG:99999\n", true) { _ in }.problems
    let problem = try #require(told.first { $0.text.contains("EPSG:99999") }, "\(told)")
    #expect(problem.file.hasSuffix("/feeds/street-scene.yaml"))
    #expect((problem.line, problem.column) == (4, 14), "\(problem)")
  }
}

private let columns = """
  columns: {reference: Job Ref, easting: Easting, northing: Northing}

  """

private func problems(
  of lines: String, columns withColumns: Bool = true, _ change: (String) throws -> Void = { _ in }
) throws -> [String] {
  try loaded(lines, withColumns, change).problems.map(\.text)
}

private func load(_ lines: String, columns withColumns: Bool = true) throws -> FeedSettings {
  let loaded = try loaded(lines + "\n", withColumns) { _ in }
  #expect(loaded.problems.map(\.description) == [])
  return try #require(loaded.configuration?.feeds.first).settings
}

/// The example configuration with one feed of these lines.
private func loaded(
  _ lines: String, _ withColumns: Bool, _ change: (String) throws -> Void
) throws -> LoadedConfiguration {
  let folder = try TemporaryFolder()
  let config = try folder.exampleConfiguration()
  for (name, mode) in [("secret", 0o600), ("open", 0o644), ("hosts", 0o644)] {
    try writeSecret("word\n", to: config + "/" + name, mode: mode)
  }
  try write(
    "name: street-scene\nagreement: {reference: example-1}\n" + lines
      + (withColumns ? columns : ""),
    to: config + "/feeds/street-scene.yaml")
  try change(config)
  return loadConfiguration(folder: config, state: folder.path + "/state", now: .now)
}
