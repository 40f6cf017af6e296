import Foundation
import Testing
import Triage

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
    let meters = FeedMeters()
    meters.imported("street-scene", report.feeds[0].status.counts, seconds: 0.25)
    meters.imported("street-scene", report.feeds[0].status.counts, seconds: 0.5)
    let text = metrics(report, meters)
    let read = try ReadMetrics(text)
    let feed = ["feed": "street-scene"]
    func of(_ more: [String: String]) -> [String: String] { feed.merging(more) { $1 } }
    #expect(read.value("triaged_feed_list_rows", of(["place": "outside"])) == 296)
    #expect(read.value("triaged_feed_rows_total", of(["place": "in_area"])) == 28)
    #expect(read.value("triaged_feed_list_rows_in_area", of(["area": "new-cross"])) == 9)
    #expect(read.value("triaged_feed_import_duration_seconds_sum", feed) == 0.75)
    #expect(read.value("triaged_feed_import_duration_seconds_count", feed) == 2)
    #expect(read.value("triaged_feed_last_list_timestamp_seconds", feed) == now)
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
    #expect(read.value("triaged_start_time_seconds") == now - 1500)
    #expect(!text.contains("a sentence") && !text.contains("monday.csv"))
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
