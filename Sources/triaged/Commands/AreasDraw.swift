import ArgumentParser
import Foundation
import Geography
import Transfer
import Triage

struct AreasDraw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draws the areas in force with the jobs in them as a map.",
    discussion: """
      Asks the running daemon at its admin socket; without one it opens the database itself, and without a
      database it draws the areas alone. The map needs nothing else, fetches nothing and bears no address:
      its marks stand for squares of 50 m. An .html has tables below the map that say the same in words; a
      .png is made by rsvg-convert (Debian's librsvg2-bin).

      Examples: triaged areas draw -o map.html
                triaged areas draw -o map.svg --config config --state /var/lib/triaged
      """)

  @Option(
    name: [.short, .long],
    help:
      "The file to write, .svg, .html or .png; of what is there only an earlier map is overwritten."
  )
  var output: String

  @Flag(name: .long, help: "Overwrite whatever is there.")
  var force = false

  @OptionGroup var places: Places

  func validate() throws {
    if MapFile(output) == nil {
      throw ValidationError("'-o' takes the name of a file that ends in .svg, .html or .png.")
    }
  }

  func run() async throws {
    let configuration: Configuration
    do {
      configuration = try places.load().usableWithKeptAreas()
    } catch {
      throw complain("\(error)")
    }
    let sheet: AreaSheet = try await withOffice(places, (.get, "/areas/sheet", [])) {
      try await $0.areaSheet(now: .now)
    } otherwise: { loaded, configuration in
      AreaSheet(areas: loaded.areas.areas, grid: configuration.grid, now: .now)
    }
    guard let areas = readKeptAreas([UInt8](sheet.areas), grid: configuration.grid) else {
      throw complain(
        "The daemon's areas are on another grid than \(configuration.grid.crs): is --config the daemon's?"
      )
    }
    let note =
      sheet.holdings == nil
      ? "There is no database in \(configuration.state), so the areas are drawn without jobs." : ""
    if !note.isEmpty { _ = complain(note) }
    let neighbours = readNeighbours(configuration)
    if let trouble = neighbours.trouble { _ = complain(trouble) }
    let today = CivilDay(sheet.now, in: configuration.timeZone)
    let picture = AreaPicture(
      title: "Pilot areas of \(configuration.instance), \(today)", areas: areas,
      context: neighbours.wards, marks: sheet.marks, today: today,
      attribution: configuration.attribution)
    try write(picture, sheet, areas, today, note: note, configuration)
    say("\(output): \(CivilWords.counted(areas.count, "area")) drawn.")
  }

  private func write(
    _ picture: AreaPicture, _ sheet: AreaSheet, _ areas: [PilotArea], _ today: CivilDay,
    note: String, _ configuration: Configuration
  ) throws {
    guard let kind = MapFile(output) else { return }
    let data: Data
    switch kind {
    case .svg: data = Data(picture.svg().utf8)
    case .html:
      let words = CivilWords(zone: configuration.timeZone, now: sheet.now)
      let page = areasPage(
        picture, sheet: sheet, areas: areas, today: today, usualMargin: configuration.areaMargin,
        words: words, note: note)
      data = Data(page.utf8)
    case .png:
      do throws(PictureError) {
        data = try MapFile.png(picture.svg())
      } catch {
        throw complain("No PNG was written. \(error)")
      }
    }
    try writeOwn(data, to: output, force: force, isOurs: kind.isOurs)
  }
}
