import Foundation
import Notify
import Testing

@Suite("Bounces, as relays write them")
struct BounceTests {
  private let id = "3f0d3c1e-8f52-4d6b-9a57-2c3f1f0b7a11"
  private let domain = "ashfield.desk.example"

  private func read(_ text: String) throws -> Bounce {
    try readBounce(Array(text.replacing("\n", with: "\r\n").utf8), domain: domain)
  }

  @Test("Postfix: multipart/report, the headers of the message come back")
  func postfix() throws {
    let bounce = try read(
      """
      Return-Path: <>
      To: bounces@desk.example
      Subject: Undelivered Mail Returned to Sender
      Auto-Submitted: auto-replied
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status;
      \tboundary="4Kq.9/relay.example"

      This is a MIME-encapsulated message.

      --4Kq.9/relay.example
      Content-Type: text/plain; charset=us-ascii

      Your message could not be brought to ann@team.example.

      --4Kq.9/relay.example
      Content-Type: message/delivery-status

      Reporting-MTA: dns; relay.example
      Arrival-Date: Sat, 21 Nov 2026 09:00:00 +0000 (GMT)

      Final-Recipient: rfc822; ann@team.example
      Action: failed
      Status: 5.1.1
      Remote-MTA: dns; mx.team.example
      Diagnostic-Code: smtp; 550 5.1.1 <ann@team.example>: ann has
          no mailbox here

      --4Kq.9/relay.example
      Content-Type: text/rfc822-headers

      From: desk@desk.example
      Message-ID: <\(id)@\(domain)>
      Subject: Three addresses

      --4Kq.9/relay.example--
      """)
    #expect(bounce.ids == [id] && bounce.isPermanent)
    #expect(bounce.words == "5.1.1 550 5.1.1 (address) (address) has no mailbox here")
  }

  @Test("Postfix: a message that is late is not failed, one that a relay has given up is")
  func late() throws {
    func status(_ action: String, _ status: String) -> String {
      """
      To: bounces+\(id)@desk.example
      Content-Type: multipart/report; boundary=b

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; relay.example

      Final-Recipient: rfc822; ann@team.example
      \(action)
      Status: \(status)
      Diagnostic-Code: X-Postfix; connect to mx.team.example[192.0.2.7]:25: timed out

      --b--
      """
    }
    let late = try read(status("Action: delayed", "4.4.1"))
    #expect(late.ids == [id] && !late.isPermanent)
    #expect(late.words == "4.4.1 connect to mx.team.example[192.0.2.7]:25: timed out")
    #expect(try read(status("Action: failed", "4.4.7")).isPermanent, "it has given up")
    #expect(try read(status("X-Nothing: 1", "5.2.2")).isPermanent)
    #expect(try !read(status("X-Nothing: 1", "4.2.2")).isPermanent)
    #expect(throws: BounceProblem.self) { try read(status("Action: delivered", "2.0.0")) }
  }

