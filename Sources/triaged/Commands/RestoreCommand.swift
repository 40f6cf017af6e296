import ArgumentParser
import Foundation
import Glibc
import Storage
import Triage

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Puts a backup in the place of the database; the service must be stopped.",
    discussion: """
      The backup is checked first. The database that is there is kept aside, what was erased since is erased again, and
      everything is paused until 'triaged resume': the state is an older one, and people have to look first. What it
      undoes, and what it cannot: docs/backup.md. Nothing is started.

      Example: triaged restore /var/lib/triaged/backups/triaged-20261122T021500Z.sqlite
      Ends with 1 if nothing was changed: the service runs, or the backup cannot be used.
      """)

  @Argument(help: "The backup, as 'triaged backup list' names it.")
  var file: String

  @Option(name: .long, help: "The file with the secret key of an encrypted backup.")
  var identity: String?

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Print what was done as JSON.")
  var json = false

  func run() async throws {
    let now = Date.now
    let state = places.absolute(places.state)
    let file = places.absolute(file)
    guard FileManager.default.fileExists(atPath: file) else {
      _ = complain("There is no file \(file).")
      throw ExitCode(2)
    }
    // Of the whole process, and so of what it starts.
    umask(0o077)
    do {
      try makePrivateFolder(state)
      let plain = state + "/.partial-triaged-restore.sqlite"
      defer { unlink(plain) }
      var backup = file
      let ending = (file as NSString).pathExtension
      if let encryption = BackupFile.Encryption(rawValue: ending) {
        try decryptBackup(
          file, encryption, to: plain, identity: identity.map(places.absolute), in: state)
        backup = plain
      }
      let log = ErasureLog(folder: state)
      let erasures = try allErasures(log, besides: file)
      let configuration = places.load(now: now).configuration
      let restored = try await restoreDatabase(
        RestoreOrder(
          backup: backup, database: state + "/triaged.sqlite", asideFolder: state + "/aside",
          erasures: erasures.all, pauseWhy: pauseWhy(file), by: whoAsks(),
          notices: configuration.map { notices($0, file, now) } ?? [], now: now))
      for erasure in erasures.new { try log.add(erasure) }
      handToOwner(of: state)
      say(json ? try prettyJSON(restored) : text(restored, file))
    } catch StoreError.inUse(_, let holder) {
      let who = holder.map { "process \($0)" } ?? "another process"
      throw complain(
        "The database is in use by \(who): stop the service first. Nothing was changed.")
    } catch {
      throw complain("\(error)")
    }
  }

  /// What lies beside the backup may know of more, where this is another machine.
  private func allErasures(
    _ log: ErasureLog, besides file: String
  ) throws -> (all: [Erasure], new: [Erasure]) {
    let here = try log.all()
    let known = Set(here.map(\.id))
    let there = try ErasureLog(folder: (file as NSString).deletingLastPathComponent).all()
    let new = there.filter { !known.contains($0.id) }
    return (here + new, new)
  }

  private func made(_ file: String) -> String {
    BackupFile(path: file).map { "of \($0.made.formatted(.iso8601))" }
      ?? (file as NSString).lastPathComponent
  }

  private func pauseWhy(_ file: String) -> String {
    "The backup \(made(file)) was put back. Look at what was done since, then: triaged resume"
  }

  /// To the admin and to everybody who leads an area.
  private func notices(_ configuration: Configuration, _ file: String, _ now: Date) -> [Notice] {
    let leaders = Set(configuration.team.areas.flatMap(\.leaders)).sorted()
    return configuration.contacts(ofAdminAnd: leaders).map { email, channel in
      Notice(
        id: UUID().uuidString.lowercased(), recipient: email, channel: channel,
        subject: "\(configuration.instance): an earlier state was put back",
        paragraphs: [
          "The database is again as it was in the backup \(made(file)). What was claimed, planned, recorded or given "
            + "back since is not known to it any more.",
          "Everything is paused: nothing new is offered, and no mail tells of anything, until the admin resumes it "
            + "('triaged resume').",
          "If you lead an area: look at the board, record again what came of visits since, and say who has been "
            + "visited and who asked not to be contacted again. Links in earlier mails to what nobody holds have ended; "
            + "new ones come.",
          "A mail that was sent before may come once more, under the same id, and an alarm may tell of somebody who is "
            + "back long since.",
        ], created: now)
    }
  }

  private func text(_ restored: Restored, _ file: String) -> String {
    var lines = ["\(file) was put in place of the database, and checked."]
    if let aside = restored.aside {
      lines.append("The database that was there lies in \(aside) until its days are over.")
    }
    if restored.erasedAgain > 0 {
      lines.append(
        "\(CivilWords.counted(restored.erasedAgain, "erasure")) of since \(restored.erasedAgain == 1 ? "was" : "were") done again."
      )
    }
    let carried = restored.carried
    let taken =
      "\(CivilWords.counted(carried.optOuts, "wish", "wishes")) not to be contacted, "
      + "\(CivilWords.counted(carried.withdrawnConsents, "consent")) taken back"
    lines.append(
      carried.isReadable
        ? "Taken over from it: \(taken), \(CivilWords.counted(carried.revokedLinks, "link")) made useless."
        : "The database that was there could not be read, or not as a whole: who asked since not to be contacted, and who "
          + "took a consent back, is not known for certain. Ask the leaders before you resume. Taken over: \(taken). "
          + "All links in earlier mails have ended.")
    lines.append("Everybody is signed out. Everything is paused until: triaged resume")
    lines.append("Start the service when you are ready; nothing was started.")
    return lines.joined(separator: "\n")
  }
}
