import FlareImport
import Foundation
import Geography
import Triage

/// What a list would have come to in some areas on a first day, without any configuration: built-in
/// rules, nobody in the contact register, and as much capacity as is needed.
struct FirstDay: Sendable {
  var grid: Grid
  /// Why the grid is not the British one, as a sentence; `nil` in Great Britain.
  var gridWhy: String?
  var areas: [PilotArea]
  /// Errors and warnings of the boundary file, as sentences.
  var areaProblems: [String]
  var areaWarnings: [String]
  var rules: Rules
  /// Of the whole list, as far as it was looked at.
  var classes = WordTally()
  var types = WordTally()
  var report: ImportReport
  var jobs: [Job]
  var verdict: Verdict
  var now: Date
  /// The newest date received among the jobs in area.
  var newest: Date? { jobs.compactMap(\.received).filter { $0 <= now }.max() }

  /// Days that an old list is old before it is said: until then windows may well be open.
  static let oldAfterDays = 60.0

  /// Whether the areas are measured on the British grid.
  var isInBritain: Bool { grid == .britishNational }

  var isOld: Bool {
    newest.map { now.timeIntervalSince($0) > FirstDay.oldAfterDays * 86_400 } ?? false
  }
}

/// Why there is no answer, as sentences.
struct FirstDayError: Error, CustomStringConvertible {
  var description: String
}

/// Reads the boundary files, then the list, and judges what lies inside.
///
/// All areas lie on one grid and form one set, as the files of a configuration's `areas` folder do: no two
/// may share an id, and where they overlap the first one owns the row.
func firstDay(
  _ path: String, settings: FeedSettings, areaFiles: [String], now: Date
) throws -> FirstDay {
  // What GDAL reads it reads by itself; such a file has no say in the choice of the grid.
  func isConverted(_ path: String) -> Bool {
    if case .converted = AreaFileKind(path) { true } else { false }
  }
  let files = try areaFiles.map { isConverted($0) ? [] : try readBoundaries($0) }
  let (grid, gridWhy) = try chooseGrid(for: Array(zip(areaFiles, files)))
  let names = areaFiles.map { URL(fileURLWithPath: $0).lastPathComponent }
  // Two files of one name in two folders are told apart by their paths.
  let isTold = Set(names).count == names.count
  // A stranger tries whatever area is at hand.
  let areaSettings = AreaFileSettings(
    squareKilometres: 0...1_000_000, dataFolder: usualDataFolder())
  let set = AreaSet(
    zip(areaFiles, zip(isTold ? names : areaFiles, files)).map { path, known in
      isConverted(path)
        ? readAreas(path: path, grid: grid, settings: areaSettings)
        : readAreas(file: known.0, bytes: known.1, grid: grid, settings: areaSettings)
    }, settings: areaSettings)
  let errors = set.problems.filter { $0.severity == .error }.map(\.description)
  guard errors.isEmpty, !set.areas.isEmpty else {
    let which =
      areaFiles.count == 1
      ? "The boundary file \(areaFiles[0]) holds" : "The boundary files hold"
    throw FirstDayError(
      description: errors.isEmpty ? "\(which) no area." : errors.joined(separator: "\n"))
  }
  let index = AreaIndex(set.areas)
  let list = try readExport(
    at: path, settings: settings, index: index,
    projection: try Triaged.projection(
      from: settings.crs, to: grid, dataFolder: areaSettings.dataFolder), now: now)
  let rules = builtInRules()
  let team = Team(
    members: [],
    areas: set.areas.map {
      Team.AreaTeam(area: $0.id, leaders: [], members: [], weeklyCapacity: 1_000_000)
    })
  let verdict = triage(
    TriageInput(
      jobs: list.jobs, rules: rules, register: Register(), team: team, now: now,
      today: CivilDay(now, in: .gmt), areas: index))
  return FirstDay(
    grid: grid, gridWhy: gridWhy, areas: set.areas, areaProblems: [],
    areaWarnings: set.problems.filter { $0.severity == .warning }.map(\.description), rules: rules,
    report: list.report, jobs: list.jobs, verdict: verdict, now: now)
}

private func readBoundaries(_ path: String) throws -> [UInt8] {
  do throws(UnreadableAreas) {
    return try boundedBytes(of: path, most: 32 << 20)
  } catch {
    throw FirstDayError(
      description: "The boundary file \(path) cannot be read. \(error.description)")
  }
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

  /// Types of in-area jobs that the built-in rules do not know.
  var unknownTypes: WordTally { typesNotInTable(jobs, verdict, known: isCommon) }

  /// Whether the whole list has a job's class and type often enough to name them.
  private func isCommon(_ job: Job) -> Bool {
    (job.jobClass.isEmpty || classes.names(job.jobClass))
      && (job.type.isEmpty || types.names(job.type))
  }

  /// Whole days since an opportunity's job was received.
  func age(_ opportunity: Opportunity) -> Int {
    max(0, Int((now.timeIntervalSince(opportunity.since) / 86_400).rounded(.down)))
  }

  /// Street and outward code, as much as may be said before a claim; else the area's name. Outside
  /// Great Britain postcodes are made otherwise, so none is cut there.
  func whereabouts(_ opportunity: Opportunity) -> String {
    let place = opportunity.place
    let area = areas.first { $0.id == opportunity.area }
    return Triage.whereabouts(
      street: place.street, outwardCode: isInBritain ? place.outwardCode : "",
      otherwise: "somewhere in \(area?.name ?? opportunity.area)")
  }
}

/// Class and type of the jobs that the rules do not know.
///
/// - Parameter known: whether a job's words are met often enough elsewhere in its list.
func typesNotInTable(
  _ jobs: [Job], _ verdict: Verdict, known: (Job) -> Bool = { _ in false }
) -> WordTally {
  var counts: [String: Int] = [:]
  var common: Set<String> = []
  for (job, standing) in zip(jobs, verdict.standings) where standing == .typeNotInTable {
    let words = [job.jobClass, job.type].filter { !$0.isEmpty }.joined(separator: " / ")
    counts[words, default: 0] += 1
    if known(job) { common.insert(words) }
  }
  return WordTally(counts, known: common)
}

extension WordTally {
  /// What the list says of a job that it gives no type.
  static let noType = "without a type"

  /// The named words, as people read them.
  var words: [(words: String, jobs: Int)] {
    named.map { ($0.text.isEmpty ? WordTally.noType : $0.text, $0.rows) }
  }
}
