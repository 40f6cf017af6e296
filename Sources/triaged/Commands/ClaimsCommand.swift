import ArgumentParser
import Foundation
import Transfer

struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims",
    abstract: "Shows who holds what until when, and frees what somebody holds.",
    subcommands: [List.self, Show.self, Release.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists what is held, that whose time ends first first.",
      discussion: """
        Places are told by street; people by their ids in team.yaml.

        Example: triaged claims --area new-cross
        Ends with 2 if there is no such area.
        """)

    @Option(name: .long, help: "The area's id; without it every area is shown.")
    var area: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print them as JSON.")
    var json = false

    func run() async throws {
      let wish = ClaimsWish(area: area)
      let body = Array(try adminJSON(wish))
      let report: ClaimsReport = try await withOffice(places, (.post, "/claims", body)) {
        try await $0.claims(area: wish.area, now: .now)
      }
      say(json ? try prettyJSON(report) : report.plainText)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Shows who was told of one opportunity, who holds it, and who has seen its details.",
      discussion: """
        For whoever has to know where details may have gone: after a mail or a phone has come into other hands, say.
        What was seen is told from the audit.

        Example: triaged claims show 12
        Ends with 2 if there is no such opportunity.
        """)

    @Argument(help: "The number of the opportunity, as mails and 'triaged queue' tell it.")
    var number: Int64

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print everything as JSON.")
    var json = false

    func run() async throws {
      let number = number
      let story: ClaimStory = try await withOffice(places, (.get, "/claims/\(number)", [])) {
        try await $0.claimStory(of: number, now: .now)
      }
      say(json ? try prettyJSON(story) : story.plainText)
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Frees what somebody holds who cannot give it back: who is ill, say.",
      discussion: """
        It is open again for others, and whoever held it is told by mail. Somebody who is out on the visit goes on being
        out: that they are back is said on the board. It is written into the audit.

        Example: triaged claims release 12
        Ends with 1 if nobody holds it, with 2 if there is no such opportunity.
        """)

    @Argument(help: "The number of the opportunity, as 'triaged claims' prints it.")
    var number: Int64

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was done as JSON.")
    var json = false

    func run() async throws {
      let number = number
      let wish = ReleaseWish(by: whoAsks())
      let body = Array(try adminJSON(wish))
      let done: AdminOffice.Done = try await withOffice(
        places, (.post, "/claims/\(number)/release", body)
      ) { try await $0.release(number, by: wish.by, now: .now) }
      say(json ? try prettyJSON(done) : done.done)
    }
  }
}
