import ArgumentParser
import Foundation
import Geography
import Triage

struct Areas: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks about the pilot areas.",
    subcommands: [ListAreas.self, AcceptAreas.self, Locate.self],
    defaultSubcommand: ListAreas.self)
}

struct Locate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells which areas hold each point of standard input.",
    discussion: """
      Reads lines "x,y" (easting,northing in metres on the grid, or in the system that --crs
      names: longitude,latitude for EPSG:4326) and prints for each line the ids of the areas that
      hold the point, in stated order with a space between, or "-" for none. Points on an edge
      are inside.

      Example: echo 450000,359000 | triaged areas locate --config config
      """)

  @OptionGroup var places: Places

  @Option(name: .long, help: "The system of the points, such as EPSG:4326; the grid if left out.")
  var crs: String?

  func run() throws {
    let loaded = places.load()
    guard let configuration = try? loaded.usable() else {
      throw complain(loaded.problems.map(\.description).joined(separator: "\n"))
    }
    let projection: Projection
    do {
      projection = try Triaged.projection(
        from: crs ?? configuration.grid.crs, to: configuration.grid,
        dataFolder: configuration.areaSettings.dataFolder)
    } catch {
      throw complain("\(error)")
    }
    let index = AreaIndex(loaded.areas.areas)
    var number = 0
    var unreadable = 0
    var output = ""
    while let line = readLine() {
      number += 1
      let parts = line.split(separator: ",", omittingEmptySubsequences: false).map {
        Double($0.trimmingCharacters(in: .whitespaces))
      }
      if parts.count == 2, let x = parts[0], let y = parts[1] {
        let ids = projection.toGrid(x, y).map { index.areas(holding: $0).map(\.id) } ?? []
        output += ids.isEmpty ? "-\n" : ids.joined(separator: " ") + "\n"
      } else {
        unreadable += 1
        writeOut(
          "Line \(number) is not \"x,y\"; it is answered with \"-\".\n", to: STDERR_FILENO)
        output += "-\n"
      }
      if output.utf8.count > 60_000 {
        writeOut(output, to: STDOUT_FILENO)
        output = ""
      }
    }
    writeOut(output, to: STDOUT_FILENO)
    if unreadable > 0 { throw ExitCode(1) }
  }
}

extension Triaged {
  /// Identity on the grid, PROJ for everything else.
  static func projection(
    from crs: String, to grid: Grid, dataFolder: String?
  ) throws -> Projection {
    if crs == grid.crs { return .identity(grid) }
    return try makeProjection(from: crs, to: grid, dataFolder: dataFolder)
  }
}
