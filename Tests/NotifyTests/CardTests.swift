import Foundation
import TestServers
import Testing
import Transfer
import Triage

@testable import Notify

/// Cards for Teams and Slack, which many people see.
@Suite struct CardTests {
  enum Kind: String, Sendable, CaseIterable {
    case teams, slack

    func body(_ delivery: Delivery) throws -> [UInt8] {
      switch self {
      case .teams: try teamsCard(delivery)
      case .slack: try slackMessage(delivery)
      }
    }
  }

  @Test("The card is the reviewed one", arguments: Kind.allCases, [1, 3])
  func golden(kind: Kind, count: Int) throws {
    try compareJSON("\(kind)-\(count).json", kind.body(delivery(sampleDigest(count))))
  }

  @Test("The card of a notice is the reviewed one", arguments: Kind.allCases)
  func notice(kind: Kind) throws {
    try compareJSON("\(kind)-notice.json", kind.body(delivery(try notice())))
  }

  @Test(
    "A digest of many stays within the limits; what is left out is counted",
    arguments: [22, 40, 500])
  func limits(count: Int) throws {
    let delivery = delivery(try sampleDigest(count))
    let teams = try teamsCard(delivery)
    #expect(teams.count <= 20_000)
    let links = values(of: "url", in: try object(teams)).count
    #expect(links > 10 && links <= count)
    let said = strings(in: try object(teams))
    #expect(said.contains { $0.hasPrefix("… and \(count - links) more;") } == (links < count))
    let slack = try slackMessage(delivery)
    let blocks = try #require((try object(slack) as? [String: Any])?["blocks"] as? [Any])
    #expect(blocks.count <= 50)
    let shown = min(count, 47)
    #expect(blocks.count == 2 + shown + (shown < count ? 1 : 0))
    #expect(
      strings(in: try object(slack)).contains { $0.hasPrefix("… and \(count - shown) more;") }
        == (shown < count))
  }

  @Test("A text of any length stays within the limits", arguments: [100, 3000, 40_000])
  func longTexts(length: Int) throws {
    var digest = try sampleDigest(3)
    digest.items[0].street = String(repeating: "&", count: length)
    digest.items[1].jobType = String(repeating: "😀", count: length)
    let slack = try object(try slackMessage(delivery(digest)))
    for text in values(of: "text", in: slack).compactMap({ $0 as? String }) {
      #expect(text.utf16.count <= 3000)
      // No escape is cut in two.
      #expect(!text.replacing("&amp;", with: "").replacing("&lt;", with: "").contains("&"))
    }
    let teams = try teamsCard(delivery(digest))
    #expect(teams.count <= 20_000)
    if length > 10_000 {
      #expect(strings(in: try object(teams)).contains { $0.hasPrefix("… and 3 more;") })
    }
    var long = try notice()
    long.paragraphs = (0..<200).map { "\($0) " + String(repeating: "x", count: length / 10) }
    #expect(try teamsCard(delivery(long)).count <= 20_000)
    let blocks = try #require(
      (try object(try slackMessage(delivery(long))) as? [String: Any])?["blocks"] as? [Any])
    #expect(blocks.count == 50)
  }

  static let active = [
    "<!channel>", "<!here|here>", "<@U012AB3CD>", "<https://evil.example|Mill Lane>", "@channel",
    "<at>Ann</at>", "[Mill Lane](https://evil.example)", "[Mill Lane][1]",
    "**Mill** _Lane_ ~x~ `y`",
    "https://evil.example/x", "www.evil.example", "ann@evil.example",
    "{{DATE(2026-11-21T08:30:00Z)}}",
    "{{{{TIME(x)}}}}", "((body))", "\u{202E}enaL lliM", "Mill\nLane\r\n# Heading", ":skull:",
    "\" }, {\"type\": \"Action.Submit\"", "&lt;!channel&gt;", "![x](https://evil.example/x.png)",
  ]

  @Test("No text of a list becomes a link, a mention, a mark or a function", arguments: active)
  func inertTexts(text: String) throws {
    var digest = try sampleDigest(1)
    digest.items[0].street = text
    digest.items[0].jobType = text
    digest.items[0].areaName = text
    digest.items[0].note = text
    digest.items[0].score = Score(reasons: [Reason(code: "x", points: 1, sentence: text)])
    let link = digest.items[0].link

    let teams = try object(try teamsCard(delivery(digest)))
    // Text stands in text runs alone; the one action opens our link, under a title that no program reads as Markdown.
    let kinds = Set(values(of: "type", in: teams).compactMap { $0 as? String })
    #expect(
      kinds == [
        "message", "AdaptiveCard", "RichTextBlock", "TextRun", "Container", "ActionSet",
        "Action.OpenUrl",
      ])
    #expect(values(of: "url", in: teams) as? [String] == [link])
    #expect(values(of: "msteams", in: teams).isEmpty && values(of: "entities", in: teams).isEmpty)

    let slack = try object(try slackMessage(delivery(digest)))
    #expect(
      Set(values(of: "type", in: slack).compactMap { $0 as? String }) == [
        "header", "section", "plain_text", "mrkdwn",
      ])
    let marked = objects(in: slack).filter { $0["type"] as? String == "mrkdwn" }
    #expect(marked.compactMap { $0["text"] as? String } == ["<\(link)|Look at 1>"])
    for plain in objects(in: slack).filter({ $0["type"] as? String == "plain_text" }) {
      #expect(plain["emoji"] as? Bool == false)
    }
    #expect(values(of: "mrkdwn", in: slack) as? [Bool] == [false])
    #expect(values(of: "link_names", in: slack).isEmpty && values(of: "parse", in: slack).isEmpty)

    for said in strings(in: teams) + strings(in: slack)
    where said != link && !said.hasPrefix("<\(link)|") && !said.hasPrefix("http://adaptivecards.io")
    {
      for sign in ["://", "www.", "@", "](", "][", "{{", "}}", "((", "\u{202E}"] {
        #expect(!said.contains(sign), "\(said)")
      }
    }
    for said in strings(in: slack) where !said.hasPrefix("<\(link)|") {
      #expect(!said.contains("<") && !said.contains(">"), "\(said)")
    }
  }

  @Test(
    "A card is posted to the address in the file, and 202 is as good as 200",
    arguments: Kind.allCases)
  func posts(kind: Kind) async throws {
    try await withPythonServer("webhook_server.py") { server in
      let delivery = delivery(try sampleDigest(3))
      for (path, good) in [
        ("status/200", true), ("status/202?sig=sesame", true), ("status/404", false),
      ] {
        let channel = try channel(kind, path, server)
        if good {
          #expect(try await send(delivery, channel).code == Int(path.dropFirst(7).prefix(3)))
        } else {
          let error = await #expect(throws: DeliveryError.self) {
            try await send(delivery, channel)
          }
          #expect(error?.permanent == true && error?.code == 404)
        }
      }
      let limited = await #expect(throws: DeliveryError.self) {
        try await send(delivery, try channel(kind, "status/429/Retry-After/30?sig=sesame", server))
      }
      #expect(limited?.retryAfter == 30 && limited?.permanent == false)
      #expect(
        limited?.why.contains("sesame") == false && limited?.why.contains("127.0.0.1") == false)
      let gone = await #expect(throws: DeliveryError.self) {
        try await send(delivery, try channel(kind, "status/410", server))
      }
      #expect(gone?.disablesChannel == true)
      let bodies = try server.lines(of: "requests.jsonl").compactMap { $0["body"] as? String }
      #expect(Set(bodies) == [String(decoding: try kind.body(delivery), as: UTF8.self)])
      #expect(bodies.count == 5)
    }
  }

  @Test("Slack hears one message a second, however many are owed")
  func pace() async throws {
    try await withPythonServer("webhook_server.py") { server in
      let slack = try channel(.slack, "status/200", server)
      let transferrer = Transferrer(threads: 4)
      let delivery = delivery(try sampleDigest(1))
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<3 { group.addTask { try await slack.send(delivery, via: transferrer) } }
          try await group.waitForAll()
        }
      } catch {
        await transferrer.shutdown()
        throw error
      }
      await transferrer.shutdown()
      let times = try server.lines(of: "requests.jsonl").compactMap { $0["when"] as? Double }
        .sorted()
      try #require(times.count == 3)
      // Two seconds from the first turn to the third; what a connection takes differs.
      #expect(times[2] - times[0] > 1.5)
    }
  }

  @Test("What signs one person in is not shown where many see it", arguments: Kind.allCases)
  func signIn(kind: Kind) throws {
    var notice = try notice()
    notice.link = Notice.Link(words: "Sign in", url: "https://desk.example/sign-in/x")
    let delivery = delivery(notice)
    let error = #expect(throws: DeliveryError.self) { try kind.body(delivery) }
    #expect(error?.permanent == true)
  }

  private func channel(_ kind: Kind, _ path: String, _ server: PythonServer) throws -> Channel {
    let file = try write(
      "https://127.0.0.1:\(server.port)/\(path)\n", UUID().uuidString, in: server)
    let posting = PostingSettings(
      allowHosts: ["127.0.0.1"], allowPrivate: true, caFile: server.caFile)
    return switch kind {
    case .teams: .teams(URLFileSettings(urlFile: file, posting: posting))
    case .slack: .slack(URLFileSettings(urlFile: file, posting: posting))
    }
  }

  private func notice() throws -> Notice {
    Notice(
      id: "3f2b8c1e-0000-4000-8000-000000000002", recipient: "it@desk.example", channel: "team",
      subject: "ashfield: the list & what it <lacks>",
      paragraphs: ["The list came late.", "To see how things stand: triaged status"],
      created: try instant("2026-11-21T08:30:00Z"))
  }

  private func delivery(_ digest: Digest) -> Delivery {
    Delivery(.digest(digest), identity: identity, wording: .builtIn, now: digest.created)
  }

  private func delivery(_ notice: Notice) -> Delivery {
    Delivery(
      .notice(notice, isToAdmin: true), identity: identity, wording: .builtIn, now: notice.created)
  }
}

private func object(_ bytes: [UInt8]) throws -> Any {
  try JSONSerialization.jsonObject(with: Data(bytes))
}

/// Every object, however deep.
private func objects(in json: Any) -> [[String: Any]] {
  if let object = json as? [String: Any] { return [object] + object.values.flatMap(objects) }
  return (json as? [Any])?.flatMap(objects) ?? []
}

private func values(of key: String, in json: Any) -> [Any] {
  objects(in: json).compactMap { $0[key] }.filter { !($0 is [String: Any]) }
}

/// Every text, however deep; keys are not among them.
private func strings(in json: Any) -> [String] {
  if let text = json as? String { return [text] }
  if let object = json as? [String: Any] { return object.values.flatMap(strings) }
  return (json as? [Any])?.flatMap(strings) ?? []
}
