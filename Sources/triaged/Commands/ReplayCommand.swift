import ArgumentParser
import Foundation
import Transfer
import Triage

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Tries other rules on the stored history, before they are put in force.",
    discussion: """
      Judges the last days one by one by the rules in force and by the new ones, and tells which addresses come
      above the line, leave it or move, what would have been offered week by week against capacity, and of one
      address when it would first have been offered and by which rule. Asks the running daemon at its admin
      socket; without one it opens the database itself. Nothing is recorded and nobody is told.

      Named are streets, outward codes and types of jobs, as a mail names them; no house number.

      Examples: triaged replay --rules next.yaml --days 90 --config config
                triaged replay --rules next.yaml --address "12 Mill Lane, NG17 9CM"
      Ends with 1 if the rules have an error, with 2 if what is asked for is not there.
      """)

  @OptionGroup var places: Places

  @Option(name: .long, help: "The rules file to try.")
  var rules: String

  @Option(name: .long, help: "So many days, today among them.")
  var days = 90

  @Option(name: .long, help: "Tell of this area alone: its id.")
  var area: String?

  @Option(name: .long, help: "Tell the course of this address: number, street and postcode.")
  var address: String?

  @Option(name: .long, help: "Tell the course of the address with this UPRN.")
  var uprn: String?

  @Flag(name: .long, help: "Print the answer as JSON.")
  var json = false

  func validate() throws {
    guard (1...ReplayRulesWish.mostDays).contains(days) else {
      throw ValidationError("'--days' takes 1 to \(ReplayRulesWish.mostDays).")
    }
    if address != nil, uprn != nil {
      throw ValidationError("'--address' and '--uprn' are two ways to name one address: give one.")
    }
  }

  func run() async throws {
    let text: String
    do {
      text = try configurationText(at: rules)
    } catch {
      _ = complain("\(rules) \(error.what)")
      throw ExitCode(2)
    }
    let wish = ReplayRulesWish(
      rules: text, file: rules, days: days, area: area, address: address, uprn: uprn)
    let body = [UInt8](try adminJSON(wish))
    let answer: ReplayAnswer = try await withOffice(places, (.post, "/rules/replay", body)) {
      try await $0.replay(wish, now: .now)
    }
    if json {
      say(try prettyJSON(answer))
    } else {
      for problem in answer.errors + answer.warnings { _ = complain(problem) }
      if let told = answer.told { say(ReplayText(told: told).plainText) }
    }
    if !answer.errors.isEmpty { throw ExitCode(1) }
  }
}
