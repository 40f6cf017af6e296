import ArgumentParser
import FlareImport
import Foundation
import Geography
import Triage

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks everything in the configuration folder and tells all problems at once.",
    discussion: """
      Example: triaged check --config config
      Ends with 1 if there is an error; a warning alone is fine.
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print the problems as JSON.")
  var json = false

  private struct Line: Encodable {
    var severity: String
    var file: String
    var line: Int
    var column: Int
    var text: String
  }

  func run() throws {
    let loaded = places.load()
    let errors = loaded.problems.count { $0.severity == .error }
    if json {
      let lines = loaded.problems.map {
        Line(
          severity: $0.severity.rawValue, file: $0.file, line: $0.line, column: $0.column,
          text: $0.text)
      }
      say(try prettyJSON(lines))
    } else {
      for problem in loaded.problems { say(problem.description) }
      if let configuration = try? loaded.usable() { summary(configuration, loaded) }
      say(errors == 0 ? "No errors." : "\(errors) error\(errors == 1 ? "" : "s").")
    }
    if errors > 0 { throw ExitCode(1) }
  }

  private func summary(_ configuration: Configuration, _ loaded: LoadedConfiguration) {
    let team = configuration.team
    for area in loaded.areas.areas {
      let size = area.squareMetres / 1_000_000
      say("area \(area.id): \(area.name), \(String(format: "%.3f", size)) km²")
      if let reason = area.reasonLine { say("  Why this area: \(reason)") }
      if let announced = team.area(area.id)?.announceLine(name: area.name, now: .now) {
        say("  \(announced)")
      }
    }
    for feed in configuration.feeds.map(\.settings) {
      say("feed \(feed.name): \(feed.kind.rawValue), coordinates in \(feed.crs)")
    }
    if let facts = loaded.gazetteer.file?.facts {
      say("gazetteer: \(LoadedGazetteer.summary(facts))")
    }
    say("rules \(configuration.rules.version): \(configuration.rules.types.count) job types")
    for sentence in conversionsInForce(configuration) { say(sentence) }
  }
}

extension Team.AreaTeam {
  /// "New Cross: mails at 08:30 and 13:00, Monday to Friday; next Monday 23 November at 08:30".
  func announceLine(name: String, now: Date) -> String {
    if isShadow { return "\(name): on trial, nobody is told" }
    return "\(name): \(announce?.inWords(now: now) ?? "mails at once")"
  }
}

func prettyJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.dateEncodingStrategy = .iso8601
  return String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars
    .reduce(into: "") { json, scalar in
      if scalar == "\n" || isPlain(scalar) {
        json.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let code = String(unit, radix: 16)
          json += "\\u" + String(repeating: "0", count: 4 - code.count) + code
        }
      }
    }
}
