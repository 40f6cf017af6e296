import Foundation

extension Notice {
  /// The mail that tells that boundary files were edited and cannot take effect.
  ///
  /// - Parameters:
  ///   - problems: each names file, feature and place.
  ///   - unlisted: how many more there are.
  ///   - acceptCommand: what a person types who meant it; `nil` where nobody can mean it.
  ///   - inForce: what stays in force, a sentence.
  ///   - id: a fresh UUID in lower case.
  package static func areasRefused(
    _ problems: [String], unlisted: Int, acceptCommand: String?, pictures: [NoticePicture],
    inForce: String, id: String, to admin: AdminContact, instance: String, words: CivilWords
  ) -> Notice {
    var paragraphs = [
      "The boundary files of \(instance) were edited, and they "
        + (acceptCommand == nil ? "cannot take effect" : "wait for your word") + "; seen "
        + "\(words.fullMoment(words.now)).",
      acceptCommand == nil ? "What is wrong:" : "What they would do:",
    ]
    paragraphs += problems
    if unlisted > 0 { paragraphs.append("And \(CivilWords.grouped(unlisted)) more.") }
    paragraphs.append(
      "What stays in force: \(inForce) What is offered or claimed there stays as well.")
    if let acceptCommand {
      paragraphs += [
        "What to do: Next to nothing would be left of an area, or it would not count any more, which is most "
          + "often a slip. Mend the file, or put the old one back. If it is meant, say so; these very files "
          + "take effect then, and no others.",
        "To accept it: \(acceptCommand)",
      ]
    } else {
      paragraphs.append(
        "What to do: Mend the file, or put the old one back. Good files take effect by themselves within a "
          + "minute. The team and the rules are those of the last start; restart the service after editing "
          + "them.")
    }
    // `check` finds nothing wrong in a slip.
    if acceptCommand == nil { paragraphs.append("To see all that is wrong: triaged check") }
    return Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): an edit of the areas is not in force",
      paragraphs: paragraphs + [
        "To see how the areas stand: triaged areas list",
        "There is one mail for every edit that is wrong in another way, and one when it is over.",
      ], pictures: pictures, created: words.now)
  }

  /// The mail that tells that boundary files are good again.
  /// - Parameter inForce: what is in force, a sentence.
  package static func areasUsable(
    inForce: String, id: String, to admin: AdminContact, instance: String, words: CivilWords
  ) -> Notice {
    Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): over: an edit of the areas was not in force",
      paragraphs: [
        "It is over: the boundary files of \(instance) are good and say what is in force, since "
          + "\(words.fullMoment(words.now)).",
        "What is in force: \(inForce)",
        "There is nothing to do.",
        "To see how the areas stand: triaged areas list",
      ], created: words.now)
  }
}
