import Foundation
import Logging
import TestServers
import Testing
import Triage

@testable import triaged

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

      // One question per page.
      var asked = page
      func answer(_ answers: [String: String]) async throws -> Int {
        let forward = asked.replacing(
          /<form[^>]*class="back".*?<\/form>/.dotMatchesNewlines(), with: "")
        let (action, hidden) = try form(forward, to: "outcome")
        let (status, next) = try await request(
          "POST", "http://127.0.0.1:\(instance.port)\(action)", hidden.merging(answers) { $1 })
        asked = next
        return status
      }
      #expect(try await answer([:]) == 200)
      #expect(try await answer(["kind": "accepted"]) == 200)
      #expect(try await answer([:]) == 422, "accepted needs the consent answer")
      #expect(try await answer(["consent": "yes"]) == 200)
      #expect(try await answer(["scope-support": "yes"]) == 200)
      let day = try #require(asked.firstMatch(of: /<option value="(\d{4}-\d\d-\d\d)"/)).1
      #expect(try await answer(["on": String(day), "how": "in_person"]) == 200)
      #expect(try await answer(["known": "no"]) == 200)
      #expect(try await answer(["line": "none"]) == 200)
      #expect(asked.contains("that is recorded"))
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
      try writeSecret(password, to: instance.folder.path + "/password")
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
