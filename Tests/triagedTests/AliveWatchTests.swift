import Foundation
import Logging
import Notify
import Storage
import Synchronization
import TestServers
import Testing
import Transfer
import Triage

@testable import triaged

@Suite("A watcher outside that is told once a day that all is well")
struct AliveWatchTests {
  /// A Monday at 10:00.
  private let now = Counter.now
  private let minute = 60.0
  private let day = 86_400.0

  /// What is not well, as a test says.
  private final class Health: Sendable {
    private let troubles = Mutex<[String]>([])

    var notWell: [String] {
      get { troubles.withLock { $0 } }
      set { troubles.withLock { $0 = newValue } }
    }
  }

  private func withWatcher(
    _ path: String = "status/200",
    _ body: (PythonServer, Counter, Health, Transferrer) async throws -> Void
  ) async throws {
    try await withPythonServer("webhook_server.py") { server in
      try await withCounter { counter in
        counter.configuration.alive = settings(server, path)
        let transferrer = Transferrer(threads: 1)
        try await body(server, counter, Health(), transferrer)
        await transferrer.shutdown()
      }
    }
  }

  private func settings(_ server: PythonServer, _ path: String) -> AliveSettings {
    AliveSettings(
      address: .url("https://127.0.0.1:\(server.port)/\(path)?key=sesame"), minutes: 450,
      posting: PostingSettings(
        allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile))
  }

  /// As after a start.
  private func watch(
    _ counter: Counter, _ health: Health, _ transferrer: Transferrer
  ) -> AliveWatch {
    AliveWatch(
      counter.configuration, store: counter.feed.store, transferrer: transferrer,
      logger: Logger(label: "test") { [journal = counter.feed.journal] _ in journal.handler },
      notWell: { _ in health.notWell })
  }

  @Test(
    "Once on each civil day from its time on, over restarts, and without a word of what is here")
  func daily() async throws {
    try await withWatcher { server, counter, health, transferrer in
      var seen: [Int] = []
      let tuesday = now - 10 * 3600 + day
      for at in [
        now, now + 60, tuesday + 450 * minute - 1, tuesday + 450 * minute, tuesday + day - 1,
      ] {
        try await watch(counter, health, transferrer).round(now: at)
        seen.append(try server.lines(of: "requests.jsonl").count)
      }
      #expect(seen == [1, 1, 1, 2, 2])
      // A clock that goes back tells no day twice.
      try await watch(counter, health, transferrer).round(now: now + 120)
      let requests = try server.lines(of: "requests.jsonl")
      #expect(requests.count == 2)
      let request = try #require(requests.first)
      #expect(request["method"] as? String == "GET" && request["body"] as? String == "")
      let headers = try #require(request["headers"] as? [String: String])
      #expect(Set(headers.keys).isSubset(of: ["host", "user-agent", "accept", "accept-encoding"]))
      #expect(headers["user-agent"] == "triaged")
      #expect(
        counter.feed.journal.lines.filter { $0.contains("was told that all is well") }.count == 2)
    }
  }

  @Test("Where all is not well nothing is said, and the journal says so once; then it is told late")
  func unwell() async throws {
    try await withWatcher { server, counter, health, transferrer in
      let watch = watch(counter, health, transferrer)
      health.notWell = ["feed:street-scene", "loop:deliver"]
      for at in [0, 30, 3600.0] { try await watch.round(now: now + at) }
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
      let said = counter.feed.journal.lines.filter { $0.contains("All is not well") }
      #expect(said.count == 1 && said[0].contains("feed:street-scene, loop:deliver"))
      health.notWell = []
      try await watch.round(now: now + 3630)
      #expect(try server.lines(of: "requests.jsonl").count == 1)
    }
  }

  @Test("A failure is tried again four times within the hour, then is a matter until it is heard")
  func fails() async throws {
    try await withWatcher("status/503") { server, counter, health, transferrer in
      let store = counter.feed.store
      var tried: [Int] = []
      for minutes in 0...130 {
        try await watch(counter, health, transferrer).round(now: now + Double(minutes) * minute)
        if try server.lines(of: "requests.jsonl").count > tried.count { tried.append(minutes) }
        let isMatter = try await !aliveMatters(store, counter.configuration.alive).isEmpty
        #expect(isMatter == (minutes >= 55), "\(minutes)")
      }
      #expect(tried == [0, 5, 15, 30, 55, 115])
      let matter = try #require(try await aliveMatters(store, counter.configuration.alive).first)
      #expect(matter.kind == .alive && matter.sentence.contains("HTTP 503"))
      // The next day begins; it is the same matter until it has been heard.
      #expect(try await aliveMatters(store, counter.configuration.alive) == [matter])
      counter.configuration.alive = settings(server, "status/204")
      try await watch(counter, health, transferrer).round(now: now + day)
      #expect(try await aliveMatters(store, counter.configuration.alive).isEmpty)
      #expect(!(counter.feed.journal.lines.joined() + matter.sentence).contains("sesame"))
    }
  }

  @Test("An address in a file is read at every try; one whose host is not allowed is not asked")
  func file() async throws {
    try await withWatcher { server, counter, health, transferrer in
      let file = server.folder.path + "/address"
      counter.configuration.alive?.address = .file(file)
      try writeSecret("https://localhost:\(server.port)/status/200/sesame\n", to: file)
      try await watch(counter, health, transferrer).round(now: now)
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
      try writeSecret("https://127.0.0.1:\(server.port)/status/200?sesame\n", to: file)
      try await watch(counter, health, transferrer).round(now: now + 5 * minute)
      #expect(try server.lines(of: "requests.jsonl").count == 1)
      let lines = counter.feed.journal.lines.joined()
      #expect(lines.contains("is not among the allowed hosts") && !lines.contains("sesame"))
    }
  }

  @Test("A loop that has not come round for long, or never, hangs")
  func hangs() {
    let now = ContinuousClock.now
    let failures = OwnFailures(started: now - .seconds(60))
    #expect(!failures.hasComeRound("deliver"))
    #expect(!failures.hangs("deliver", longerThan: .seconds(60), now: now))
    #expect(failures.hangs("deliver", longerThan: .seconds(60), now: now + .seconds(1)))
    failures.roundEnded(of: "deliver", at: now)
    #expect(failures.hasComeRound("deliver"))
    #expect(!failures.hangs("deliver", longerThan: .seconds(60), now: now + .seconds(60)))
    #expect(failures.hangs("deliver", longerThan: .seconds(60), now: now + .seconds(61)))
  }

  @Test("The daemon itself tells it, once its loops have come round")
  func daemon() async throws {
    try await withPythonServer("webhook_server.py") { server in
      let instance = try Instance()
      let caFile = try #require(server.caFile)
      try edit(
        instance.config + "/triaged.yaml", "admin:\n",
        """
        admin:
          alive:
            url: https://127.0.0.1:\(server.port)/status/200
            at: "00:00"
            allow_private: true
            ca_file: \(caFile)

        """)
      try await instance.whileRunning { _ in
        _ = try await eventually("the watcher hears it", within: 90) {
          try server.lines(of: "requests.jsonl").isEmpty ? nil : true
        }
      }
      #expect(try server.lines(of: "requests.jsonl").count == 1)
    }
  }
}

