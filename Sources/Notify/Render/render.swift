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
  guard !digest.items.isEmpty || digest.facts != nil else {
    try fail("A digest that says nothing is not sent.")
  }
  guard isIDForMail(digest.id) else {
    try fail("The digest's id cannot be part of a Message-ID.")
  }
  let time = CivilDates(zone: TimeZone(identifier: identity.timeZone)!)
  let fields = DigestFields(digest, identity, time, shown: digest.items.count)
  let subject = digestSubject(fields, wording, isTest: digest.isTest)
  let root = "<\(thread(digest, time))@\(identity.messageIDDomain)>"
  return mail(
    id: digest.id, to: (digest.recipient.email, digest.recipient.name), subject: subject,
    created: digest.created, thread: root, text: wording.text(fields),
    html: html(digest, identity, time, wording), identity)
}

/// A test says so in its first word, whatever a council's own wording says.
func digestSubject(_ fields: DigestFields, _ wording: Wording, isTest: Bool) -> String {
  String(((isTest ? "TEST: " : "") + oneLine(wording.subject(fields))).prefix(150))
}

/// Bytes with CRLF line ends; Gmail cuts messages at about 102 kB, links and all.
private let mostHTML = 80_000

/// As many items as fit, the rest counted.
private func html(
  _ digest: Digest, _ identity: MailIdentity, _ time: CivilDates, _ wording: Wording
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

/// The left half of a Message-ID that no mail bears: one for each set of areas and civil day.
/// Cut to fit a line; that long ids with one beginning share a thread does no harm.
private func thread(_ digest: Digest, _ time: CivilDates) -> String {
  let areas = Set(digest.areas.map(\.id)).sorted().joined(separator: "+")
  let safe = areas.utf8.prefix(32).map { isTokenByte($0) ? String(UnicodeScalar($0)) : "_" }
  return "\(safe.joined()).\(time.date(digest.created))"
}
