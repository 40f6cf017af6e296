import FlareImport
import Foundation
import Geography
import Triage

/// What a list would have come to in some areas on a first day, without any configuration: built-in
/// rules, nobody in the contact register, and as much capacity as is needed.
struct FirstDay: Sendable {
  var grid: Grid
  /// Why the grid is not the British one, as a sentence.
  var gridWhy: String?
  var areas: [PilotArea]
  /// Errors and warnings of the boundary file, as sentences.
  var areaProblems: [String]
  var areaWarnings: [String]
  var rules: Rules
  var report: ImportReport
  var jobs: [Job]
  var verdict: Verdict
  var now: Date
  /// The newest date received among the jobs in area.
  var newest: Date? { jobs.compactMap(\.received).filter { $0 <= now }.max() }

  /// Days that an old list is old before it is said: until then windows may well be open.
  static let oldAfterDays = 60.0

  var isOld: Bool {
    newest.map { now.timeIntervalSince($0) > FirstDay.oldAfterDays * 86_400 } ?? false
  }
}

/// Why there is no answer, as sentences.
struct FirstDayError: Error, CustomStringConvertible {
  var description: String
}

/// Reads the boundary file, then the list, and judges what lies inside.
func firstDay(
  _ path: String, settings: FeedSettings, areaFile: String, now: Date
) throws -> FirstDay {
  let bytes: Data
  do {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: areaFile))
    defer { try? file.close() }
    bytes = try file.read(upToCount: (32 << 20) + 1) ?? Data()
  } catch {
    throw FirstDayError(description: "The boundary file \(areaFile) cannot be read.")
  }
  let (grid, gridWhy) = chooseGrid(for: bytes)
  let name = URL(fileURLWithPath: areaFile).lastPathComponent
  // A stranger tries whatever area is at hand.
  let areaSettings = AreaFileSettings(
    squareKilometres: 0...1_000_000, dataFolder: usualDataFolder())
  let set = AreaSet(
    [readAreas(file: name, bytes: [UInt8](bytes), grid: grid, settings: areaSettings)],
    settings: areaSettings)
  let errors = set.problems.filter { $0.severity == .error }.map(\.description)
  guard errors.isEmpty, !set.areas.isEmpty else {
    throw FirstDayError(
      description: errors.isEmpty
        ? "The boundary file \(areaFile) holds no area." : errors.joined(separator: "\n"))
  }
  let list = try readExport(
    at: path, settings: settings, index: AreaIndex(set.areas),
    projection: try Triaged.projection(
      from: settings.crs, to: grid, dataFolder: areaSettings.dataFolder), now: now)
  let rules = builtInRules()
  let team = Team(
    members: [],
    areas: set.areas.map {
      Team.AreaTeam(area: $0.id, leaders: [], members: [], weeklyCapacity: 1_000_000)
    })
  let verdict = triage(
    TriageInput(jobs: list.jobs, rules: rules, register: Register(), team: team, now: now))
  return FirstDay(
    grid: grid, gridWhy: gridWhy, areas: set.areas, areaProblems: [],
    areaWarnings: set.problems.filter { $0.severity == .warning }.map(\.description), rules: rules,
    report: list.report, jobs: list.jobs, verdict: verdict, now: now)
}

extension FirstDay {
  /// What a job came to, as the map and the tables name it.
  enum Outcome: Int, CaseIterable, Sendable {
    case opportunity, belowTheLine, history, unknownType

    var words: String {
      switch self {
      case .opportunity: "in an opportunity"
      case .belowTheLine: "a reason, but below the line"
      case .history: "no reason to call"
      case .unknownType: "of a type that the rules do not know"
      }
    }
  }

  func outcome(_ standing: JobStanding) -> Outcome {
    switch standing {
    case .inOpportunity: .opportunity
    case .belowTheLine: .belowTheLine
    case .noOpportunity: .history
    case .typeNotInTable: .unknownType
    }
  }

  /// How many jobs ended how, with the reasons in plain words, the most frequent first.
  var standings: [(words: String, jobs: Int)] {
    var counts: [String: Int] = [:]
    for standing in verdict.standings {
      let words =
        switch standing {
        case .noOpportunity(let why): why.sentence
        case .inOpportunity: "It is part of an opportunity."
        case .belowTheLine: "It would be a reason, but its address stays below the line."
        case .typeNotInTable: "The rules do not know its type."
        }
      counts[words, default: 0] += 1
    }
    let replaced = report.counts.inArea - jobs.count
    if replaced > 0 { counts["Another row bears the same reference and counts for it."] = replaced }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// Types of in-area jobs that the built-in rules do not know, the most frequent first.
  var unknownTypes: [(words: String, jobs: Int)] {
    var counts: [String: Int] = [:]
    for (job, standing) in zip(jobs, verdict.standings) where standing == .typeNotInTable {
      counts[
        [job.jobClass, job.type].filter { !$0.isEmpty }.joined(separator: " / "), default: 0] +=
        1
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  /// Whole days since an opportunity's job was received.
  func age(_ opportunity: Opportunity) -> Int {
    max(0, Int((now.timeIntervalSince(opportunity.since) / 86_400).rounded(.down)))
  }

  /// Street and outward code, as much as may be said before a claim; else the area's name.
  func whereabouts(_ opportunity: Opportunity) -> String {
    let place = opportunity.place
    let area = areas.first { $0.id == opportunity.area }
    return Triage.whereabouts(
      street: place.street, outwardCode: place.outwardCode,
      otherwise: "somewhere in \(area?.name ?? opportunity.area)")
  }
}
