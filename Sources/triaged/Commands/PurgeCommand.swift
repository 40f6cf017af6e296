import ArgumentParser
import Foundation
import Transfer

struct PurgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Deletes what is past its time now, or tells what would go.",
    discussion: """
      The daemon does the same every hour; how many days each class of data is kept says 'retention' in
      triaged.yaml (docs/privacy.md). Nothing goes by a clock that has jumped.

      Example: triaged purge --dry-run
      Ends with 1 if nothing may be deleted by this clock, or if something is left that should have gone two
      days ago.
      """)

  @Flag(
    name: .long,
    help: "Delete nothing; tell what would go, and when the oldest of each class is due.")
  var dryRun = false

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print it as JSON.")
  var json = false

  func run() async throws {
    let wish = PurgeWish(dryRun: dryRun)
    let body = Array(try adminJSON(wish))
    let report: RetentionReport = try await withOffice(places, (.post, "/purge", body)) {
      try await $0.purge(wish, now: .now)
    }
    say(json ? try prettyJSON(report) : report.plainText)
    if report.isOverdue { throw ExitCode(1) }
  }
}
