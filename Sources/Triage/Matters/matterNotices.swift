import Foundation

extension Notice {
  /// The mail that tells that something is the matter with the instance.
  /// - Parameters:
  ///   - id: a fresh UUID in lower case.
  ///   - words: of the deployment's zone, at the moment of writing.
  package static func matterBegins(
    _ matter: Matter, id: String, to admin: AdminContact, instance: String, words: CivilWords
  ) -> Notice {
    Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): \(matter.kind.headline(matter.subject))",
      paragraphs: [
        "What is the matter: \(matter.sentence)", "What to do: \(matter.kind.advice)",
        matter.kind.command,
        matter.kind.isOverNews
          ? "There is one mail when this begins and one when it is over; none in between."
          : matter.extent == nil
            ? "There is one mail of this; none when it is over."
            : "There is another mail when more of them join, a \(matter.kind == .deadLetter ? "day" : "week") after "
              + "this one at the earliest; none when it is over.",
      ], created: words.now)
  }

  /// The mail that tells that it is over.
  /// - Parameter began: when it began.
  package static func matterOver(
    _ matter: Matter, began: Date, id: String, to admin: AdminContact, instance: String,
    words: CivilWords
  ) -> Notice {
    let lasted = CivilWords.duration(words.now.timeIntervalSince(began))
    return Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): \(matter.kind.pastHeadline(matter.subject))",
      paragraphs: [
        "It is over, from \(words.fullMoment(began)) to \(words.fullMoment(words.now)) (\(lasted)).",
        "What was the matter: \(matter.sentence)", "There is nothing to do.",
        "To see how things stand: triaged status",
      ], created: words.now)
  }

  /// The mail that tells a leader of jobs that show the other door (``Safeguarding``): area, kind of job, the
  /// list's own reference, whom to ring; never an address or a street.
  package static func otherDoor(
    _ jobs: [OtherDoorJob], area: String, safeguarding: Safeguarding, id: String, to leader: Member,
    instance: String, created: Date
  ) -> Notice {
    let those = jobs.count == 1 ? "A job" : "\(jobs.count) jobs"
    return Notice(
      id: id, recipient: leader.email, channel: leader.channel,
      subject:
        "\(instance): \(jobs.count == 1 ? "a job" : "jobs") in \(area) may be for safeguarding",
      paragraphs: [
        "\(those) in \(area) may be for safeguarding and not for this team. Ring \(safeguarding.ring), today."
      ]
        + jobs.sorted { $0.job < $1.job }.map {
          "\($0.kind ?? "A job of a kind that the rules do not name"): reference \($0.job.reference) of the "
            + "list \($0.job.feed)."
        } + [
          "No opportunity is made of it, and nobody is asked to visit: its address is left alone for "
            + "\(safeguarding.days) days. What somebody has claimed there already stays theirs; whoever holds "
            + "it should hear of this before they go.",
          "Every such job is told once, to those who lead the area.",
        ], created: created)
  }
}

/// A job that shows the other door, as far as a mail may tell of it.
package struct OtherDoorJob: Hashable, Sendable {
  package var job: JobRef
  package var area: String
  /// Its type in plain words; `nil` where the rules name none.
  package var kind: String?

  package init(job: JobRef, area: String, kind: String?) {
    self.job = job
    self.area = area
    self.kind = kind
  }
}
