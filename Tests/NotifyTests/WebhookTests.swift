import Foundation
import TestServers
import Testing
import Transfer
import Triage

@testable import Notify

@Suite struct WebhookTests {
  @Test(
    "Signatures are those of the specification's vector, and of Python's hmac",
    arguments: [
      // The vector of standardwebhooks.com's own libraries.
      (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
        "{\"test\": 2432232314}", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
      ),
      // 64 bytes, and letters beyond ASCII.
      (
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
        "3f2b8c1e-0000-4000-8000-000000000001", 1_795_249_800, "{\"street\":\"Ffordd y Môr\"}",
        "v1,tpStPylMT+r3truh+7havDrbbFndyXDlUJB07OwPWBk="
      ),
    ])
  func vectors(secret: String, id: String, timestamp: Int, body: String, signature: String) throws {
    let secret = try #require(WebhookSecret(secret))
    #expect(secret.sign(id: id, timestamp: timestamp, body: Array(body.utf8)) == signature)
  }

  @Test(
    "A secret of another form or length is none",
    arguments: [
      "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!",
      "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "whsec_" + Data(repeating: 1, count: 23).base64EncodedString(),
      "whsec_" + Data(repeating: 1, count: 65).base64EncodedString(),
    ])
  func secrets(text: String) {
    #expect(WebhookSecret(text) == nil)
  }

