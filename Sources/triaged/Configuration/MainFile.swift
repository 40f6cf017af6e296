import Foundation
import Geography
import Notify
import Transfer
import Triage

/// What `triaged.yaml` says.
struct MainFile {
  var instance: String
  var grid: Grid
  var timeZone: TimeZone
  var listenHost: String
  var listenPort: Int
  var publicURL: String
  var linkLifetime: Double
  var desk: DeskRules
  var retention: RetentionSection
  var registerMaxAge: Double
  var areaSettings: AreaFileSettings
  /// Metres.
  var areaMargin: Double
  var contextFile: String?
  var attribution: String
  var mail: MailIdentity
  var channels: [String: Channel]
  var deliverEvery: Double
  var retry: RetrySettings
  /// Where it says; `nil` for the usual place.
  var gazetteerFile: String?
  /// Who is told of a feed in trouble; `nil` where nobody is.
  var admin: AdminContact?
  var alive: AliveSettings?
  /// Empty for the usual place.
  var adminSocket: String
  var web: WebSection
  var backup: BackupSettings
  var monitor: MonitorSettings?
}

private let day = 86_400.0

func readMainFile(_ paths: PathRules, problems: ProblemList) -> MainFile? {
  guard let file = Section.read(paths.folder + "/triaged.yaml", problems: problems) else {
    return nil
  }
  let instance = file.requiredText("instance")
  if !instance.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
    file.problem(at: "instance", "'instance' takes letters, digits and hyphens.")
  }
  let zoneName = file.text("timezone", default: "Europe/London")
  let zone = TimeZone(identifier: zoneName)
  if zone == nil {
    file.problem(at: "timezone", "There is no time zone '\(zoneName)'; one is Europe/London.")
  }
  let listen = file.section("listen")
  let host = listen?.text("host", default: "127.0.0.1") ?? "127.0.0.1"
  let port = listen?.int("port", default: 8480, in: 0...65_535) ?? 8480
  listen?.finish()
  let publicURL = readPublicURL(file)
  let links = file.section("links")
  let register = file.section("register")
  let areas = file.section("areas")
  let deliver = file.section("deliver")
  let retry = deliver?.section("retry")
  let channels = readChannels(file, paths)
  let main = MainFile(
    instance: instance, grid: Grid(crs: file.text("grid", default: "EPSG:27700")),
    timeZone: zone ?? .gmt, listenHost: host, listenPort: port, publicURL: publicURL,
    linkLifetime: links?.duration("lifetime", default: 14 * day, in: 3600...90 * day) ?? 14 * day,
    desk: readClaims(file, working: readWorkingHours(file, zone: zone ?? .gmt)),
    retention: readRetention(file),
    registerMaxAge: register?.duration("max_age", default: 45 * day, in: 60...3650 * day)
      ?? 45 * day,
    areaSettings: AreaFileSettings(
      crs: areas?.text("crs", default: longitudeLatitude) ?? longitudeLatitude,
      idProperty: areas?.text("id", default: "id") ?? "id",
      nameProperty: areas?.text("name", default: "name") ?? "name",
      squareKilometres: readAreaSize(areas),
      ogr2ogr: areas?.text("ogr2ogr", default: usualOGR) ?? usualOGR,
      dataFolder: file.text("data").map(paths.resolve) ?? usualDataFolder()),
    areaMargin: readAreaMargin(areas),
    contextFile: readContextFile(areas, paths), attribution: areas?.text("attribution") ?? "",
    mail: readMailIdentity(file, instance: instance, publicURL: publicURL, zone: zoneName),
    channels: channels,
    deliverEvery: deliver?.duration("every", default: 60, in: 0.05...day) ?? 60,
    retry: RetrySettings(
      firstSeconds: retry?.duration("first", default: 300, in: 0.05...day) ?? 300,
      mostSeconds: retry?.duration("most", default: 14_400, in: 0.05...7 * day) ?? 14_400,
      lifetimeSeconds: retry?.duration("lifetime", default: 5 * day, in: 1...60 * day) ?? 5 * day,
      troubleSeconds: retry?.duration("trouble", default: 14_400, in: 60...60 * day) ?? 14_400),
    gazetteerFile: file.text("gazetteer").map(paths.resolve),
    admin: readAdmin(file, channels: channels), alive: readAlive(file, paths),
    adminSocket: readAdminSocket(file, paths),
    web: readWeb(file), backup: readBackup(file, paths),
    monitor: readMonitor(file, pages: (host, port)))
  if main.linkLifetime < main.retry.lifetimeSeconds {
    file.problem(
      at: "links",
      "Links end before a mail is given up: 'links' needs a lifetime of "
        + "\(Int(main.retry.lifetimeSeconds / day)) days or more.")
  }
  for problem in main.mail.problems { file.problem(at: "mail", problem) }
  for section in [links, register, areas, retry, deliver] { section?.finish() }
  file.finish()
  return main
}

