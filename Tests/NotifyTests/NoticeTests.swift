import Crypto
import Foundation
import Notify
import TestServers
import Testing
import Triage

/// The mails to the admin as they are, reviewed as a diff, like those of ``GoldenTests``.
@Suite("Mails to the admin")
struct NoticeTests {
  private static let admin = AdminContact(email: "it-desk@council.example", channel: "mail")

  private static func notice(_ trouble: FeedTrouble, isOver: Bool) throws -> Notice {
    let began = try instant("2026-11-23T08:03:00Z")
    var episode = FeedEpisode(
      feed: "street-scene", trouble: trouble,
      why: "35 of 120 open jobs are missing from monday.csv at once.", began: began)
    let zone = try #require(TimeZone(identifier: "Europe/London"))
    let words = CivilWords(zone: zone, now: began + (isOver ? 12_000 : 5))
    let id = "3f2b8c1e-0000-4000-8000-00000000000\(isOver ? 2 : 1)"
    if !isOver {
      let held = HeldList(
        name: "monday.csv", sha256: "3f2a9b1c" + String(repeating: "0", count: 56),
        received: began - 60, trouble: trouble, why: episode.why, isWhole: false, archived: "")
      return .begins(
        episode, held: trouble.canBeAccepted ? held : nil, id: id, to: admin,
        instance: "ashfield", words: words)
    }
    episode.ended = began + 12_000
    return .over(episode, id: id, to: admin, instance: "ashfield", words: words)
  }

