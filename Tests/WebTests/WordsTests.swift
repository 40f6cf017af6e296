import Foundation
import TestServers
import Testing
import Triage

@testable import Web

@Suite("Words")
struct WordsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Web/Resources")

  private func files(_ name: String) throws -> [String: String] {
    let folder = Self.folder.appending(path: name)
    return try Dictionary(
      uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: folder.path).map {
        (
          String($0.prefix { $0 != "." }),
          try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        )
      })
  }

  @Test("Every template and file of words of the folder is built in, as it stands there")
  func builtIn() throws {
    #expect(try files("pages") == builtInTemplates)
    let words = try files("words")
    #expect(words == Dictionary(uniqueKeysWithValues: builtInWords.map { ($0.rawValue, $1) }))
  }

  @Test("Every language has the same keys, with the same tags and its own plural categories")
  func sameKeys() throws {
    let english = try WordsFile(builtInWords[.english]!).entries
    for language in Language.allCases {
      let own = try WordsFile(builtInWords[language]!).entries
      #expect(Set(own.keys) == Set(english.keys), "\(language)")
      for (key, entry) in own {
        let tags = Set(entry.texts.values.map { Words.tags(in: $0) })
        #expect(tags.count == 1, "\(language) \(key)")
        #expect(
          tags.first == english[key].flatMap { $0.texts.values.first }.map { Words.tags(in: $0) },
          "\(language) \(key)")
        let counts = english[key]?.texts[nil] == nil
        #expect(
          Set(entry.texts.keys) == (counts ? Set(language.plurals.map(Optional.some)) : [nil]),
          "\(language) \(key)")
        // What an English page leaves empty, such as the link of a notice that has none, is empty in all.
        for text in entry.texts.values {
          #expect(text.isEmpty == (english[key]?.texts[nil]?.isEmpty == true), "\(language) \(key)")
        }
      }
    }
  }

  @Test("No template uses a key that there is not, and no key goes unused")
  func usedKeys() throws {
    let known = Set(try WordsFile(builtInWords[.english]!).entries.keys)
    var used = Set(WordKey.allCases.map(\.rawValue))
    for family in WordFamily.allCases {
      used.formUnion(family.members.map { "\(family.rawValue).\($0)" })
    }
    for (name, text) in builtInTemplates {
      for mark in text.matches(of: /\[\[([^\[\]]*)\]\]/) where mark.1 != "style" {
        for view in PageWording.views(of: name) {
          used.insert(String(mark.1).replacing("*", with: view.star ?? "*"))
        }
      }
    }
    #expect(used.subtracting(known) == [])
    #expect(known.subtracting(used) == [])
  }

  @Test("A template holds no words of its own", arguments: builtInTemplates.keys.sorted())
  func noWords(name: String) throws {
    var text = builtInTemplates[name]!
    // What a person reads of an attribute.
    for attribute in text.matches(of: /(?:aria-label|title|alt|placeholder)="([^"]*)"/) {
      #expect(letters(String(attribute.1)) == "")
    }
    text = text.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
    text = text.replacing(/<[^<>]*>/, with: " ")
    #expect(letters(text) == "")
  }

  private func letters(_ text: String) -> String {
    text.replacing(/\[\[[^\[\]]*\]\]/, with: "").replacing(/\{\{[^{}]*\}\}/, with: "").filter(
      \.isLetter)
  }

  @Test("Things are counted as the language counts them")
  func plurals() {
    let (english, welsh) = (
      PageWording.builtIn.words[.english]!, PageWording.builtIn.words[.welsh]!
    )
    #expect([0, 1, 2].map { english.counted($0, .offers) } == ["0 offers", "1 offer", "2 offers"])
    #expect(
      [0, 1, 2, 3, 4, 6].map { welsh.counted($0, .offers) }
        == ["0 cynnig", "1 cynnig", "2 gynnig", "3 chynnig", "4 cynnig", "6 chynnig"])
  }

  @Test("Days and ages are said in the language, in the civil time of the zone")
  func speech() throws {
    let zone = try #require(TimeZone(identifier: "Europe/London"))
    let speech = Language.allCases.map { Speech(words: PageWording.builtIn.words[$0]!, zone: zone) }
    #expect(
      speech.map { $0.moment(.thursday) }
        == ["Thursday 19 November, 14:05", "dydd Iau 19 Tachwedd, 14:05"])
    #expect(speech.map { $0.day(.thursday) } == ["19 November 2026", "19 Tachwedd 2026"])
    #expect(speech.map { $0.shortDay(.thursday) } == ["19 Nov 2026", "19 Tach 2026"])
    let ages = [-1.0, 0, 1, 2, 3].map { days in
      speech.map { $0.age(of: .thursday - days * 86_400, at: .thursday) }
    }
    #expect(
      ages == [
        ["today", "heddiw"], ["today", "heddiw"], ["yesterday", "ddoe"],
        ["2 days ago", "2 ddiwrnod yn ôl"], ["3 days ago", "3 diwrnod yn ôl"],
      ])
  }

  @Test(
    "A browser gets the language that it asks for among those that are configured",
    arguments: [
      (nil as String?, Language.english), ("", .english), ("cy", .welsh),
      ("cy-GB,en;q=0.8", .welsh),
      ("en-GB,cy;q=0.9", .english), ("de, cy;q=0.1", .welsh), ("de,fr", .english), ("*", .english),
      ("CY", .welsh), ("cy;q=0", .english), ("cy;q=x, en;q=0.1", .english), (";;,,", .english),
      (String(repeating: "cy,", count: 1000), .english),
    ])
  func asked(header: String?, language: Language) {
    #expect(Language.asked(for: header, among: [.english, .welsh]) == language)
    #expect(Language.asked(for: header, among: [.english]) == .english)
    #expect(Language.asked(for: header, among: [.welsh]) == .welsh)
  }

  @Test("A page says in its head and its headers which language it is in")
  func welshPage() async throws {
    try await TestSite.with(languages: [.english, .welsh]) { site in
      let path = "/c/\(TestDesk.token)"
      let welsh = try await site.send("GET", path, headers: [("Accept-Language", "cy")])
      #expect(welsh.body.contains(#"<html lang="cy">"#))
      #expect(welsh.body.contains("Cynnig yn New Cross"))
      #expect(welsh.headers["content-language"] == "cy")
      let english = try await site.get(path)
      #expect(english.body.contains(#"<html lang="en-GB">"#))
      #expect(english.headers["content-language"] == "en-GB")
      for page in [welsh, english] { #expect(page.headers["vary"] == "Accept-Language") }
      let lost = try await site.send("GET", "/nothing", headers: [("Accept-Language", "cy")])
      #expect(lost.body.contains("Nid oes tudalen"))
    }
  }
}