private let usualOGR = AreaFileSettings().ogr2ogr

/// "0.01-50": square kilometres.
private func readAreaSize(_ areas: Section?) -> ClosedRange<Double> {
  let usual = AreaFileSettings().squareKilometres
  guard let text = areas?.text("size") else { return usual }
  let ends = text.split(separator: "-", omittingEmptySubsequences: false).compactMap {
    Double($0.trimmingCharacters(in: .whitespaces))
  }
  guard ends.count == 2, ends[0] >= 0, ends[0] < ends[1], ends[1] <= 1_000_000 else {
    areas?.problem(at: "size", "'size' takes square kilometres from and to, such as 0.01-50.")
    return usual
  }
  return ends[0]...ends[1]
}

/// Metres, as a feature's own `margin` is.
private func readAreaMargin(_ areas: Section?) -> Double {
  guard let text = areas?.text("margin") else { return PilotArea.usualMargin }
  guard let metres = Double(text), AreaFileSettings.margins.contains(metres) else {
    areas?.problem(
      at: "margin",
      "'margin' takes metres from 0 to \(Int(AreaFileSettings.margins.upperBound)), such as 25.")
    return PilotArea.usualMargin
  }
  return metres
}

/// It decides nothing, so that a lack of it is a warning.
private func readContextFile(_ areas: Section?, _ paths: PathRules) -> String? {
  guard let path = areas?.text("context").map(paths.resolve) else { return nil }
  if !FileManager.default.isReadableFile(atPath: path) {
    areas?.problem(
      at: "context", severity: .warning,
      "The file of neighbouring wards cannot be read; maps are drawn without it.")
  }
  return path
}

/// Links in mails are built from this and from nothing that a request says.
private func readPublicURL(_ file: Section) -> String {
  var text = file.requiredText("public_url")
  while text.hasSuffix("/") { text.removeLast() }
  guard !text.isEmpty else { return "" }
  guard let url = URL(string: text), let scheme = url.scheme, let host = url.host(),
    ["http", "https"].contains(scheme), !host.isEmpty, url.query() == nil, url.fragment() == nil
  else {
    file.problem(
      at: "public_url", "'public_url' takes an address such as https://triage.example.org")
    return ""
  }
  if scheme == "http", !["127.0.0.1", "localhost", "[::1]", "::1"].contains(host) {
    file.problem(
      at: "public_url", severity: .warning,
      "'public_url' is plain http, so claims could be read on the way; put TLS in front.")
  }
  return text
}

private func readMailIdentity(
  _ file: Section, instance: String, publicURL: String, zone: String
) -> MailIdentity {
  let mail = file.section("mail")
  let from = mail?.requiredText("from") ?? ""
  if mail == nil { file.problem(at: "mail", "'mail' is missing: who are the mails from?") }
  let replyTo = mail?.text("reply_to")
  let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
  let identity = MailIdentity(
    from: from, displayName: mail?.text("from_name", default: "triaged") ?? "triaged",
    replyTo: replyTo, messageIDDomain: "\(instance).\(domain)",
    serviceName: mail?.text("service_name", default: "Street Scene") ?? "Street Scene",
    publicURL: publicURL, timeZone: zone)
  mail?.finish()
  return identity
}
