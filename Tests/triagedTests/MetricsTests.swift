import Foundation
import Testing
import Triage
import Web

@testable import triaged

/// Prometheus' text format, read strictly: what it does not allow is an error here.
struct ReadMetrics {
  struct Sample: Hashable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Broken: Error {
    var line: String
  }

  private(set) var samples: [Sample] = []
  private(set) var kinds: [String: String] = [:]

  init(_ text: String) throws {
    var helped: Set<String> = []
    var seen: Set<Sample> = []
    var current = ""
    guard text.hasSuffix("\n") else { throw Broken(line: "no line end at the end") }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let line = String(line)
      if let help = line.wholeMatch(of: /# HELP ([a-z_]+) \S.*/) {
        current = String(help.1)
        guard helped.insert(current).inserted else { throw Broken(line: line) }
      } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (gauge|counter|summary)/) {
        guard type.1 == current, kinds[current] == nil else { throw Broken(line: line) }
        kinds[current] = String(type.2)
      } else if let sample = line.wholeMatch(
        of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^\n]*)\})? (-?[0-9.e+]+|NaN|[+-]Inf)/)
      {
        let name = String(sample.1)
        let kind = kinds[current]
        let family =
          kind == "summary" ? name.replacing(/_(sum|count)$/, with: "") : name
        guard family == current, kind != nil else { throw Broken(line: line) }
        if kind == "counter", !name.hasSuffix("_total") { throw Broken(line: line) }
        let value = Double(sample.3 == "+Inf" ? "inf" : String(sample.3))
        let read = Sample(
          name: name, labels: try Self.labels(String(sample.2 ?? ""), line), value: value ?? .nan)
        guard value != nil, !seen.contains(where: { $0.name == name && $0.labels == read.labels })
        else { throw Broken(line: line) }
        seen.insert(read)
        samples.append(read)
      } else {
        throw Broken(line: line)
      }
    }
  }

  private static func labels(_ text: String, _ line: String) throws -> [String: String] {
    var labels: [String: String] = [:]
    var rest = text[...]
    while !rest.isEmpty {
      guard
        let label = rest.prefixMatch(
          of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/)
      else { throw Broken(line: line) }
      var value = ""
      var isEscaped = false
      for character in label.2.unicodeScalars {
        if isEscaped {
          value.unicodeScalars.append(character == "n" ? "\n" : character)
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else {
          value.unicodeScalars.append(character)
        }
      }
      guard labels.updateValue(value, forKey: String(label.1)) == nil else {
        throw Broken(line: line)
      }
      rest = rest[label.range.upperBound...]
    }
    return labels
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }
}

