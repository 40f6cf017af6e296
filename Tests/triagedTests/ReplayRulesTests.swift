import Foundation
import Testing
import Triage

@testable import triaged

/// A list of jobs that were received so many days ago, one house each.
private func rows(_ jobs: [(number: Int, daysAgo: Int, type: String)]) -> [String] {
  jobs.map { job in
    let received = Date.now.addingTimeInterval(-Double(job.daysAgo) * 86_400 - 3600).formatted(
      .verbatim(
        "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00", timeZone: .gmt,
        calendar: .init(identifier: .gregorian)))
    return "SS\(job.number),\(received),,,Bulky,\(job.type),Open,Public,,"
      + "\"\(job.number) Quince Avenue, Sutton in Ashfield\",NG17 9CM,450186,358989,"
  }
}

extension RunningProgram {
  fileprivate func put(_ rows: [String]) throws {
    let text = ([FictionalTown.header.joined(separator: ",")] + rows).joined(separator: "\r\n")
    try write(text + "\r\n", to: state + "/drop/.list.csv")
    try FileManager.default.moveItem(
      atPath: state + "/drop/.list.csv", toPath: state + "/drop/list.csv")
  }

  fileprivate func started(with rows: [String]) async throws {
    try put(rows)
    try await start()
    _ = try await eventually("the list") {
      try await account().feed.status.listName == "list.csv" ? true : nil
    }
  }
}

@Suite("replay and explain, in the program", .serialized)
struct ReplayRulesTests {
  private let jobs = [
    (8731, 3, "Bulky waste quote"), (8732, 10, "Replacement bin"), (8733, 40, "Bulky waste quote"),
    (8734, 2, "Missed bin"),
  ]

