import Foundation
import Testing
import Web

/// Where a message ends is told in one way only (RFC 9112, section 6): whoever stands in front of us must not see
/// another end than we do, or a second request could ride in the body of a first.
@Suite("Where a request ends")
struct SmugglingTests {
  /// Lines of a head that tells its end in two ways, or in none that counts.
  static let heads: [String] = [
    "Content-Length: 6\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 6",
    "Content-Length: 6\r\nContent-Length: 7",
    "Content-Length: 6, 7",
    "Content-Length: +6",
    "Content-Length: -6",
    "Content-Length: 0x6",
    "Content-Length: 6 6",
    "Content-Length: 6;q=1",
    "Content-Length: six",
    "Content-Length: 99999999999999999999999999",
    "Content-Length : 6",
    "Content-Length\t: 6",
    " Content-Length: 6",
    "X: y\r\n Content-Length: 6",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity, chunked, identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\u{0B}",
    "Transfer-Encoding: \"chunked\"",
    "Transfer-Encoding: cow\r\nContent-Length: 6",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
    "Transfer-Encoding\u{00}: chunked",
    "Transfer-Encoding: chunked\u{00}",
    "X: y\rTransfer-Encoding: chunked",
    "X: y\u{00}\r\nContent-Length: 6",
    ": y\r\nContent-Length: 6",
    "X y\r\nContent-Length: 6",
    "X: y\nContent-Length: 6\r\rTransfer-Encoding: chunked",
    "Content-Length: 6\r\nConnection: Content-Length\r\nTransfer-Encoding: chunked",
    "X: \u{01}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked",
  ]

  @Test(
    "A request that tells its end in two ways brings no second one and changes nothing",
    arguments: heads)
  func ambiguous(head: String) async throws {
    try await TestSite.with { site in
      let hidden = try await site.get("/c/\(TestDesk.token)").form("claim").hidden
      let fields = (hidden + [("member", "ann")]).map { "\($0)=\($1)" }.joined(separator: "&")
      for body in ["0\r\n\r\n", "6\r\nabcdef\r\n0\r\n\r\n", fields + "\r\n\r\n"] {
        let answers = try await site.sendAll(first(head, body) + second)
        #expect(answers.hasPrefix("HTTP/1.1 400 "), "\(head.debugDescription): \(answers)")
        #expect(count(answers) == 1, "a second answer: \(head.debugDescription)")
      }
      #expect(await site.desk.changes == 0)
    }
  }

  /// It would go on, so that what comes behind it is served if anything is.
  private func first(_ head: String, _ body: String) -> String {
    "POST /c/\(TestDesk.token)/claim HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      + "Content-Type: application/x-www-form-urlencoded\r\n\(head)\r\n\r\n\(body)"
  }

  private let second =
    "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

  private func count(_ answers: String) -> Int {
    answers.components(separatedBy: "HTTP/1.1 ").count - 1
  }

  @Test(
    "Two good requests one behind the other get two answers",
    arguments: [
      ("Content-Length: 6", "member"), ("Transfer-Encoding: chunked", "6\r\nmember\r\n0\r\n\r\n"),
      // An extension of a chunk is HTTP (RFC 9112, section 7.1.1).
      ("Transfer-Encoding: chunked", "6;x=\r\nmember\r\n0\r\n\r\n"),
    ])
  func good(head: String, body: String) async throws {
    try await TestSite.with { site in
      let answers = try await site.sendAll(first(head, body) + second)
      #expect(count(answers) == 2 && answers.contains("User-agent"), "\(answers)")
    }
  }

  @Test(
    "Chunks whose lengths lie bring no second request",
    arguments: [
      "0x5\r\nabcde\r\n0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n",
      "-1\r\n\r\n",
      "FFFFFFFFFFFFFFFFF\r\nabc", "5\nabcde\n0\n\n", "5\r\nabcdeX0\r\n\r\n", "\r\n0\r\n\r\n",
    ])
  func chunks(body: String) async throws {
    try await TestSite.with { site in
      let answers = try await site.sendAll(first("Transfer-Encoding: chunked", body) + second)
      #expect(answers.hasPrefix("HTTP/1.1 400 "), "\(answers)")
      #expect(count(answers) == 1)
      #expect(await site.desk.changes == 0)
    }
  }
}
