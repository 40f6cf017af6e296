import Foundation
import TestServers
import Testing
import Triage

@testable import triaged

/// Every shape that rules, team and feeds can have, invented.
private func terms(today: CivilDay = CivilDay("2026-11-21")!) -> AgreedTerms {
  let quote = JobType(
    id: "bulky-quote", name: "Bulky waste quote",
    match: JobPattern(
      jobClass: ["Bulky"], type: ["*bulky*quote*", "*quote*bulky*"], status: ["*open*"],
      callerType: ["resident*"], except: ["trade"]),
    offer: .visit, points: 40, window: Window(fadesAfterDays: 14, closesAfterDays: 28),
    revisit: Revisit(afterDays: 3, times: 3),
    reason: "A bulky waste quote is still open, so somebody is expected to get in touch.")
  let worry = JobType(
    id: "worried", name: "A neighbour is worried", match: JobPattern(type: ["*concern*"]),
    offer: .call, points: 30, window: Window(opensAfterHours: 36, closesAfterDays: 14),
    afterClosing: true, reason: "A neighbour is worried about somebody here.")
  let noise = JobType(
    id: "noise", name: "Noise complaint", match: JobPattern(type: ["*noise*"]), offer: nil,
    isComplaint: true)
  let harm = JobType(
    id: "harm", name: "Adult at risk", match: JobPattern(type: ["*safeguard*"]), offer: nil,
    isSafeguarding: true)
  let types = [quote, worry, noise, harm]
  let signals = Signals(
    repeatWithinYear: 10, secondKind: 10, moreOftenLately: 0, firstInYear: 5, several: 5,
    reciprocal: Reciprocal(
      points: 45, name: "Complaints between two households",
      reason: "Two households have complained about each other.",
      window: Window(opensAfterHours: 48, fadesAfterDays: 30, closesAfterDays: 60)),
    neighbours: Neighbours(points: 10))
  var here = AreaRules(
    types: types, signals: signals,
    bands: [Band(name: "high", from: 45), Band(name: "medium", from: 25)])
  here.types[0].points = 45
  here.types[0].offer = .call
  here.types[1].window = Window(opensAfterHours: 24, closesAfterDays: 21)
  here.types[1].reason = "Somebody is worried."
  here.signals.firstInYear = 10
  let rules = Rules(
    version: "2026-11", agreedBy: "Example partnership board", agreedOn: "2026-11-02",
    reviewOn: "2026-11-20", isShadow: true, types: types, signals: signals,
    bands: [Band(name: "high", from: 50), Band(name: "medium", from: 30)],
    overrides: [
      AreaOverride(
        area: "stanton-hill", by: "Bob Baker", on: "2026-11-09",
        why: "Few people ask the council for anything here.", rules: here)
    ],
    stopWords: ["scaffold", "hoarding licence"], callersWithoutResident: ["officer*", "POL"],
    safeguarding: Safeguarding(
      words: ["self-neglect", "found unconscious"], flags: ["SG*"],
      ring: "the Multi-Agency Safeguarding Hub, 0300 000 00 00", days: 90))
  func day(_ text: String) -> CivilDay { CivilDay(text)! }
  let team = Team(
    members: [
      Member(
        id: "ann", name: "Ann Archer", agency: "Council", email: "ann@example.org",
        channel: "post", until: day("2026-12-31"),
        away: day("2026-11-20")...day("2026-11-30"), deputy: "bob"),
      Member(
        id: "bob", name: "Bob Baker", agency: "Housing association", email: "bob@example.org",
        channel: "post", from: day("2027-01-04")),
      Member(
        id: "dee", name: "Dee Dale", agency: "Wardens", email: "dee@example.org", channel: "post",
        until: day("2026-10-31")),
    ],
    areas: [
      Team.AreaTeam(
        area: "new-cross", leaders: ["ann"], members: ["ann", "bob", "dee"], weeklyCapacity: 5),
      Team.AreaTeam(
        area: "stanton-hill", leaders: ["bob"], members: ["bob"], weeklyCapacity: 3,
        drawnPercent: 0, isShadow: true, paused: "the team is at a course"),
    ],
    agencies: [
      Agency(
        name: "Council",
        agreement: Agreement(reference: "DSA 12", ends: day("2027-01-10")), openClaims: 6),
      Agency(
        name: "Housing association", kind: .partner,
        agreement: Agreement(reference: "DSA 13", ends: day("2026-11-01"))),
      Agency(name: "Hub", kind: .coordinator, agreement: Agreement(reference: "DSA 14", ends: nil)),
      Agency(name: "Students", kind: .observer),
      Agency(
        name: "Wardens", kind: .enforcement,
        exception: SignedException(
          by: "Eve Evans", on: day("2026-11-01"), until: day("2026-12-01"),
          why: "One officer helps for a month.")),
    ], openClaimsPerPerson: 3)
  return AgreedTerms(
    instance: "ashfield", rules: rules, team: team,
    feeds: [
      .init(
        name: "street-scene", carriesNotes: true, hasOtherParty: true,
        agreement: Agreement(reference: "DSA 7", ends: day("2027-06-30"))),
      .init(name: "housing", isShadow: true),
    ],
    areas: [("new-cross", "New Cross"), ("stanton-hill", "Stanton Hill"), ("kirkby", "Kirkby")],
    today: today)
}

