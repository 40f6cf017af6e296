import Foundation
import Glibc
import Testing
import Triage

@testable import triaged

@Suite("Working hours, claims, cards and the glossary")
struct DeskConfigurationTests {
  /// What is said of an example folder after an edit: "file:line:column: text".
  private func told(_ change: (String) throws -> Void) throws -> [String] {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try change(config)
    return loadConfiguration(folder: config, state: folder.path + "/state", now: .now).problems
      .map { $0.description.replacing(config + "/", with: "") }
  }

  private func loaded(_ change: (String) throws -> Void) throws -> Configuration {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try change(config)
    return try loadConfiguration(folder: config, state: folder.path + "/state", now: .now).usable()
  }

  @Test("The example says what the defaults are, and the team's bank holidays are known")
  func example() throws {
    let example = try loaded { _ in }
    var usual = DeskRules(working: WorkingTime(zone: example.timeZone))
    usual.working.holidays = example.holidays
    #expect(example.desk == usual)
    #expect(example.desk.working.holidays.end(of: .englandAndWales) != nil)
    #expect(example.cards.byType.keys.sorted() == ["bulky-quote"])
    #expect(example.cards.card(for: "bulky-quote").avoid == example.cards.usual.avoid)
    #expect(example.cards.consent.version == "2026-11")
    #expect(example.glossary.words(for: " swp ") == "Sweeping")
    #expect(example.team.duty?.email == "duty@example.org")
  }

  @Test("Without cards and glossary there are words all the same")
  func builtIn() throws {
    let plain = try loaded { config in
      try FileManager.default.removeItem(atPath: config + "/cards.yaml")
      try FileManager.default.removeItem(atPath: config + "/glossary.yaml")
    }
    #expect(plain.cards == builtInCards && plain.glossary == Glossary())
    #expect(!plain.cards.usual.opening.isEmpty && !plain.cards.consent.text.isEmpty)
  }

  @Test("Every mistake has its line, its column and what was meant")
  func mistakes() throws {
    let main = try told { config in
      let file = config + "/triaged.yaml"
      try edit(file, "from: \"09:00\"", "from: nine")
      try edit(file, "to: \"17:00\"", "to: \"08:00\"")
      try edit(file, "holidays: england-and-wales ", "holidays: england-and-wails ")
      try edit(file, "remind: 8h", "remind: 20h")
      try edit(file, "passes: 2 ", "passes: lots ")
      try edit(file, "tries: 3 ", "trys: 3 ")
      try edit(file, "furthest: 28d ", "furthest: 2d ")
    }
    #expect(main.allSatisfy { $0.hasPrefix("triaged.yaml:") }, "\(main)")
    for part in [
      "'from' takes a time such as \"09:00\".", "ends before it begins",
      "Did you mean 'england-and-wales'?", "'escalate' goes up", "'passes' takes a whole number",
      "unknown key 'trys', did you mean 'tries'?", "another visit could never be planned",
    ] {
      #expect(main.contains { $0.contains(part) }, "\(part) in \(main)")
    }
    let cards = try told { config in
      let file = config + "/cards.yaml"
      try edit(file, "  bulky-quote:", "  bulky-qoute:")
      try edit(file, "number: \"999\"", "number: nine nine nine")
      try edit(file, "Would it help", "Would ENF help")
      try edit(file, "version: \"2026-11\"", "version: \"\"")
      try edit(file, "opening: Good morning. We are", "opning: Good morning. We are")
    }
    for part in [
      "There is no job type 'bulky-qoute', did you mean 'bulky-quote'?: rules.yaml names them.",
      "'number' takes a telephone number", "'version' must not be empty",
      "unknown key 'opning', did you mean 'opening'?",
    ] {
      #expect(cards.contains { $0.contains(part) }, "\(part) in \(cards)")
    }
    #expect(cards.allSatisfy { $0.hasPrefix("cards.yaml:") }, "\(cards)")
    let glossary = try told { config in
      try edit(config + "/glossary.yaml", "SWP: Sweeping", "SWP: SWP job\nGR1:\nGR2: \" \"")
    }
    #expect(glossary.count == 3 && glossary.allSatisfy { $0.hasPrefix("glossary.yaml:") })
    #expect(glossary[0].contains("the council's code 'SWP'"), "\(glossary)")
  }

