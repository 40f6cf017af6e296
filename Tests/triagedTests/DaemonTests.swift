import Foundation
import FoundationNetworking
import Logging
import TestServers
import Testing
import Triage

@testable import triaged

/// A whole instance in a folder of its own: the example configuration, a free port, a Maildir.
private struct Instance {
  let folder: TemporaryFolder
  let config: String
  let port: Int

  var state: String { folder.path + "/state" }
  var drop: String { state + "/drop" }
  var mails: [String] {
    let new = state + "/mail/new"
    return ((try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []).sorted().map {
      new + "/" + $0
    }
  }

  init() throws {
    folder = try TemporaryFolder()
    config = try folder.exampleConfiguration()
    port = try freePort()
    try edit(config + "/triaged.yaml", "8480", "\(port)")
    try edit(config + "/triaged.yaml", "every: 10s", "every: 0.1s")
    try edit(config + "/feeds/street-scene.yaml", "settle: 2s", "settle: 0s")
    try edit(config + "/feeds/street-scene.yaml", "every: 2s", "every: 0.1s")
    try FileManager.default.createDirectory(atPath: drop, withIntermediateDirectories: true)
  }

  /// Mails go to a relay in place of the Maildir, and are tried again soon.
  func useRelay(port: Int, caFile: String, signIn: Bool = true) throws {
    let user = signIn ? ", user: triaged, password_file: '\(folder.path)/password'" : ""
    let file = config + "/triaged.yaml"
    try edit(
      file, "    kind: maildir\n    path: ${state}/mail\n",
      "    {kind: smtp, host: localhost, port: \(port), ca_file: '\(caFile)'\(user)}\n")
    try edit(file, "first: 5m", "first: 0.2s")
  }

  func daemon() async throws -> Daemon {
    try await Daemon(
      loadConfiguration(folder: config, state: state, now: .now),
      logger: Logger(label: "test") { _ in JournalLogHandler() })
  }

  /// Runs the daemon while the body runs, then shuts it down as a signal would.
  func whileRunning(_ body: @escaping @Sendable (Instance) async throws -> Void) async throws {
    let daemon = try await daemon()
    let (running, begun) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { begun.finish() }
        try await daemon.run { begun.yield() }
      }
      for await _ in running { break }
      try await body(self)
      group.cancelAll()
      try? await group.waitForAll()
    }
  }

  /// A list in the shape of the example feed; the address decides who is who.
  func put(_ name: String, _ rows: [String]) throws {
    let header = FictionalTown.header.joined(separator: ",")
    try write(([header] + rows).joined(separator: "\r\n") + "\r\n", to: drop + "/" + name)
  }

  func get(_ path: String) async throws -> (Int, String) {
    try await request("GET", "http://127.0.0.1:\(port)\(path)")
  }
}

