import FlareImport
import Foundation
import Triage

/// One feed: what FlareImport is told of it, and when its lists are not believed.
struct Feed: Sendable {
  var settings: FeedSettings
  var hold: HoldLimits
  /// When lists are expected, in the feed's zone; `nil`: it is never late.
  var expected: Cadence?
  /// On trial: what only its jobs would make is listed and not announced.
  var isShadow = false
  /// On what ground its data come; after its end the feed is paused.
  var agreement: Agreement?
  /// The path of the file that says all this.
  var file = ""

  /// Whether its agreement has ended: then it is not polled, and its jobs count for nothing.
  func isEnded(on day: CivilDay) -> Bool { agreement.map { !$0.isInForce(on: day) } ?? false }

  /// Why it is paused, in a sentence; `nil`: it is not.
  func whyPaused(on day: CivilDay) -> String? {
    guard isEnded(on: day), let ends = agreement?.ends else { return nil }
    return "The feed \(name) is paused: its agreement ended on \(ends)."
  }

  var name: String { settings.name }

  /// An error that shows only beside other files, with its place in the feed's own.
  /// - Parameter part: the section in which the key stands; `nil`: in none.
  func problem(at key: String, in part: String? = nil, _ text: String) -> ConfigurationProblem {
    let whole = Section.read(file, problems: ProblemList())
    let section = part.flatMap { whole?.section($0) } ?? whole
    let place = section?.place(of: key) ?? (line: 0, column: 0)
    return ConfigurationProblem(
      severity: .error, file: file, line: place.line, column: place.column, text: text)
  }
}

/// All of `feeds/*.yaml`, in the order of their names.
/// - Parameter today: by which an agreement has ended.
func readFeeds(
  _ paths: PathRules, grid: Grid, today: CivilDay, problems: ProblemList
) -> [Feed] {
  let folder = paths.folder + "/feeds"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  var feeds: [Feed] = []
  for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
    guard let file = Section.read(folder + "/" + name, problems: problems) else { continue }
    let feed = Feed(
      settings: readFeed(file, paths, grid), hold: readHold(file), expected: readExpected(file),
      isShadow: file.bool("shadow", default: false), agreement: readAgreement(file),
      file: folder + "/" + name)
    file.finish()
    checkAgreement(feed.agreement, of: "The feed '\(feed.name)'", on: today, in: file)
    if let problem = feed.unmeasurable {
      file.problem(at: "expected", severity: .warning, problem)
    }
    if feeds.contains(where: { $0.name == feed.name }) {
      file.problem(at: "name", "Two feeds bear the name '\(feed.name)'.")
    }
    feeds.append(feed)
  }
  return feeds
}

private func readFeed(_ file: Section, _ paths: PathRules, _ grid: Grid) -> FeedSettings {
  let name = file.requiredText("name")
  if !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
    file.problem(at: "name", "'name' takes letters, digits and hyphens.")
  }
  let zone = file.text("timezone", default: "Europe/London")
  if TimeZone(identifier: zone) == nil {
    file.problem(at: "timezone", "There is no time zone '\(zone)'; one is Europe/London.")
  }
  let source = readSource(file, paths)
  var (isOpen311, isRemote) = (false, false)
  if case .open311 = source { isOpen311 = true }
  if case .remoteFolder = source { isRemote = true }
  let (columns, geographic) =
    isOpen311 && !file.has("columns") ? (ColumnMap.open311, true) : readColumns(file)
  let dates = file.list("dates")
  for pattern in dates {
    do {
      _ = try DatePattern(pattern)
    } catch {
      file.problem(at: "dates", error.why)
    }
  }
  let carry = file.list("carry")
  for word in carry where !["notes", "contact"].contains(word) {
    file.problem(at: "carry", "'carry' takes notes and contact, not '\(word)'.")
  }
  let kind: FeedSettings.Kind = file.choice("kind", default: isOpen311 ? .updates : .snapshot)
  if isOpen311, kind == .snapshot {
    file.problem(
      at: "kind", "An Open311 server tells the last days only: 'kind' must be updates.")
  }
  var settings = FeedSettings(
    name: name, source: source, kind: kind,
    cadenceSeconds: file.duration("every", default: usualCadence(source), in: 0.05...7 * 86_400),
    settleSeconds: file.duration("settle", default: isRemote ? 60 : 10, in: 0...86_400),
    maxBytes: file.size("max_size", default: 2_000_000_000), columns: columns,
    crs: file.text("coordinates", default: geographic ? "EPSG:4326" : grid.crs),
    nullWords: file.list("null"),
    closedWords: isOpen311 && !file.has("closed") ? ["closed"] : file.list("closed"),
    dateFormats: dates.isEmpty ? FeedSettings.usualDateFormats : dates, timeZone: zone,
    carryNotes: carry.contains("notes"), carryContact: carry.contains("contact"),
    http: readHTTP(file, source, paths),
    approximateMetres: Double(file.int("approximate_metres", default: 250, in: 0...10_000)))
  readShape(file, &settings)
  return settings
}

