import FlareImport
import Foundation
import Geography
import Notify
import Triage

/// What was read of a configuration folder: usable only without errors.
struct LoadedConfiguration {
  /// `nil` where anything but the boundary files has an error.
  var configuration: Configuration?
  var areas: LoadedAreas
  var register: RegisterState
  var gazetteer: LoadedGazetteer
  /// Told even of a configuration that has errors: a lack of the gazetteer may be one.
  var gazetteerFile: String
  var grid: Grid
  /// Told likewise, so that a daemon can be asked that runs by an earlier one.
  var adminSocket: String
  /// ``configurationFingerprint(_:)`` before anything was read.
  var fingerprint: String
  var problems: [ConfigurationProblem]
  /// Whether the boundary files can be used, and have the areas that the other files name.
  var hasUsableAreas = true

  /// A register that is not in force is an error for `check` and stops no start: the daemon then
  /// announces nothing and says so, and what is claimed already can still be recorded.
  /// - Throws: ``ConfigurationError`` with every problem, warnings too.
  func usable() throws -> Configuration {
    guard let configuration, hasUsableAreas else { throw ConfigurationError(problems: problems) }
    return configuration
  }

  /// What may run as the service: everything that it is to read can be read.
  /// - Throws: ``StartError`` where a file lies under `${credentials}` and there are none.
  func withinReach() throws {
    guard let lack = problems.first(where: { $0.cause == .noCredentials }) else { return }
    throw StartError(
      "\(lack.file):\(lack.line): a path begins with ${credentials}, and CREDENTIALS_DIRECTORY is not set: start "
        + "triaged by its unit, with LoadCredential= for each file, or name another path.", .file)
  }

  /// The same whatever is the matter with the boundary files: the last good areas may be kept.
  func usableWithKeptAreas() throws -> Configuration {
    guard let configuration else { throw ConfigurationError(problems: problems) }
    return configuration
  }
}

/// Reads and checks a whole configuration folder: all problems at once.
///
/// - Parameters:
///   - folder: the folder that holds `triaged.yaml`.
///   - state: the state folder, for `${state}` in paths.
///   - credentials: what systemd gives the service with `LoadCredential=`, for `${credentials}` in paths; `nil`: this
///     process is not the service.
func loadConfiguration(
  folder: String, state: String,
  credentials: String? = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"], now: Date
) -> LoadedConfiguration {
  let problems = ProblemList()
  let fingerprint = configurationFingerprint(folder)
  let paths = PathRules(folder: folder, state: state, credentials: credentials)
  let main = readMainFile(paths, problems: problems)
  let today = CivilDay(now, in: main?.timeZone ?? .gmt)
  let feeds = readFeeds(
    paths, grid: main?.grid ?? .britishNational, today: today, problems: problems)
  let rules = readRules(folder + "/rules.yaml", problems: problems)
  let channels = Set(main?.channels.keys.map { $0 } ?? [])
  let holidays = readBankHolidays(
    folder + "/bank-holidays.json", neededBy: feeds,
    team: main?.desk.working.division, now: now, problems: problems)
  var desk = main?.desk ?? DeskRules(working: WorkingTime(zone: .gmt))
  desk.working.holidays = holidays
  let team = readTeam(
    folder + "/team.yaml", channels: channels, paths: paths,
    announcing: AnnounceGround(calendar: desk.working, rules: rules), today: today,
    problems: problems)
  let wording = readWording(folder + "/templates", problems: problems)
  let pages = readPageWording(folder, problems: problems)

  for feed in feeds where main?.retention.days[.archive] == 0 {
    guard case .remoteFolder(let remote) = feed.settings.source, remote.deletesTaken else {
      continue
    }
    problems.add(
      feed.problem(
        at: "delete_taken", in: "remote",
        "The feed '\(feed.name)' has 'delete_taken', which needs an archive: a list that cannot be read "
          + "would be lost. Say how many 'archive_days' there are."))
  }
  if let main, let rules {
    checkSafeguarding(
      main.retention, rules, file: folder + "/triaged.yaml", problems: problems)
  }
  let cards = readCards(folder + "/cards.yaml", rules: rules, problems: problems)
  let glossary = readGlossary(folder + "/glossary.yaml", rules: rules, problems: problems)

  let grid = main?.grid ?? .britishNational
  for feed in feeds where feed.settings.crs != grid.crs {
    do throws(ProjectionError) {
      _ = try describeOperation(
        from: feed.settings.crs, to: grid, dataFolder: main?.areaSettings.dataFolder)
    } catch {
      problems.add(feed.problem(at: "coordinates", error.sentence))
    }
  }
  let areas = loadAreas(
    folder: folder + "/areas", grid: main?.grid ?? .britishNational,
    settings: main?.areaSettings ?? AreaFileSettings())
  if feeds.isEmpty {
    problems.add(folder + "/feeds", "There is no feed: put one .yaml file for each export here.")
  }
  var ofAreas = areas.problems
  // Of a folder without any area that is told already.
  if !areas.areas.isEmpty {
    ofAreas += namedAreaProblems(
      folder: folder, rules: rules, team: team, ids: areas.areas.map(\.id),
      mentions: problems.mentions)
  }

  let gazetteerFile = main?.gazetteerFile ?? state + "/gazetteer.bin"
  let gazetteer = LoadedGazetteer(path: gazetteerFile, grid: main?.grid ?? .britishNational)
  let lacks = gazetteerProblems(
    gazetteer, path: gazetteerFile, isNamed: main?.gazetteerFile != nil, feeds: feeds,
    areas: areas.areas)
  for problem in lacks.stopping { problems.add(problem) }

  let canStart = !problems.hasErrors
  for problem in ofAreas { problems.add(problem) }
  for problem in lacks.others { problems.add(problem) }
  let register = readRegister(
    RegisterPlaces(
      path: folder + "/register.csv", maxAge: main?.registerMaxAge ?? .infinity,
      polygons: RegisterPolygons(
        folder: folder + "/register", grid: grid,
        settings: main?.areaSettings ?? AreaFileSettings())),
    today: today, now: now, problems: problems
  ).state
  let socket = main.map(\.adminSocket).flatMap { $0.isEmpty ? nil : $0 }
  let adminSocket = socket ?? adminSocketPath(state: state, runtime: nil)
  var configuration: Configuration?
  if let main, let rules, let team, let wording, let pages, canStart {
    configuration = Configuration(
      folder: folder, state: state, instance: main.instance, grid: main.grid,
      timeZone: main.timeZone, listenHost: main.listenHost, listenPort: main.listenPort,
      publicURL: main.publicURL, linkLifetime: main.linkLifetime, desk: desk, cards: cards,
      glossary: glossary,
      retention: main.retention.days, registerMaxAge: main.registerMaxAge,
      registerFile: folder + "/register.csv",
      areaSettings: main.areaSettings, areaMargin: main.areaMargin,
      contextFile: main.contextFile, attribution: main.attribution, mail: main.mail,
      channels: main.channels,
      deliverEvery: main.deliverEvery, retry: main.retry, feeds: feeds, rules: rules, team: team,
      wording: wording, admin: main.admin, alive: main.alive,
      adminSocket: adminSocket, fingerprint: fingerprint, holidays: holidays,
      web: main.web, monitor: main.monitor, pages: pages, backup: main.backup,
      gazetteerFile: gazetteerFile)
  }
  return LoadedConfiguration(
    configuration: configuration, areas: areas, register: register, gazetteer: gazetteer,
    gazetteerFile: gazetteerFile, grid: main?.grid ?? .britishNational,
    adminSocket: adminSocket, fingerprint: fingerprint, problems: problems.sorted,
    hasUsableAreas: !areas.areas.isEmpty && !ofAreas.contains { $0.severity == .error })
}

