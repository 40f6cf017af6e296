import ArgumentParser
import FlareImport
import Foundation
import Triage

struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads an export as a feed would and shows what would come of it; writes nothing.",
    discussion: """
      Example: triaged preview list.csv --feed street-scene --config config
      """)

  @Argument(help: "The export to read.")
  var export: String

  @Option(name: .long, help: "The feed whose settings are used.")
  var feed: String

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print everything as JSON.")
  var json = false

  @Option(
    name: .long, help: "Judge as if it were this moment (2022-01-31T12:00:00Z), not now.",
    transform: { text in
      guard let moment = try? Date(text, strategy: .iso8601) else {
        throw ValidationError("'--at' takes a moment such as 2022-01-31T12:00:00Z.")
      }
      return moment
    })
  var at: Date?

  func run() throws {
    let now = at ?? .now
    let loaded = places.load()
    let configuration: Configuration
    do {
      configuration = try loaded.usable()
    } catch {
      throw complain("\(error)")
    }
    guard let settings = configuration.feeds.first(where: { $0.name == feed })?.settings else {
      let names = configuration.feeds.map(\.name)
      throw ValidationError(
        "There is no feed '\(feed)'\(Section.suggestion(for: feed, among: names)); there is \(names.joined(separator: ", "))."
      )
    }
    let report: PreviewReport
    do {
      report = try preview(
        export, settings: settings, configuration: configuration, areas: loaded.areas.areas,
        register: loaded.register, gazetteer: loaded.gazetteer.gazetteer, now: now)
    } catch {
      throw complain("\(error)")
    }
    say(json ? try prettyJSON(report) : report.plainText)
  }
}

/// Reads and judges as a first poll would, without history and without capacity.
func preview(
  _ export: String, settings: FeedSettings, configuration: Configuration, areas: [PilotArea],
  register: RegisterState, gazetteer: Gazetteer, now: Date
) throws -> PreviewReport {
  let list = try readExport(
    at: export, settings: settings, index: AreaIndex(areas),
    projection: try Triaged.projection(from: settings.crs, to: configuration.grid),
    gazetteer: gazetteer, now: now)
  let verdict = triage(
    TriageInput(
      jobs: list.jobs, rules: configuration.rules, register: register.register ?? Register(),
      team: configuration.team, now: now))
  return PreviewReport(list.report, verdict, jobs: list.jobs, areas: areas, register: register)
}
