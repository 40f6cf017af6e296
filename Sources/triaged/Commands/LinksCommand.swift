import ArgumentParser
import Foundation
import Transfer

struct LinksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links",
    abstract: "Shows to whom links were sent, and makes them useless.",
    subcommands: [List.self, Revoke.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the links that are good: of what, and to whom they were sent.",
      discussion: """
        The links themselves are nowhere: only the mails have them.

        Example: triaged links --recipient bob
        Ends with 2 if there is no such opportunity or member.
        """)

    @OptionGroup var which: WhichLinks

    @Flag(name: .long, help: "With those that open nothing any more.")
    var ended = false

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print all of them as JSON, those too that open nothing any more.")
    var json = false

    func run() async throws {
      let wish = LinksWish(opportunity: which.opportunity, recipient: which.recipient)
      let body = Array(try adminJSON(wish))
      let report: LinksReport = try await withOffice(places, (.post, "/links", body)) {
        try await $0.links(wish, now: .now)
      }
      say(json ? try prettyJSON(report) : report.plainText(all: ended))
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes links useless, at once and for good.",
      discussion: """
        For a mail that was forwarded or a phone that was lost. Whoever opens such a link reads that it is not in use.
        With --recipient and --all the sessions on the board and the links to sign in end too. A mail that has not gone
        out yet brings a useless link; --send-anew sends what is on offer again, with new ones.

        With --opportunity it tells who had the links and who has seen the details: what a breach has to be reported with.

        Example: triaged links revoke --opportunity 12
        Ends with 2 if there is no such opportunity or member.
        """)

    @OptionGroup var which: WhichLinks

    @Flag(name: .long, help: "Every link of this instance.")
    var all = false

    @Flag(name: .long, help: "Send what is on offer again, with new links.")
    var sendAnew = false

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was done as JSON.")
    var json = false

    func validate() throws {
      let given = [which.opportunity != nil, which.recipient != nil, all].count { $0 }
      guard given == 1 else {
        throw ValidationError("Say one of --opportunity, --recipient and --all.")
      }
    }

    func run() async throws {
      let wish = LinksWish(
        opportunity: which.opportunity, recipient: which.recipient, all: all, sendAnew: sendAnew,
        by: whoAsks())
      let body = Array(try adminJSON(wish))
      let report: RevocationReport = try await withOffice(
        places, (.post, "/links/revoke", body)
      ) { try await $0.revokeLinks(wish, now: .now) }
      say(json ? try prettyJSON(report) : report.plainText)
    }
  }

  struct WhichLinks: ParsableArguments {
    @Option(
      name: .long, help: "The number of an opportunity, as mails and 'triaged queue' tell it.")
    var opportunity: Int64?

    @Option(name: .long, help: "A member's id in team.yaml.")
    var recipient: String?
  }
}
