import ArgumentParser
import Foundation
import Transfer
import Triage

struct Feeds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells about the feeds, and takes a list that is held.",
    subcommands: [List.self, Show.self, Accept.self, Replay.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the feeds and how each stands.",
      discussion: """
        Example: triaged feeds list
        Ends with 1 if a feed is in trouble.
        """)

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print them as JSON.")
    var json = false

    func run() async throws {
      let report: StatusReport = try await withOffice(places, (.get, "/status", [])) {
        try await $0.status(now: .now)
      }
      let lines = report.feeds.map { $0.lines(at: report.now).joined(separator: "\n") }
      say(json ? try prettyJSON(report.feeds) : lines.joined(separator: "\n\n"))
      if report.feeds.contains(where: { !$0.status.episodes.isEmpty }) { throw ExitCode(1) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a feed's last imports row by row accounted for, and its troubles.",
      discussion: """
        Example: triaged feeds show street-scene
        Ends with 1 if the feed is in trouble, with 2 if there is no such feed.
        """)

    @Argument(help: "The feed's name.")
    var name: String

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print everything as JSON.")
    var json = false

    func run() async throws {
      let name = name
      let account: FeedAccount = try await withOffice(
        places, (.get, "/feeds/\(pathPart(name))", [])
      ) { try await $0.account(of: name, limit: FeedAccount.usualLimit, now: .now) }
      say(json ? try prettyJSON(account) : account.plainText)
      if !account.feed.status.episodes.isEmpty { throw ExitCode(1) }
    }
  }

  struct Accept: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Takes the list that a feed holds back, as it is, after a person has looked at it.",
      discussion: """
        Jobs that the list lacks are closed then. Look first: triaged feeds show NAME
        The mail, status and feeds show give the command with the digits of the list. Without
        --list only the list of which a mail has told is taken, and never one without rows.

        Example: triaged feeds accept street-scene --list 3f2a9b1c
        Ends with 1 if nothing is held or another list is, with 2 if there is no such feed.
        """)

    @Argument(help: "The feed's name.")
    var name: String

    @Option(
      name: .long, help: "The list that is meant: 8 or more of the first digits of its SHA-256.")
    var list: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was done as JSON.")
    var json = false

    func validate() throws {
      guard let list else { return }
      guard list.utf8.count >= HeldList.markLength, list.allSatisfy(\.isHexDigit) else {
        throw ValidationError(
          "'--list' takes the digits by which 'triaged feeds show \(name)' names the list, such as "
            + "3f2a9b1c.")
      }
    }

    func run() async throws {
      let (name, list) = (name, list)
      let body = Array(try adminJSON(AcceptWish(list: list)))
      let done: AdminOffice.Done = try await withOffice(
        places, (.post, "/feeds/\(pathPart(name))/accept", body)
      ) { try await $0.accept(name, list: list, now: .now) }
      say(json ? try prettyJSON(done) : done.done)
    }
  }

  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads a list again, out of the archive or from elsewhere, as of its own time.",
      discussion: """
        For a list that was refused, after the feed's file was mended and the service restarted. One
        that is older than the newest list tells history and closes nothing.

        Example: triaged feeds replay 20261123T080300Z-street-scene-monday.csv --feed street-scene
        Ends with 1 if the list cannot be read or nothing of it is taken, with 2 if there is no such
        list or feed. 'triaged feeds show NAME' tells a held list's name in the archive.
        """)

    @Argument(
      help:
        "The list's path, which the daemon's user must be able to read, or its name in the archive."
    )
    var file: String

    @Option(name: .long, help: "The feed that it belongs to.")
    var feed: String

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print what was done as JSON.")
    var json = false

    func run() async throws {
      let path = places.absolute(file)
      let isPath = file.contains("/") || FileManager.default.fileExists(atPath: path)
      let wish = ReplayWish(feed: feed, path: isPath ? path : file)
      let body = Array(try adminJSON(wish))
      let done: AdminOffice.Done = try await withOffice(
        places, (.post, "/feeds/replay", body)
      ) { try await $0.replay(wish.path, feed: wish.feed, now: .now) }
      say(json ? try prettyJSON(done) : done.done)
    }
  }
}