private func request(
  _ method: String, _ url: String, _ form: [String: String]? = nil
) async throws -> (Int, String) {
  var request = URLRequest(url: try #require(URL(string: url)))
  request.httpMethod = method
  if let form {
    var parts = URLComponents()
    parts.queryItems = form.map { URLQueryItem(name: $0, value: $1) }
    request.httpBody = parts.percentEncodedQuery?.replacing("+", with: "%2B").data(using: .utf8)
    request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
  }
  let session = URLSession(configuration: .ephemeral)
  defer { session.invalidateAndCancel() }
  let (data, answer) = try await session.data(for: request)
  return ((answer as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
}

/// A form of a page: where it goes and its hidden fields.
private func form(_ page: String, to action: String) throws -> (String, [String: String]) {
  let forms = page.matches(of: /<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/.dotMatchesNewlines())
  let match = try #require(forms.first { $0.output.1.hasSuffix("/" + action) })
  var fields: [String: String] = [:]
  for input in match.output.2.matches(of: /<input[^>]*type="hidden"[^>]*>/) {
    let name = try #require(input.output.firstMatch(of: /name="([^"]*)"/)).output.1
    let value = try #require(input.output.firstMatch(of: /value="([^"]*)"/)).output.1
    fields[String(name)] = String(value)
  }
  return (String(match.output.1), fields)
}

/// An open bulky quote at a point in New Cross.
private func quote(_ reference: String, _ number: Int, street: String = "Quince Avenue") -> String {
  let recorded = Date.now.addingTimeInterval(-3 * 86_400).formatted(
    .verbatim(
      "\(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits) 10:00",
      timeZone: .gmt, calendar: .init(identifier: .gregorian)))
  return
    "\(reference),\(recorded),,,Bulky,Bulky waste quote,Open,Public,,\"\(number) \(street), Sutton in Ashfield\",NG17 9CM,\(pointInNewCross.x),\(pointInNewCross.y),secret sofa note"
}

/// The middle of the example area's box is inside it; see config/areas/new-cross.geojson.
let pointInNewCross: GridPoint = {
  let areas = loadConfiguration(
    folder: root + "/config", state: "/nowhere", now: .now
  ).areas.areas
  let ring = areas.first { $0.id == "new-cross" }?.polygons.first?.outer ?? []
  let x = ring.map(\.x)
  let y = ring.map(\.y)
  let index = AreaIndex(areas)
  for step in 1..<40 {
    let point = GridPoint(
      x: (x.min()! + (x.max()! - x.min()!) * Double(step) / 40).rounded(),
      y: ((y.min()! + y.max()!) / 2).rounded())
    if index.areas(holding: point).map(\.id) == ["new-cross"] { return point }
  }
  return GridPoint(x: 0, y: 0)
}()

/// The claim links of a mail, soft line breaks taken out.
private func links(_ mail: String) throws -> [String] {
  let plain = try text(of: mail).replacingOccurrences(of: "=\r\n", with: "")
  let found = plain.matches(of: /http:\/\/127\.0\.0\.1:\d+\/c\/[A-Za-z0-9_-]+/).map {
    String($0.output)
  }
  return Array(Set(found)).sorted()
}

@Suite("The daemon, from a dropped list to a recorded outcome", .serialized)
struct DaemonTests {
  @Test("A list becomes a mail; the link claims; a second name is told who holds it")
  func wholeWay() async throws {
    try await Instance().whileRunning { instance in
      try instance.put("monday.csv", [quote("SS1", 12)])
      let mail = try await eventually("the mail") { instance.mails.first }
      let said = try text(of: try #require(mail))
      #expect(said.contains("Quince Avenue"))
      for secret in ["12 Quince", "9CM", "secret", "sofa"] { #expect(!said.contains(secret)) }

      let sent = try links(mail!)
      let link = try #require(sent.first)
      let (status, offer) = try await request("GET", link)
      #expect(status == 200)
      for secret in ["12 Quince", "9CM", "secret"] { #expect(!offer.contains(secret)) }

      let (action, fields) = try form(offer, to: "claim")
      let url = "http://127.0.0.1:\(instance.port)\(action)"
      func claim(_ member: String) async throws -> (Int, String) {
        try await request("POST", url, fields.merging(["member": member]) { $1 })
      }
      let (won, page) = try await claim("bob")
      #expect(won == 200)
      #expect(page.contains("12 Quince Avenue"))
      #expect(!page.contains("secret"), "notes are not carried unless the feed says so")
      let (lost, refusal) = try await claim("dee")
      #expect(lost == 409)
      #expect(refusal.contains("Bob Baker"))
      #expect(!refusal.contains("12 Quince"))
      let (again, same) = try await claim("bob")
      #expect(again == 200)
      #expect(same.contains("12 Quince Avenue"))
      let (held, looked) = try await request("GET", link)
      #expect(held == 200)
      #expect(looked.contains("Bob Baker"))
      #expect(!looked.contains("12 Quince"))

      let (outcome, hidden) = try form(page, to: "outcome")
      let record = "http://127.0.0.1:\(instance.port)\(outcome)"
      let (missing, _) = try await request(
        "POST", record, hidden.merging(["outcome": "accepted"]) { $1 })
      #expect(missing == 422, "accepted needs the consent answer")
      let (recorded, _) = try await request(
        "POST", record, hidden.merging(["outcome": "accepted", "consent": "yes"]) { $1 })
      #expect(recorded == 200)
      let (_, after) = try await request("GET", link)
      #expect(!after.contains("12 Quince"))
      #expect(try await instance.get("/readyz").0 == 200)
    }
  }

  @Test("The same list again, under another name, owes nobody anything")
  func sameList() async throws {
    try await Instance().whileRunning { instance in
      try instance.put("list-1.csv", [quote("SS1", 12)])
      _ = try await eventually("the mail") { instance.mails.first }
      try instance.put("list-2.csv", [quote("SS1", 12)])
      try instance.put("list-3.csv", [quote("SS1", 12), quote("SS2", 14)])
      let mails = try await eventually("the second mail") {
        instance.mails.count >= 2 ? instance.mails : nil
      }
      #expect(mails?.count == 2)
      let second = Set(try links(try #require(mails?.last)))
      #expect(second.count == 1, "only what is new is in the second mail")
    }
  }

  @Test("Without a register nothing is announced; when it is back everything owed is")
  func failsClosed() async throws {
    let instance = try Instance()
    let daemonReady = instance.config + "/register.csv"
    try await instance.whileRunning { instance in
      _ = try await eventually("the pages") { try? await instance.get("/livez") }
      try FileManager.default.moveItem(atPath: daemonReady, toPath: daemonReady + ".away")
      _ = try await eventually("not ready") {
        try await instance.get("/readyz").0 == 503 ? true : nil
      }
      try instance.put("list-1.csv", [quote("SS1", 12)])
      _ = try await eventually("the list to be taken") {
        try FileManager.default.contentsOfDirectory(atPath: instance.drop).isEmpty ? true : nil
      }
      #expect(instance.mails.isEmpty)
      try FileManager.default.moveItem(atPath: daemonReady + ".away", toPath: daemonReady)
      _ = try await eventually("the mail") { instance.mails.first }
    }
  }

  @Test("An address that the register names is in no mail and cannot be claimed")
  func doNotContact() async throws {
    let instance = try Instance()
    try await instance.whileRunning { instance in
      try instance.put("list-1.csv", [quote("SS1", 12), quote("SS2", 14, street: "Pipit Lane")])
      let mail = try await eventually("the mail") { instance.mails.first }
      var pages: [String: String] = [:]
      for link in try links(try #require(mail)) { pages[link] = try await request("GET", link).1 }
      let (link, page) = try #require(pages.first { $0.value.contains("Quince Avenue") })
      try write(
        "uprn,address,postcode,flag,expires\n,12 Quince Avenue,NG17 9CM,do_not_contact,\n",
        to: instance.config + "/register.csv")
      let (action, fields) = try form(page, to: "claim")
      // While the register is being saved nobody can claim; then it forbids this one for good.
      let answer = try await eventually("the register") {
        let (status, answer) = try await request(
          "POST", "http://127.0.0.1:\(instance.port)\(action)",
          fields.merging(["member": "bob"]) { $1 })
        try #require([410, 503].contains(status), "answered with \(status)")
        return status == 410 ? answer : nil
      }
      #expect(answer?.contains("12 Quince") == false)
      let (gone, _) = try await request("GET", link)
      #expect(gone == 410)
    }
  }

  @Test("A bad edit of the boundaries leaves the last good areas in force, a good one moves them")
  func boundaries() async throws {
    try await Instance().whileRunning { instance in
      let file = instance.config + "/areas/new-cross.geojson"
      try instance.put("list-1.csv", [quote("SS1", 12)])
      _ = try await eventually("the first mail") { instance.mails.first }
      try write("{\"type\": \"FeatureCollection\", \"features\": [{]}", to: file)
      try instance.put("list-2.csv", [quote("SS1", 12), quote("SS2", 14)])
      let second = try await eventually("the second mail") {
        instance.mails.count == 2 ? instance.mails.last : nil
      }
      let later = try links(try #require(second))
      let link = try #require(later.first)
      #expect(try await request("GET", link).0 == 200)

      // A hole where it lies: what is open there is withdrawn.
      try write(holed(), to: file)
      _ = try await eventually("the withdrawal") {
        try await request("GET", link).0 == 410 ? true : nil
      }
    }
  }

  @Test("An edit takes effect within a minute; what somebody has claimed is not touched by it")
  func editInAMinute() async throws {
    try await Instance().whileRunning { instance in
      try instance.put("list-1.csv", [quote("SS1", 12), quote("SS2", 14, street: "Pipit Lane")])
      let mail = try await eventually("the mail") { instance.mails.first }
      var pages: [String: String] = [:]
      for link in try links(try #require(mail)) { pages[link] = try await request("GET", link).1 }
      let (held, page) = try #require(pages.first { $0.value.contains("Quince Avenue") })
      let free = try #require(pages.keys.first { $0 != held })
      let (action, fields) = try form(page, to: "claim")
      let claimed = try await request(
        "POST", "http://127.0.0.1:\(instance.port)\(action)",
        fields.merging(["member": "bob"]) { $1 })
      #expect(claimed.0 == 200)
      #expect(try await request("GET", free).0 == 200)

      let clock = ContinuousClock()
      let begun = clock.now
      try write(try holed(), to: instance.config + "/areas/new-cross.geojson")
      _ = try await eventually("the effect", within: 60) {
        try await request("GET", free).0 == 410 ? true : nil
      }
      #expect(begun.duration(to: clock.now) < .seconds(60))
      let (status, after) = try await request("GET", held)
      #expect(status == 200 && after.contains("Bob Baker"))
    }
  }

  @Test(
    "A mail that the relay puts off, or takes without saying so, comes again under its Message-ID")
  func relay() async throws {
    let password = "a word for the relay"
    try await withPythonServer(
      "smtp_server.py",
      ["end:451 4.7.1 Later", "cut", "accept", "--user", "triaged", "--password", password]
    ) { server in
      let instance = try Instance()
      try write(password, to: instance.folder.path + "/password")
      try instance.useRelay(port: server.port, caFile: try #require(server.caFile))
      try await instance.whileRunning { instance in
        try instance.put("list-1.csv", [quote("SS1", 12)])
        _ = try await eventually("the twin") { try server.mails().count == 2 ? true : nil }
      }
      let mails = try server.mails()
      #expect(mails.map(\.step) == ["cut", "accept"])
      #expect(Set(mails.map(\.messageID)).count == 1)
      #expect(mails.allSatisfy { $0.tls && $0.user == "triaged" })
      #expect(
        try server.lines(of: "log.jsonl").count == 3, "451 first, then the cut, then accepted")
    }
  }

  @Test("A mail that the relay refuses for good is not tried again, and monitors are told")
  func refused() async throws {
    try await withPythonServer("smtp_server.py", ["rcpt:550 5.1.1 No such user"]) { server in
      let instance = try Instance()
      try instance.useRelay(port: server.port, caFile: try #require(server.caFile), signIn: false)
      try await instance.whileRunning { instance in
        try instance.put("list-1.csv", [quote("SS1", 12)])
        let ready = try await eventually("the alarm") {
          let (status, text) = try await instance.get("/readyz")
          return status == 503 ? text : nil
        }
        #expect(ready?.contains("refused for good") == true)
        #expect(ready?.contains("@") == false)
      }
      #expect(try server.lines(of: "log.jsonl").count == 1)
      #expect(try server.mails().isEmpty)
    }
  }

  @Test("A second daemon on the same state is refused")
  func oneInstance() async throws {
    let instance = try Instance()
    let first = try await instance.daemon()
    await #expect(throws: (any Error).self) { try await instance.daemon() }
    _ = first
  }
}