  @Test("A digest is posted thin and signed with both secrets, under the same id on every attempt")
  func posts() async throws {
    try await onServer("status/204") { server, settings, send in
      var rotating = settings
      rotating.previousSecretFile = try write(
        "whsec_" + Data(repeating: 7, count: 32).base64EncodedString() + "\n", "old", in: server)
      try write(
        [secret, "whsec_" + Data(repeating: 7, count: 32).base64EncodedString()]
          .joined(separator: "\n"), "secrets", in: server)
      let digest = try sampleDigest(3)
      let receipt = try await send(.webhook(rotating), digest, digest.created)
      #expect(receipt == Notify.Receipt(code: 204, words: "The webhook has taken it."))
      _ = try await send(.webhook(rotating), digest, digest.created + 300)
      _ = try await send(.webhook(settings), digest, digest.created + 600)
      let requests = try server.lines(of: "requests.jsonl")
      #expect(
        requests.map { $0["verified"] as? [Bool] } == [
          [true, true], [true, true], [true, false],
        ])
      let headers = requests.map { $0["headers"] as? [String: String] ?? [:] }
      #expect(headers.map { $0["webhook-id"] } == Array(repeating: digest.id, count: 3))
      #expect(
        headers.map { $0["webhook-timestamp"] } == ["1795249800", "1795250100", "1795250400"])
      #expect(headers.allSatisfy { $0["content-type"] == "application/json" })
      let bodies = Set(requests.map { $0["body"] as? String })
      #expect(bodies.count == 1)
      let body = try #require(bodies.first ?? nil)
      for personal in ["Ann", "Archer", "team.example", "Mill Lane", "Bulky", "NG17"] {
        #expect(!body.contains(personal))
      }
    }
  }

  @Test("The payload is the reviewed one", arguments: [1, 3])
  func golden(count: Int) throws {
    let digest = try sampleDigest(count)
    try compareJSON("webhook-\(count).json", webhookBody(.digest(digest)))
  }

  @Test("A payload stays under 20 KB, and what is left out is counted")
  func size() throws {
    let body = try webhookBody(.digest(sampleDigest(500)))
    #expect(body.count < 20_000 && body.count > 18_000)
    let data = try #require(
      (try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])?["data"]
        as? [String: Any])
    let shown = try #require(data["items"] as? [Any]).count
    #expect(data["count"] as? Int == 500)
    #expect(data["more"] as? Int == 500 - shown)
  }

  @Test("A notice is told by its subject; one that signs somebody in is not told")
  func notices() async throws {
    try await onServer("echo") { server, settings, _ in
      var notice = Notice(
        id: "3f2b8c1e-0000-4000-8000-000000000002", recipient: "it@desk.example", channel: "hook",
        subject: "ashfield: the list\nis late", paragraphs: ["Since Monday."],
        created: try instant("2026-11-21T08:30:00Z"))
      let body = try webhookBody(.notice(notice, isToAdmin: true))
      try compareJSON("webhook-notice.json", body)
      notice.link = Notice.Link(words: "Sign in", url: "https://desk.example/sign-in/x")
      let delivery = Delivery(
        .notice(notice, isToAdmin: false), identity: identity, wording: .builtIn,
        now: notice.created)
      let error = await #expect(throws: DeliveryError.self) {
        try await send(delivery, .webhook(settings))
      }
      #expect(error?.permanent == true)
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
    }
  }

  /// What becomes of an answer.
  enum Fate: String, Sendable {
    case accepted, again, never, disabled
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var path: String
    var fate: Fate
    /// Seconds that the other side asks for.
    var wish: ClosedRange<Double>?
    var words = ""

    init(_ path: String, _ fate: Fate, wish: ClosedRange<Double>? = nil, _ words: String = "") {
      (self.path, self.fate, self.wish, self.words) = (path, fate, wish, words)
    }

    var testDescription: String { path }
  }

  static let answers: [Case] = [
    Case("status/200", .accepted), Case("status/201", .accepted), Case("status/202", .accepted),
    Case("status/204", .accepted), Case("status/299", .accepted), Case("interim", .accepted),
    // The status is what counts, whatever comes after it.
    Case("long", .accepted), Case("short", .accepted), Case("dribble", .accepted),
    Case("status/301/Location/%2Fecho", .again, "sends elsewhere"),
    Case("status/302/Location/%2Fecho", .again, "sends elsewhere"),
    Case("status/303/Location/%2Fecho", .again, "sends elsewhere"),
    Case("status/304", .again, "sends elsewhere"),
    Case("status/307/Location/%2Fecho", .again, "sends elsewhere"),
    Case("status/308/Location/%2Fecho", .again, "sends elsewhere"),
    Case("status/400", .never, "refuses"), Case("status/401", .never, "refuses"),
    Case("status/403", .never, "refuses"), Case("status/404", .never, "refuses"),
    Case("status/422", .never, "refuses"), Case("status/413", .never, "too large"),
    // A wish beside a refusal for good is none.
    Case("status/400/Retry-After/7", .never, "refuses"),
    Case("status/410", .disabled, "is gone"),
    Case("status/408", .again, "try again later"), Case("status/425", .again, "try again later"),
    Case("status/429", .again, "try again later"),
    Case("status/429/Retry-After/7", .again, wish: 7...7, "try again later"),
    Case("status/429/Retry-After/999999999", .again, wish: 86_400...86_400),
    Case("status/429/Retry-After/soon", .again), Case("status/429/Retry-After/-5", .again),
    Case("until/429/600", .again, wish: 590...601), Case("until/503/600", .again, wish: 590...601),
    Case(
      "status/503/Retry-After/Thu%2C%2001%20Jan%202026%2000%3A00%3A00%20GMT", .again, wish: 0...0),
    Case("status/500", .again, "trouble of its own"),
    Case("status/500/Retry-After/30", .again, wish: 30...30),
    Case("status/501", .again), Case("status/502/Retry-After/60", .again, wish: 60...60),
    Case("status/503", .again), Case("status/504/Retry-After/60", .again, wish: 60...60),
    Case("status/599", .again), Case("status/600", .again, "an answer that is none"),
    Case("hang", .again, "in time"), Case("slow", .again), Case("drop", .again, "was cut"),
    Case("reset", .again, "was cut"), Case("garbage", .again, "does not answer as"),
    Case("old", .again, "does not answer as"), Case("number", .again),
  ]

  @Test("Each answer means what the specification says, and no redirect is followed")
  func answers() async throws {
    #expect(Self.answers.count >= 25)
    try await onServer("") { server, settings, send in
      let digest = try sampleDigest(1)
      for (at, answer) in Self.answers.enumerated() {
        var settings = settings
        settings.url += answer.path
        settings.posting.totalSeconds = 2
        let expected = answer.fate
        do {
          let receipt = try await send(.webhook(settings), digest, digest.created)
          #expect(expected == .accepted, "\(answer.path)")
          #expect((200...299).contains(receipt.code ?? 0))
        } catch let error as DeliveryError {
          let fate: Fate = error.disablesChannel ? .disabled : error.permanent ? .never : .again
          #expect(fate == expected, "\(answer.path): \(error.why)")
          #expect(error.permanent == (expected != .again))
          #expect(
            answer.words.isEmpty || error.why.contains(answer.words), "\(answer.path): \(error.why)"
          )
          #expect(!error.why.contains("<html>"))
          if let wish = answer.wish {
            #expect(error.retryAfter.map(wish.contains) == true, "\(answer.path)")
          } else {
            #expect(error.retryAfter == nil, "\(answer.path)")
          }
        }
        // One request each: nothing is followed, and nothing tried twice at once.
        #expect(try server.lines(of: "requests.jsonl").count == at + 1, "\(answer.path)")
      }
    }
  }

  @Test("A certificate of nobody's, a host that is not allowed and a lost secret are no posts")
  func refused() async throws {
    try await onServer("echo") { server, settings, send in
      let digest = try sampleDigest(1)
      var cases: [(WebhookSettings, permanent: Bool)] = []
      var changed = settings
      changed.posting.caFile = nil
      cases.append((changed, false))
      changed = settings
      changed.posting.allowHosts = ["hooks.example.org"]
      cases.append((changed, true))
      changed = settings
      changed.posting.allowPrivate = false
      cases.append((changed, true))
      changed = settings
      changed.secretFile = server.folder.path + "/nowhere"
      cases.append((changed, false))
      changed = settings
      changed.secretFile = try write("sesame", "bad", in: server)
      cases.append((changed, false))
      for (settings, permanent) in cases {
        let error = await #expect(throws: DeliveryError.self) {
          _ = try await send(.webhook(settings), digest, digest.created)
        }
        #expect(error?.permanent == permanent, "\(error?.why ?? "")")
        for secret in ["sesame", secret, server.folder.path] {
          #expect(error?.why.contains(secret) == false)
        }
      }
      #expect(try server.lines(of: "requests.jsonl").isEmpty)
    }
  }

  private func onServer(
    _ path: String,
    _ body: (
      PythonServer, WebhookSettings,
      _ send: (Channel, Digest, Date) async throws -> Notify.Receipt
    ) async throws -> Void
  ) async throws {
    try await withPythonServer("webhook_server.py") { server in
      let settings = WebhookSettings(
        url: "https://127.0.0.1:\(server.port)/\(path)",
        secretFile: try write(secret + "\n", "secret", in: server),
        posting: PostingSettings(
          allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile))
      try await body(server, settings) { channel, digest, now in
        try await send(
          Delivery(.digest(digest), identity: identity, wording: .builtIn, now: now), channel)
      }
    }
  }
}

