import Foundation
import Mustache
import Triage

/// Makes the mail of a digest: multipart/alternative, its text part complete, the same bytes
/// whenever it is called with the same.
///
/// RFC 5322 (message), 2045 (quoted-printable), 2046 (multipart), 2047 (encoded words), 3834
/// (`Auto-Submitted`). Ages are civil days of the identity's zone at the digest's `created`, which
/// is also the Date. All mails of an area and civil day refer to one root, so that they make one
/// thread.
/// - Throws: a permanent error where the identity, the recipient or the digest cannot make a mail.
package func render(_ digest: Digest, identity: MailIdentity, wording: Wording)
  throws(DeliveryError) -> Message
{
  func fail(_ why: String) throws(DeliveryError) -> Never {
    throw DeliveryError(why: why, permanent: true)
  }
  if let problem = identity.problems.first { try fail(problem) }
  guard isMailAddress(digest.recipient.email) else {
    try fail("The recipient's e-mail address is not usable; it is set in the team's file.")
  }
  guard !digest.items.isEmpty else { try fail("A digest without items is not sent.") }
  let idBytes = digest.id.utf8
  guard !idBytes.isEmpty, idBytes.count <= 64, idBytes.allSatisfy(isTokenByte) else {
    try fail("The digest's id cannot be part of a Message-ID.")
  }
  let time = CivilTime(TimeZone(identifier: identity.timeZone)!)
  let fields = DigestFields(digest, identity, time, shown: digest.items.count)
  let subject = String(oneLine(wording.subject(fields)).prefix(150))
  let id = "\(digest.id)@\(identity.messageIDDomain)"
  let root = "<\(thread(digest, time))@\(identity.messageIDDomain)>"
  // "=_" cannot occur in quoted-printable text.
  let boundary = "=_triaged_\(digest.id)"

  var mail = headerField("From", address: identity.from, displayName: identity.displayName)
  mail += headerField(
    "To", address: digest.recipient.email, displayName: digest.recipient.name)
  if let replyTo = identity.replyTo {
    mail += headerField("Reply-To", address: replyTo, displayName: "")
  }
  mail += headerField("Subject", text: subject)
  mail += headerField("Date", tokens: [time.header(digest.created)])
  mail += headerField("Message-ID", tokens: ["<\(id)>"])
  mail += headerField("In-Reply-To", tokens: [root])
  mail += headerField("References", tokens: [root])
  mail += headerField("Auto-Submitted", tokens: ["auto-generated"])
  mail += headerField("X-Auto-Response-Suppress", tokens: ["All"])
  mail += headerField("MIME-Version", tokens: ["1.0"])
  mail += headerField(
    "Content-Type", tokens: ["multipart/alternative;", "boundary=\"\(boundary)\""])
  mail += "\r\n"
  mail += part("text/plain", wording.text(fields), boundary)
  mail += part("text/html", html(digest, identity, time, wording), boundary)
  mail += "--\(boundary)--\r\n"
  return Message(
    id: id, from: identity.from, to: digest.recipient.email, subject: subject,
    date: digest.created, bytes: Array(mail.utf8))
}

/// Bytes with CRLF line ends; Gmail cuts messages at about 102 kB, links and all.
private let mostHTML = 80_000

/// As many items as fit, the rest counted.
private func html(
  _ digest: Digest, _ identity: MailIdentity, _ time: CivilTime, _ wording: Wording
) -> String {
  func html(_ shown: Int) -> String {
    wording.html(DigestFields(digest, identity, time, shown: shown))
  }
  func isTooLong(_ html: String) -> Bool {
    html.utf8.count + html.utf8.count { $0 == UInt8(ascii: "\n") } > mostHTML
  }
  let whole = html(digest.items.count)
  if !isTooLong(whole) { return whole }
  var (fits, tooMany) = (0, digest.items.count)
  while tooMany - fits > 1 {
    let middle = (fits + tooMany) / 2
    if isTooLong(html(middle)) { tooMany = middle } else { fits = middle }
  }
  return html(fits)
}

private func part(_ type: String, _ text: String, _ boundary: String) -> String {
  "--\(boundary)\r\n" + headerField("Content-Type", tokens: ["\(type);", "charset=utf-8"])
    + headerField("Content-Transfer-Encoding", tokens: ["quoted-printable"]) + "\r\n"
    + quotedPrintable(text)
}

/// The left half of a Message-ID that no mail bears: one for each set of areas and civil day.
/// Cut to fit a line; that long ids with one beginning share a thread does no harm.
private func thread(_ digest: Digest, _ time: CivilTime) -> String {
  let areas = Set(digest.items.map(\.area)).sorted().joined(separator: "+")
  let safe = areas.utf8.prefix(32).map { isTokenByte($0) ? String(UnicodeScalar($0)) : "_" }
  return "\(safe.joined()).\(time.date(digest.created))"
}

/// Letters, digits, `-`, `+` and `_`: plain in a Message-ID, a boundary and a file name.
func isTokenByte(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "_")
}
