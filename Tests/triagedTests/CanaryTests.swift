import Foundation
import Testing
import Triage

@testable import triaged

/// A word that is nowhere else in every personal field, through a whole run: it may be found in the
/// database and on the holder's page, and nowhere else. An address that the register names, and a row
/// outside every area, may not even be found there.
@Suite("Canaries", .serialized)
struct CanaryTests {
  /// What the holder may see, and nobody else: a house number, a UPRN, notes, contact; and half a postcode, below. What
  /// is made by chance, such as a mail's name or a link, does not come to be one of them.
  private static let personal = ["1217K", "100098765432", "notecanary", "contactcanary"]
  /// Of a row that no area holds, and of a column that nobody has mapped.
  private static let unstored = ["farcanary", "unmappedcanary"]
  /// Of addresses that the register names: by words and by UPRN.
  private static let registered = ["Quillback", "Vellum", "100012345678"]

  /// Those in a text. Half a postcode is three letters, which a link has by chance: it counts by itself, after what
  /// escapes a character, and where its other half is before it.
  private static func canaries(in text: String) -> [String] {
    let alone = #/(?:^|[^a-z0-9_-]|[%=][0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4})9zq(?![a-z0-9_-])/#
    let whole = #/17(?:[%=][0-9a-f]{2}|[^a-z0-9])*9zq/#
    let words: [String] = personal + registered + unstored
    let found: [String] = words.filter { text.localizedCaseInsensitiveContains($0) }
    return found
      + [alone, whole].flatMap { text.matches(of: $0.ignoresCase()).map { String($0.output) } }
  }

  @Test(
    "Half a postcode is found as people and programs write it",
    arguments: [
      "NG17 9ZQ", "NG179ZQ", "ng17+9zq", "NG17%209ZQ", "NG17%2C%209ZQ", "NG17=C2=A09ZQ", "ng17-9zq",
      "NG17_9ZQ", "NG17&nbsp;9ZQ", "9ZQ", "of 9ZQ.", "pc=9ZQ&", "q%3D9ZQ", #"NG17\n9ZQ"#,
      #"\u00a09ZQ"#, "Quarry Way\n9ZQ",
    ])
  func half(text: String) { #expect(!Self.canaries(in: text).isEmpty) }

  @Test("What is made by chance is none", arguments: ["/c/Ab9zQ-_xK", "38612179-d0b5-411e-98a4"])
  func chance(text: String) { #expect(Self.canaries(in: text).isEmpty) }

  private func rows() -> [String] {
    let recorded = Date.now.addingTimeInterval(-3 * 86_400).formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00",
        timeZone: .gmt, calendar: .init(identifier: .gregorian)))
    func row(
      _ reference: String, _ address: String, _ postcode: String, uprn: String = "",
      x: Double = pointInNewCross.x, notes: String = "", more: String = ""
    ) -> String {
      "\(reference),\(recorded),,,Bulky,Bulky waste quote,Open,Public,\(uprn),\"\(address)\",\(postcode),"
        + "\(x),\(pointInNewCross.y),\(notes),\(more)"
    }
    return [
      row(
        "SS1", "1217K Larkspur Avenue", "NG17 9ZQ", uprn: "100098765432", notes: "notecanary",
        more: "contactcanary,unmappedcanary"),
      row("SS2", "77 Quillback Lane", "NG17 9CM", more: ","),
      row("SS3", "5 Vellum Road", "NG17 9CN", uprn: "100012345678", more: ","),
      row("SS4", "8 farcanary Street", "NG1 1AA", x: pointInNewCross.x + 90_000, more: ","),
    ]
  }

