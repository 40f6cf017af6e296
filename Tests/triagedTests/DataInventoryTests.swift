import FlareImport
import Foundation
import Storage
import Testing
import Triage

@testable import triaged

@Suite("The inventory of what is held")
struct DataInventoryTests {
  private let today = CivilDay("2026-11-21")!

  private func inventory(_ change: (String) throws -> Void = { _ in }) throws -> DataInventory {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try change(config)
    let loaded = loadConfiguration(folder: config, state: folder.path, now: .now)
    return makeInventory(try loaded.usableWithKeptAreas(), today: today)
  }

  @Test(
    "A column that is mapped appears, with who sees it; one that may not be carried is not kept")
  func mapped() throws {
    let before = try inventory()
    let list = try #require(before.lists.first)
    #expect(!list.fields.contains { $0.field == .contact })
    let after = try inventory { config in
      try edit(
        config + "/feeds/street-scene.yaml", "columns:\n", "columns:\n  contact: Customer phone\n")
    }
    let contact = try #require(after.lists[0].fields.first { $0.field == .contact })
    #expect(contact.headings == ["Customer phone"] && !contact.isKept)
    #expect(contact.stages.claimed == "no")
    #expect(after.page.plainText.contains("Customer phone"))
    let carried = try inventory { config in
      let file = config + "/feeds/street-scene.yaml"
      try edit(file, "columns:\n", "columns:\n  contact: Customer phone\n")
      let text = try text(of: file)
      try write(
        text.contains("\ncarry:")
          ? text.replacing(/\ncarry:.*\n/, with: "\ncarry: [notes, contact]\n")
          : text + "\ncarry: [notes, contact]\n", to: file)
    }
    let kept = try #require(carried.lists[0].fields.first { $0.field == .contact })
    #expect(kept.isKept)
    #expect(kept.stages == ListField.Stages(mail: "no", page: "no", claimed: "in full"))
  }

  @Test("Whatever a column can be mapped to is in it")
  func everyField() {
    let map = ColumnMap(
      reference: "c1", received: ["c2"], due: ["c3"], closed: ["c4"], updated: ["c5"],
      status: "c6", jobClass: "c7", type: "c8", address: ["c9"], postcode: "c10", uprn: "c11",
      x: "c12", y: "c13", point: "c14", callerType: "c15", notes: "c16", contact: "c17",
      otherUPRN: "c18", otherAddress: ["c19"], otherPostcode: "c20")
    let mapped = ListField.allCases.flatMap { $0.headings(in: map) }
    let headings: [String] = (1...20).map { "c\($0)" }
    #expect(mapped.sorted() == headings.sorted())
    #expect(
      Mirror(reflecting: map).children.count == 20,
      "ColumnMap has a field more: say in ListField who sees it")
  }

  @Test("Every column that may hold personal data is named under its class")
  func everyColumn() throws {
    let text = try inventory().page.plainText.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    let columns = DataClass.allCases.flatMap { storedFields(of: $0) }.flatMap(\.columns)
    #expect(columns.contains("job.contact") && columns.contains("opt_out.address"))
    for column in columns { #expect(text.contains(column), "\(column)") }
  }

  @Test("It tells the days of the settings, who is told by which channel, and no mail address")
  func settings() throws {
    let made = try inventory { config in
      try edit(
        config + "/triaged.yaml", "archive_days: 30", "archive_days: 7\nretention: {claims: 400d}")
    }
    #expect(made.classes.first { $0.dataClass == .claims }?.days == 400)
    #expect(made.classes.first { $0.dataClass == .archive }?.days == 7)
    #expect(made.classes.map(\.dataClass) == DataClass.allCases)
    #expect(made.channels.map(\.name) == ["post"])
    #expect(made.recipients.contains { $0.who == "the administrator" })
    let text = made.page.plainText
    #expect(!text.contains("@") && text.contains("days: 400"))
    #expect(text.contains("for 7 days"))
    let html = made.page.html(by: "triaged explain")
    #expect(!html.contains("<script") && html.contains("@page{size:A4"))
  }

  @Test("Services to which notes go are among the recipients, each with its agreement")
  func services() throws {
    let made = try inventory()
    let rows = made.recipients.filter { $0.who == "the service" }
    #expect(rows.map(\.agency) == ["Council", "Housing association", "Fire and rescue"])
    #expect(rows[2].role.contains("agreement: example-3"))
    #expect(rows[2].role.contains("is handed a note about a resident who has agreed to that"))
  }

  @Test(
    "What lies beside the database is in it: what was kept aside, fingerprints of who was erased")
  func besides() throws {
    let text = try inventory().files.joined(separator: " ")
    #expect(text.contains("aside/") && text.contains("erasures.jsonl"))
    let columns = storedFields(of: .messages).flatMap(\.columns)
    #expect(columns.contains("digest.facts"), "it has streets, and the names of holders")
  }

  @Test("The program prints it as text, as JSON and as a page")
  func program() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let places = ["--config", config, "--state", folder.path + "/state"]
    let file = folder.path + "/data.html"
    let text = try await runProgram(try triagedProgram, ["explain", "data"] + places)
    #expect(text.code == 0 && text.output.hasPrefix("What ashfield holds"), "\(text.errors)")
    let lines = text.output.split(separator: "\n").map(String.init)
    let long = lines.filter { $0.count > 80 && $0.split(separator: " ").count > 1 }
    #expect(long == [])
    let json = try await runProgram(try triagedProgram, ["explain", "data", "--json"] + places)
    let read = try adminDecoder().decode(DataInventory.self, from: Data(json.output.utf8))
    #expect(read.instance == "ashfield" && read.lists.count == 1)
    let page = try await runProgram(
      try triagedProgram, ["explain", "data", "--html", file] + places)
    #expect(page.code == 0 && page.errors.isEmpty)
    #expect(try triagedTests.text(of: file).contains("<h1>What ashfield holds"))
  }
}
