import Foundation
import Logging
import TestServers
import Testing
import Triage

@testable import triaged

/// A whole instance in a folder of its own: the example configuration, a free port, a Maildir.
struct Instance {
  let folder: TemporaryFolder
  let config: String
  let port: Int

  var state: String { folder.path + "/state" }
  var drop: String { state + "/drop" }
  var mails: [String] {
    let new = state + "/mail/new"
    return ((try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []).sorted().map {
      new + "/" + $0
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    port = try freePort()
    try edit(config + "/triaged.yaml", "8480", "\(port)")
    try edit(config + "/triaged.yaml", "every: 10s", "every: 0.1s")
    try edit(
      config + "/team.yaml", "    weekly_capacity: 5",
      "    visits_need_two: false\n    weekly_capacity: 5")
    try edit(config + "/feeds/street-scene.yaml", "settle: 2s", "settle: 0s")
    try edit(config + "/feeds/street-scene.yaml", "every: 2s", "every: 0.1s")
    try FileManager.default.createDirectory(atPath: drop, withIntermediateDirectories: true)
  }

  /// Mails go to a relay in place of the Maildir, and are tried again soon.
  func useRelay(port: Int, caFile: String, signIn: Bool = true) throws {
    let user = signIn ? ", user: triaged, password_file: '\(folder.path)/password'" : ""
    let file = config + "/triaged.yaml"
    try edit(
      file, "    kind: maildir\n    path: ${state}/mail\n",
      "    {kind: smtp, host: localhost, port: \(port), ca_file: '\(caFile)'\(user)}\n")
    try edit(file, "first: 5m", "first: 0.2s")
  }

  func daemon(_ journal: RecordedJournal? = nil) async throws -> Daemon {
    var logger = Logger(label: "test") { _ in journal?.handler ?? JournalLogHandler() }
    if journal != nil { logger.logLevel = .trace }
    return try await Daemon(
      loadConfiguration(folder: config, state: state, now: .now), logger: logger)
  }

  /// Runs the daemon while the body runs, then shuts it down as a signal would.
  /// - Parameter journal: where every line goes, of whatever level.
  func whileRunning(
    _ journal: RecordedJournal? = nil, _ body: @escaping @Sendable (Instance) async throws -> Void
  ) async throws {
    let daemon = try await daemon(journal)
    let (running, begun) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { begun.finish() }
        try await daemon.run(onRunning: { begun.yield() })
      }
      for await _ in running { break }
      try await body(self)
      group.cancelAll()
      try? await group.waitForAll()
    }
  }

  /// A list in the shape of the example feed; the address decides who is who.
  func put(_ name: String, _ rows: [String]) throws {
    let header = FictionalTown.header.joined(separator: ",")
    try write(([header] + rows).joined(separator: "\r\n") + "\r\n", to: drop + "/" + name)
  }

  func get(_ path: String) async throws -> (Int, String) {
    let answer = try await openPage("GET", path, port: port)
    return (answer.status, answer.body)
  }
}

/// A page of a program on the loopback, or what comes of a form that is sent to it.
/// - Parameter url: `http://127.0.0.1:PORT/PATH`.
func request(
  _ method: String, _ url: String, _ form: [String: String]? = nil
) async throws -> (Int, String) {
  let parts = try #require(url.wholeMatch(of: /http:\/\/127\.0\.0\.1:(\d+)(\/.*)/)).output
  let answer = try await openPage(
    method, String(parts.2), port: try #require(Int(parts.1)), form: form?.map { ($0, $1) })
  return (answer.status, answer.body)
}

/// A form of a page: where it goes and its hidden fields.
func form(_ page: String, to action: String) throws -> (String, [String: String]) {
  let forms = page.matches(of: /<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/.dotMatchesNewlines())
  let match = try #require(
    forms.first { $0.output.1.hasSuffix("/" + action) }, "no form goes to \(action)")
  var fields: [String: String] = [:]
  for input in match.output.2.matches(of: /<input[^>]*type="hidden"[^>]*>/) {
    let name = try #require(input.output.firstMatch(of: /name="([^"]*)"/)).output.1
    let value = try #require(input.output.firstMatch(of: /value="([^"]*)"/)).output.1
    fields[String(name)] = String(value)
  }
  return (String(match.output.1), fields)
}

/// An open bulky quote at a point in New Cross.
func quote(_ reference: String, _ number: Int, street: String = "Quince Avenue") -> String {
  let recorded = Date.now.addingTimeInterval(-3 * 86_400).formatted(
    .verbatim(
      "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00",
      timeZone: .gmt, calendar: .init(identifier: .gregorian)))
  return
    "\(reference),\(recorded),,,Bulky,Bulky waste quote,Open,Public,,\"\(number) \(street), Sutton in Ashfield\",NG17 9CM,\(pointInNewCross.x),\(pointInNewCross.y),secret sofa note"
}

/// The middle of the example area's box is inside it; see config/areas/new-cross.geojson.
let pointInNewCross: GridPoint = {
  let areas = loadConfiguration(
    folder: root + "/config", state: "/nowhere", now: .now
  ).areas.areas
  let ring = areas.first { $0.id == "new-cross" }?.polygons.first?.outer ?? []
  let x = ring.map(\.x)
  let y = ring.map(\.y)
  let index = AreaIndex(areas)
  for step in 1..<40 {
    let point = GridPoint(
      x: (x.min()! + (x.max()! - x.min()!) * Double(step) / 40).rounded(),
      y: ((y.min()! + y.max()!) / 2).rounded())
    if index.areas(holding: point).map(\.id) == ["new-cross"] { return point }
  }
  return GridPoint(x: 0, y: 0)
}()

/// The claim links of a mail, soft line breaks taken out.
func links(_ mail: String) throws -> [String] {
  let plain = try text(of: mail).replacingOccurrences(of: "=\r\n", with: "")
  let found = plain.matches(of: /http:\/\/127\.0\.0\.1:\d+\/c\/[A-Za-z0-9_-]+/).map {
    String($0.output)
  }
  return Array(Set(found)).sorted()
}
