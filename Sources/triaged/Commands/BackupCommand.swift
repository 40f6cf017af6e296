import ArgumentParser
import Foundation
import Storage
import Transfer

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copies the database while it is in use, checks the copy and dates it.",
    subcommands: [Make.self, List.self], defaultSubcommand: Make.self)

  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a backup now.",
      discussion: """
        Claims and lists go on meanwhile. The file bears its instant in UTC and gets its name only when every page of
        it was checked; it is encrypted where 'backup' in triaged.yaml says for whom. A running daemon writes it, as
        its own user. What else is needed to put one back: docs/backup.md.

        Example: triaged backup --to /srv/backups/triaged
        """)

    @Option(name: .long, help: "The folder, if it is not the configured one.")
    var to: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was made as JSON.")
    var json = false

    func run() async throws {
      let wish = BackupWish(to: to.map(places.absolute))
      let body = Array(try adminJSON(wish))
      let made: MadeBackup = try await withOffice(places, (.post, "/backup", body)) {
        try await $0.backup(wish, now: .now)
      }
      say(json ? try prettyJSON(made) : made.plainText)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the backups that are there, the newest first.",
      discussion: """
        Example: triaged backup list
        Ends with 1 if one is missing that should have been made by itself.
        """)

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print them as JSON.")
    var json = false

    func run() async throws {
      let list: BackupList = try await withOffice(places, (.get, "/backups", [])) {
        $0.backups.list(now: .now)
      }
      say(json ? try prettyJSON(list) : list.plainText)
      if list.isOwed { throw ExitCode(1) }
    }
  }
}
