import ArgumentParser
import Foundation
import Triage

struct ExplainData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Prints what is held, why, who sees it and for how long.",
    discussion: """
      The inventory that an impact assessment needs, made from the configuration: which column of which list is kept
      and shown at which stage, each class of data with its days, who is told of what by which channel. Asks no daemon
      and no database, and names no resident.

      Examples: triaged explain data --config config
                triaged explain data --html inventory.html --config config
      Ends with 1 if the files have an error.
      """)

  @OptionGroup var places: Places

  @Option(name: .long, help: "Write an HTML page, fit for A4, to this file.")
  var html: String?

  @Flag(name: .long, help: "Overwrite whatever is there.")
  var force = false

  @Flag(name: .long, help: "Print the inventory as JSON.")
  var json = false

  func run() throws {
    let configuration: Configuration
    do {
      configuration = try places.load().usableWithKeptAreas()
    } catch {
      throw complain("\(error)")
    }
    let inventory = makeInventory(
      configuration, today: CivilDay(.now, in: configuration.timeZone))
    if let html {
      try writeOwn(
        Data(inventory.page.html(by: "triaged explain").utf8), to: html, force: force,
        isOurs: MapFile.html.isOurs)
    }
    if json {
      say(try prettyJSON(inventory))
    } else {
      say(html.map { "\($0): the data of \(inventory.instance)." } ?? inventory.page.plainText)
    }
  }
}
