import Foundation
import Logging
import Testing
import Transfer
import Triage

@testable import triaged

@Suite("A reload")
struct ReloadTests {
  /// Runs the daemon as `run` does, with its configuration to be read again.
  private func whileRunning(
    _ instance: Instance, _ journal: RecordedJournal,
    _ body: @escaping @Sendable (Instance) async throws -> Void
  ) async throws {
    let daemon = try await instance.daemon(journal)
    let (config, state) = (instance.config, instance.state)
    let (running, begun) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { begun.finish() }
        try await daemon.run(
          onRunning: { begun.yield() },
          reading: { loadConfiguration(folder: config, state: state, now: .now) })
      }
      for await _ in running { break }
      try await body(instance)
      group.cancelAll()
      try? await group.waitForAll()
    }
  }

  private func ask<Answer: Decodable>(
    _ instance: Instance, _ method: SocketQuestion.Method, _ path: String
  ) async throws -> Answer {
    let transferrer = Transferrer(threads: 1)
    let answer = try await transferrer.ask(
      SocketQuestion(
        socket: instance.state + "/admin.sock", method: method, path: path, body: []))
    await transferrer.shutdown()
    try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    return try adminDecoder().decode(Answer.self, from: Data(answer.body))
  }

  private func reload(_ instance: Instance) async throws -> ReloadAnswer {
    try await ask(instance, .post, "/reload")
  }

  private func status(_ instance: Instance) async throws -> StatusReport {
    try await ask(instance, .get, "/status")
  }

  @Test(
    "Another configuration is in force as a whole, and a page that was open before still claims")
  func inForce() async throws {
    let journal = RecordedJournal()
    try await whileRunning(try Instance(), journal) { [self] instance in
      try instance.put("first.csv", [quote("SS1", 1)])
      let mail = try #require(try await eventually("the mail") { instance.mails.first })
      let link = try #require(try links(mail).first)
      let (code, page) = try await request("GET", link)
      #expect(code == 200 && page.contains("Street Scene"))
      let before = try await status(instance).configuration
      try edit(
        instance.config + "/triaged.yaml", "  from_name:",
        "  service_name: Jobs of the Moon\n  from_name:")
      try edit(instance.config + "/team.yaml", "name: Bob Baker", "name: Robert Baker")
      let answer = try await reload(instance)
      #expect(answer.isInForce, "\(answer.problems)")
      let after = try #require(try await status(instance).configuration)
      #expect(after.fingerprint == answer.fingerprint && after.fingerprint != before?.fingerprint)
      #expect(after.fingerprint == configurationFingerprint(instance.config))
      let (_, fresh) = try await request("GET", link)
      #expect(fresh.contains("Jobs of the Moon") && fresh.contains("Robert Baker"))
      // The form of the page that was open before.
      let (action, fields) = try form(page, to: "claim")
      let (claimed, _) = try await request(
        "POST", "http://127.0.0.1:\(instance.port)\(action)",
        fields.merging(["member": "bob"]) { $1 })
      #expect(claimed == 200)
      #expect(try await status(instance).opportunities.claimed == 1)
      // And the loops go on by it: a second list is taken.
      try instance.put("second.csv", [quote("SS1", 1), quote("SS2", 2)])
      _ = try await eventually("the second mail") { instance.mails.count > 1 ? true : nil }
    }
  }

  @Test("A configuration with errors changes nothing, and is a matter until it is mended")
  func refused() async throws {
    let journal = RecordedJournal()
    try await whileRunning(try Instance(), journal) { [self] instance in
      let before = try #require(try await status(instance).configuration)
      try edit(
        instance.config + "/triaged.yaml", "  from_name:", "  service_name: Half\n  from_name:")
      try edit(instance.config + "/team.yaml", "members:", "membres:")
      let answer = try await reload(instance)
      #expect(!answer.isInForce && answer.fingerprint == before.fingerprint)
      #expect(
        answer.problems.contains {
          $0.contains("team.yaml:") && $0.contains("unknown key 'membres', did you mean 'members'?")
        }, "\(answer.problems)")
      let standing = try await status(instance)
      #expect(standing.configuration?.fingerprint == before.fingerprint)
      #expect(standing.configuration?.refusal?.problems == answer.problems)
      #expect(
        standing.problems.contains { $0.hasPrefix("The configuration on the disk is refused") })
      let (code, ready) = try await instance.get("/readyz")
      #expect(code == 503 && ready.contains("configuration"))
      #expect(!ready.contains("team.yaml"), "what anybody may read names no file")
      let (_, page) = try await instance.get("/sign-in")
      #expect(!page.contains("Half"))
      try edit(instance.config + "/team.yaml", "membres:", "members:")
      #expect(try await reload(instance).isInForce)
      let mended = try await status(instance)
      #expect(mended.configuration?.refusal == nil)
      #expect(!mended.problems.contains { $0.contains("configuration") })
    }
    #expect(journal.lines.contains { $0.contains("unknown key 'membres'") })
  }

  @Test("What the last look at the audit showed outlasts a reload")
  func audit() async throws {
    try await whileRunning(try Instance(), RecordedJournal()) { [self] instance in
      let seen = try await eventually("the look at the audit") {
        try await status(instance).audit?.verified
      }
      try edit(
        instance.config + "/triaged.yaml", "  from_name:", "  service_name: Other\n  from_name:")
      #expect(try await reload(instance).isInForce)
      #expect(try await status(instance).audit?.verified == seen)
    }
  }

  @Test(
    "The last good gazetteer stays in force where the reload finds one of no use, or none",
    arguments: ["half a gazetteer", nil])
  func gazetteer(found: String?) async throws {
    let town = try GazetteerTown()
    #expect(try await town.run("import", town.uprns).code == 0)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let daemon = try await Daemon(town.load(), logger: logger)
    try FileManager.default.removeItem(atPath: town.gazetteer)
    if let found { try write(found, to: town.gazetteer) }
    let next = try await daemon.following(town.load(), now: .now)
    let inForce = await next.live.look(now: .now)
    #expect(inForce.gazetteer.point(900_000_000_001) == town.inside)
    #expect((inForce.gazetteerTrouble != nil) == (found != nil))
    // Another path is another gazetteer.
    try edit(
      town.config + "/triaged.yaml", "grid: EPSG:27700", "gazetteer: other.bin\ngrid: EPSG:27700")
    let other = try await next.following(town.load(), now: .now)
    #expect(await other.live.inForce(now: .now).gazetteer.isEmpty)
    // A good one takes its place.
    #expect(try await town.run("import", town.postcodes).code == 0)
    let mended = try await other.following(town.load(), now: .now)
    let gazetteer = await mended.live.inForce(now: .now).gazetteer
    #expect(gazetteer.point(900_000_000_001) == nil && !gazetteer.isEmpty)
    await daemon.close()
  }

  @Test(
    "What only a restart can change is refused with its place",
    arguments: [
      ("host: 127.0.0.1", "host: 127.0.0.2", "The address of the pages"),
      ("instance:", "admin_socket: other.sock\ninstance:", "The admin socket's path"),
    ])
  func restart(before: String, after: String, what: String) async throws {
    try await whileRunning(try Instance(), RecordedJournal()) { [self] instance in
      try edit(instance.config + "/triaged.yaml", before, after)
      let answer = try await reload(instance)
      #expect(!answer.isInForce)
      let told = try #require(answer.problems.first { $0.contains(what) })
      #expect(told.contains("restart triaged"))
      #expect(told.firstMatch(of: #/triaged\.yaml:\d+:\d+:/#) != nil, "\(told)")
    }
  }

  @Test("The fingerprint follows what is read, and neither secrets nor what takes effect by itself")
  func fingerprint() throws {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    let first = configurationFingerprint(config)
    #expect(first.count == 12)
    try write("123456", to: config + "/pin.txt")
    try write("uprn,address,postcode,flag,expires\n", to: config + "/register.csv")
    #expect(configurationFingerprint(config) == first)
    try edit(config + "/rules.yaml", "version:", "# a remark\nversion:")
    #expect(configurationFingerprint(config) != first)
  }
}

