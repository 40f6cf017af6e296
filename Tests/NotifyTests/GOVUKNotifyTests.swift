import Foundation
import TestServers
import Testing
import Transfer
import Triage

@testable import Notify

/// Against a stand-in that was written from Notify's public documentation.
@Suite struct GOVUKNotifyTests {
  @Test("A key is taken apart from its end, and its token is that of Python's hmac")
  func token() throws {
    let key = try #require(GOVUKNotifyKey(keyText))
    #expect(
      key.token(issued: 1_795_249_800)
        == "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI5OTk5OTk5OS04ODg4LTQ3NzctODY2Ni01NTU1NTU1NTU1NTUi"
        + "LCJpYXQiOjE3OTUyNDk4MDB9.daerdROiMPQOVv8Hj9AoPayObWJvczj9xs48JOwXFfU")
  }

  @Test(
    "What is no whole key is refused",
    arguments: [
      "", "99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-444444444444",
      "a-99999999-8888-4777-8666-55555555555-00000000-1111-4222-8333-444444444444",
      "a 99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-444444444444",
      "a-99999999-8888-4777-8666-555555555555_00000000-1111-4222-8333-444444444444",
      "a-99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-44444444444g",
    ])
  func noKey(text: String) {
    #expect(GOVUKNotifyKey(text) == nil)
  }

  @Test(
    "A digest is taken with our reference, its text as personalisation; the stand-in knows the token"
  )
  func takes() async throws {
    try await onServer([]) { server, settings in
      let digest = try sampleDigest(3)
      let receipt = try await send(delivery(digest), .govukNotify(settings))
      #expect(receipt.code == 201)
      let posts = try server.lines(of: "posts.jsonl")
      let body = try #require(posts.first?["body"] as? [String: Any])
      #expect(body["reference"] as? String == digest.id)
      #expect(body["email_address"] as? String == "ann@team.example")
      let words = try #require(body["personalisation"] as? [String: String])
      #expect(words["subject"] == (try delivery(digest).mail()).subject)
      let text = try #require(words["body"])
      for item in digest.items { #expect(text.contains(item.link)) }
      #expect(text.split(separator: "\n").allSatisfy { !$0.hasPrefix(" ") })
      // A first attempt asks nothing.
      #expect(try server.lines(of: "gets.jsonl").isEmpty)
    }
  }

  @Test("A notice is taken too")
  func notice() async throws {
    try await onServer([]) { server, settings in
      let notice = Notice(
        id: "3f2b8c1e-0000-4000-8000-000000000002", recipient: "it@desk.example", channel: "notify",
        subject: "ashfield: the list is late", paragraphs: ["Since Monday."],
        link: Notice.Link(words: "Sign in", url: "https://desk.example/sign-in/x"),
        created: try instant("2026-11-21T08:30:00Z"))
      let delivery = Delivery(
        .notice(notice, isToAdmin: true), identity: identity, wording: .builtIn, now: notice.created
      )
      #expect(try await send(delivery, .govukNotify(settings)).code == 201)
      let body = try #require(
        try server.lines(of: "posts.jsonl").first?["body"] as? [String: Any])
      let words = try #require(body["personalisation"] as? [String: String])
      #expect(words["subject"] == "ashfield: the list is late")
      #expect(words["body"]?.contains("https://desk.example/sign-in/x") == true)
    }
  }

  @Test("An answer that is lost sends no second mail: the reference is asked after first")
  func lostAnswer() async throws {
    try await onServer(["cut", "take"]) { server, settings in
      var digest = try sampleDigest(1)
      let lost = await #expect(throws: DeliveryError.self) {
        try await send(delivery(digest), .govukNotify(settings))
      }
      #expect(lost?.permanent == false)
      digest.attempts = 1
      let receipt = try await send(delivery(digest), .govukNotify(settings))
      #expect(receipt == Notify.Receipt(code: 200, words: "GOV.UK Notify had it already."))
      #expect(try server.lines(of: "posts.jsonl").count == 1)
      let asked = try #require(
        try server.lines(of: "gets.jsonl").first?["query"] as? [String: [String]])
      #expect(asked == ["reference": [digest.id]])
    }
  }

  @Test("What never arrived is sent by the second attempt")
  func neverArrived() async throws {
    try await onServer(["500", "take"]) { server, settings in
      var digest = try sampleDigest(1)
      let failed = await #expect(throws: DeliveryError.self) {
        try await send(delivery(digest), .govukNotify(settings))
      }
      #expect(failed?.permanent == false && failed?.code == 500)
      digest.attempts = 1
      #expect(try await send(delivery(digest), .govukNotify(settings)).code == 201)
      #expect(try server.lines(of: "posts.jsonl").count == 2)
      #expect(try server.lines(of: "gets.jsonl").count == 1)
    }
  }

  @Test(
    "How far a mail has come is asked by its reference; the simulator's addresses fail as they say")
  func statuses() async throws {
    try await onServer([]) { _, settings in
      var digest = try sampleDigest(1)
      #expect(try await status(digest, settings) == nil)
      try await send(delivery(digest), .govukNotify(settings))
      var seen: [GOVUKNotifyStatus?] = []
      for _ in 0..<4 { seen.append(try await status(digest, settings)) }
      #expect(seen == [.created, .sending, .delivered, .delivered])

      digest.id = "3f2b8c1e-0000-4000-8000-000000000011"
      digest.recipient.email = "perm-fail@simulator.notify"
      try await send(delivery(digest), .govukNotify(settings))
      #expect(try await status(digest, settings) == .permanentFailure)
      digest.attempts = 1
      let unknown = await #expect(throws: DeliveryError.self) {
        try await send(delivery(digest), .govukNotify(settings))
      }
      #expect(unknown?.permanent == true)
      #expect(unknown?.why.contains("simulator") == false)
      // Whoever puts the address right and sends it again by hand is not held to the old one's failure.
      digest.recipient.email = "bob@team.example"
      #expect(try await send(delivery(digest), .govukNotify(settings)).code == 201)
      let had = try await send(delivery(digest), .govukNotify(settings))
      #expect(had.words == "GOV.UK Notify had it already.")

      // What failed between Notify and its providers has to be sent again.
      for (id, email, status) in [
        (
          "3f2b8c1e-0000-4000-8000-000000000012", "temp-fail@simulator.notify",
          GOVUKNotifyStatus.temporaryFailure
        ),
        ("3f2b8c1e-0000-4000-8000-000000000013", "technical@example.org", .technicalFailure),
      ] {
        digest.id = id
        digest.recipient.email = email
        digest.attempts = 0
        try await send(delivery(digest), .govukNotify(settings))
        #expect(try await self.status(digest, settings) == status)
        digest.attempts = 1
        #expect(try await send(delivery(digest), .govukNotify(settings)).code == 201)
      }
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var step: String
    var permanent: Bool
    var code: Int
    var wish: ClosedRange<Double>?
    var words: String

    var testDescription: String { step }
  }

  @Test(
    "An error means what its status and kind say; its message is not repeated",
    arguments: [
      Fault(step: "500", permanent: false, code: 500, words: "trouble of its own"),
      Fault(step: "page", permanent: false, code: 502, words: "trouble of its own (HTTP 502)"),
      Fault(step: "rate", permanent: false, code: 429, wish: 60...60, words: "this minute"),
      // Half past eight in the morning, UTC: fifteen and a half hours are left of the day.
      Fault(step: "daily", permanent: false, code: 429, wish: 55_800...55_800, words: "in a day"),
      Fault(
        step: "team", permanent: true, code: 400,
        words: "refuses the mail (HTTP 400, BadRequestError)"),
      Fault(step: "template", permanent: true, code: 400, words: "refuses the mail"),
    ])
  func errors(fault: Fault) async throws {
    try await onServer([fault.step]) { _, settings in
      let error = await #expect(throws: DeliveryError.self) {
        try await send(delivery(try sampleDigest(1)), .govukNotify(settings))
      }
      #expect(error?.permanent == fault.permanent && error?.code == fault.code)
      #expect(error?.why.contains(fault.words) == true, "\(error?.why ?? "")")
      #expect(error?.why.contains("ann@team.example") == false)
      if let wish = fault.wish {
        #expect(error?.retryAfter.map(wish.contains) == true)
      } else {
        #expect(error?.retryAfter == nil)
      }
    }
  }

  @Test(
    "A clock that is off and a wrong key wait until somebody mends them", arguments: ["40", "-40"])
  func clock(off: String) async throws {
    try await onServer(["--clock", off]) { server, settings in
      let late = try #require(try await refusal(settings))
      #expect(!late.permanent && late.code == 403)
      #expect(late.why.contains("clock"))
      #expect(try server.lines(of: "posts.jsonl").isEmpty)
    }
    try await onServer([]) { server, settings in
      var settings = settings
      settings.apiKeyFile = try write(keyText.replacing("4444", with: "5555"), "other", in: server)
      let wrong = try #require(try await refusal(settings))
      #expect(!wrong.permanent && wrong.code == 403)
      settings.apiKeyFile = try write("sesame", "none", in: server)
      let none = try #require(try await refusal(settings))
      #expect(!none.permanent && none.code == nil && !none.why.contains("sesame"))
    }
  }

  @Test("The token bears the time of the posting, not of the round")
  func timeOfToken() async throws {
    try await onServer(["--clock", "40"]) { _, settings in
      var delivery = delivery(try sampleDigest(1))
      delivery.clock = { .now + 40 }
      #expect(try await send(delivery, .govukNotify(settings)).code == 201)
      let transferrer = Transferrer(threads: 1)
      let status = try await govukNotifyStatus(
        of: delivery.id, settings, via: transferrer, clock: delivery.clock)
      await transferrer.shutdown()
      #expect(status == .created)
    }
  }

  private func refusal(_ settings: GOVUKNotifySettings) async throws -> DeliveryError? {
    do {
      try await send(delivery(try sampleDigest(1)), .govukNotify(settings))
      return nil
    } catch let error as DeliveryError {
      return error
    }
  }

  private func delivery(_ digest: Digest) -> Delivery {
    Delivery(.digest(digest), identity: identity, wording: .builtIn, now: digest.created)
  }

  private func status(
    _ digest: Digest, _ settings: GOVUKNotifySettings
  ) async throws -> GOVUKNotifyStatus? {
    let transferrer = Transferrer(threads: 1)
    let status = try await govukNotifyStatus(of: digest.id, settings, via: transferrer)
    await transferrer.shutdown()
    return status
  }

  private func onServer(
    _ steps: [String], _ body: (PythonServer, GOVUKNotifySettings) async throws -> Void
  ) async throws {
    try await withPythonServer("notify_server.py", steps) { server in
      try await body(
        server,
        GOVUKNotifySettings(
          apiKeyFile: try write(keyText + "\n", "key", in: server),
          templateID: "77777777-6666-4555-8444-333333333333",
          url: "https://127.0.0.1:\(server.port)",
          posting: PostingSettings(
            allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)))
    }
  }
}

/// A made-up key: the stand-in knows it, and Notify does not.
private let keyText =
  "desk-99999999-8888-4777-8666-555555555555-00000000-1111-4222-8333-444444444444"
