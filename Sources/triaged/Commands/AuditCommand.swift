import ArgumentParser
import Foundation
import Transfer

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Proves that the audit is as it was written, and lists it.",
    subcommands: [Verify.self, List.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reckons the chain of the audit's rows up anew.",
      discussion: """
        Each row bears a hash of itself and of the row before it. Whoever can write the file can make a whole new
        chain: note the head that this prints, or 'triaged status', where they cannot write, and give it later.

        Examples: triaged audit verify
                  triaged audit verify --head 3b5d5c3712955042
        Ends with 1 if a row does not fit, or the hash that was noted is none of the chain.
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
