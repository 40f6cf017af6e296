import Foundation
import Geography
import Glibc
import Storage
import Testing
import Triage

@testable import triaged

/// The example configuration, a state folder, and invented places in and round New Cross.
struct GazetteerTown {
  let folder: TemporaryFolder
  let config: String
  let state: String
  let inside: GridPoint

  var gazetteer: String { state + "/gazetteer.bin" }
  var uprns: String { folder.path + "/osopenuprn.csv" }
  var postcodes: String { folder.path + "/codepo_gb" }

  init() throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    state = folder.path + "/state"
    try makePrivateFolder(state + "/drop")
    let areas = loadConfiguration(folder: config, state: state, now: .now).areas.areas
    let box = try #require(areas.first { $0.id == "new-cross" }).box
    inside = GridPoint(
      x: ((box.minX + box.maxX) / 2).rounded(), y: ((box.minY + box.maxY) / 2).rounded())
    try write(
      """
      UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\r
      900000000001,\(inside.x),\(inside.y),53.1,-1.2\r
      900000000002,\(inside.x + 3000),\(inside.y),53.1,-1.2\r
      900000000003,\(inside.x + 90000),\(inside.y),53.1,-1.2\r\n
      """, to: uprns)
    try FileManager.default.createDirectory(
      atPath: postcodes + "/Data/CSV", withIntermediateDirectories: true)
    try write(
      "\"NG179CM\",10,\(Int(inside.x)),\(Int(inside.y)),\"E92000001\",\"\",\"\",\"\",\"\",\"\"\r\n",
      to: postcodes + "/Data/CSV/ng.csv")
  }

  /// The names in the state folder, sorted.
  func stateFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: state).sorted()
  }

  func load() -> LoadedConfiguration {
    loadConfiguration(folder: config, state: state, now: .now)
  }

  func run(_ arguments: String...) async throws -> (code: Int32, output: String, errors: String) {
    try await runProgram(
      try triagedProgram, ["gazetteer"] + arguments + ["--config", config, "--state", state])
  }

  /// The example feed without coordinates.
  func forgetCoordinates() throws {
    let feed = config + "/feeds/street-scene.yaml"
    try edit(feed, "  easting: Easting\n  northing: Northing\n", "")
  }
}
