import Foundation
import Notify
import TestServers
import Testing

@testable import triaged

@Suite("The settings of channels that post")
struct ChannelConfigurationTests {
  @Test("Every key of every kind is read; a path is relative to the folder")
  func reads() throws {
    let channels = try load(
      """
        hook:
          kind: webhook
          url: https://hooks.example.org/triaged
          secret_file: new
          previous_secret_file: old
          allow_hosts: [hooks.example.org, Other.Example.org]
          allow_private: true
          ca_file: new
          timeout: 30s
        cards:
          kind: teams
          url_file: address
          allow_hosts: hooks.example.org
        chat:
          kind: slack
          url_file: address
          allow_hosts: hooks.example.org
        mails:
          kind: govuk-notify
          api_key_file: key
          template_id: 77777777-6666-4555-8444-333333333333
      """)
    guard case .webhook(let hook) = channels["hook"], case .teams(let cards) = channels["cards"],
      case .slack(let chat) = channels["chat"], case .govukNotify(let mails) = channels["mails"]
    else {
      Issue.record("not all are there")
      return
    }
    #expect(hook.url == "https://hooks.example.org/triaged")
    #expect(hook.secretFile.hasSuffix("/config/new"))
    #expect(hook.previousSecretFile?.hasSuffix("/config/old") == true)
    #expect(hook.posting.allowHosts == ["hooks.example.org", "other.example.org"])
    #expect(hook.posting.allowPrivate && hook.posting.totalSeconds == 30)
    #expect(hook.posting.caFile?.hasSuffix("/config/new") == true)
    #expect(cards.urlFile.hasSuffix("/config/address") && chat.urlFile == cards.urlFile)
    #expect(cards.posting == PostingSettings(allowHosts: ["hooks.example.org"]))
    #expect(mails.url == "https://api.notifications.service.gov.uk")
    #expect(mails.posting.allowHosts == ["api.notifications.service.gov.uk"])
    #expect(mails.apiKeyFile.hasSuffix("/config/key"))
  }

  @Test(
    "Each mistake is told with its line, and no secret with it",
    arguments: [
      ("url: http://hooks.example.org/x", "The address to post to is not https"),
      ("url: https://ann@hooks.example.org/x", "has a user name in it"),
      ("url: https://2130706433/x", "writes a number for a host"),
      ("url: https://other.example.org/x", "is not among 'allow_hosts'"),
      ("secret_file: nowhere", "cannot be read"),
      ("secret_file: open", "may be read by everybody"),
      ("secret_file: short", "takes whsec_ and the base64 of 24 to 64 random bytes"),
      ("secret_file: key", "takes whsec_ and the base64 of 24 to 64 random bytes"),
      ("previous_secret_file: short", "takes whsec_ and the base64 of 24 to 64 random bytes"),
      ("allow_hosts: []", "'allow_hosts' is missing"),
      ("allow_hosts: [\"*.example.org\"]", "takes whole names such as hooks.example.org"),
      ("allow_hosts: [\"hooks.example.org:443\"]", "takes whole names such as"),
      ("timeout: 10m", "'timeout' takes a length of time"),
      ("ca_file: nowhere", "The file of trusted certificates cannot be read"),
      ("allow_privat: true", "unknown key 'allow_privat', did you mean 'allow_private'?"),
    ])
  func mistakes(line: String, sentence: String) throws {
    let key = line.prefix { $0 != ":" }
    var lines = [
      "url: https://hooks.example.org/x", "secret_file: new", "allow_hosts: hooks.example.org",
    ].filter { !$0.hasPrefix(key + ":") }
    lines.insert(line, at: 0)
    try expect(
      sentence, "  hook:\n    kind: webhook\n" + lines.map { "    \($0)\n" }.joined(), at: 3)
  }

