import Foundation
import Testing
import Triage

@testable import triaged

@Suite("Every mistake at once")
struct AllWrongTests {
  /// By which the dates of the fixtures have passed or are to come.
  private let today = CivilDay("2026-11-21")!

  private func told(_ file: String) throws -> [ConfigurationProblem] {
    let problems = ProblemList()
    let path = root + "/Tests/triagedTests/Fixtures/" + file
    let areas = ["new-cross", "stanton-hill"]
    if file.hasSuffix("rules.yaml") {
      let rules = readRules(path, problems: problems)
      for problem in namedAreaProblems(
        folder: (path as NSString).deletingLastPathComponent, rules: rules, team: nil, ids: areas,
        mentions: problems.mentions.map { mention in
          var here = mention
          here.file = here.file.replacing("all-wrong-", with: "")
          return here
        })
      {
        problems.add(problem)
      }
    } else {
      _ = readTeam(
        path, channels: ["post"], paths: PathRules(folder: root, state: root),
        announcing: AnnounceGround(
          calendar: WorkingTime(zone: .gmt),
          rules: readRules(root + "/config/rules.yaml", problems: ProblemList())),
        today: today, problems: problems)
    }
    return problems.sorted
  }

  @Test(
    "Each mistake of a file is told at once, with line, column and what was meant",
    arguments: ["all-wrong-rules", "all-wrong-team"])
  func golden(name: String) throws {
    let said = try told(name + ".yaml").map { problem in
      var here = problem
      here.file = (here.file as NSString).lastPathComponent.replacing("all-wrong-", with: "")
      return here.description + "\n"
    }.joined()
    let golden = root + "/Tests/triagedTests/Golden/\(name).txt"
    if ProcessInfo.processInfo.environment["TRIAGED_WRITE_GOLDEN"] != nil {
      try write(said, to: golden)
    }
    #expect(said == (try text(of: golden)))
  }

  @Test("Every problem of the fixtures stands where its text is", arguments: ["rules", "team"])
  func positions(name: String) throws {
    let file = "all-wrong-\(name).yaml"
    let lines = try text(of: root + "/Tests/triagedTests/Fixtures/" + file).split(
      separator: "\n", omittingEmptySubsequences: false)
    let told = try told(file)
    #expect(told.count > 40)
    for problem in told {
      #expect(problem.line > 1, "without a line: \(problem)")
      guard (1...lines.count).contains(problem.line) else { continue }
      #expect(problem.column >= 1 && problem.column <= lines[problem.line - 1].count + 1)
    }
  }

  @Test("A type that needs nothing of the one above is not hidden by it")
  func notHidden() throws {
    func told(_ first: String, _ second: String) throws -> [String] {
      let problems = ProblemList()
      let text = """
        version: "1"
        bands: {high: 1}
        types:
          - {id: one, name: One, \(first), offer: visit, points: 5, reason: One.}
          - {id: two, name: Two, \(second), offer: none}
        """
      _ = Section.parse(text, file: "rules", problems: problems).map(readRules(in:))
      return problems.problems.map(\.text)
    }
    let hidden = [
      ("type: ['*bulky*']", "type: ['*bulky*quote*']"),
      ("type: ['*b*k*']", "type: ['bulk', 'a bulk*']"),
      ("class: [A, B*]", "class: [bb], type: [x], status: [y]"),
      ("type: ['*']", "class: [x]"),
      ("type: [a*], except: [ab]", "type: [a*z], except: [b]"),
    ]
    for (first, second) in hidden {
      let problems = try told(first, second)
      #expect(problems.count == 1 && problems[0].contains("Move 'two' up"), "\(problems)")
    }
    let apart = [
      ("type: ['*bulky*quote*']", "type: ['*bulky*']"),
      ("type: ['*bulky*'], status: [open]", "type: ['*bulky*quote*']"),
      ("type: ['*bulky*'], except: [quote]", "type: ['*bulky*quote*']"),
      ("class: [A]", "type: [A]"),
      ("type: [a*], except: [b]", "type: [a*z], except: [ab]"),
      ("type: ['a*']", "type: ['ab', 'b']"),
      ("caller: ['resident*']", "type: [x]"),
    ]
    for (first, second) in apart { #expect(try told(first, second) == []) }
  }
}
