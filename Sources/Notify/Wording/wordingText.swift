import Foundation

/// What a template or a file of words may have, in bytes: mail programs cut off mails of a hundred thousand.
private let mostBytes = 128 << 10

/// What keeps a file of wording from being read, as the rest of a sentence that begins with its name.
package struct WordingUnreadable: Error {
  package var what: String
}

/// The text of a template or of words: every one is tried out whenever the configuration is read, so that what is far
/// too large would hold up a reload.
/// - Throws: where it is too large, or no UTF-8 text.
package func wordingText(at path: String) throws(WordingUnreadable) -> String {
  guard let data = FileManager.default.contents(atPath: path),
    let text = String(validating: data, as: UTF8.self)
  else { throw WordingUnreadable(what: "cannot be read as UTF-8 text") }
  guard data.count <= mostBytes else {
    throw WordingUnreadable(what: "has more than \(mostBytes >> 10) KiB")
  }
  return text
}
