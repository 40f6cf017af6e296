import Foundation
import Testing
import Triage

@testable import triaged

@Suite("Days of retention in triaged.yaml")
struct RetentionConfigurationTests {
  private func load(
    _ retention: String, _ more: (String) throws -> Void = { _ in }
  ) throws -> (days: RetentionDays?, problems: [String]) {
    let folder = try TemporaryFolder()
    let config = try folder.exampleConfiguration()
    try edit(config + "/triaged.yaml", "archive_days: 30", "archive_days: 30\n" + retention)
    try more(config)
    let loaded = loadConfiguration(folder: config, state: folder.path, now: .now)
    return (
      loaded.configuration?.retention,
      loaded.problems.map(\.description).map {
        $0.replacingOccurrences(of: config + "/", with: "")
      }
    )
  }

  @Test("If nothing is said they are as they were before anything could be said")
  func usual() throws {
    let (days, problems) = try load("")
    #expect(problems == [])
    let read: [Int?] = DataClass.allCases.map { days?[$0] }
    let usual: [Int?] = [366, 366, 731, nil, 366, 7, 731, 366, 366, 30, nil]
    #expect(read == usual)
  }

  @Test("What is said counts, in days or weeks")
  func said() throws {
    let (days, problems) = try load(
      "retention:\n  claims: 104w\n  audit: 1100\n  sessions: 2d\n  notices: 60d")
    #expect(problems == [])
    let read = try #require(days)
    #expect(read[.claims] == 728)
    #expect(read[.audit] == 1100)
    #expect(read[.sessions] == 2)
    #expect(read[.notices] == 60)
    #expect(read[.jobs] == 366)
  }

  @Test(
    "A mistake is told with its place, and what is right",
    arguments: [
      ("retention: {jobs: 3d}", "'jobs' takes whole days such as 28d, from 30 to 3660."),
      ("retention: {audit: 400d}", "'audit' (400 days) may not be fewer than 'claims' (731)"),
      ("retention: {claims: 800d}", "'audit' (731 days) may not be fewer than 'claims' (800)"),
      ("retention: {jobs: 750d}", "'claims' (731 days) may not be fewer than 'jobs' (750)"),
      ("retention: {claim: 800d}", "unknown key 'claim', did you mean 'claims'?"),
      ("retention: {archive: 10}", "'archive_days' says"),
      ("retention: {opt_outs: 100d}", "Requests not to be contacted again have no days"),
    ])
  func mistakes(_ retention: String, _ sentence: String) throws {
    let (_, problems) = try load(retention)
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.contains(sentence) == true, "\(problems)")
    #expect(problems.first?.contains(#/^triaged\.yaml:\d+:\d+: /#) == true, "\(problems)")
  }

  @Test("An address keeps the days that safeguarding has for it")
  func safeguarding() throws {
    let (days, problems) = try load("retention: {jobs: 60d}")
    let kept = try #require(problems.first { $0.contains("'safeguarding'") }, "\(problems)")
    #expect(kept.contains(#/^triaged\.yaml:\d+:\d+: .*'jobs' \(60 days\)/#))
    #expect(days == nil)
    let enough = try load("retention: {jobs: 200d}")
    #expect(enough.days?[.jobs] == 200)
    #expect(enough.problems.count == 1 && enough.problems[0].contains("12 months"))
  }
}
