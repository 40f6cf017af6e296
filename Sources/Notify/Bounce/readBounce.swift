import Foundation
import Transfer

/// Reads a bounce: a multipart/report with a message/delivery-status part as relays write it, or what Exim wrote
/// before it knew that form (`X-Failed-Recipients`).
///
/// All of it is another's text: only ids of our own shape, one of a few actions, a status of three numbers and one cleaned
/// line are taken from it. What the relay *did* decides (`Action`): "failed" is for good also where the status is 4.x.x,
/// since a relay that has tried for days gives up with the last passing trouble.
/// - Parameter domain: right of the `@` in our Message-IDs.
/// - Throws: where it is too large, is none, or tells of no failure.
package func readBounce(_ bytes: [UInt8], domain: String) throws(BounceProblem) -> Bounce {
  guard bytes.count <= mostBounceBytes else {
    throw BounceProblem("The bounce is larger than \(mostBounceBytes) bytes.")
  }
  let mail = MailPart(lines: mailLines(bytes))
  var found = Found(domain: domain.lowercased())
  found.tags(mail)
  found.look(at: mail, depth: 0)
  found.ids(in: mail, ["in-reply-to", "references", "x-original-message-id"])
  let failed = mail["x-failed-recipients"]
  if found.recipients.isEmpty, let failed {
    found.addresses += failed.split { $0 == "," || $0 == " " }.map(String.init)
    found.idsInText(mail)
    found.recipients = [
      Found.Recipient(action: "failed", status: "", said: "the relay gave no reason")
    ]
  }
  guard !found.recipients.isEmpty else {
    throw BounceProblem("That is no bounce: it has no message/delivery-status part.")
  }
  guard !found.ids.isEmpty else {
    throw BounceProblem("The bounce names no message of this instance.")
  }
  guard
    let told = found.recipients.first(where: \.isFailed) ?? found.recipients.first(where: \.isLate)
  else {
    throw BounceProblem("The report tells of no failure and no delay.")
  }
  let words = [told.status, withoutAddresses(told.said, hiding: found.addresses)]
  return Bounce(
    ids: found.ids, isPermanent: told.isFailed,
    words: words.filter { !$0.isEmpty }.joined(separator: " "))
}

private struct Found {
  struct Recipient {
    /// Lower case; empty where the report has none.
    var action: String
    /// "5.1.1", or empty.
    var status: String
    var said: String

    var isFailed: Bool { action == "failed" || (action.isEmpty && status.hasPrefix("5.")) }
    var isLate: Bool { action == "delayed" || (action.isEmpty && status.hasPrefix("4.")) }
  }

  let domain: String
  var ids: [String] = []
  var recipients: [Recipient] = []
  var addresses: [String] = []

  /// More would be a bounce of no mail of ours: each has one recipient.
  private static let mostRecipients = 20
  private static let deepest = 5

  init(domain: String) { self.domain = domain }

  mutating func look(at part: MailPart, depth: Int) {
    guard depth < Found.deepest else { return }
    let type = part.type
    if type.hasPrefix("multipart/") {
      for inner in part.parts { look(at: inner, depth: depth + 1) }
    } else if type == "message/delivery-status" || type == "message/global-delivery-status" {
      status(part.body)
    } else if type == "message/rfc822" || type == "text/rfc822-headers"
      || type == "message/global" || type == "message/rfc822-headers"
    {
      ids(in: MailPart(lines: part.body), ["message-id"])
    }
  }

  /// Groups of fields with empty lines between, the first of the whole message (RFC 3464, 2.1).
  private mutating func status(_ lines: ArraySlice<Substring>) {
    for group in lines.split(whereSeparator: { $0.allSatisfy(\.isWhitespace) }) {
      let fields = MailPart(lines: group)
      for name in ["final-recipient", "original-recipient"] {
        guard let text = fields[name] else { continue }
        addresses.append(
          String(text.split(separator: ";").last ?? "").trimmingCharacters(in: .whitespaces))
      }
      guard fields["action"] != nil || fields["status"] != nil,
        recipients.count < Found.mostRecipients
      else { continue }
      let action = (fields["action"] ?? "").prefix { $0.isASCII && $0.isLetter }.lowercased()
      let diagnosis = fields["diagnostic-code"] ?? ""
      // "smtp; 550 …": what stands before the semicolon is the kind.
      let said = diagnosis.split(separator: ";", maxSplits: 1).last.map(String.init) ?? ""
      recipients.append(
        Recipient(action: action, status: threeNumbers(fields["status"] ?? ""), said: said))
    }
  }

  /// The tag in an address to which the bounce came: `name+<id>@domain`.
  mutating func tags(_ mail: MailPart) {
    for name in ["to", "delivered-to", "x-original-to", "envelope-to"] {
      guard let text = mail[name] else { continue }
      for match in text.prefix(2000).lowercased().matches(of: /\+([0-9a-f\-]{36})@/) {
        take(String(match.output.1))
      }
    }
  }

  mutating func ids(in part: MailPart, _ names: [String]) {
    for name in names { if let text = part[name] { idsInLine(text) } }
  }

  mutating func idsInText(_ mail: MailPart) {
    for line in mail.body.prefix(2000) where line.lowercased().hasPrefix("message-id:") {
      idsInLine(String(line))
    }
  }

  private mutating func idsInLine(_ text: String) {
    for match in text.prefix(2000).lowercased().matches(of: /<([0-9a-f\-]{36})@([^<>\s]{1,255})>/)
    where match.output.2 == domain {
      take(String(match.output.1))
    }
  }

  /// Only what has the shape of our ids.
  private mutating func take(_ text: String) {
    guard UUID(uuidString: text) != nil, !ids.contains(text), ids.count < 20 else { return }
    ids.append(text)
  }
}

/// "5.1.1" at the beginning of a text, or nothing (RFC 3463).
private func threeNumbers(_ text: String) -> String {
  guard let match = text.firstMatch(of: /^\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})/) else { return "" }
  return String(match.output.1)
}
