import Foundation
import Testing
import Triage
import Web

@testable import triaged

@Suite("What the configuration says of the pages")
struct WebConfigurationTests {
  private func load(_ change: (_ config: String) throws -> Void) throws -> (
    loaded: LoadedConfiguration, said: [String]
  ) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try change(config)
    let loaded = loadConfiguration(folder: config, state: folder.path + "/state", now: .now)
    return (loaded, loaded.problems.map { $0.description.replacing(config + "/", with: "") })
  }

  private func web(_ lines: String) throws -> (web: WebSection?, said: [String]) {
    let (loaded, said) = try load { config in
      let file = config + "/triaged.yaml"
      try write(try text(of: file) + "\nweb:\n" + lines, to: file)
    }
    return (loaded.configuration?.web, said)
  }

  @Test("Left out it is English, a proxy on this machine without a name, and the usual limits")
  func usual() throws {
    let (loaded, said) = try load { _ in }
    let web = try #require(loaded.configuration?.web)
    #expect(said == [] && web.languages == [.english] && web.limits == RequestLimits())
    #expect(web.trustedProxies == WebSection.loopback && web.proxyNameHeader == nil)
  }

  @Test("What it says is in force")
  func said() throws {
    let (read, said) = try web(
      """
        languages: [cy, en]
        trusted_proxies: [192.0.2.1, "2001:db8::1"]
        proxy_name_header: X-Remote-User
        limits: {per_link: 1, per_address: 2, unknown: 3, all: 0}

      """)
    let web = try #require(read)
    #expect(said == [] && web.languages == [.welsh, .english])
    #expect(
      web.trustedProxies == ["192.0.2.1", "2001:db8::1"].compactMap { NetworkAddress($0) })
    #expect(web.proxyNameHeader == "X-Remote-User")
    #expect(web.limits == RequestLimits(perLink: 1, perAddress: 2, unknown: 3, all: 0))
  }

  @Test(
    "Each mistake is told",
    arguments: [
      ("  languages: [en, fr]", "The pages do not speak 'fr'; 'languages' takes of en, cy."),
      ("  languages: [en, en]", "A language stands twice."),
      ("  trusted_proxies: [proxy.example.org]", "takes addresses such as 192.0.2.1"),
      ("  proxy_name_header: X-Remote-User", "from whom may a name be believed?"),
      (
        "  proxy_name_header: \"X Remote\"\n  trusted_proxies: [192.0.2.1]",
        "a header's name such as"
      ),
      ("  limits: {per_lnk: 3}", "unknown key 'per_lnk', did you mean 'per_link'?"),
      ("  limits: {unknown: -1}", "'unknown' takes a whole number"),
      ("  languags: [en]", "unknown key 'languags', did you mean 'languages'?"),
    ])
  func mistakes(lines: String, told: String) throws {
    let (_, said) = try web(lines + "\n")
    #expect(said.count == 1 && said[0].hasPrefix("triaged.yaml:"), "\(said)")
    #expect(said.first?.contains(told) == true, "\(said)")
  }

  @Test(
    "If nothing is said it listens on this machine alone; a public address without TLS is warned of"
  )
  func listens() throws {
    let (loaded, said) = try load { config in
      let file = config + "/triaged.yaml"
      let text = try text(of: file)
      try write(
        text.replacing(/\nlisten:\n(  .*\n)+/, with: "\n").replacing(
          "http://127.0.0.1:8480", with: "http://triage.example.org"), to: file)
    }
    #expect(loaded.configuration?.listenHost == "127.0.0.1")
    #expect(said.count == 1 && said[0].contains("'public_url' is plain http"), "\(said)")
    #expect(loaded.problems.map(\.severity) == [.warning])
  }

  @Test("A council's own words and templates are read, and each flaw is told with file and line")
  func overrides() throws {
    func with(_ files: [String: String]) throws -> [String] {
      try load { config in
        for (name, text) in files {
          let path = config + "/" + name
          try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
          try write(text, to: path)
        }
      }.said
    }
    #expect(
      try with([
        "words/en.json": #"{"offer.take.button": "I will go"}"#, "words/README.md": "Ours.",
      ]) == [])
    let said = try with([
      "words/en.json": "{\n\"frame.issued_to\": \"{{{issuedTo}}}\"}", "words/fr.json": "{}",
      "words/en.txt": "", "templates/pages/hiden.mustache": "",
      "templates/pages/hidden.mustache": "<p>\n{{&\nmember}}", "templates/pages/a.html": "",
      "templates/pages/note.mustache": "{{#a}}\n{{#a}}",
      "templates/pages/sheet.mustache": String(repeating: "{{^a}}\n", count: 10_000),
      "templates/pages/offer.mustache": String(repeating: "x", count: 1 + 256 << 10),
    ])
    for part in [
      "words/en.json:2:1: 'frame.issued_to': raw output", "words/fr.json:1:1: is no language",
      "words/en.txt: This file is not read", "templates/pages/hiden.mustache:1:1: is no template",
      "templates/pages/hidden.mustache:2:1: raw output",
      "templates/pages/a.html: This file is not read",
      "templates/pages/note.mustache:2:1: {{#a}} stands within itself",
      "templates/pages/sheet.mustache:21:1: sections stand more than 20 deep in each other",
      "templates/pages/offer.mustache:1:1: The file has more than 256 KiB: is it the right file?",
    ] {
      #expect(said.contains { $0.contains(part) }, "\(part) in \(said)")
    }
  }
}
