import ArgumentParser
import Foundation

/// Parses and starts; ends with 0 (fine), 1 (problems were found) or 2 (misuse).
@main
struct Triaged: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triaged",
    abstract: "Finds, in a council's list of jobs, the residents to start a conversation with.",
    discussion: """
      Every verb has --help with an example. Exit codes: 0 fine, 1 problems found, 2 misuse.
      """,
    version: programVersion,
    subcommands: [
      Run.self, Demo.self, Check.self, Preview.self, Areas.self, GazetteerCommand.self,
      Status.self, ReloadCommand.self, Feeds.self, RegisterCommand.self, QueueCommand.self,
      PauseCommand.self, ResumeCommand.self, ClaimsCommand.self, LinksCommand.self,
      OutboxCommand.self, BounceCommand.self,
      BackupCommand.self, RestoreCommand.self, SubjectCommand.self, ClosePilotCommand.self,
      PurgeCommand.self, AuditCommand.self,
      Explain.self, ReplayCommand.self, NotifyCommand.self,
    ])

  static func main() async {
    // A reader that went away, or a terminal that hung up, ends nothing.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGHUP, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      if code == .validationFailure {
        writeOut(fullMessage(for: error) + "\n", to: STDERR_FILENO)
        Foundation.exit(2)
      }
      exit(withError: error)
    }
  }
}

/// Where the configuration and the state are; the same for every verb.
struct Places: ParsableArguments {
  @Option(name: .long, help: "The configuration folder, with triaged.yaml in it.")
  var config = "/etc/triaged"

  @Option(name: .long, help: "The state folder: database, archive, spool.")
  var state = "/var/lib/triaged"

  @Option(name: .long, help: "The folder of the admin socket, if it is not the usual one.")
  var runtime: String?

  func load(now: Date = .now) -> LoadedConfiguration {
    var loaded = loadConfiguration(
      folder: withoutSlash(config), state: absolute(withoutSlash(state)), now: now)
    if let runtime {
      loaded.configuration?.adminSocket = adminSocketPath(
        state: state, runtime: absolute(withoutSlash(runtime)))
    }
    return loaded
  }

  /// Where the socket of a running daemon may lie, also where the configuration has errors: a daemon runs on by the
  /// earlier one.
  func sockets(_ loaded: LoadedConfiguration) -> [String] {
    adminSocketCandidates(
      configured: loaded.configuration?.adminSocket ?? loaded.adminSocket,
      state: absolute(withoutSlash(state)),
      runtime: runtime.map { absolute(withoutSlash($0)) })
  }

  private func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}

/// Writes to standard output at once, also into a pipe. What is not plain in the text, as a heading or a
/// file's name may bring along, does not reach the terminal.
func say(_ text: String) {
  writeOut(plainLines(text) + "\n", to: STDOUT_FILENO)
}

/// A failure that has been told already: only the exit code is left to give. Written as ``say(_:)`` does,
/// to standard error.
func complain(_ text: String) -> ExitCode {
  writeOut(plainLines(text) + "\n", to: STDERR_FILENO)
  return ExitCode(1)
}

private func plainLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { JournalLogHandler.escaped(String($0)) }.joined(separator: "\n")
}
