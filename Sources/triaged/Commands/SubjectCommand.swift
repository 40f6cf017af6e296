import ArgumentParser
import Foundation
import Storage
import Transfer

struct SubjectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subject",
    abstract: "Finds, exports and erases what is held of a person or address.",
    subcommands: [Find.self, Export.self, Erase.self, Hold.self, Release.self])

  /// Of whom.
  struct Subject: ParsableArguments {
    @Option(name: .long, help: "The UPRN of the address.")
    var uprn: String?

    @Option(name: .long, help: "The written address, without its postcode.")
    var address: String?

    @Option(name: .long, help: "The postcode of --address.")
    var postcode: String?

    @Option(name: .long, help: "One job: feed and reference, such as street-scene:SS1042.")
    var ref: String?

    @OptionGroup var places: Places

    @Flag(name: .long, help: "Print the answer as JSON.")
    var json = false

    func wish() -> SubjectWish {
      SubjectWish(
        uprn: uprn, address: address, postcode: postcode, reference: ref, by: whoAsks())
    }

    func ask<Answer: Codable & Sendable>(
      _ verb: String, _ wish: SubjectWish,
      locally: @Sendable (AdminOffice) async throws -> Answer
    ) async throws -> Answer {
      let body = Array(try adminJSON(wish))
      return try await withOffice(
        places, (.post, "/subject/\(verb)", body), locally: locally)
    }
  }

  struct Find: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Counts what is held, by kind, and names the jobs, exports and backups.",
      discussion: """
        Shows no address and no words of a list. That somebody asked is in the audit; for whom is not.

        Example: triaged subject find --address "12 Mill Lane" --postcode "NG17 9CM"
        Ends with 1 if nothing is held.
        """)

    @OptionGroup var subject: Subject

    @Option(name: .long, help: "A piece of text, wherever it stands.")
    var text: String?

    func run() async throws {
      var wish = subject.wish()
      wish.text = text
      let asked = wish
      let report: SubjectReport = try await subject.ask("find", asked) {
        try await $0.find(asked, now: .now)
      }
      say(subject.json ? try prettyJSON(report) : report.plainText)
      if report.finding.classes.isEmpty, report.archived.isEmpty { throw ExitCode(1) }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes all that is held into a report: JSON, and a page to read.",
      discussion: """
        The report's SHA-256 is printed and stands in the audit, by which it is known again. Both files are readable by
        you alone; they hold personal data, perhaps also of other households: go through them before they are handed on.

        Example: triaged subject export --uprn 100031234567 --to /root/request-17
        """)

    @OptionGroup var subject: Subject

    @Option(name: .long, help: "A piece of text, wherever it stands.")
    var text: String?

    @Option(name: .long, help: "What the files are called; .json and .html are put behind it.")
    var to: String

    func run() async throws {
      var wish = subject.wish()
      wish.text = text
      let asked = wish
      let export: SubjectExport = try await subject.ask("export", asked) {
        try await $0.export(asked, now: .now)
      }
      umask(0o077)
      try writeNew(Data(export.report.utf8), to: to + ".json")
      try writeNew(Data(export.page.utf8), to: to + ".html")
      say("\(to).json: SHA-256 \(export.sha256)\n\(to).html: the same to read")
    }
  }

  struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erases everything that is held, here, in the archive and in the backups.",
      discussion: """
        Without --yes it says what it would erase, and erases nothing. A list that comes later may bring the job again;
        with --and-refuse nothing of the address is stored any more. A backup that is put back later is erased from again.
        What it cannot reach: docs/subject-requests.md.

        Example: triaged subject erase --address "12 Mill Lane" --postcode "NG17 9CM" --yes
        Ends with 1 if nothing may be erased (a legal hold, somebody is out there) or not all could be seen to.
        """)

    @OptionGroup var subject: Subject

    @Flag(name: .long, help: "Erase it.")
    var yes = false

    @Flag(name: .long, help: "And store nothing of it any more, whatever lists bring.")
    var andRefuse = false

    func run() async throws {
      var wish = subject.wish()
      wish.isMeant = yes
      wish.refuses = andRefuse
      let asked = wish
      let answer: ErasureAnswer = try await subject.ask("erase", asked) {
        try await $0.erase(asked, now: .now)
      }
      say(subject.json ? try prettyJSON(answer) : answer.plainText)
      if !answer.left.isEmpty { throw ExitCode(1) }
    }
  }

  struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keeps everything of somebody from being deleted, until the hold is ended.",
      discussion: """
        Neither a request nor the days of retention nor the end of a pilot delete what the database has of them. Lists in
        the archive, backups and rows of the audit go by their days all the same: copy what is needed of them
        (docs/subject-requests.md). 'triaged purge --dry-run' tells how much is past its time and kept.

        Example: triaged subject hold --uprn 100031234567 --why "Claim 22/117, ask Legal"
        """)

    @OptionGroup var subject: Subject

    @Option(name: .long, help: "The reason, for whoever looks why it is still there.")
    var why: String

    func run() async throws {
      var wish = subject.wish()
      wish.why = why
      let asked = wish
      let done: AdminOffice.Done = try await subject.ask("hold", asked) {
        try await $0.holdLegally(asked, now: .now)
      }
      say(subject.json ? try prettyJSON(done) : done.done)
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends a legal hold.",
      discussion: """
        What is past its time by then goes with the next purge, within the hour.

        Example: triaged subject release --uprn 100031234567
        Ends with 1 if no hold names them.
        """)

    @OptionGroup var subject: Subject

    func run() async throws {
      let asked = subject.wish()
      let done: AdminOffice.Done = try await subject.ask("release", asked) {
        try await $0.endLegalHold(asked, now: .now)
      }
      say(subject.json ? try prettyJSON(done) : done.done)
    }
  }
}
