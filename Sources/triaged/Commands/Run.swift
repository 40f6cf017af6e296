import ArgumentParser
import Foundation
import Logging
import Storage

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the daemon: polls the feeds, sends what is due, serves the pages.",
    discussion: """
      Example: triaged run --config /etc/triaged --state /var/lib/triaged
      Under systemd it says how it stands, and that its loops go round (docs/operations.md).
      Ends with 78 if the configuration is refused, 66 if a file that it names is missing or cannot be used, 65 if
      the database is damaged, 75 if another process has it open, 69 if its address or socket is in use, 74 if the
      disk cannot be read or written, 70 for anything else.
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Poll every feed once, send what is due, and end.")
  var once = false

  /// Before the service manager may try again.
  private static let pause = Duration.seconds(10)

  func run() async throws {
    Store.hearFailedSyncs()
    let manager = ServiceManager.ofThisProcess()
    forbidCoreDumps()
    let logger = Logger(label: "triaged") { _ in JournalLogHandler() }
    var backupFolder: String?
    do {
      let loaded = places.load()
      backupFolder = loaded.configuration?.backup.folder
      _ = try loaded.usableWithKeptAreas()
      try loaded.withinReach()
      for problem in loaded.problems { logger.warning("\(problem.description)") }
      let daemon = try await open(loaded, manager, logger)
      if once {
        try await daemon.runOnce(now: .now)
      } else {
        try await daemon.run(manager: manager, reading: { [places] in places.load() })
      }
    } catch let error as CancellationError {
      throw error
    } catch {
      let reason = ExitReason(error, state: places.absolute(places.state), backups: backupFolder)
      tell(reason, manager)
      // What comes to an end at once is started again at once, as after a kill: the journal would be full of it within days.
      if manager.listens, reason.code.mayPass { try? await Task.sleep(for: Run.pause) }
      throw ExitCode(reason.code.rawValue)
    }
  }

  /// A command that found no daemon may have the database open for a moment (``withOffice(_:_:locally:)``).
  private func open(
    _ loaded: LoadedConfiguration, _ manager: ServiceManager, _ logger: Logger
  ) async throws -> Daemon {
    let deadline = ContinuousClock.now + .seconds(5)
    while true {
      do {
        let (state, backups) = (
          places.absolute(places.state), loaded.configuration?.backup.folder
        )
        return try await Daemon(loaded, logger: logger) { error in
          // Nobody knows what is on the disk: nothing more is written, by any loop or page, and nobody is waited for.
          let reason = ExitReason(error, state: state, backups: backups)
          tell(reason, manager)
          _exit(reason.code.rawValue)
        }
      } catch StoreError.inUse where ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }
}

/// Says why it ends to the journal, and to the service manager in one line.
private func tell(_ reason: ExitReason, _ manager: ServiceManager) {
  reason.say(to: JournalLogHandler())
  manager.says(reason.lines.last ?? "")
}
