import ArgumentParser
import Foundation
import Logging
import Storage

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the daemon: polls the feeds, sends what is due, serves the pages.",
    discussion: """
      Example: triaged run --config /etc/triaged --state /var/lib/triaged
      """)

  @OptionGroup var places: Places

  @Flag(name: .long, help: "Poll every feed once, send what is due, and end.")
  var once = false

  func run() async throws {
    let logger = Logger(label: "triaged") { _ in JournalLogHandler() }
    var backupFolder: String?
    do {
      let loaded = places.load()
      backupFolder = loaded.configuration?.backup.folder
      _ = try loaded.usableWithKeptAreas()
      for problem in loaded.problems { logger.warning("\(problem.description)") }
      let daemon = try await open(loaded, logger)
      if once { try await daemon.runOnce(now: .now) } else { try await daemon.run() }
    } catch let error as ConfigurationError {
      throw complain("\(error)\nThe configuration has errors, so triaged does not start.")
    } catch let error as CancellationError {
      throw error
    } catch {
      throw complain(
        "triaged does not start or had to stop: \(error)"
          + restoreAdvice(error, folder: backupFolder, state: places.absolute(places.state)))
    }
  }

  /// A command that found no daemon may have the database open for a moment (``withOffice(_:_:locally:)``).
  private func open(_ loaded: LoadedConfiguration, _ logger: Logger) async throws -> Daemon {
    let deadline = ContinuousClock.now + .seconds(5)
    while true {
      do {
        return try await Daemon(loaded, logger: logger)
      } catch StoreError.inUse where ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }
}
