import ArgumentParser
import Foundation
import Transfer

struct NotifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Speaks of the channels by which people are told.",
    subcommands: [NotifyTest.self])
}

struct NotifyTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Sends a sample through a real channel and prints what the other side said.",
    discussion: """
      The sample is invented, marked as a test, and its links lead nowhere. It goes to members of the team and to
      the admin alone; into a channel that many people read, all of them see it.

      Example: triaged notify test --to ann@example.org
      Ends with 1 if it was not accepted.
      """)

  @Option(name: .long, help: "The address of a member of the team, or the admin's.")
  var to: String

  @Option(name: .long, help: "The channel, by its name in triaged.yaml; if not the person's own.")
  var channel: String?

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was said as JSON.")
  var json = false

  func run() async throws {
    let wish = NotifyTestWish(to: to, channel: channel)
    let body = Array(try adminJSON(wish))
    let done: AdminOffice.Done = try await withOffice(places, (.post, "/notify/test", body)) {
      try await $0.notifyTest(wish, now: .now)
    }
    say(json ? try prettyJSON(done) : done.done)
  }
}