@Suite("The settings of the watcher outside")
struct AliveSectionTests {
  @Test("An address, or a file of it, and a time; the address's own host is allowed")
  func reads() throws {
    let plain = try #require(try load("{url: \"https://hc.example.org/ping/x\"}").alive)
    #expect(plain.address == .url("https://hc.example.org/ping/x") && plain.minutes == 450)
    #expect(plain.posting.allowHosts == ["hc.example.org"])
    let secret = try #require(
      try load("{url_file: address, allow_hosts: hc.example.org, at: \"06:05\"}").alive)
    guard case .file(let path) = secret.address else {
      Issue.record("\(secret.address)")
      return
    }
    #expect(path.hasSuffix("/config/address") && secret.minutes == 365)
  }

  @Test(
    "Each mistake is told, and no address with it",
    arguments: [
      ("{}", "'alive' takes 'url', or 'url_file'"),
      ("{url: \"http://hc.example.org/sesame\"}", "is not https"),
      ("{url: \"https://10.1.2.3/sesame\"}", "need 'allow_private'"),
      (
        "{url: \"https://hc.example.org/sesame\", allow_hosts: a.example}",
        "not among 'allow_hosts'"
      ),
      ("{url: \"https://hc.example.org/sesame\", url_file: address}", "not both"),
      ("{url: \"https://hc.example.org/sesame\", at: noon}", "'at' takes a time"),
      ("{url: \"https://hc.example.org/sesame\", att: noon}", "unknown key 'att'"),
      ("{url_file: address}", "'allow_hosts' is missing"),
      ("{url_file: nowhere, allow_hosts: hc.example.org}", "cannot be read"),
    ])
  func mistakes(lines: String, sentence: String) throws {
    let problems = try loaded(lines).problems
    #expect(problems.contains { $0.description.contains(sentence) }, "\(problems)")
    for problem in problems { #expect(!problem.description.contains("sesame")) }
  }

  private func load(_ alive: String) throws -> Configuration {
    let loaded = try loaded(alive)
    #expect(loaded.problems.map(\.description) == [])
    return try #require(loaded.configuration)
  }

  private func loaded(_ alive: String) throws -> LoadedConfiguration {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try writeSecret("https://hc.example.org/ping/sesame\n", to: config + "/address")
    try edit(config + "/triaged.yaml", "admin:\n", "admin:\n  alive: \(alive)\n")
    return loadConfiguration(folder: config, state: folder.path + "/state", now: .now)
  }
}