  @Test("The mail, its text and its HTML are the reviewed ones", arguments: [false, true])
  func golden(isOver: Bool) async throws {
    let message = try renderNotice(Self.notice(.vanished, isOver: isOver), identity: identity)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.defects == [])
    #expect(mail.header("Auto-Submitted") == "auto-generated")
    #expect(mail.header("List-Id") == nil)
    let name = isOver ? "notice-over" : "notice-begins"
    try compare("\(name).eml", Data(message.bytes))
    try compare("\(name).txt", Data(#require(mail.text).utf8))
    try compare("\(name).html", Data(#require(mail.html).utf8))
  }

  @Test(
    "Of every trouble text and HTML say the same, in both directions",
    arguments: FeedTrouble.allCases)
  func sameInBoth(trouble: FeedTrouble) async throws {
    let notices = try [false, true].map { try Self.notice(trouble, isOver: $0) }
    let messages = try notices.map { try renderNotice($0, identity: identity).bytes }
    for (mail, notice) in zip(try await readMails(messages), notices) {
      #expect(mail.defects == [])
      #expect(mail.htmlWords == mail.textWords)
      #expect(mail.header("Message-ID") == "<\(notice.id)@desk.example>")
      #expect(mail.header("Subject") == notice.subject)
      #expect(mail.text?.contains("triaged feeds show street-scene") == true)
      #expect(mail.text?.split(separator: "\n").allSatisfy { $0.count <= 72 } == true)
    }
    #expect(notices[0].subject != notices[1].subject)
    let offersToAccept = notices[0].paragraphs.contains { $0.contains("triaged feeds accept") }
    #expect(offersToAccept == trouble.canBeAccepted)
  }

  @Test(
    "The mail about the gazetteer says the same in text and HTML, under one name for one damage")
  func gazetteer() async throws {
    let zone = try #require(TimeZone(identifier: "Europe/London"))
    let notice = Notice.gazetteerUnusable(
      "The gazetteer cannot be used. It is cut short: 9 bytes are there.", id: "a-b",
      to: Self.admin, instance: "ashfield",
      words: CivilWords(zone: zone, now: try instant("2026-11-23T08:03:00Z")))
    let mail = try #require(
      try await readMails([try renderNotice(notice, identity: identity).bytes]).first)
    #expect(mail.defects == [] && mail.htmlWords == mail.textWords)
    #expect(mail.header("Subject") == "ashfield: the gazetteer cannot be used")
    #expect(mail.text?.contains("\n  triaged gazetteer import --help") == true)
  }

  @Test("Nobody is sent to accept what is not held, nor told that a list was not taken that was")
  func nothingHeld() throws {
    for trouble in [FeedTrouble.sameAgain, .atLimit] {
      let text = try Self.notice(trouble, isOver: false).paragraphs.joined(separator: " ")
      #expect(!text.contains("accept"))
      #expect(!text.contains("Nothing of that list was taken"))
    }
  }

  @Test("What came with a list is inert in the mail about it")
  func hostile() async throws {
    var notice = try Self.notice(.unreadable, isOver: false)
    notice.subject += "\r\nBcc: everybody@example.org"
    notice.paragraphs.append("<script>alert(1)</script>\r\n.\r\nFrom here \"q\u{301} & on")
    let message = try renderNotice(notice, identity: identity)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.defects == [])
    #expect(mail.header("Bcc") == nil)
    #expect(mail.tags?.contains("script") == false)
    #expect(mail.htmlWords == mail.textWords)
  }

  @Test("The same notice makes the same bytes on every attempt")
  func repeated() throws {
    var notice = try Self.notice(.late, isOver: false)
    let first = try renderNotice(notice, identity: identity)
    notice.attempts = 7
    #expect(try renderNotice(notice, identity: identity) == first)
  }

  private static func picture(_ format: NoticePicture.Format, bytes: Int, _ words: String)
    -> NoticePicture
  {
    NoticePicture(
      format: format, bytes: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31) },
      alternative: words)
  }

  private static func hash(_ picture: NoticePicture) -> String {
    SHA256.hash(data: picture.bytes).map { String(format: "%02x", $0) }.joined()
  }

  @Test("A PNG is shown below the words and an SVG attached, with words for both in both parts")
  func pictures() async throws {
    var plain = try Self.notice(.late, isOver: false)
    let png = Self.picture(.png, bytes: 5000, "North is up. Areas: A & <B>.")
    let svg = Self.picture(.svg, bytes: 77, "The same again.")
    var notices: [Notice] = []
    for pictures in [[png], [svg], [png, svg, png]] {
      plain.pictures = pictures
      notices.append(plain)
    }
    let messages = try notices.map { try renderNotice($0, identity: identity) }
    let mails = try await readMails(messages.map(\.bytes))
    for mail in mails {
      #expect(mail.defects == [])
      #expect(mail.htmlWords == mail.textWords)
      #expect(mail.header("MIME-Version") == "1.0")
    }
    let alternative = "multipart/alternative(text/plain,"
    #expect(
      mails.map(\.structure) == [
        alternative + "multipart/related(text/html,image/png))",
        "multipart/mixed(\(alternative)text/html),image/svg+xml)",
        "multipart/mixed(\(alternative)multipart/related(text/html,image/png,image/png)),image/svg+xml)",
      ])
    let id = "picture1.\(plain.id)@desk.example"
    #expect(
      mails[0].files == [["image/png", "inline", "areas.png", "<\(id)>", Self.hash(png)]])
    #expect(mails[1].files == [["image/svg+xml", "attachment", "areas.svg", nil, Self.hash(svg)]])
    #expect(mails[2].files?.map { $0[2] } == ["areas-1.png", "areas-3.png", "areas-2.svg"])
    let image = try #require(mails[0].images?.first)
    #expect(image[0] == "cid:\(id)" && image[1]?.isEmpty == false && image[2] == "560")
    #expect(mails[1].images == [] && mails[2].images?.count == 2)
    #expect(mails[0].text?.contains("The picture shows: North is up. Areas: A & <B>.") == true)
    #expect(mails[1].text?.contains("The attached areas.svg shows: The same again.") == true)
    // The same on every attempt.
    for (notice, message) in zip(notices, messages) {
      var again = notice
      again.attempts = 3
      #expect(try renderNotice(again, identity: identity) == message)
    }
  }

  @Test("Pictures that would make a mail too large stay behind, and the words do")
  func tooLarge() async throws {
    var notice = try Self.notice(.late, isOver: false)
    notice.pictures = [
      Self.picture(.png, bytes: 2_000_001, "Too large."), Self.picture(.png, bytes: 10, "Small."),
      Self.picture(.svg, bytes: 1_999_991, "Too large beside it."),
      Self.picture(.svg, bytes: 0, ""),
    ]
    let message = try renderNotice(notice, identity: identity)
    #expect(message.bytes.count < 100_000)
    let mail = try #require(try await readMails([message.bytes]).first)
    #expect(mail.defects == [] && mail.htmlWords == mail.textWords)
    #expect(mail.files?.count == 1 && mail.images?.count == 1)
    #expect(mail.textWords.contains("too large for a mail. It would show: Too large beside it."))
    notice.pictures = [Self.picture(.png, bytes: 2_000_000, "As large as may be.")]
    #expect(try renderNotice(notice, identity: identity).bytes.count < 2_900_000)
  }

  @Test("What cannot be a mail is refused for good")
  func refused() throws {
    let good = try Self.notice(.late, isOver: false)
    let spoilt: [(inout Notice) -> Void] = [
      { $0.recipient = "nobody" }, { $0.id = "a b" }, { $0.id = "" }, { $0.subject = " " },
      { $0.paragraphs = ["", " "] },
    ]
    for spoil in spoilt {
      var notice = good
      spoil(&notice)
      let error = #expect(throws: DeliveryError.self) {
        try renderNotice(notice, identity: identity)
      }
      #expect(error?.permanent == true)
    }
  }
}