@Suite("A council's own words and templates")
struct PageWordingTests {
  private func problems(
    templates: [String: String] = [:], words: [String: String] = [:]
  ) -> [String] {
    do throws(WordingProblems) {
      _ = try PageWording(templates: templates, words: words)
      return []
    } catch {
      return error.problems.map { "\($0.file):\($0.line): \($0.what)" }
    }
  }

  @Test("They take the place of those that come with the program, and the rest stays")
  func own() async throws {
    let wording = try PageWording(
      templates: ["hidden": builtInTemplates["hidden"]! + "<!-- ours -->"],
      words: ["en": #"{"offer.take.button": "I’ll go & <see>"}"#])
    try await TestSite.with(wording: wording) { site in
      let page = try await site.get("/c/\(TestDesk.token)").body
      #expect(page.contains("I’ll go &amp; &lt;see&gt;</button>"))
      #expect(page.contains("An offer in New Cross"))
      #expect(try await site.claim(as: "ann").body.contains("<!-- ours -->"))
    }
  }

  @Test(
    "A file of words with a flaw is refused with its line",
    arguments: [
      ("{\n\"offer.headin\": \"x\"}", "en.json:2: there are no words 'offer.headin'"),
      (
        "{\"offer.heading\": \"An offer in {{area}}\"}",
        "en.json:1: 'offer.heading' has no tag {{area}}; it has {{offer.area}}"
      ),
      ("{\"label.member\": \"{{name}}\"}", "en.json:1: 'label.member' has no tag {{name}}"),
      (
        "{\"label.member\": \"a {{ b\"}",
        "en.json:1: 'label.member' has a tag that is not closed, or a mark"
      ),
      (
        "{\"label.member\": \"[[style]]\"}",
        "en.json:1: 'label.member' has a tag that is not closed, or a mark"
      ),
      (
        "{\n\"frame.issued_to\": \"For {{{issuedTo}}}\"}",
        "en.json:2: 'frame.issued_to': raw output ({{{) is not allowed: write {{name}}"
      ),
      (
        "{\"frame.issued_to\": \"For {{&issuedTo}}\"}",
        "en.json:1: 'frame.issued_to' has no tag {{&issuedTo}}; it has {{issuedTo}}"
      ),
      (
        "{\"frame.issued_to\": \"{{=<% %>=}}\"}",
        "en.json:1: 'frame.issued_to' has no tag {{=<% %>=}}; it has {{issuedTo}}"
      ),
      // Beside a tag of the template it would make another kind of tag.
      (
        "{\"label.member\": \"a {\"}",
        "en.json:1: 'label.member' has a tag that is not closed, or a mark"
      ),
      ("{\n\n\"offers\": \"many\"}", "en.json:3: 'offers' takes a text for each of one, other"),
      ("{\"label.member\": {\"one\": \"x\"}}", "en.json:1: 'label.member' takes one text"),
      (
        "{\"label.member\": \"a\",\n\"label.member\": \"b\"}",
        "en.json:2: the key 'label.member' stands twice"
      ),
      ("{\"label.member\": \"a\"\n", "en.json:2: a '}' is wanted here"),
      ("{\"label.member\": \"a\nb\"}", "en.json:1: a text has to be in one line"),
      ("{\"label.member\": \"a", "en.json:1: a text has no closing '\"'"),
      (
        "{\"label.member\": \"\\q\"}",
        "en.json:1: an escape is not understood; write the sign itself"
      ),
      (
        "{\"offers\": {\"lots\": \"x\"}}",
        "en.json:1: 'lots' is no plural category, or stands twice"
      ),
      ("{} x", "en.json:1: there is more after the last '}'"),
      ("", "en.json:1: a '{' is wanted here"),
    ])
  func badWords(text: String, problem: String) {
    #expect(problems(words: ["en": text]) == [problem])
  }

  @Test(
    "A template with a flaw is refused with its line",
    arguments: [
      ("<p>\n[[offer.headin]]</p>", "hidden.mustache:2: there are no words 'offer.headin'"),
      ("<p>{{strete}}", "hidden.mustache:1: there is no field 'strete'"),
      ("{{{member}}}", "hidden.mustache:1: raw output ({{{ or {{&) is not allowed: write {{name}}"),
      ("{{&member}}", "hidden.mustache:1: raw output ({{{ or {{&) is not allowed: write {{name}}"),
      (
        "<p>\n{{&\nmember}}",
        "hidden.mustache:2: raw output ({{{ or {{&) is not allowed: write {{name}}"
      ),
      (
        "\n{{{\nmember\n}}}",
        "hidden.mustache:2: raw output ({{{ or {{&) is not allowed: write {{name}}"
      ),
      (
        "{[[offer.heading]]}",
        "hidden.mustache:1: raw output ({{{ or {{&) is not allowed: write {{name}}"
      ),
      ("{{! {{& }}", "hidden.mustache:1: raw output ({{{ or {{&) is not allowed: write {{name}}"),
      ("{{=\n<% %>=}}<%& member %>", "hidden.mustache:1: tags with '=' are not supported"),
      ("\n{{\n=<% %>=}}", "hidden.mustache:2: tags with '=' are not supported"),
      ("{{>*member}}", "hidden.mustache:1: there is no template '*member'"),
      ("{{ [[label.member]] }}", "hidden.mustache:1: there is no field '[[label.member]]'"),
      ("a\r\n{{ \r\n strete \r\n }}", "hidden.mustache:2: there is no field 'strete'"),
      ("a\n{{member", "hidden.mustache:2: a tag is not closed"),
      ("{{% CONTENT_TYPE: TEXT}}", "hidden.mustache:1: tags with '%' are not supported"),
      ("{{>fram}}", "hidden.mustache:1: there is no template 'fram'"),
      (
        "\n{{#member}}\n",
        "hidden.mustache:3: a tag or section is not closed, or not opened, near \"\""
      ),
    ])
  func badTemplate(text: String, problem: String) {
    #expect(problems(templates: ["hidden": text]).first == problem)
  }

  @Test("A template that lacks what its form needs is refused, and so is a name that there is not")
  func lacking() {
    let found = problems(templates: ["hidden": "<p></p>", "ofer": ""], words: ["fr": "{}"])
    #expect(
      found.contains(#"hidden.mustache:1: leaves out name="csrf_token", which the page needs"#))
    #expect(found.contains { $0.hasPrefix("ofer.mustache:1: is no template of the pages") })
    #expect(found.contains { $0.hasPrefix("fr.json:1: is no language of the pages") })
  }
}