@Suite("The page that a partnership signs")
struct AgreedPageTests {
  @Test("In a terminal it is the reviewed text, in lines of 80")
  func golden() throws {
    let text = agreedPage(terms()).plainText + "\n"
    let golden = try goldenText("triagedTests/Golden/explain-rules.txt", made: Data(text.utf8))
    #expect(text == golden, "explain-rules.txt differs; look at it, then TRIAGED_UPDATE_GOLDEN=1")
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test(
    "The page in HTML says every cell of the text, fetches nothing, and escapes what is foreign")
  func html() throws {
    var terms = terms()
    terms.rules.types[0].name = "<img src=x onerror=alert(1)>"
    let page = agreedPage(terms)
    let html = page.html(by: "triaged explain")
    #expect(!html.contains("<img") && html.contains("&lt;img src=x onerror=alert(1)&gt;"))
    #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
    for section in page.sections {
      #expect(html.contains("<h2>\(Markup.escaped(section.heading))</h2>"))
      for case .table(let table) in section.blocks {
        for row in table.rows {
          #expect(row.count == table.columns.count)
          for cell in row { #expect(html.contains(">\(Markup.escaped(cell))</t"), "\(cell)") }
        }
      }
    }
    #expect(html.contains("@page{size:A4"))
  }

  @Test("What is signed holds no address of a mail, and names nobody who is not in the team")
  func nothingElse() {
    #expect(!agreedPage(terms()).plainText.contains("@"))
  }

  @Test("A review is overdue from the day after it")
  func overdue() {
    #expect(!terms(today: CivilDay("2026-11-20")!).isOverdue)
    #expect(terms(today: CivilDay("2026-11-21")!).isOverdue)
    var undated = terms()
    undated.rules.reviewOn = ""
    #expect(!undated.isOverdue)
    #expect(agreedPage(undated).plainText.contains("Review on: not stated"))
  }

  @Test(
    "A share of drawn places is said over as many weeks as it takes to be whole",
    arguments: [
      (5, 10, "drawn by lot: 1 place in 2 weeks"), (3, 10, "drawn by lot: 3 places in 10 weeks"),
      (10, 20, "drawn by lot: 2 places every week"), (0, 10, "drawn by lot: none"),
    ])
  func drawn(capacity: Int, percent: Int, words: String) {
    var terms = terms()
    terms.team.areas[0].weeklyCapacity = capacity
    terms.team.areas[0].drawnPercent = percent
    #expect(agreedPage(terms).plainText.contains(words))
  }

  @Test("The example's own rules read as the file has them, by the program")
  func program() async throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let asked = try await runProgram(
      try triagedProgram, ["explain", "rules", "--config", config, "--state", folder.path])
    #expect(asked.output.contains("What is agreed for ashfield"), "\(asked.errors)")
    let file = folder.path + "/rules.html"
    let arguments = [
      "explain", "rules", "--config", config, "--state", folder.path, "--html", file,
    ]
    _ = try await runProgram(try triagedProgram, arguments)
    // Its own it overwrites.
    let again = try await runProgram(try triagedProgram, arguments)
    #expect(again.errors.isEmpty)
    #expect(try text(of: file).contains("<h1>What is agreed for ashfield"))
    // Another file, with an error that says where.
    let next = folder.path + "/next.yaml"
    try write(text(of: config + "/rules.yaml") + "\nsignal: 3\n", to: next)
    let refused = try await runProgram(
      try triagedProgram,
      ["explain", "rules", "--config", config, "--state", folder.path, "--rules", next])
    #expect(refused.code == 1)
    #expect(
      refused.errors.contains(/next\.yaml:\d+:\d+: unknown key 'signal'/), "\(refused.errors)")
  }
}