  @Test("With a daemon and without one: what the new rules would have made of the same days")
  func replay() async throws {
    let program = try RunningProgram()
    try await program.started(with: rows(jobs))
    let next = program.folder.path + "/next.yaml"
    try write(
      text(of: program.config + "/rules.yaml")
        .replacingOccurrences(of: "version: \"2026-11\"", with: "version: \"next\"")
        .replacingOccurrences(of: "points: 15", with: "points: 35"), to: next)
    let arguments = ["replay", "--rules", next, "--days", "30"]
    func offers() async throws -> Substring? {
      try await program.triaged(["status"]).output.split(separator: "\n")
        .first { $0.hasPrefix("Opportunities: ") }
    }
    let before = try await offers()
    #expect(before != nil)
    let asked = try await program.triaged(arguments)
    #expect(asked.code == 0, "\(asked.output)\(asked.errors)")
    #expect(asked.output.hasPrefix("Rules next, tried against 2026-11 in force"))
    #expect(
      asked.output.contains("1 address comes above the line, 0 leave it, 0 move up and 0 move down")
    )
    #expect(asked.output.contains("Quince Avenue, NG17 (new-cross): Replacement bin,"))
    #expect(asked.output.contains("What a list said of a job on an earlier day is not kept"))
    #expect(!asked.output.contains("873"), "a house number")
    for line in asked.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }

    let one = try await program.triaged(
      arguments + ["--address", "8732 Quince Avenue, Sutton in Ashfield, NG17 9CM"])
    #expect(one.code == 0, "\(one.errors)")
    #expect(
      one.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
        "By the new rules, next, this address would first have been offered on "))
    #expect(one.output.contains("A replacement bin was asked for."))
    // Not even the address that was asked for is said again.
    #expect(!one.output.contains("8732 Quince"))

    let json = try await program.triaged(arguments + ["--json", "--area", "new-cross"])
    let answer = try adminDecoder().decode(ReplayAnswer.self, from: Data(json.output.utf8))
    let told = try #require(answer.told)
    #expect(told.counts == ["entered": 1] && told.area == "new-cross" && told.jobs == 4)
    #expect(told.weeks.allSatisfy { $0.area == "new-cross" && $0.capacity == 5 })
    // By lot it may come up in any week.
    func best(_ count: KeyPath<ReplayAnswer.Week, Replay.Count>) -> Int {
      told.weeks.reduce(0) { $0 + $1[keyPath: count].offered - $1[keyPath: count].drawn }
    }
    #expect(best(\.new) == best(\.inForce) + 1)
    let elsewhere = try await program.triaged(arguments + ["--area", "stanton-hill"])
    #expect(
      elsewhere.output.contains("No address comes above the line, leaves it or moves; 0 stay"))

    // Nothing was recorded: what is offered is what was.
    #expect(try await offers() == before)
    try await program.stop()
    let alone = try await program.triaged(arguments + ["--json", "--area", "new-cross"])
    let without = try adminDecoder().decode(ReplayAnswer.self, from: Data(alone.output.utf8))
    #expect(without.told?.weeks == told.weeks && without.told?.changes == told.changes)
  }

  @Test("Errors come back with line and column; what is not there ends with 2")
  func refused() async throws {
    let program = try RunningProgram()
    try await program.started(with: rows(jobs))
    let next = program.folder.path + "/next.yaml"
    try write(text(of: program.config + "/rules.yaml") + "\nsignal: 3\n", to: next)
    let refused = try await program.triaged(["replay", "--rules", next])
    #expect(refused.code == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains(/next\.yaml:\d+:\d+: unknown key 'signal'/))
    let rules = program.config + "/rules.yaml"
    func code(_ arguments: String...) async throws -> (Int32, String) {
      let asked = try await program.triaged(["replay"] + arguments)
      return (asked.code, asked.errors)
    }
    #expect(try await code("--rules", "/nowhere.yaml").0 == 2)
    #expect(try await code("--rules", rules, "--days", "0").0 == 2)
    let area = try await code("--rules", rules, "--area", "new-crass")
    #expect(area.0 == 2 && area.1.contains("did you mean 'new-cross'?"), "\(area.1)")
    let unknown = try await code("--rules", rules, "--address", "99 Mill Lane, NG17 9CM")
    #expect(unknown.0 == 2 && unknown.1.contains("No job in an area is known at that address"))
    let vague = try await code("--rules", rules, "--address", "Mill Lane")
    #expect(vague.0 == 2 && vague.1.contains("number, street and postcode are wanted"))
    let uprn = try await code("--rules", rules, "--uprn", "1000x")
    #expect(uprn.0 == 2 && uprn.1.contains("twelve digits"))
  }

  @Test("The whole story of one: rows, reasons that counted and not, register, mail, claims")
  func story() async throws {
    let program = try RunningProgram()
    try await program.started(with: rows(jobs))
    let told = try await eventually("its mail") {
      let told = try await program.triaged(["explain", "1"])
      return told.output.contains("Accepted ") ? told : nil
    }
    let story = try #require(told)
    #expect(story.code == 0 && story.errors.isEmpty)
    let words = story.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("Opportunity 1: Bulky waste quote, Quince Avenue, NG17"))
    #expect(words.contains("Bulky waste quote points: 40"), "\(words)")
    // Of a place only the street is said; the list's reference is the row's own.
    #expect(words.contains("street-scene SS8731 kind: Bulky waste quote"), "\(words)")
    #expect(!words.contains("8731 Quince"))
    #expect(words.contains(/Asked again points: \d+ Sentence: There is no other job/))
    #expect(words.contains("No entry holds for it."))
    #expect(words.contains("Ann Archer by: post"))
    #expect(words.contains("Nobody has claimed it."))
    for line in story.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let file = program.folder.path + "/story.html"
    #expect(try await program.triaged(["explain", "1", "--html", file]).code == 0)
    #expect(
      try text(of: file).contains("<h1>Opportunity 1: Bulky waste quote, Quince Avenue, NG17"))
    #expect(try await program.triaged(["explain", "999"]).code == 2)
    #expect(try await program.triaged(["explain", "opportunity", "first"]).code == 2)
    try await program.stop()
    let alone = try await program.triaged(["explain", "1", "--json"])
    let read = try adminDecoder().decode(OpportunityStory.self, from: Data(alone.output.utf8))
    #expect(read.state == .offered && read.tellings.first?.acceptedAt != nil)
    #expect(read.jobs.map(\.reference) == ["SS8731"] && !read.isJoint)
  }
}
