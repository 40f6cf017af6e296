import ArgumentParser
import Foundation
import Logging
import Notify
import Triage

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the whole way on an invented list: the daemon, a mail, a link to claim.",
    discussion: """
      Writes a fictional jobs list with today's dates into a fresh state folder, runs the daemon
      on it with the example configuration, and prints where the mail lies, the link to claim, and
      where a leader signs in to the board; a link that is asked for there is printed too.

      Example: triaged demo --config config
      """)

  @Option(name: .long, help: "The configuration to show.")
  var config = "config"

  @Option(name: .long, help: "The state folder; a fresh one in the temporary folder if left out.")
  var state: String?

  @Option(name: .long, help: "The port of the pages; the configuration's, or a free one.")
  var port: Int?

  func run() async throws {
    let logger = Logger(label: "triaged") { _ in JournalLogHandler() }
    let state = try self.state ?? freshFolder()
    var places = Places()
    places.config = config
    places.state = state
    places.runtime = nil
    var loaded = places.load()
    guard var settings = try? loaded.usable() else {
      throw complain("\(ConfigurationError(problems: loaded.problems))")
    }
    let usual = settings.listenPort
    let port = try port ?? (isFree(usual) ? usual : freePort())
    settings.listenPort = port
    settings.publicURL = "http://\(settings.listenHost):\(port)"
    settings.mail.publicURL = settings.publicURL
    settings.deliverEvery = 1
    // The example's register is as old as the checkout.
    settings.registerFile = state + "/register.csv"
    try makePrivateFolder(state)
    try Data("uprn,address,postcode,flag,expires\n".utf8).write(
      to: URL(fileURLWithPath: settings.registerFile))
    // Nobody else writes it, so it need not be watched for some seconds first.
    try FileManager.default.setAttributes(
      [.modificationDate: Date.now - 60], ofItemAtPath: settings.registerFile)
    loaded.register = .inForce(Register())
    loaded.configuration = settings

    let drawing = "triaged areas draw -o map.html --config \(config) --state \(state)"
    let list = try drop(into: state + "/drop", settings, areas: loaded.areas.areas)
    do {
      let daemon = try await Daemon(loaded, logger: logger)
      let telling = Task { await tell(list: list, state: state, drawing: drawing, settings) }
      defer { telling.cancel() }
      try await daemon.run()
    } catch {
      throw complain("The demonstration had to stop: \(error)")
    }
  }

  private func drop(
    into folder: String, _ settings: Configuration, areas: [PilotArea]
  ) throws -> String {
    try makePrivateFolder(folder)
    var town = FictionalTown(seed: 20, today: .now, zone: settings.timeZone)
    let text = town.list(areas: AreaIndex(areas), homesInEachArea: 30, elsewhere: 250)
    let path = folder + "/street-scene-demo.csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Waits for the first mail, then says where to look.
  private func tell(
    list: String, state: String, drawing: String, _ settings: Configuration
  ) async {
    let folder = state + "/mail/new"
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline, !Task.isCancelled {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      if let name = names.sorted().first, let link = link(inMail: folder + "/" + name, to: "/c/") {
        say(
          """

          The demonstration is running; stop it with Ctrl-C.
            The list:    \(list) (taken, now in \(state)/archive)
            The mails:   \(folder) (\(names.count), one for each leader)
            Claim here:  \(link)
            The board:   \(settings.publicURL)/sign-in as \(leader(settings)); the link that it sends is told here
            A map:       \(drawing)

          """)
        return await tellSignIns(folder: folder, settings)
      }
      try? await Task.sleep(for: .milliseconds(200))
    }
    if !Task.isCancelled { say("No mail was written within a minute; see the lines above.") }
  }

  /// Says each link to sign in that is asked for: whoever tries the board out has no mailbox.
  private func tellSignIns(folder: String, _ settings: Configuration) async {
    var told: Set<String> = []
    while !Task.isCancelled {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() where told.insert(name).inserted {
        if let link = link(inMail: folder + "/" + name, to: "/sign-in/") {
          say("  Sign in here: \(link)")
        }
      }
      try? await Task.sleep(for: .milliseconds(500))
    }
  }

  /// Somebody who may sign in.
  private func leader(_ settings: Configuration) -> String {
    let ids = settings.team.areas.first?.leaders ?? []
    return ids.compactMap { settings.team.member($0)?.email }.first ?? "a leader's address"
  }

  private func link(inMail path: String, to page: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    // A soft line break of quoted-printable may cut the link.
    let text = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "=\r\n", with: "")
    let links = text.split(whereSeparator: \.isWhitespace).filter {
      $0.hasPrefix("http://") && $0.contains(page)
    }
    return links.first.map(String.init)
  }
}

private func freshFolder() throws -> String {
  var template = Array((NSTemporaryDirectory() + "/triaged-demo-XXXXXX").utf8CString)
  guard mkdtemp(&template) != nil else {
    throw StartError("No folder could be made in the temporary folder.")
  }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    .replacingOccurrences(of: "//", with: "/")
}