@Suite("Metrics")
struct MetricsTests {
  @Test("They are what Prometheus reads, and say what status says")
  func whole() throws {
    var report = try sampleStatus()
    let now = report.now.timeIntervalSince1970
    report.feeds[0].status.episodes = [
      FeedEpisode(feed: "street-scene", trouble: .late, why: "a sentence", began: report.now - 60)
    ]
    var facts = MetricFacts(status: report)
    facts.meters.feeds.imported("street-scene", report.feeds[0].status.counts, seconds: 0.25)
    facts.meters.feeds.imported("street-scene", report.feeds[0].status.counts, seconds: 0.5)
    facts.machine = MachineFacts(state: "/", database: "/nowhere")
    let text = metrics(facts)
    let read = try ReadMetrics(text)
    let feed = ["feed": "street-scene"]
    func of(_ more: [String: String]) -> [String: String] { feed.merging(more) { $1 } }
    #expect(read.value("triaged_export_rows", of(["state": "outside"])) == 296)
    #expect(read.value("triaged_feed_rows_total", of(["state": "in_area"])) == 28)
    #expect(read.value("triaged_export_area_rows", of(["area": "new-cross"])) == 9)
    #expect(read.value("triaged_feed_import_duration_seconds_sum", feed) == 0.75)
    #expect(read.value("triaged_feed_import_duration_seconds_count", feed) == 2)
    #expect(read.value("triaged_last_export_timestamp_seconds", feed) == now)
    #expect(read.value("triaged_feed_next_list_due_timestamp_seconds", feed) == now + 18_300)
    #expect(read.value("triaged_feed_list_held", feed) == 0)
    for trouble in FeedTrouble.allCases {
      let value = read.value("triaged_feed_trouble", of(["trouble": trouble.rawValue]))
      #expect(value == (trouble == .late ? 1 : 0))
    }
    #expect(
      read.value("triaged_feed_episode_start_timestamp_seconds", of(["trouble": "late"])) == now
        - 60)
    #expect(read.value("triaged_opportunities", ["state": "waiting"]) == 12)
    #expect(read.value("triaged_register_in_force") == 1)
    #expect(read.value("triaged_announcements_owed") == 0)
    #expect(read.value("process_start_time_seconds") == now - 1500)
    #expect(!text.contains("a sentence") && !text.contains("monday.csv"))
  }

  @Test(
    "When a backup was due is told only where they are made by themselves",
    arguments: [true, false])
  func backupDue(areTimed: Bool) async throws {
    let instance = try Instance()
    if areTimed {
      let file = instance.config + "/triaged.yaml"
      try write(try text(of: file) + "\nbackup: {at: \"02:15\"}\n", to: file)
    }
    let daemon = try await instance.daemon(RecordedJournal())
    let text = try await daemon.office(started: nil).metricsText(now: WatchedFeed.monday)
    let due = try ReadMetrics(text).value("triaged_backup_due_timestamp_seconds")
    let quarterPastTwo = WatchedFeed.monday.timeIntervalSince1970 - 7.75 * 3600
    #expect(due == (areTimed ? quarterPastTwo : nil))
    await daemon.close()
  }

  @Test("Names are by the conventions, and labels are of closed sets or out of the configuration")
  func conventions() throws {
    let facts = try busyFacts()
    let read = try ReadMetrics(metrics(facts))
    let units = ["seconds", "bytes", "total", "info"]
    // What counts things has no unit, and neither has what is true or not.
    let plain: Set<String> = [
      "triaged_ready", "triaged_export_rows", "triaged_export_area_rows", "triaged_feed_list_held",
      "triaged_feed_failing", "triaged_feed_trouble", "triaged_register_in_force",
      "triaged_visits", "triaged_matters", "triaged_areas", "triaged_area_trouble",
      "triaged_opportunities", "triaged_outbox_messages", "triaged_announcements_owed",
      "triaged_notices_owed", "triaged_opportunities_mail_refused",
      "triaged_safeguarding_jobs_untold", "triaged_retention_overdue", "process_open_fds",
      "process_max_fds",
    ]
    for (name, kind) in read.kinds {
      #expect(name.hasPrefix("triaged_") || name.hasPrefix("process_"), "\(name)")
      let last = String(name.split(separator: "_").last ?? "")
      #expect(units.contains(last) != plain.contains(name), "\(name)")
      #expect((kind == "counter") == name.hasSuffix("_total"), "\(name)")
    }
    let feeds = Set(facts.status.feeds.map(\.status.name))
    let classes = Set(WebCount.Class.allCases.map(\.rawValue)).union(
      DataClass.allCases.map(\.rawValue))
    let values: [String: Set<String>] = [
      "feed": feeds, "area": Set(facts.status.feeds.flatMap { $0.status.inAreaByArea.keys }),
      "channel": Set(facts.channels), "loop": Set(facts.loops.keys), "check": ["store"],
      "trouble": Set(FeedTrouble.allCases.map(\.rawValue)),
      "kind": Set(Matter.Kind.allCases.map(\.rawValue)),
      "state": [
        "outside", "in_area", "not_located", "unreadable", "out", "late", "waiting", "offered",
        "claimed", "pending", "sending", "accepted", "deferred", "failed", "withdrawn",
      ],
      "result": Set(ClaimCount.allCases.map(\.rawValue)).union(["accepted", "deferred", "failed"]),
      "reason": Set(WebCount.Reason.allCases.map(\.rawValue)),
      "class": classes,
      "counts": ["yes", "no"],
      "file": ["database", "log"], "version": [programVersion], "name": ["ashfield"],
    ]
    for sample in read.samples {
      for (label, value) in sample.labels {
        #expect(values[label]?.contains(value) == true, "\(sample.name) \(label)=\(value)")
      }
    }
    #expect(read.samples.count < 200)
  }

  @Test("Who asks again at once hears the same, and who asks meanwhile waits for it")
  func recent() async throws {
    let asked = Tally<String>()
    let recent = Recent<Int>(for: .seconds(1)) {
      asked.count("")
      return asked[""]
    }
    let now = ContinuousClock.now
    let answers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 { group.addTask { try await recent.value(now: now) } }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(answers == [1])
    #expect(try await recent.value(now: now + .milliseconds(999)) == 1)
    #expect(try await recent.value(now: now + .seconds(1)) == 2)
  }

  @Test("A label may hold anything")
  func escaping() throws {
    let values = ["a\"b", "a\\b", "a\nb", "\\n", "", "Ä\u{2028}", "{x=\"1\"},"]
    var text = MetricsText()
    text.family(
      "triaged_test", .gauge, "With \\ and \n in its help.",
      values.map { ([("label", $0), ("other", "x")], 1.5) })
    text.family("triaged_infinite", .gauge, "Numbers.", [([], .infinity)])
    text.family("triaged_none", .gauge, "Nothing.", [])
    let read = try ReadMetrics(text.text)
    #expect(read.samples.prefix(values.count).map { $0.labels["label"] } == values)
    #expect(read.value("triaged_infinite") == .infinity)
    #expect(read.kinds["triaged_none"] == nil)
  }

  @Test("The reader of this test refuses what Prometheus would")
  func reader() {
    for broken in [
      "x 1\n", "# HELP x a\n# TYPE x gauge\nx{a=\"1\",a=\"2\"} 1\n",
      "# HELP x a\n# TYPE x gauge\nx 1\nx 2\n", "# HELP x a\n# TYPE x gauge\nx one\n",
      "# HELP x a\n# TYPE x counter\nx 1\n", "# HELP x a\n# TYPE x gauge\nx{a=\"\\q\"} 1\n",
      "# HELP x a\n# TYPE x gauge\nx 1",
    ] { #expect(throws: ReadMetrics.Broken.self) { try ReadMetrics(broken) } }
  }
}
