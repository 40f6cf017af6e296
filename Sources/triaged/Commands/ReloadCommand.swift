import ArgumentParser
import Foundation
import Transfer
import Triage

struct ReloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract:
      "Has the daemon read its configuration again, and put it in force as a whole or not at all.",
    discussion: """
      What is wrong is told with file, line and column, and the earlier configuration stays in force. The addresses that
      the daemon listens at and the grid cannot be changed so; boundary files and the contact register need no reload.

      Example: triaged reload --config /etc/triaged --state /var/lib/triaged
      Ends with 1 if the configuration is refused, or no daemon runs.
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print the answer as JSON.")
  var json = false

  func run() async throws {
    let answer: ReloadAnswer = try await withOffice(places, (.post, "/reload", [])) {
      try await $0.reload(now: .now)
    }
    if json {
      say(try prettyJSON(answer))
    } else {
      for problem in answer.problems { say(problem) }
      say("\(answer.sentence) In force: \(answer.fingerprint).")
    }
    if !answer.isInForce { throw ExitCode(1) }
  }
}
