import ArgumentParser
import Foundation
import Storage
import Transfer

struct OutboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox",
    abstract: "Shows the mails that are owed or have failed, and sends one again or drops it.",
    subcommands: [List.self, Show.self, Retry.self, Drop.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists what is owed and what has failed for good.",
      discussion: """
        Recipients are ids of team.yaml or roles; no address is shown. What each state means, and what to do:
        docs/outbox.md.

        Example: triaged outbox list
        Ends with 1 if something has failed for good.
        """)

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print them as JSON.")
    var json = false

    func run() async throws {
      let report: OutboxReport = try await withOffice(places, (.get, "/outbox", [])) {
        try await $0.outbox(now: .now)
      }
      say(json ? try prettyJSON(report) : report.plainText)
      if report.messages.contains(where: { $0.state == .failed }) { throw ExitCode(1) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows every attempt at one message, and what the other side said.",
      discussion: """
        Example: triaged outbox show 3f0d3c1e-8f52-4d6b-9a57-2c3f1f0b7a11
        Ends with 2 if there is no such message.
        """)

    @Argument(help: "The message's id, as 'triaged outbox list' prints it.")
    var id: String

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print everything as JSON.")
    var json = false

    func run() async throws {
      let id = id
      let attempts: OutboxAttempts = try await withOffice(
        places, (.get, "/outbox/\(pathPart(id))", [])
      ) { try await $0.outboxAttempts(id, now: .now) }
      say(json ? try prettyJSON(attempts) : attempts.plainText)
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sends a message again at the next round, under the same Message-ID.",
      discussion: """
        For after somebody has mended what it failed by. What it carried and cannot be claimed any more is left out.

        Example: triaged outbox retry 3f0d3c1e-8f52-4d6b-9a57-2c3f1f0b7a11
        Ends with 1 if it was accepted or withdrawn, with 2 if there is no such message.
        """)

    @OptionGroup var asked: AskedChange

    func run() async throws { try await asked.done(.retry) }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Withdraws a message that nobody needs any more.",
      discussion: """
        What it tells of can be claimed on the board as before; nobody is told of it by mail again.

        Example: triaged outbox drop 3f0d3c1e-8f52-4d6b-9a57-2c3f1f0b7a11
        Ends with 1 if it was accepted or withdrawn, with 2 if there is no such message.
        """)

    @OptionGroup var asked: AskedChange

    func run() async throws { try await asked.done(.drop) }
  }

  /// What `retry` and `drop` take alike.
  struct AskedChange: ParsableArguments {
    @Argument(help: "The message's id, as 'triaged outbox list' prints it.")
    var id: String

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was done as JSON.")
    var json = false

    func done(_ verb: OutboxVerb) async throws {
      let id = id
      let wish = OutboxWish(by: whoAsks())
      let body = Array(try adminJSON(wish))
      let done: AdminOffice.Done = try await withOffice(
        places, (.post, "/outbox/\(pathPart(id))/\(verb.rawValue)", body)
      ) { try await $0.change(id, verb, by: wish.by, now: .now) }
      say(json ? try prettyJSON(done) : done.done)
    }
  }
}
