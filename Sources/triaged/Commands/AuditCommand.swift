import ArgumentParser
import Foundation
import Transfer

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Proves that the audit is as it was written, and lists it.",
    subcommands: [Verify.self, Acknowledge.self, List.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reckons the chain of the audit's rows up anew.",
      discussion: """
        Each row bears a hash of itself and of the row before it. Whoever can write the file can make a whole new
        chain: note the head that this prints, or 'triaged status', where they cannot write, and give it later.

        Examples: triaged audit verify
                  triaged audit verify --head 3b5d5c3712955042
        Ends with 1 if a row does not fit that nobody has acknowledged, or the hash that was noted is none of the chain.
        """)

    @Option(name: .long, help: "A head that was noted earlier: its first 16 digits, or more.")
    var head: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print it as JSON.")
    var json = false

    func run() async throws {
      let wish = AuditVerifyWish(head: head)
      let body = Array(try adminJSON(wish))
      let report: AuditReport = try await withOffice(places, (.post, "/audit/verify", body)) {
        try await $0.verifyAudit(wish, now: .now)
      }
      say(json ? try prettyJSON(report) : report.plainText)
      if !report.isWhole { throw ExitCode(1) }
    }
  }

  struct Acknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes down that it is known that the audit does not fit, and why.",
      discussion: """
        When it is settled what happened: everything that does not fit now is told as acknowledged from then on, with
        the note, and alarms nobody any more. It mends and hides nothing; another change, at the same row too, is told anew.
        The note stays in the audit and takes no change: nothing of a resident belongs in it.

        Example: triaged audit acknowledge --row 17 --note "The disk failed on 3 May; see incident 22/117"
        Ends with 1 if nothing is to be acknowledged, or it begins at another row.
        """)

    @Option(
      name: .long,
      help: "The first row that does not fit, as 'audit verify' names it; 0 for the beginning.")
    var row: Int64

    @Option(name: .long, help: "What happened, and where more is to be read.")
    var note: String

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print it as JSON.")
    var json = false

    func run() async throws {
      let wish = AuditAcknowledgeWish(row: row, note: note, by: whoAsks())
      let body = Array(try adminJSON(wish))
      let report: AuditReport = try await withOffice(
        places, (.post, "/audit/acknowledge", body)
      ) {
        try await $0.acknowledgeAudit(wish, now: .now)
      }
      say(json ? try prettyJSON(report) : report.plainText)
      if !report.isWhole { throw ExitCode(1) }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists who looked at or changed what, the oldest first.",
      discussion: """
        Members are called by their ids in team.yaml; nothing of a resident is in it. Without a choice the last
        \(AuditListing.usual) rows are listed.

        Examples: triaged audit list --opportunity 12
                  triaged audit list --since 2026-11-01 --json
        """)

    @Option(name: .long, help: "Only of this opportunity, by its number.")
    var opportunity: Int64?

    @Option(name: .long, help: "From this day on, such as 2026-11-01.")
    var since: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print the rows as JSON.")
    var json = false

    func run() async throws {
      let wish = AuditListWish(opportunity: opportunity, since: since)
      let body = Array(try adminJSON(wish))
      let listing: AuditListing = try await withOffice(places, (.post, "/audit/list", body)) {
        try await $0.listAudit(wish, now: .now)
      }
      say(json ? try prettyJSON(listing) : listing.plainText)
    }
  }
}