  @Test("An address of this machine needs to be allowed; one that leads nowhere never is")
  func privateAddresses() throws {
    func hook(_ host: String, _ more: String = "") -> String {
      "  hook: {kind: webhook, url: \"https://\(host)/x\", secret_file: new, allow_hosts: [\"\(host)\"]\(more)}\n"
    }
    try expect("need 'allow_private'", hook("127.0.0.1"), at: 1)
    try expect("need 'allow_private'", hook("10.1.2.3"), at: 1)
    #expect(try problems(of: hook("127.0.0.1", ", allow_private: true")).isEmpty)
    try expect("or nowhere", hook("169.254.169.254", ", allow_private: true"), at: 1)
  }

  @Test(
    "An address in a file, and a key of Notify, are looked at and not told",
    arguments: [
      ("{kind: teams, url_file: word, allow_hosts: hooks.example.org}", "is not https"),
      ("{kind: slack, url_file: word, allow_hosts: hooks.example.org}", "is not https"),
      (
        "{kind: teams, url_file: address, allow_hosts: other.example.org}",
        "not among 'allow_hosts'"
      ),
      ("{kind: slack, url_file: address}", "'allow_hosts' is missing"),
      ("{kind: teams, allow_hosts: hooks.example.org}", "'url_file' is missing"),
      (
        "{kind: govuk-notify, api_key_file: word, template_id: 77777777-6666-4555-8444-333333333333}",
        "takes the whole key"
      ),
      ("{kind: govuk-notify, api_key_file: key, template_id: mails}", "'template_id' takes the id"),
      ("{kind: govuk-notify, api_key_file: key}", "'template_id' is missing"),
      (
        "{kind: govuk-notify, api_key_file: key, template_id: 77777777-6666-4555-8444-333333333333, url: \"https://stand-in.example.org\"}",
        "not among 'allow_hosts'"
      ),
    ])
  func secretFiles(channel: String, sentence: String) throws {
    try expect(sentence, "  other: \(channel)\n", at: 1)
  }

  @Test("All problems are told at once")
  func together() throws {
    let told = try problems(
      of: """
          hook: {kind: webhook, url: "http://a.example", secret_file: nowhere, previous_secret_file: short}
          cards: {kind: teams, url_file: nowhere}

        """)
    #expect(told.count == 6, "\(told)")
  }

  /// - Parameter line: of the added lines, from 1.
  private func expect(_ sentence: String, _ lines: String, at line: Int) throws {
    let (first, told) = try loaded(lines)
    let found = told.problems.filter { $0.description.contains(sentence) }
    #expect(!found.isEmpty, "told: \(told.problems)")
    #expect(found.contains { $0.line >= first + line - 1 && $0.file.hasSuffix("triaged.yaml") })
    for problem in told.problems {
      for secret in ["sesame", "whsec_MfK", "4444", "/x"] {
        #expect(!problem.description.contains(secret))
      }
    }
  }

  private func problems(of lines: String) throws -> [String] {
    try loaded(lines).loaded.problems.map(\.text)
  }

  private func load(_ lines: String) throws -> [String: Channel] {
    let loaded = try loaded(lines + "\n").loaded
    #expect(loaded.problems.map(\.description) == [])
    return try #require(loaded.configuration).channels
  }

  /// The example configuration with these channels besides its own, and the line on which they begin.
  private func loaded(_ lines: String) throws -> (first: Int, loaded: LoadedConfiguration) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    for (name, mode, words) in [
      ("new", 0o600, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
      ("old", 0o600, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
      ("short", 0o600, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZI"),
      ("open", 0o644, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
      ("word", 0o600, "sesame"), ("address", 0o600, "https://hooks.example.org/x?sig=sesame"),
      (
        "key", 0o600,
        "desk-99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-444444444444"
      ),
    ] {
      try writeSecret(words + "\n", to: config + "/" + name, mode: mode)
    }
    let file = config + "/triaged.yaml"
    let text = try text(of: file)
    let head = try #require(text.firstRange(of: "\nchannels:\n"))
    try write(text[..<head.upperBound] + lines + text[head.upperBound...], to: file)
    let first = text[..<head.upperBound].count { $0 == "\n" } + 1
    return (first, loadConfiguration(folder: config, state: folder.path + "/state", now: .now))
  }
}
