import Foundation
import Testing
import Triage
import Web

@testable import triaged

/// Files for other programs: each metric in them is one that we tell, and each alarm has its place in docs/alarms.md.
@Suite("What is shipped for monitors")
struct MonitoringFilesTests {
  private let folder = root + "/packaging/monitoring/"

  /// Every family that an instance can tell, whatever is the matter.
  private func families() throws -> Set<String> {
    var facts = try busyFacts()
    facts.status.mail.oldestOwed = facts.status.now
    let text = metrics(facts)
    return Set(text.matches(of: /# TYPE ([a-z_]+) [a-z]+/).map { String($0.output.1) })
  }

  private func named(in text: String) -> Set<String> {
    Set(
      text.matches(of: /\b((?:triaged|process)_[a-z_]+)\b/).map { String($0.output.1) }.filter {
        !["triaged_rules"].contains($0)
      })
  }

  @Test(
    "Each metric in rules, dashboard and page exists",
    arguments: ["triaged.rules.yml", "triaged.json"])
  func metricsExist(file: String) throws {
    let named = named(in: try text(of: folder + file))
    #expect(named.count > 10)
    let families = try families()
    for name in named { #expect(families.contains(name), "\(name)") }
  }

  @Test("The page tells of each metric, and of no other")
  func page() throws {
    let families = try families()
    let table = try text(of: root + "/docs/monitoring.md").components(
      separatedBy: "## The metrics")[1]
      .components(separatedBy: "## Status")[0]
    let named = named(in: table)
    #expect(named.subtracting(families).isEmpty, "\(named.subtracting(families))")
    #expect(families.subtracting(named).isEmpty, "\(families.subtracting(named))")
  }

  @Test("The dashboard is JSON with a panel for each question")
  func dashboard() throws {
    let data = Data(try text(of: folder + "triaged.json").utf8)
    let board = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let panels = try #require(board["panels"] as? [[String: Any]])
    #expect(panels.count > 10)
    #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
    #expect(panels.allSatisfy { !(($0["targets"] as? [Any]) ?? []).isEmpty })
  }

  @Test("Each thing that can be complained of has its heading, with what to do")
  func headings() async throws {
    let page = try text(of: root + "/docs/alarms.md")
    func expect(_ heading: String) {
      let parts = page.components(separatedBy: "\n### \(heading)\n")
      #expect(parts.count == 2, "\(heading)")
      let rest = parts.last?.components(separatedBy: "\n##").first ?? ""
      #expect(rest.contains("**Do:** "), "\(heading)")
    }
    for kind in Matter.Kind.allCases { expect("Matter: \(kind.rawValue)") }
    for trouble in FeedTrouble.allCases { expect("Feed: \(trouble.rawValue)") }
    let rules = try text(of: folder + "triaged.rules.yml")
    let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.output.1) }
    #expect(alerts.count > 15)
    for alert in alerts {
      expect(alert)
      #expect(rules.contains("runbook: docs/alarms.md#\(alert.lowercased())\n"), "\(alert)")
    }
    let feed = try WatchedFeed()
    let ready = await readiness(
      await feed.poller.configuration, store: feed.store, live: await feed.poller.live,
      health: FeedHealth(), failures: OwnFailures(), now: WatchedFeed.monday)
    let checks = Set(ready.checks.map { $0.name.prefix { $0 != ":" } })
    #expect(checks.count > 5)
    for check in checks.union(["loop"]) { expect("Check: \(check)") }
    try await feed.end()
  }

  @Test("Each kind of matter that is wrong rings, and no other")
  func matters() throws {
    let rules = try text(of: folder + "triaged.rules.yml")
    let match = try #require(rules.firstMatch(of: /triaged_matters\{kind=~"([a-z|-]+)"\}/))
    // The contact register has an alert of its own.
    let wrong = Matter.Kind.allCases.filter { $0.isWrong && $0 != .register }.map(\.rawValue)
    #expect(Set(match.output.1.split(separator: "|").map(String.init)) == Set(wrong))
  }

  @Test("Of each rule there is a test that it rings, and one that it does not")
  func ruleTests() throws {
    let rules = try text(of: folder + "triaged.rules.yml")
    let tests = try text(of: folder + "triaged.rules.test.yml")
    for alert in rules.matches(of: /- alert: (\w+)/).map({ String($0.output.1) }) {
      #expect(tests.contains("alertname: \(alert)\n        exp_alerts:\n"), "\(alert)")
      #expect(tests.contains("alertname: \(alert), exp_alerts: []"), "\(alert)")
    }
  }

  @Test("promtool finds nothing wrong", .enabled(if: promtool != nil))
  func promtoolAgrees() async throws {
    let program = try #require(promtool)
    for arguments in [
      ["check", "rules", "triaged.rules.yml"], ["test", "rules", "triaged.rules.test.yml"],
    ] {
      let path = folder + arguments[2]
      let ran = try await runProgram(program, Array(arguments.prefix(2)) + [path])
      #expect(ran.code == 0, "\(ran.output)\(ran.errors)")
    }
    let ran = try await runProgram(program, ["check", "metrics"], input: metrics(try busyFacts()))
    #expect(ran.code == 0 && ran.output.isEmpty && ran.errors.isEmpty, "\(ran.output)\(ran.errors)")
  }
}

/// Debian's package `prometheus` brings it.
private let promtool: String? = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// An instance to which everything happens at once.
func busyFacts() throws -> MetricFacts {
  var facts = MetricFacts(status: try sampleStatus())
  let now = facts.status.now
  facts.status.version = programVersion
  facts.status.feeds[0].status.episodes = [
    FeedEpisode(feed: "street-scene", trouble: .late, why: "a sentence", began: now - 60)
  ]
  facts.status.matters = [
    .init(kind: .leaderless, subject: "new-cross", sentence: "a sentence", since: now)
  ]
  facts.status.mail.states = ["pending": 2]
  facts.status.mail.otherDoorRefused = 1
  facts.status.mail.bouncesNotUnderstood = 1
  facts.readiness = .init(checks: [.init(name: "store", ok: true, sentence: "a sentence")])
  facts.channels = ["post", "relay"]
  facts.status.areas = AreasStanding(
    AreasInForce([], setFingerprint: "", since: now, day: CivilDay(now, in: .gmt)), trouble: nil,
    timeZone: "Europe/London")
  facts.loops = ["poll": LoopTally(rounds: 3, failures: 1, lastRound: now)]
  facts.status.retention = RetentionStanding(
    lastPurge: now,
    classes: DataClass.allCases.map { .init(dataClass: $0, oldest: now, overdue: 1) })
  facts.lastBackup = now - 3600
  facts.backupDue = now - 7200
  facts.registerSaved = now - 3600
  facts.visits = .init(out: 2, late: 1)
  let scratch = try TemporaryFolder()
  try write("some bytes", to: scratch.path + "/database")
  facts.machine = MachineFacts(state: scratch.path, database: scratch.path + "/database")
  facts.meters.deliveries.count(DeliveryCount(channel: "post", result: .failed))
  facts.meters.claims.count(.won, times: 3)
  facts.meters.pages.count(.refused(.unknownLink))
  facts.meters.pages.count(.answered(.successful))
  return facts
}
