import ArgumentParser
import FlareImport
import Foundation
import Transfer
import Triage

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains the rules, the data that are held, or the whole story of one opportunity.",
    subcommands: [ExplainOpportunity.self, ExplainRules.self, ExplainData.self],
    defaultSubcommand: ExplainOpportunity.self)
}

struct ExplainOpportunity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opportunity",
    abstract: "Tells the whole story of one opportunity.",
    discussion: """
      The rows of the lists, the reasons that counted and those that did not, the contact register, its turn,
      who was told and when that was accepted, claims and outcome. Asks the running daemon at its admin socket;
      without one it opens the database itself. Of the place it says the street, and of two households nothing
      that tells one from the other.

      Examples: triaged explain 12
                triaged explain 12 --html story.html --config config --state /var/lib/triaged
      Ends with 2 if there is no such opportunity.
      """)

  @Argument(help: "The opportunity's number.")
  var opportunity: Int64

  @OptionGroup var places: Places

  @Option(name: .long, help: "Write an HTML page, fit for A4, to this file.")
  var html: String?

  @Flag(name: .long, help: "Overwrite whatever is there.")
  var force = false

  @Flag(name: .long, help: "Print the story as JSON.")
  var json = false

  func run() async throws {
    let id = opportunity
    let story: OpportunityStory = try await withOffice(
      places, (.get, "/opportunities/\(id)/story", [])
    ) { try await $0.explain(id, now: .now) }
    if let html {
      try writeOwn(
        Data(story.page.html(by: "triaged explain").utf8), to: html, force: force,
        isOurs: MapFile.html.isOurs)
    }
    if json {
      say(try prettyJSON(story))
    } else {
      say(html.map { "\($0): opportunity \(id)." } ?? story.page.plainText)
    }
  }
}

struct ExplainRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "Prints the page that a partnership agrees on and signs.",
    discussion: """
      From trigger to points to who is told and which fields at which stage, as rules.yaml, team.yaml and the
      feed files have it; the same as a page to print. Asks no daemon and no database.

      Examples: triaged explain rules --config config
                triaged explain rules --rules next.yaml --html next.html --config config
      Ends with 1 if the files have an error, or if the review of the rules is overdue.
      """)

  @OptionGroup var places: Places

  @Option(name: .long, help: "Another rules file than rules.yaml of the folder.")
  var rules: String?

  @Option(name: .long, help: "Write an HTML page, fit for A4, to this file.")
  var html: String?

  @Flag(name: .long, help: "Overwrite whatever is there.")
  var force = false

  func run() throws {
    let loaded = places.load()
    let configuration: Configuration
    do {
      configuration = try loaded.usableWithKeptAreas()
    } catch {
      throw complain("\(error)")
    }
    let areas = loaded.areas.areas
    var agreed = configuration.rules
    if let rules {
      let problems = ProblemList()
      let read = readRules(rules, problems: problems)
      for area in read?.overrides.map(\.area) ?? []
      where !areas.isEmpty && !areas.contains(where: { $0.id == area }) {
        problems.add(rules, "The rules name the area '\(area)', which no boundary file has.")
      }
      if !problems.problems.isEmpty {
        let code = complain(problems.sorted.map(\.description).joined(separator: "\n"))
        if problems.hasErrors { throw code }
      }
      guard let read else { throw ExitCode(1) }
      agreed = read
    }
    let terms = AgreedTerms(
      configuration, rules: agreed, areas: areas,
      today: CivilDay(.now, in: configuration.timeZone))
    let page = agreedPage(terms)
    if let html {
      try writeOwn(
        Data(page.html(by: "triaged explain").utf8), to: html, force: force,
        isOurs: MapFile.html.isOurs)
      say("\(html): rules \(agreed.version).")
    } else {
      say(page.plainText)
    }
    if terms.isOverdue { throw ExitCode(1) }
  }
}

extension AgreedTerms {
  init(
    _ configuration: Configuration, rules: Rules, areas: [PilotArea], today: CivilDay
  ) {
    // Boundary files that cannot be read are another command's matter: the team file names the areas too.
    let named = areas.map { (id: $0.id, name: $0.name) }
    let others = configuration.team.areas.map(\.area).filter { id in
      !named.contains { $0.id == id }
    }
    self.init(
      instance: configuration.instance, rules: rules, team: configuration.team,
      feeds: configuration.feeds.map { feed in
        let columns = feed.settings.columns
        return FeedTerms(
          name: feed.name, carriesNotes: feed.settings.carryNotes,
          carriesContact: feed.settings.carryContact,
          hasOtherParty: columns.otherUPRN != nil || !columns.otherAddress.isEmpty,
          agreement: feed.agreement, isShadow: feed.isShadow)
      }, areas: named + others.map { (id: $0, name: $0) },
      archiveDays: configuration.archiveDays, today: today)
  }
}
