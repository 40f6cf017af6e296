import ArgumentParser
import FlareImport
import Foundation
import Geography
import Triage

struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads an export as a feed would and shows what would come of it; stores nothing.",
    discussion: """
      Without --feed the list is a stranger: what its columns hold is guessed from headings and
      values, and no configuration is needed. --write-feed writes the guess down as a feed file to
      be read through and corrected. --area judges what lies in an area by built-in rules (give it
      several times for several files: each area is told apart, and all together), and --html makes
      a page of it. Classes, types and statuses met in less than 3 rows are counted and not named.

      Examples: triaged preview list.csv
                triaged preview list.csv --write-feed config/feeds/street-scene.yaml
                triaged preview list.csv --area new-cross.geojson --html report.html
                triaged preview list.csv --area north.geojson --area south.geojson
                triaged preview list.csv --feed street-scene --config config
      Ends with 1 if something must be looked at before the list can be used.
      """)

  @Argument(help: "The export to read.")
  var export: String

  @Option(name: .long, help: "The feed whose settings are used; without it they are guessed.")
  var feed: String?

  @Option(
    name: .long, help: "Write the guess as a feed file; a file that is there is not overwritten.")
  var writeFeed: String?

  @Option(
    name: .long,
    help:
      "A boundary file (.geojson, .kml, .kmz): judge what lies in its areas. May be given several times."
  )
  var area: [String] = []

  @Option(name: .long, help: "Write the answer as one HTML page; needs --area.")
  var html: String?

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

  func validate() throws {
    if feed != nil, writeFeed != nil || !area.isEmpty || html != nil {
      throw ValidationError(
        "'--write-feed', '--area' and '--html' are for a list without '--feed'.")
    }
    if html != nil, area.isEmpty {
      throw ValidationError("'--html' needs '--area' with a boundary file.")
    }
  }

  func run() throws {
    if let feed {
      try runFeed(feed)
    } else {
      try runStranger()
    }
  }

  private func runFeed(_ feed: String) throws {
    let now = at ?? .now
    let loaded = places.load()
    let configuration: Configuration
    do {
      configuration = try loaded.usable()
    } catch {
      throw complain("\(error)")
    }
    guard let settings = configuration.feeds.first(where: { $0.name == feed })?.settings else {
      throw ValidationError(thereIsNo("feed", feed, among: configuration.feeds.map(\.name)))
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

  private func runStranger() throws {
    let now = at ?? .now
    var preview: StrangerPreview
    do {
      preview = try previewStranger(export, now: now)
      let name = feedName(from: writeFeed ?? export)
      if !area.isEmpty, let settings = preview.guess.settings(name: name, path: export) {
        preview.day = try firstDay(export, settings: settings, areaFiles: area, now: now)
        preview.day?.classes = preview.guess.classes
        preview.day?.types = preview.guess.types
      }
    } catch {
      throw complain("\(error)")
    }
    say(json ? try prettyJSON(StrangerJSON(preview)) : preview.plainText)
    if let writeFeed {
      let name = feedName(from: writeFeed)
      guard let text = feedFileText(preview.guess, name: name, file: export) else {
        throw complain("The list cannot be mapped, so no feed file was written.")
      }
      try writeNew(Data(text.utf8), to: writeFeed)
    }
    if let html {
      guard let page = reportPage(preview) else {
        throw complain("The list cannot be mapped, so no page was written.")
      }
      try writeOwn(Data(page.utf8), to: html, force: false) {
        $0.starts(with: Data(reportPageStart.utf8))
      }
    }
    if preview.hasProblems { throw ExitCode(1) }
  }
}

/// Reads and judges as a first poll would, without history and without capacity.
func preview(
  _ export: String, settings: FeedSettings, configuration: Configuration, areas: [PilotArea],
  register: RegisterState, gazetteer: Gazetteer, now: Date
) throws -> PreviewReport {
  let index = AreaIndex(areas)
  let list = try readExport(
    at: export, settings: settings, index: index,
    projection: try Triaged.projection(
      from: settings.crs, to: configuration.grid, dataFolder: configuration.areaSettings.dataFolder),
    gazetteer: gazetteer, now: now)
  let verdict = triage(
    TriageInput(
      jobs: list.jobs, rules: configuration.rules, register: register.register ?? Register(),
      team: configuration.team, now: now, today: CivilDay(now, in: configuration.timeZone),
      areas: index, usualMargin: configuration.areaMargin))
  return PreviewReport(list.report, verdict, jobs: list.jobs, areas: areas, register: register)
}