/// When a list is too strange to be believed (law 9). 100 per cent switches a limit off, 0 times and 0
/// seconds do.
private func readHold(_ file: Section) -> HoldLimits {
  var limits = HoldLimits()
  guard let section = file.section("hold") else { return limits }
  limits.missingJobs = section.int(
    "missing_jobs", default: limits.missingJobs, in: 0...1_000_000)
  limits.missingPercent = section.int(
    "missing_percent", default: limits.missingPercent, in: 0...100)
  limits.shrunkPercent = section.int(
    "shrunk_percent", default: limits.shrunkPercent, in: 0...100)
  limits.grownTimes = section.int("grown_times", default: limits.grownTimes, in: 0...1_000_000)
  limits.futurePercent = section.int(
    "future_percent", default: limits.futurePercent, in: 0...100)
  limits.sameAfter = section.duration(
    "same_after", default: limits.sameAfter, in: 0...366 * 86_400)
  limits.quiet = section.duration("quiet", default: limits.quiet, in: 0...7 * 86_400)
  section.finish()
  return limits
}

/// - Returns: the map, and whether its coordinates are longitude and latitude.
private func readColumns(_ file: Section) -> (ColumnMap, Bool) {
  guard let columns = file.section("columns") else {
    file.problem(at: "columns", "'columns' is missing: which heading holds what?")
    return (ColumnMap(reference: ""), false)
  }
  let easting = columns.text("easting")
  let northing = columns.text("northing")
  let longitude = columns.text("longitude")
  let latitude = columns.text("latitude")
  let point = columns.text("point")
  let onGrid = easting != nil || northing != nil
  let geographic = longitude != nil || latitude != nil
  let hasOther = point != nil || columns.has("uprn") || columns.has("postcode")
  if onGrid && geographic || (!onGrid && !geographic && !hasOther)
    || (easting == nil) != (northing == nil)
    || (longitude == nil) != (latitude == nil)
  {
    file.problem(
      at: "columns", "'columns' names easting and northing, or longitude and latitude.")
  }
  let map = ColumnMap(
    reference: columns.requiredText("reference"), received: columns.list("received"),
    due: columns.list("due"), closed: columns.list("closed"), updated: columns.list("updated"),
    status: columns.text("status"),
    jobClass: columns.text("class"), type: columns.text("type"), address: columns.list("address"),
    postcode: columns.text("postcode"), uprn: columns.text("uprn"), x: easting ?? longitude,
    y: northing ?? latitude, point: point, callerType: columns.text("caller"),
    notes: columns.text("notes"),
    contact: columns.text("contact"), otherUPRN: columns.text("other_uprn"),
    otherAddress: columns.list("other_address"), otherPostcode: columns.text("other_postcode"))
  columns.finish()
  return (map, geographic)
}