private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

@Suite struct WebhookScheduleTests {
  private let now = Date(timeIntervalSince1970: 1_795_250_000)

  private func pause(
    _ attempts: Int, retryAfter: Double? = nil, random: Double = 0.5
  ) throws -> Double? {
    let channel = Channel.webhook(
      WebhookSettings(url: "", secretFile: "", posting: PostingSettings(allowHosts: [])))
    return channel.nextAttempt(
      after: attempts, created: now - 9 * 86_400, now: now, retryAfter: retryAfter,
      settings: RetrySettings(), random: random
    )?.timeIntervalSince(now)
  }

  @Test("Ten attempts over 75 hours, by the specification's pauses")
  func pauses() throws {
    let minutes = try (1...9).map { try #require(try pause($0)) / 60 }
    #expect(
      minutes.map { ($0 * 12).rounded() / 12 } == [1.0 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440])
    #expect(try pause(10) == nil)
    #expect(try pause(Int.max) == nil)
    #expect(abs(minutes.reduce(0, +) / 60 - 75.585) < 0.01)
  }

  @Test("Chance makes a pause up to a fifth shorter or longer, and the other side's wish wins")
  func jitter() throws {
    for attempt in 1...9 {
      let usual = try #require(try pause(attempt))
      #expect(abs(try #require(try pause(attempt, random: 0)) - usual * 0.8) < 0.01)
      #expect(abs(try #require(try pause(attempt, random: 0.999_999)) - usual * 1.2) < 0.5)
    }
    #expect(try pause(1, retryAfter: 900) == 900)
    #expect(try pause(3, retryAfter: 7) == 1800)
  }

  @Test("Every other channel keeps to the settings of the configuration")
  func others() throws {
    let slack = Channel.slack(
      URLFileSettings(urlFile: "", posting: PostingSettings(allowHosts: [])))
    let next = slack.nextAttempt(
      after: 2, created: now, now: now, settings: RetrySettings(), random: 0.5)
    #expect(next == now + 600)
  }
}