  @Test("A code in a name of rules.yaml is warned of; the old lifetime too, and stops no start")
  func warnings() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/rules.yaml", "name: Graffiti", "name: SS_GRAF")
    try edit(config + "/triaged.yaml", "claims:\n", "claims:\n  lifetime: 30d\n")
    let loaded = loadConfiguration(folder: config, state: folder.path, now: .now)
    #expect(loaded.problems.map(\.severity) == [.warning, .warning])
    #expect(loaded.problems.contains { $0.text.contains("council's code 'SS_GRAF'") })
    #expect(loaded.problems.contains { $0.text.contains("'lifetime' does nothing any more") })
    #expect(loaded.configuration != nil)
  }

  @Test("A line without an end is refused; an area's own mailbox or the team's ends it")
  func duty() throws {
    let team = "duty: {email: duty@example.org, channel: post}\n"
    let without = try told { try edit($0 + "/team.yaml", team, "") }
    #expect(without.count == 2 && without.allSatisfy { $0.contains("has no end") }, "\(without)")
    let own = try loaded { config in
      try edit(config + "/team.yaml", team, "")
      for (area, capacity) in [("cross", 5), ("hill", 3)] {
        try edit(
          config + "/team.yaml", "weekly_capacity: \(capacity)",
          "duty: {email: \(area)@example.org, channel: post}\n    weekly_capacity: \(capacity)")
      }
    }
    #expect(own.team.areas.map(\.duty?.email) == ["cross@example.org", "hill@example.org"])
    let wrong = try told {
      try edit($0 + "/team.yaml", team, "duty: {email: nobody, channel: past}\n")
    }
    #expect(wrong.contains { $0.contains("'email' takes one address") })
    #expect(wrong.contains { $0.contains("did you mean 'post'?") })
  }

  @Test("A PIN is in a file that is there and holds enough; what it holds is told nowhere")
  func pins() throws {
    func with(_ pin: String?) throws -> [String] {
      try told { config in
        if let pin { try write(pin + "\n", to: config + "/ann.pin") }
        try edit(
          config + "/team.yaml", "channel: post, deputy: bob",
          "channel: post, deputy: bob, pin_file: ann.pin")
      }
    }
    #expect(try with("471108").isEmpty)
    let gone = try with(nil)
    #expect(
      gone.map { $0.contains("The PIN file of 'ann' cannot be read: the file named here") }
        == [true])
    let short = try with("47x10")
    #expect(short.map { $0.contains("in ann.pin, takes 6 to 64 characters") } == [true])
    #expect(!short[0].contains("47x10"))
  }

  @Test(
    "A secret in the place of its file's path is told nowhere",
    arguments: [
      "kind: smtp, host: relay.example.org, user: triaged, password_file: TanGerine7",
      "kind: webhook, url: 'https://a.example.org/x', allow_hosts: a.example.org, secret_file: TanGerine7",
      "kind: slack, allow_hosts: [hooks.example.org], url_file: 'https://hooks.example.org/TanGerine7'",
      "kind: govuk-notify, template_id: 77777777-6666-4555-8444-333333333333, api_key_file: desk-TanGerine7",
    ])
  func secretForPath(channel: String) throws {
    let wrong = try told { config in
      try edit(config + "/triaged.yaml", "channels:\n", "channels:\n  other: {\(channel)}\n")
    }
    #expect(wrong.contains { $0.contains("as a secret may stand in the place of a path") })
    #expect(!wrong.contains { $0.contains("TanGerine7") })
  }

  @Test("Nor a password or a PIN there; a path is")
  func passwordForPath() throws {
    let pin = try told { config in
      try edit(
        config + "/team.yaml", "channel: post, deputy: bob",
        "channel: post, deputy: bob, pin_file: \"482913\"")
    }
    #expect(pin.count == 1 && !pin[0].contains("482913"))
    let path = try told { config in
      try edit(
        config + "/team.yaml", "channel: post, deputy: bob",
        "channel: post, deputy: bob, pin_file: ./482913")
    }
    #expect(path.count == 1 && path[0].contains("482913"))
  }

  @Test("What root alone may read the service cannot, nor what is another group's")
  func forTheService() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/secret"
    try write("tangerine", to: path)
    let facts = try FileManager.default.attributesOfItem(atPath: path)
    let group = gid_t(try #require(facts[.groupOwnerAccountID] as? Int))
    for (mode, mine, others) in [(0o600, true, true), (0o640, false, true), (0o644, false, false)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      #expect(serviceCannotRead(path, group: group) == mine)
      #expect(serviceCannotRead(path, group: group + 1) == others)
    }
    #expect(!serviceCannotRead(path + "-none", group: group))
  }

  @Test("A member's id is no mail address and no name, and what is neither an id is not repeated")
  func ids() throws {
    let mail = try told { config in
      try edit(config + "/team.yaml", "id: bob", "id: bob@example.org")
    }
    #expect(mail.contains { $0.contains("'id' takes 1 to 40 small letters") })
    #expect(!mail.contains { $0.contains("bob@example.org") })
    let leader = try told { config in
      try edit(config + "/team.yaml", "leaders: [ann]", "leaders: [Ann Larkspur]")
    }
    #expect(leader.contains { $0.contains("There is no member of that id") })
    #expect(!leader.contains { $0.contains("Larkspur") })
  }
}
