import ArgumentParser
import FlareImport
import Foundation
import Triage

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains the rules.",
    subcommands: [ExplainRules.self])
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
        FeedTerms(
          name: feed.name, carriesNotes: feed.settings.carryNotes,
          carriesContact: feed.settings.carryContact)
      }, areas: named + others.map { (id: $0, name: $0) },
      archiveDays: configuration.archiveDays, today: today)
  }
}
