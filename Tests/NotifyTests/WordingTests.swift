import Foundation
import Notify
import TestServers
import Testing
import Triage

@Suite struct WordingTests {
  @Test("A council's own files replace the built-in ones, the others stay")
  func overrides() async throws {
    try await withTemporaryFolder { folder in
      try put("{{count}} neu in {{area}}\n", "subject.mustache", folder)
      let wording = try Wording.load(folder: folder.path)
      let digest = try sampleDigest(2)
      let message = try render(digest, identity: identity, wording: wording)
      #expect(message.subject == "2 neu in New Cross")
      let mail = try #require(try await readMails([message.bytes]).first)
      #expect(try #require(mail.text).contains("Why you get this"))
    }
  }

  @Test("A folder that is not there is the built-in wording")
  func noFolder() throws {
    let wording = try Wording.load(folder: "/nowhere/at/all")
    let digest = try sampleDigest(1)
    #expect(
      try render(digest, identity: identity, wording: wording)
        == render(digest, identity: identity, wording: .builtIn))
  }

  @Test("Text is not escaped as HTML, and HTML is")
  func escaping() async throws {
    var digest = try sampleDigest(1)
    digest.items[0].jobType = "Bins & <bags> 'n' \"sacks\""
    let message = try render(digest, identity: identity, wording: .builtIn)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(try #require(mail.text).contains("Bins & <bags> 'n' \"sacks\", received"))
    #expect(
      try #require(mail.html).contains("Bins &amp; &lt;bags&gt; &#39;n&#39; &quot;sacks&quot;,"))
  }

  @Test("A section in the first line stands alone as in any other line")
  func firstLine() async throws {
    try await withTemporaryFolder { folder in
      try put(
        "{{#items}}\n{{place}} {{link}}\n{{/items}}\n{{#isNone}}\nNothing\n{{/isNone}}\n",
        "digest.txt.mustache", folder)
      let wording = try Wording.load(folder: folder.path)
      let digest = try sampleDigest(1)
      let message = try render(digest, identity: identity, wording: wording)
      let mail = try #require(try await readMails([message.bytes]).first)
      #expect(mail.text == "Mill Lane, NG17 \(digest.items[0].link)")
    }
  }

  @Test("A council's own wording may speak of how the areas stand")
  func ownFacts() async throws {
    try await withTemporaryFolder { folder in
      try put(
        "{{count}} in {{area}}\n{{#items}}{{place}} {{link}}\n{{/items}}{{#facts}}{{name}}: {{heldCount}}\n"
          + "{{#held}}{{line}}\n{{/held}}{{#lists}}{{line}}\n{{/lists}}{{/facts}}{{#hasNext}}{{next}}{{/hasNext}}\n",
        "digest.txt.mustache", folder)
      let wording = try Wording.load(folder: folder.path)
      let message = try render(slotDigest(1), identity: identity, wording: wording)
      let text = try #require(try await readMails([message.bytes]).first?.text)
      #expect(text.contains("New Cross: 2 are held\nMill Lane, NG17: Bulky waste quote, held by"))
      #expect(text.hasSuffix("2 not located.\n13:00 today"))
    }
  }

  @Test("All problems of all files are told at once, each with its file and line")
  func problems() async throws {
    try await withTemporaryFolder { folder in
      try put("{{count}} in {{Area}}\n", "subject.mustache", folder)
      try put(
        "{{area}}\n{{#items}}\n{{place}} {{strete}}\n{{{link}}}\n{{/items}}\n{{place}}\n",
        "digest.txt.mustache", folder)
      try put(
        "{{#items}}\n{{! a note }}\n{{place}} {{link}}\n{{#reasons}}\n{{/items}}\n",
        "digest.html.mustache", folder)
      let error = try #require(
        throws: WordingProblems.self, performing: { try Wording.load(folder: folder.path) })
      #expect(
        error.description.split(separator: "\n").map(String.init) == [
          "subject.mustache:1: there is no field 'Area' here; did you mean 'area'?",
          "digest.txt.mustache:3: there is no field 'strete' here",
          "digest.txt.mustache:4: raw output ({{{ or {{&) is not allowed: write {{name}}",
          "digest.txt.mustache:6: there is no field 'place' here",
          "digest.html.mustache:5: a section is closed that was not opened here, near "
            + "\"{{/items}}\"",
        ])
    }
  }

  @Test(
    "A body that leaves out what a mail is for is refused",
    arguments: [
      ("digest.txt.mustache", "Hello", "leaves out {{place}} of an item"),
      ("digest.txt.mustache", "{{#items}}{{place}}{{/items}}", "leaves out {{link}} of an item"),
      ("digest.html.mustache", "{{#items}}{{link}}{{/items}}", "leaves out {{place}} of an item"),
      (
        "digest.txt.mustache",
        "Hello {{recipient}}{{#isSeveral}}{{#items}}{{place}} {{link}}{{/items}}{{/isSeveral}}",
        "leaves out {{place}} of an item where there is only one"
      ),
      (
        "digest.txt.mustache",
        "Hello {{recipient}}{{#isPack}}{{#items}}{{place}} {{link}}{{/items}}{{/isPack}}",
        "leaves out {{place}} of an item at a set time"
      ),
      ("subject.mustache", "News for {{area}}", "leaves out {{count}}"),
      ("subject.mustache", "{{#items}}{{place}}{{/items}}", "does not speak of single items"),
      ("subject.mustache", "{{=<% %>=}}<%count%>", "not supported"),
      ("subject.mustache", "{{count}} {{> other}}", "not supported"),
      ("subject.mustache", "{{count}} {{uppercased(area)}}", "no field"),
      ("subject.mustache", "{{count", "a tag is not closed"),
      ("subject.mustache", "{{^isNone}}{{count}} new{{/isNone}}", "says nothing where nothing is"),
      ("subject.mustache", "{{count}}{{#facts}}{{name}}{{/facts}}", "does not speak of single"),
      (
        "digest.txt.mustache", "{{#items}}{{place}} {{link}}{{/items}}",
        "says nothing where nothing is"
      ),
      (
        "digest.txt.mustache",
        "{{area}}{{#items}}{{place}} {{link}}{{/items}}{{#facts}}{{#held}}{{holder}}{{/held}}{{/facts}}",
        "there is no field 'holder' here"
      ),
      (
        "digest.txt.mustache", "{{area}}{{facts}}{{#items}}{{place}} {{link}}{{/items}}",
        "is a list"
      ),
      (
        "subject.mustache", "{{count}} new" + String(repeating: "x", count: 256 << 10),
        "has more than 256 KiB"
      ),
      (
        "digest.txt.mustache",
        "{{#items}}{{place}} {{link}}{{#hasNote}}{{#items}}.{{/items}}{{/hasNote}}{{/items}}",
        "{{#items}} stands within itself"
      ),
      (
        "digest.html.mustache", "{{count}}" + String(repeating: "\n{{#isPack}}", count: 20_000),
        "digest.html.mustache:23: sections stand more than 20 deep in each other"
      ),
    ])
  func incomplete(file: String, text: String, problem: String) async throws {
    try await withTemporaryFolder { folder in
      try put(text, file, folder)
      let error = try #require(
        throws: WordingProblems.self, performing: { try Wording.load(folder: folder.path) })
      #expect(error.problems.map(\.file).allSatisfy { $0 == file })
      #expect(error.description.contains(problem))
    }
  }

  private func put(_ text: String, _ name: String, _ folder: URL) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }
}