/// What is wrong between the areas and the files that name them.
/// - Parameters:
///   - ids: of the areas that there are.
///   - mentions: where the files name them; without it a problem has no line.
func namedAreaProblems(
  folder: String, rules: Rules?, team: Team?, ids: [String], mentions: [AreaMention] = []
) -> [ConfigurationProblem] {
  let problems = ProblemList()
  func unknown(_ area: String, _ file: String, _ who: String) {
    let place = mentions.first { $0.area == area && $0.file == file }
    problems.add(
      file, line: place?.line ?? 0, column: place?.column ?? 0,
      "\(who) the area '\(area)', which no boundary file has"
        + (nearest(to: area, among: ids).map { "; did you mean '\($0)'?" } ?? "."))
  }
  if let team {
    let file = folder + "/team.yaml"
    for area in team.areas where !ids.contains(area.area) {
      unknown(area.area, file, "The team file names")
    }
    for id in ids where team.area(id) == nil {
      problems.add(
        file, severity: .warning, "Nobody looks after the area '\(id)': its opportunities wait.")
    }
  }
  for id in rules?.overrides.map(\.area) ?? [] where !ids.contains(id) {
    unknown(id, folder + "/rules.yaml", "The rules name")
  }
  return problems.problems
}

/// How paths in the configuration are meant.
struct PathRules {
  let folder: String
  let state: String
  /// The folder of the service's credentials; `nil` where this process has none.
  var credentials: String?

  static let credentials = "${credentials}"

  /// `${state}` is the state folder and `${credentials}` that of the credentials; what is relative is relative to the
  /// configuration folder.
  func resolve(_ path: String) -> String {
    var expanded = path.replacingOccurrences(of: "${state}", with: state)
    if let credentials {
      expanded = expanded.replacingOccurrences(of: PathRules.credentials, with: credentials)
    }
    if expanded.hasPrefix("/") { return expanded }
    let isWhole = ["${state}", PathRules.credentials].contains { path.hasPrefix($0) }
    return isWhole ? expanded : folder + "/" + expanded
  }
}