@Suite("The loops over a reload")
struct InForceTests {
  private func loop(_ name: String, _ says: String) -> RepeatingService {
    RepeatingService(
      name: name, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      failures: OwnFailures()
    ) {
      throw StartError(says)
    }
  }

  private func said(_ loop: RepeatingService?) async -> String? {
    do { _ = try await loop?.round() } catch { return "\(error)" }
    return nil
  }

  @Test("A loop goes on by the latest, a new one is to be run, one that is gone rests")
  func exchange() async throws {
    let inForce = InForce()
    let first = inForce.exchange(for: [loop("poll", "one"), loop("alarms by post", "one")])
    #expect(first.map(\.name) == ["poll", "alarms by post"])
    #expect(await said(first[0].latest?()) == "one")
    let second = inForce.exchange(for: [loop("poll", "two"), loop("alarms by teams", "two")])
    #expect(second.map(\.name) == ["alarms by teams"])
    #expect(await said(first[0].latest?()) == "two")
    #expect(await said(first[1].latest?()) == nil)
    #expect(first[0].latest?()?.generation == 2)
    let third = inForce.exchange(for: [loop("poll", "three"), loop("alarms by post", "three")])
    #expect(third.isEmpty, "a loop that rested goes on")
    #expect(await said(first[1].latest?()) == "three")
  }
}
