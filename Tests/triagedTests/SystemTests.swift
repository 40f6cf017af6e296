import Foundation
import Testing

/// Short forms of the slow proofs, and the program as people call it. The long forms are make
/// targets: test-kill, test-race, test-browser.
@Suite("The program itself", .serialized)
struct SystemTests {
  private func script(_ name: String, _ arguments: [String]) async throws -> String {
    let (code, output, errors) = try await runProgram(
      try python, [root + "/Tests/system/" + name, "--triaged", try triagedProgram] + arguments)
    #expect(code == 0, "\(output)\(errors)")
    return output
  }

  @Test("Killed at random moments, nothing is lost and nothing is there twice")
  func kills() async throws {
    #expect(try await script("kill.py", ["--kills", "10"]).contains("nothing lost, nothing twice"))
  }

  @Test("Killed at some calls of four scenarios, it goes on; what fails leaves nothing half done")
  func points() async throws {
    // To make each ready takes longer than its points: `make test-points` has all thirteen.
    let ways = [
      "--scenarios", "poll,claim,erase,migrate", "--how", "kill,enospc-ever", "--sample", "2",
      "--workers", "2",
    ]
    #expect(try await script("points.py", ways).contains("all survived"))
  }

  @Test("Disks as a loss of power may leave them hold all that was told")
  func powerLoss() async throws {
    #expect(
      try await script("powerloss.py", ["--rounds", "3", "--states", "300", "--daemon", "4"])
        .contains("all that was told is there"))
  }

  @Test("Clients that race for one claim have exactly one winner")
  func races() async throws {
    #expect(
      try await script("race.py", ["--races", "20", "--clients", "64"]).contains(
        "exactly one winner each"))
  }

  @Test(
    "A service manager hears that it is ready, how it stands and that it lives, reloads it and ends it"
  )
  func service() async throws {
    #expect(try await script("service.py", []).contains("ready, watched, reloaded, stopped"))
  }

  @Test("What keeps it from starting, and what ends it, has a code and one line each")
  func refusals() async throws {
    #expect(try await script("refusals.py", []).contains("each with its code and in one line"))
  }

  @Test("Reloads lose no mail and no request, and a spoilt configuration changes nothing")
  func reloads() async throws {
    let said = try await script("reload.py", ["--reloads", "12", "--mutations", "40"])
    #expect(said.contains("none twice") && said.contains("refused with file and line"))
  }

  @Test("Backups of a busy daemon are whole, and every acknowledged claim is in them")
  func backups() async throws {
    #expect(
      try await script("backup.py", ["--backups", "5"]).contains(
        "every backup whole, every acknowledged claim in it"))
  }

  @Test("The demonstration says where to look and which link claims, and ends by Ctrl-C")
  func demonstration() async throws {
    #expect(try await script("demo.py", ["--no-browser"]).contains("The mails:"))
  }

  @Test("Every command of the books runs, and links, verbs and files in them are there")
  func books() async throws {
    let said = try await script("books.py", [])
    #expect(said.contains(/\d\d+ commands of \d\d pages/), "\(said)")
  }

  @Test("What is counted in the Boston list is what an independent count finds")
  func boston() async throws {
    let (code, output, errors) = try await runProgram(
      try python, [root + "/Tests/boston/count.py", "--check"])
    #expect(code == 0, "\(output)\(errors)")
    let preview = try await preview(
      "boston", list: root + "/config/examples/boston/lists/boston311-100.csv",
      config: root + "/config/examples/boston")
    // 100 rows, all located: 7 in Dorchester, 5 in Roxbury, 88 elsewhere (Tests/boston/expected.json).
    #expect(
      preview.counts == [
        "rows": 100, "outside": 88, "in_area": 12, "not_located": 0, "unreadable": 0,
      ])
    #expect(preview.areas == ["dorchester": 7, "roxbury": 5])
    // Two bulk pickups, two poor conditions, one missed trash.
    #expect(
      preview.references
        == ["101004114361", "101004114652", "101004114724", "101004114760", "101004114807"])
  }

  @Test("A list that is no list is refused with 1, a feed that is not there with 2")
  func exitCodes() async throws {
    let folder = try TemporaryFolder()
    let places = ["--config", root + "/config", "--state", folder.path]
    try write("<!DOCTYPE html><html><body>Sign in</body></html>", to: folder.path + "/list.csv")
    let page = try await runProgram(
      try triagedProgram, ["preview", folder.path + "/list.csv", "--feed", "street-scene"] + places)
    #expect(page.code == 1)
    #expect(page.errors.contains("HTML"))
    let feed = try await runProgram(
      try triagedProgram,
      ["preview", folder.path + "/list.csv", "--feed", "street-scenes"] + places)
    #expect(feed.code == 2)
    #expect(feed.errors.contains("did you mean 'street-scene'?"))
    #expect(try await runProgram(try triagedProgram, ["check", "--config", folder.path]).code == 1)
    #expect(try await runProgram(try triagedProgram, ["chekc"]).code == 2)
    #expect(try await runProgram(try triagedProgram, ["check"] + places).code == 0)
  }

  @Test("A journal that nobody takes ends nothing")
  func fullJournal() async throws {
    let folder = try TemporaryFolder()
    let command =
      "'\(try triagedProgram)' run --once --config '\(root)/config' --state '\(folder.path)'"
    let (code, _, _) = try await runProgram("/bin/sh", ["-c", command + " 2>/dev/full"])
    #expect(code == 0)
  }

  @Test("Points are answered line by line, in the grid or in another system")
  func locate() async throws {
    let places = ["--config", root + "/config", "--state", "/nowhere"]
    let grid = try await runProgram(
      try triagedProgram, ["areas", "locate"] + places,
      input: "450186,358989\n0,0\n450186, 358989\n")
    #expect(grid.code == 0, "\(grid.errors)")
    #expect(grid.output == "new-cross\n-\nnew-cross\n")
    let degrees = try await runProgram(
      try triagedProgram, ["areas", "locate", "--crs", "EPSG:4326"] + places,
      input: "-1.2516,53.1254\n-1.0,53.0\n")
    #expect(degrees.output == "new-cross\n-\n")
    let broken = try await runProgram(
      try triagedProgram, ["areas", "locate"] + places, input: "here\n450186,358989\n")
    #expect(broken.code == 1)
    #expect(broken.output == "-\nnew-cross\n")
  }

  @Test(
    "Every verb has help with an example",
    arguments: [
      "run", "demo", "check", "preview", "areas locate", "areas diff", "status", "feeds list",
      "feeds show", "feeds accept", "feeds replay", "gazetteer import", "gazetteer info",
      "gazetteer locate", "backup make", "backup list", "restore", "subject find", "subject export",
      "subject erase", "subject hold", "subject release", "close-pilot",
    ])
  func help(verb: String) async throws {
    let help = try await runProgram(
      try triagedProgram, verb.split(separator: " ").map(String.init) + ["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("Example: ") || help.output.contains("Examples: "))
  }

  private struct Preview: Decodable {
    struct Opportunity: Decodable { var reference: String }
    var counts: [String: Int]
    var areas: [String: Int]
    var opportunities: [Opportunity]
    var references: [String] { opportunities.map(\.reference).sorted() }
  }

  private func preview(_ feed: String, list: String, config: String) async throws -> Preview {
    let (code, output, errors) = try await runProgram(
      try triagedProgram,
      ["preview", list, "--feed", feed, "--json", "--config", config, "--state", "/nowhere"])
    #expect(code == 0, "\(errors)")
    return try JSONDecoder().decode(Preview.self, from: Data(output.utf8))
  }
}