  @Test(
    "Exchange: the message is named by In-Reply-To, and its headers come in a part of their own")
  func exchange() throws {
    let bounce = try read(
      """
      From: postmaster@team.example
      To: <bounces@desk.example>
      Content-Type: multipart/report; report-type=delivery-status;
       boundary="fe01-XX_000"
      In-Reply-To: <\(id.uppercased())@\(domain)>
      References: <other@elsewhere.example> <\(id)@\(domain)>
      Subject: Undeliverable: Three addresses
      Auto-Submitted: auto-replied

      --fe01-XX_000
      Content-Type: multipart/alternative; boundary="fe01-XX_inner"

      --fe01-XX_inner
      Content-Type: text/html; charset="us-ascii"
      Content-Transfer-Encoding: quoted-printable

      <p>Nobody of that name.</p>

      --fe01-XX_inner--

      --fe01-XX_000
      Content-Type: message/delivery-status

      Reporting-MTA: dns;mail.team.example
      Received-From-MTA: dns;relay.example

      Final-Recipient: rfc822;ann@team.example
      Action: failed
      Status: 5.1.10
      Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@team.example not found
      X-Display-Name: Ann Example

      --fe01-XX_000
      Content-Type: message/rfc822

      Message-ID: <\(id)@\(domain)>
      Subject: Three addresses

      gone
      --fe01-XX_000--
      """)
    #expect(bounce.ids == [id] && bounce.isPermanent)
    #expect(
      bounce.words
        == "5.1.10 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient (address) not found")
  }

  @Test("Exim: multipart/report, and the older form without one")
  func exim() throws {
    let newer = try read(
      """
      From: Mail Delivery System <Mailer-Daemon@relay.example>
      To: bounces+\(id)@desk.example
      X-Failed-Recipients: ann@team.example
      Content-Type: multipart/report; report-type=delivery-status; boundary=1700-eximdsn-99

      --1700-eximdsn-99
      Content-type: text/plain; charset=us-ascii

      It was not brought there.

      --1700-eximdsn-99
      Content-type: message/delivery-status

      Reporting-MTA: dns; relay.example

      Action: failed
      Final-Recipient: rfc822;ann@team.example
      Status: 5.0.0
      Remote-MTA: dns; mx.team.example
      Diagnostic-Code: smtp; 552 mailbox full

      --1700-eximdsn-99
      Content-type: message/rfc822

      Message-Id: <\(id)@\(domain)>

      body
      --1700-eximdsn-99--
      """)
    #expect(
      newer
        == (try read(
          """
          To: bounces+\(id)@desk.example
          Content-Type: multipart/report; boundary=q

          --q
          Content-Type: message/delivery-status

          Reporting-MTA: dns; relay.example

          Action: failed
          Status: 5.0.0
          Diagnostic-Code: smtp; 552 mailbox full
          --q--
          """)))
    #expect(newer.words == "5.0.0 552 mailbox full" && newer.isPermanent)
    let older = try read(
      """
      From: Mail Delivery System <Mailer-Daemon@relay.example>
      To: bounces@desk.example
      X-Failed-Recipients: ann@team.example
      Auto-Submitted: auto-replied
      Subject: Mail delivery failed

      It was not brought to ann@team.example. A copy of the message follows.

      Message-ID: <\(id)@\(domain)>
      Subject: Three addresses
      """)
    #expect(older.ids == [id] && older.isPermanent && older.words == "the relay gave no reason")
  }

  @Test("Gmail: nested parts, and the message as a whole")
  func gmail() throws {
    let bounce = try read(
      """
      Delivered-To: bounces+\(id)@desk.example
      From: Mail Delivery Subsystem <mailer-daemon@mx.example>
      To: bounces+\(id)@desk.example
      Auto-Submitted: auto-replied
      Content-Type: multipart/report; boundary="00000000000a"; report-type=delivery-status
      In-Reply-To: <\(id)@\(domain)>

      --00000000000a
      Content-Type: multipart/related; boundary="00000000000b"

      --00000000000b
      Content-Type: text/html; charset="UTF-8"

      <h2>Not found</h2>
      --00000000000b
      Content-Type: image/png; name="icon.png"
      Content-Transfer-Encoding: base64

      AAAA
      --00000000000b--
      --00000000000a
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.example
      Arrival-Date: Sat, 21 Nov 2026 01:00:00 -0800 (PST)
      X-Original-Message-ID: <\(id)@\(domain)>

      Final-Recipient: rfc822; ann@team.example
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; 550-5.1.1 No such account, see
       550 5.1.1 https://mx.example/why?who=ann@team.example - relay
      Last-Attempt-Date: Sat, 21 Nov 2026 01:00:01 -0800 (PST)

      --00000000000a
      Content-Type: message/rfc822

      Message-ID: <\(id)@\(domain)>

      the whole of it
      --00000000000a--
      """)
    #expect(bounce.ids == [id] && bounce.isPermanent)
    #expect(bounce.words == "5.1.1 550-5.1.1 No such account, see 550 5.1.1 (address) - relay")
  }

  @Test("What is no bounce, or of no message of ours, is refused in one sentence without its words")
  func refused() throws {
    let texts = [
      "", "no mail at all", "To: ann@team.example\n\nI am away until Monday, yours Charlie.\n",
      "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n",
      "To: bounces+not-an-id-but-36-letters-long-indeed@x.example\n"
        + "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n",
      // Another's message, though its id has our shape.
      "In-Reply-To: <\(id)@elsewhere.example>\nContent-Type: multipart/report; boundary=b\n\n"
        + "--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--\n",
    ]
    for text in texts {
      let problem = #expect(throws: BounceProblem.self) { try read(text) }
      let said = problem?.description ?? ""
      #expect(!said.contains("\n") && !said.contains("Charlie") && !said.contains("@"), "\(said)")
    }
    #expect(throws: BounceProblem.self) {
      try readBounce([UInt8](repeating: 0x41, count: mostBounceBytes + 1), domain: domain)
    }
  }

  @Test(
    "Hostile input is inert: deep nesting, no ends, controls, thousands of parts and recipients")
  func hostile() throws {
    var nested = "To: bounces+\(id)@desk.example\n"
    for depth in 0..<200 {
      nested += "Content-Type: multipart/mixed; boundary=b\(depth)\n\n--b\(depth)\n"
    }
    let recipients = String(
      repeating: "Final-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.0.0\n\n",
      count: 5000)
    let head = "To: bounces+\(id)@desk.example\nContent-Type: multipart/report; boundary=b\n\n"
    let status = "--b\nContent-Type: message/delivery-status\n\n"
    for text in [
      nested, head + String(repeating: "--b\n", count: 100_000),
      String(repeating: "X: y\n", count: 100_000) + head,
      String(repeating: " folded\n", count: 50_000),
      "Content-Type: multipart/report; boundary=\(String(repeating: "\"", count: 100_000))\n\n",
      "To: \(String(repeating: "+\(id)@", count: 50_000))\n\n",
    ] {
      #expect(throws: BounceProblem.self) { try read(text) }
    }
    let many = try read(head + status + recipients + "--b--\n")
    #expect(!many.isPermanent && many.words == "4.0.0")
    let controls = try read(
      head + status + "Action: failed\nStatus: 5.1.1 \u{1B}[31m\n"
        + "Diagnostic-Code: smtp; 550 \u{1B}]0;x\u{7} \u{0}ann@team.example \(String(repeating: "z", count: 9000))\n--b--\n"
    )
    #expect(controls.words.count < 220)
    #expect(controls.words.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    #expect(!controls.words.contains("@"))
    // Every beginning of a good one is read or refused, and none brings it down.
    let whole = Array((head + status + "Action: failed\nStatus: 5.1.1\n--b--\n").utf8)
    for length in stride(from: 0, to: whole.count, by: 7) {
      _ = try? readBounce(Array(whole[..<length]), domain: domain)
    }
    var seed: UInt64 = 7
    for _ in 0..<200 {
      let noise = (0..<500).map { _ in
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: seed >> 33)
      }
      _ = try? readBounce(whole + noise, domain: domain)
    }
  }
}
