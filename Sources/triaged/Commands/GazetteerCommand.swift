import ArgumentParser
import FlareImport
import Foundation
import Geography
import Triage

struct GazetteerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gazetteer",
    abstract: "Makes and asks the gazetteer: where UPRNs and postcodes are.",
    subcommands: [GazetteerImport.self, GazetteerInfo.self, GazetteerLocate.self])
}

struct GazetteerInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract:
      "Tells what the gazetteer in force holds, where it came from and how fast it answers.",
    discussion: """
      Example: triaged gazetteer info --config config --state var
      """)

  @OptionGroup var places: Places

  @Option(name: .long, help: "Another gazetteer file than that of the configuration.")
  var file: String?

  @Option(name: .long, help: "Look up so many UPRNs and tell how long one took.")
  var probe: Int?

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  func run() throws {
    let (gazetteer, path) = try openGazetteer(places, file)
    let facts = gazetteer.facts
    if json {
      say(try prettyJSON(facts))
    } else {
      say("\(path): \(LoadedGazetteer.summary(facts)), on the grid \(facts.grid)")
      say("kept: \(facts.kept.count) boxes, \(Int(facts.within)) m round the areas")
      for source in facts.sources {
        let changed = Date(timeIntervalSince1970: source.changed)
          .formatted(.iso8601.year().month().day())
        say(
          "\(source.product), \(source.file) of \(changed): \(source.kept) of \(source.rows) rows")
      }
    }
    if let probe { measure(gazetteer, times: probe) }
  }

  private func measure(_ gazetteer: GazetteerFile, times: Int) {
    var keys = gazetteer.sampleUPRNs(100_003)
    guard !keys.isEmpty, times > 0 else { return }
    keys.shuffle()
    let lent = gazetteer.gazetteer
    var found = 0
    let took = ContinuousClock().measure {
      for at in 0..<times where lent.point(keys[at % keys.count]) != nil { found += 1 }
    }
    let nanoseconds =
      Double(took.components.attoseconds) / 1e9 + Double(took.components.seconds) * 1e9
    say("\(found) of \(times) look-ups found, \(Int(nanoseconds / Double(times))) ns each")
  }
}

struct GazetteerLocate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate",
    abstract: "Tells where a UPRN or a postcode is, and in which area.",
    discussion: """
      Prints for each one "x,y" on the grid and the areas that hold the point, or "-"; a postcode
      near an area's edge is marked. Without arguments it reads one from each line of standard
      input.

      Example: triaged gazetteer locate 10001234 "NG17 9CM" --config config
      """)

  @Argument(help: "UPRNs and postcodes.")
  var wanted: [String] = []

  @OptionGroup var places: Places

  @Option(name: .long, help: "Another gazetteer file than that of the configuration.")
  var file: String?

  func run() throws {
    let (gazetteer, _) = try openGazetteer(places, file)
    let index = AreaIndex(places.load().areas.areas)
    if !wanted.isEmpty {
      for text in wanted { say(GazetteerLocate.answer(text, gazetteer, index)) }
      return
    }
    while let line = readLine() { say(GazetteerLocate.answer(line, gazetteer, index)) }
  }

  static func answer(_ text: String, _ gazetteer: GazetteerFile, _ index: AreaIndex) -> String {
    let postcode = postcodeKey(text)
    if !postcode.isEmpty {
      guard let point = gazetteer.centroid(postcodeKey: postcode) else { return "-" }
      let placed = index.placing(point, grade: .postcode, approximateMetres: 250)
      let area = placed.map { index.areas[$0.position].id } ?? "-"
      let isNear = placed?.grade == .postcodeNearEdge
      return "\(point.x),\(point.y) \(area)" + (isNear ? " near its edge" : "")
    }
    guard let uprn = normalisedUPRN(text).flatMap({ UInt64($0) }),
      let point = gazetteer.point(uprn: uprn)
    else { return "-" }
    let ids = index.areas(holding: point).map(\.id)
    return "\(point.x),\(point.y) " + (ids.isEmpty ? "-" : ids.joined(separator: " "))
  }
}

/// The gazetteer that a person names, else that of the configuration.
private func openGazetteer(
  _ places: Places, _ file: String?
) throws -> (GazetteerFile, path: String) {
  let path = file ?? places.load().gazetteerFile
  do {
    return (try GazetteerFile(path: path), path)
  } catch {
    throw complain("\(path): \(error)")
  }
}
