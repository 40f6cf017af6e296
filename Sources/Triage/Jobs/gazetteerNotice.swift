import Foundation

extension Notice {
  /// The mail that tells that the gazetteer cannot be used.
  ///
  /// - Parameters:
  ///   - trouble: what is wrong and what stays in force, in sentences.
  ///   - id: a UUID in lower case, the same for the same damage.
  package static func gazetteerUnusable(
    _ trouble: String, id: String, to admin: AdminContact, instance: String, words: CivilWords
  ) -> Notice {
    Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): the gazetteer cannot be used",
      paragraphs: [
        "What happened: \(trouble)",
        "What stays in force: Everything that is known, offered or claimed. Jobs that only a UPRN or a "
          + "postcode places are not located while no gazetteer is in force.",
        "What to do: Make it anew, or put back a copy. The service takes it into force by itself.",
        "To make it anew: triaged gazetteer import --help",
        "To see how things stand: triaged status",
        "There is one mail of this; none when it is over.",
      ], created: words.now)
  }
}
