import Foundation

/// A mail to the person who runs the service or to somebody who leads an area: owed with its cause, sent until
/// accepted. No personal data is in it.
package struct Notice: Hashable, Sendable {
  /// Part of the Message-ID, the same on every attempt: a UUID.
  package var id: String
  /// An e-mail address of the configuration.
  package var recipient: String
  package var channel: String
  package var subject: String
  /// Paragraphs, in sentences.
  package var paragraphs: [String]
  /// What words alone say badly, shown below the paragraphs in this order; the words do without them.
  package var pictures: [NoticePicture]
  /// Below the paragraphs. Made when the mail is sent, and stored nowhere, where it opens something.
  package var link: Link?
  package var created: Date
  package var attempts: Int

  package struct Link: Hashable, Sendable {
    /// What it is for, in a few words.
    package var words: String
    package var url: String

    package init(words: String, url: String) {
      self.words = words
      self.url = url
    }
  }

  package init(
    id: String, recipient: String, channel: String, subject: String, paragraphs: [String],
    pictures: [NoticePicture] = [], link: Link? = nil, created: Date, attempts: Int = 0
  ) {
    self.link = link
    self.id = id
    self.recipient = recipient
    self.channel = channel
    self.subject = subject
    self.paragraphs = paragraphs
    self.pictures = pictures
    self.created = created
    self.attempts = attempts
  }
}

/// A picture that goes with a notice, kept with it so that every attempt sends the same bytes.
package struct NoticePicture: Hashable, Sendable {
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// Every mail program shows it.
    case png
    /// Many do not; it goes as a file to be opened in a browser.
    case svg
  }

  package var format: Format
  package var bytes: [UInt8]
  /// Says in words what the picture shows.
  package var alternative: String

  package init(format: Format, bytes: [UInt8], alternative: String) {
    self.format = format
    self.bytes = bytes
    self.alternative = alternative
  }
}
