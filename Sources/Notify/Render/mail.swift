import Foundation
import Triage

/// The whole message around a text and its HTML: multipart/alternative, quoted-printable, the same
/// bytes whenever it is called with the same.
///
/// Pictures that the HTML shows stand with it in a multipart/related (RFC 2387), each under its Content-ID;
/// attached ones stand after all of it in a multipart/mixed.
///
/// - Parameters:
///   - id: one that ``isIDForMail(_:)`` has passed; with our domain it is the Message-ID.
///   - to: an address that ``isMailAddress(_:)`` has passed, and a name or none.
///   - thread: a Message-ID in angle brackets under which mail programs gather what belongs together.
///   - identity: one without problems.
func mail(
  id: String, to: (address: String, name: String), subject: String, created: Date,
  thread: String? = nil, text: String, html: String, pictures: [MailPicture] = [],
  _ identity: MailIdentity
) -> Message {
  let zone = TimeZone(identifier: identity.timeZone) ?? .gmt
  let messageID = "\(id)@\(identity.messageIDDomain)"
  let body = body(id: id, text: text, html: html, pictures: pictures)

  var mail = headerField("From", address: identity.from, displayName: identity.displayName)
  mail += headerField("To", address: to.address, displayName: to.name)
  if let replyTo = identity.replyTo {
    mail += headerField("Reply-To", address: replyTo, displayName: "")
  }
  mail += headerField("Subject", text: subject)
  mail += headerField("Date", tokens: [headerDate(created, in: zone)])
  mail += headerField("Message-ID", tokens: ["<\(messageID)>"])
  if let thread {
    mail += headerField("In-Reply-To", tokens: [thread])
    mail += headerField("References", tokens: [thread])
  }
  mail += headerField("Auto-Submitted", tokens: ["auto-generated"])
  mail += headerField("X-Auto-Response-Suppress", tokens: ["All"])
  mail += headerField("MIME-Version", tokens: ["1.0"])
  mail += body
  return Message(
    id: messageID, from: identity.from, to: to.address, subject: subject, date: created,
    bytes: Array(mail.utf8))
}

/// The header fields that say what the body is, and the body.
private func body(id: String, text: String, html: String, pictures: [MailPicture]) -> String {
  let shown = pictures.filter { $0.picture.format == .png }.map(\.part)
  let attached = pictures.filter { $0.picture.format == .svg }.map(\.part)
  var page = part("text/html", html)
  if !shown.isEmpty {
    page = multipart("related", "=_related_\(id)", [page] + shown, more: ["type=\"text/html\";"])
  }
  let words = multipart("alternative", "=_triaged_\(id)", [part("text/plain", text), page])
  return attached.isEmpty ? words : multipart("mixed", "=_mixed_\(id)", [words] + attached)
}

/// - Parameter boundary: begins with "=_", which occurs neither in quoted-printable text nor in base64.
private func multipart(
  _ kind: String, _ boundary: String, _ parts: [String], more: [String] = []
) -> String {
  headerField(
    "Content-Type", tokens: ["multipart/\(kind);"] + more + ["boundary=\"\(boundary)\""])
    + "\r\n" + parts.map { "--\(boundary)\r\n\($0)" }.joined() + "--\(boundary)--\r\n"
}

private func part(_ type: String, _ text: String) -> String {
  headerField("Content-Type", tokens: ["\(type);", "charset=utf-8"])
    + headerField("Content-Transfer-Encoding", tokens: ["quoted-printable"]) + "\r\n"
    + quotedPrintable(text)
}

/// Whether an id can be the left half of a Message-ID, a boundary and a file name.
func isIDForMail(_ id: String) -> Bool {
  (1...64).contains(id.utf8.count) && id.utf8.allSatisfy(isTokenByte)
}

/// Letters, digits, `-`, `+` and `_`: plain in a Message-ID, a boundary and a file name.
func isTokenByte(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "_")
}