  @Test("What is personal is in the database and on the holder's page, and nowhere else")
  func wholeRun() async throws {
    let instance = try Instance()
    let monitor = try freePort()
    try edit(
      instance.config + "/triaged.yaml", "\ndeliver:\n", "\nmonitor: {port: \(monitor)}\ndeliver:\n"
    )
    let feed = instance.config + "/feeds/street-scene.yaml"
    try edit(feed, "carry: []", "carry: [notes, contact]")
    try edit(
      feed, "  northing: Northing\n", "  northing: Northing\n  notes: Notes\n  contact: Phone\n")
    try write(
      """
      uprn,address,postcode,flag,expires
      ,77 Quillback Lane,NG17 9CM,do_not_contact,
      100012345678,,,do_not_contact,

      """, to: instance.config + "/register.csv")
    try FileManager.default.setAttributes(
      [.modificationDate: Date.now - 60], ofItemAtPath: instance.config + "/register.csv")
    try settle(instance.config + "/register.csv")
    let journal = RecordedJournal()
    try await instance.whileRunning(journal) { instance in
      let header = (FictionalTown.header + ["Phone", "Else"]).joined(separator: ",")
      try write(
        ([header] + rows()).joined(separator: "\r\n") + "\r\n", to: instance.drop + "/list.csv")
      let link = try #require(
        try await eventually("the mail") { try instance.mails.flatMap { try links($0) }.first })
      var seen = try await everythingSaid(by: instance, link)

      let (_, offer) = try await request("GET", link)
      let (action, fields) = try form(offer, to: "claim")
      let base = "http://127.0.0.1:\(instance.port)"
      let (won, page) = try await request(
        "POST", base + action, fields.merging(["member": "bob"]) { $1 })
      #expect(won == 200)
      for canary in Self.personal {
        #expect(page.contains(canary), "the holder is shown \(canary)")
      }
      for canary in Self.registered + Self.unstored { #expect(!page.contains(canary)) }
      // The loser, and whoever opens the link now.
      seen["the loser's page"] =
        try await request("POST", base + action, fields.merging(["member": "dee"]) { $1 }).1
      seen.merge(try await everythingSaid(by: instance, link)) { $0 + $1 }
      let walk = HolderWalk(base: base)
      seen.merge(try await walk.questions(page)) { $0 + $1 }
      let papers = try await walk.papers(page)
      #expect(papers.allSatisfy { $0.contains("1217K") }, "a sheet and a calendar say where to go")
      seen["who has passed it on"] = try await walk.send(
        page, "pass", ["step": "send", "to": "dee", "why": "nearer"])
      let passed = try #require(
        try await eventually("the mail to Dee") {
          try instance.mails.filter { try text(of: $0).contains("dee@example.org") }
            .flatMap { try links($0) }.first
        })
      seen.merge(try await everythingSaid(by: instance, passed)) { $0 + $1 }
      let opened = try await walk.send(
        try await request("GET", passed).1, "open", ["member": "dee"])
      #expect(opened.contains("1217K"))
      let recorded = try await walk.record(opened)
      #expect(recorded.contains("hand-off"), "help was accepted and may be told")
      let withNote = try await walk.handOff(recorded)
      #expect(withNote.contains("1217K"), "the note says where")
      seen.merge(try await everythingSaid(by: instance, passed)) { $0 + $1 }
      seen.merge(
        try await SignedInWalk(instance: instance).boards(
          as: ["ann@example.org": "/board/new-cross", "it-desk@example.org": "/status"])
      ) { $0 + $1 }

      for path in ["/metrics", "/readyz"] {
        let asked = try await request("GET", "http://127.0.0.1:\(monitor)" + path)
        seen["monitor " + path] = asked.1
        if path == "/metrics" {
          #expect(asked.0 == 200)
          let read = try ReadMetrics(asked.1)
          #expect(read.value("triaged_claims_total", ["result": "won"]) == 1)
          #expect(read.value("triaged_claims_total", ["result": "lost"]) == 1)
          let sent = try #require(
            read.value("triaged_notifications_total", ["channel": "post", "result": "accepted"]))
          #expect(sent > 0)
          let guesses = try #require(
            read.value("triaged_web_refusals_total", ["reason": "unknown_link"]))
          #expect(guesses > 0)
          #expect(
            read.value("triaged_build_info", ["version": programVersion, "name": "ashfield"]) == 1)
        }
      }
      for (what, text) in seen {
        let found = Self.canaries(in: text)
        #expect(found.isEmpty, "in \(what)")
      }
      #expect(seen.count > 24)
      #expect(seen.values.contains { $0.contains("Larkspur") }, "the street may be in a mail")
    }
    #expect(journal.lines.count > 3)
    for line in journal.lines {
      let found = Self.canaries(in: line)
      #expect(found.isEmpty, "\(line)")
    }
    try database(of: instance)
  }

  /// All that anybody can read without having claimed: by the name of where it is.
  private func everythingSaid(by instance: Instance, _ link: String) async throws -> [String:
    String]
  {
    var said: [String: String] = [:]
    for mail in instance.mails {
      said["mail " + (mail as NSString).lastPathComponent] = try text(of: mail)
        .replacingOccurrences(of: "=\r\n", with: "")
    }
    for path in ["/", "/livez", "/readyz", "/c/none", "/robots.txt"] {
      said["page " + path] = try await instance.get(path).1
    }
    said["the link"] = try await request("GET", link).1
    let places = ["--config", instance.config, "--state", instance.state]
    let map = instance.folder.path + "/map.html"
    let story = instance.folder.path + "/story.html"
    for command in [
      ["status"], ["status", "--json"], ["feeds", "show", "street-scene"],
      ["feeds", "show", "street-scene", "--json"], ["areas"], ["areas", "--json"],
      ["areas", "draw", "-o", map], ["check"], ["queue"], ["queue", "--json"],
      ["explain", "rules"],
      ["explain", "1"], ["explain", "1", "--json"], ["explain", "1", "--html", story, "--force"],
      ["claims"], ["claims", "--json"], ["claims", "show", "1"], ["claims", "show", "1", "--json"],
      ["links"], ["links", "--json"], ["outbox", "--json"],
      ["replay", "--rules", instance.config + "/rules.yaml"],
      ["replay", "--rules", instance.config + "/rules.yaml", "--json"],
    ] {
      let ran = try await runProgram(try triagedProgram, command + places)
      #expect(ran.code < 2, "\(command): \(ran.errors)")
      said["triaged " + command.prefix(3).joined(separator: " "), default: ""] +=
        ran.output + ran.errors
    }
    said["the map"] = try text(of: map)
    said["the story"] = try text(of: story)
    return said
  }

  /// What is not mapped or lies outside every area is not stored.
  private func database(of instance: Instance) throws {
    var bytes = Data()
    for name in ["triaged.sqlite", "triaged.sqlite-wal"] {
      bytes += (try? Data(contentsOf: URL(fileURLWithPath: instance.state + "/" + name))) ?? Data()
    }
    #expect(bytes.range(of: Data("notecanary".utf8)) != nil, "the search finds what is there")
    for canary in Self.unstored { #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary)") }
  }
}
