import ArgumentParser
import Foundation
import Transfer

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tells how the instance stands: its feeds, what is open, what is owed, what is wrong.",
    discussion: """
      Asks the running daemon at its admin socket; without one it opens the database itself.

      Example: triaged status --config /etc/triaged --state /var/lib/triaged
      Ends with 1 if something is wrong, which includes that the daemon does not run.
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print everything as JSON.")
  var json = false

  func run() async throws {
    let report: StatusReport = try await withOffice(places, (.get, "/status", [])) {
      try await $0.status(now: .now)
    }
    say(json ? try prettyJSON(report) : report.plainText)
    if !report.problems.isEmpty { throw ExitCode(1) }
  }
}
