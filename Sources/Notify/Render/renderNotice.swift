import Foundation
import Mustache
import Triage

/// Makes the mail of a notice to the person who runs the service; the headers are those of a digest,
/// without a thread. PNGs are shown below the paragraphs, SVGs attached, and both parts say in words what
/// they show; pictures beyond ``MailPicture/mostBytes`` are left out, and the words do. It is duty mail to one named person, so it bears no List-Id and no
/// List-Unsubscribe (RFC 2369 speaks of lists).
///
/// - Throws: a permanent error where the identity, the recipient or the notice cannot make a mail.
/// - Parameter isToAdmin: who runs the service; else it goes to somebody who leads an area, and says so.
package func renderNotice(
  _ notice: Notice, identity: MailIdentity, isToAdmin: Bool = true
) throws(DeliveryError) -> Message {
  func fail(_ why: String) throws(DeliveryError) -> Never {
    throw DeliveryError(why: why, permanent: true)
  }
  if let problem = identity.problems.first { try fail(problem) }
  guard isMailAddress(notice.recipient) else {
    try fail("The admin's e-mail address is not usable; it is set in triaged.yaml.")
  }
  guard isIDForMail(notice.id) else {
    try fail("The notice's id cannot be part of a Message-ID.")
  }
  let subject = String(oneLine(notice.subject).prefix(150))
  let paragraphs = notice.paragraphs.map(oneLine).filter { !$0.isEmpty }
  guard !subject.isEmpty, !paragraphs.isEmpty else { try fail("An empty notice is not sent.") }
  let pictures = MailPicture.of(notice, identity)
  let fields = NoticeFields(
    subject: subject, paragraphs: paragraphs, link: notice.link.map(LinkFields.init),
    pictures: pictures.map(PictureFields.init),
    why: noticeWhy(oneLine(identity.serviceName), isToAdmin: isToAdmin),
    hasReplyTo: identity.replyTo != nil, replyTo: identity.replyTo ?? "")
  return mail(
    id: notice.id, to: (notice.recipient, ""), subject: subject, created: notice.created,
    text: text(fields), html: Wording.noticeHTML.render(fields),
    pictures: pictures.filter(\.isSent), identity)
}

/// A notice in text alone, without its pictures, for where there is no HTML.
func noticeText(_ notice: Notice, _ identity: MailIdentity, isToAdmin: Bool) -> String {
  text(
    NoticeFields(
      subject: oneLine(notice.subject),
      paragraphs: notice.paragraphs.map(oneLine).filter { !$0.isEmpty },
      link: notice.link.map(LinkFields.init), pictures: [],
      why: noticeWhy(oneLine(identity.serviceName), isToAdmin: isToAdmin),
      hasReplyTo: identity.replyTo != nil, replyTo: identity.replyTo ?? ""))
}

/// What the HTML of a notice may speak of; each value is one line.
struct NoticeFields {
  let subject: String
  let paragraphs: [String]
  let link: LinkFields?
  let pictures: [PictureFields]
  let why: String
  let hasReplyTo: Bool
  let replyTo: String
}

/// A link, in full wherever it stands, so that a person sees where it leads.
struct LinkFields {
  let words: String
  let url: String

  init(_ link: Notice.Link) {
    (words, url) = (oneLine(link.words), oneLine(link.url))
  }
}

/// A picture as the HTML shows it, or speaks of it.
struct PictureFields {
  let isShown: Bool
  let contentID: String
  let width: Int
  let caption: String

  init(_ picture: MailPicture) {
    isShown = picture.isSent && picture.picture.format == .png
    contentID = picture.contentID
    width = MailPicture.width
    caption = picture.caption
  }
}

/// The subject as its first line, then the paragraphs, in lines of at most 72 characters.
private func text(_ fields: NoticeFields) -> String {
  var blocks = ([fields.subject] + fields.paragraphs).map(block)
  if let link = fields.link { blocks.append("\(wrapped(link.words, at: 70)):\n  \(link.url)") }
  blocks += (fields.pictures.map(\.caption) + [fields.why]).map(block)
  if fields.hasReplyTo { blocks.append(block("Replies are read: \(fields.replyTo)")) }
  return blocks.joined(separator: "\n\n") + "\n"
}

/// A command has a line of its own, whatever its length, so that it can be copied.
private func block(_ paragraph: String) -> String {
  guard let command = paragraph.firstRange(of: ": triaged ") else {
    return wrapped(paragraph, at: 72)
  }
  let label = paragraph[...command.lowerBound]
  return wrapped(String(label), at: 72) + "\n  triaged " + paragraph[command.upperBound...]
}

/// Breaks a line between words; a longer word has a line of its own.
private func wrapped(_ line: String, at width: Int) -> String {
  var (lines, current) = ([String](), "")
  for word in line.split(separator: " ") {
    if !current.isEmpty, current.count + 1 + word.count > width {
      lines.append(current)
      current = ""
    }
    current += (current.isEmpty ? "" : " ") + word
  }
  return (lines + [current]).joined(separator: "\n")
}
