import Foundation

extension Notice {
  /// The mail that tells that an episode has begun: what happened, since when, what stays in force,
  /// what to do.
  ///
  /// - Parameters:
  ///   - held: the list that waits for a person because of it.
  ///   - id: a fresh UUID in lower case.
  ///   - instance: the instance's name, so that who looks after several knows which.
  ///   - words: of the deployment's zone, at the moment of writing.
  package static func begins(
    _ episode: FeedEpisode, held: HeldList?, id: String, to admin: AdminContact, instance: String,
    words: CivilWords
  ) -> Notice {
    let list = held.map {
      "Which list: \($0.name) (\($0.mark)), received \(words.fullMoment($0.received))."
    }
    return Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): the feed \(episode.feed) \(episode.trouble.predicate)",
      paragraphs: [
        "The feed \(episode.feed) of \(instance) \(episode.trouble.predicate), since "
          + "\(words.fullMoment(episode.began)).",
        "What happened: \(episode.why)",
      ] + (list.map { [$0] } ?? []) + [
        "What stays in force: \(episode.trouble.standing)",
        "What to do: \(episode.trouble.advice)",
      ] + episode.trouble.commands(feed: episode.feed, held: held) + [
        "There is one mail when this begins and one when it is over; none in between."
      ], created: words.now)
  }

  /// The mail that tells that an episode is over.
  /// - Parameter episode: with its end.
  package static func over(
    _ episode: FeedEpisode, id: String, to admin: AdminContact, instance: String,
    words: CivilWords
  ) -> Notice {
    let ended = episode.ended ?? words.now
    let lasted = CivilWords.duration(ended.timeIntervalSince(episode.began))
    return Notice(
      id: id, recipient: admin.email, channel: admin.channel,
      subject: "\(instance): over: the feed \(episode.feed) \(episode.trouble.pastPredicate)",
      paragraphs: [
        "It is over: the feed \(episode.feed) of \(instance) \(episode.trouble.pastPredicate), from "
          + "\(words.fullMoment(episode.began)) to \(words.fullMoment(ended)) (\(lasted)).",
        "What had happened: \(episode.why)",
        "There is nothing to do.",
        "To see how the feed stands now: triaged feeds show \(episode.feed)",
      ], created: words.now)
  }
}

extension FeedTrouble {
  /// What can be said of a feed: "the feed street-scene is late".
  package var predicate: String { words.now }

  var pastPredicate: String { words.past }

  private var words: (now: String, past: String) {
    switch self {
    case .unreachable: ("cannot be reached", "could not be reached")
    case .notRead: ("cannot be read here", "could not be read here")
    case .late: ("is late", "was late")
    case .unreadable: ("sent what is no list", "sent what was no list")
    case .missingColumns: ("lacks columns", "lacked columns")
    case .incomplete: ("sent an incomplete list", "sent an incomplete list")
    case .empty: ("sent an empty list", "sent an empty list")
    case .shrunk: ("sent a much shorter list", "sent a much shorter list")
    case .grown: ("sent a much longer list", "sent a much longer list")
    case .vanished: ("lost many jobs at once", "lost many jobs at once")
    case .sameAgain: ("sent an old list again", "sent an old list again")
    case .futureDates: ("sent dates in the future", "sent dates in the future")
    case .atLimit: ("may have been cut by its server", "may have been cut by its server")
    case .notPutAway: ("could not be put away", "could not be put away")
    }
  }

  /// What goes on as before.
  var standing: String {
    switch self {
    case .unreachable, .late:
      "The jobs of the last good list, with everything that is offered or claimed. Nothing is closed "
        + "and nothing new is found until a list comes."
    case .notRead:
      "The list is not refused: it waits to be read, and what came after it waits too. The jobs of the last "
        + "good list stay, with everything that is offered or claimed."
    case .sameAgain:
      "The list was taken, and it says nothing new. Its jobs stay, with everything that is offered or "
        + "claimed; nothing new is found until another list comes."
    case .unreadable, .missingColumns, .futureDates:
      "Nothing of that list was taken. The jobs of the last good list stay, with everything that is "
        + "offered or claimed."
    case .incomplete, .empty, .shrunk, .vanished, .atLimit, .grown:
      "No job was closed because of that list. What is offered or claimed stays."
    case .notPutAway:
      "The list was read and recorded, and it is not read a second time."
    }
  }

  /// What a person does about it.
  package var advice: String {
    switch self {
    case .unreachable:
      "See whether the folder or the server is there and whether its name, password or certificate "
        + "has changed. It is tried again by itself."
    case .notRead:
      "Look at the machine that triaged runs on: whether its disk is full, whether its user may read the "
        + "list and write into the state folder, whether memory is short. It is tried again by itself; "
        + "if it stays so, move the list away, and those that wait behind it are read."
    case .late:
      "Ask whoever runs the export whether it has run. If lists come at other times now, change "
        + "'expected' in the feed's file."
    case .unreadable:
      "Look at what was delivered: a sign-in page, an archive or a report in another format is the "
        + "usual reason. The next good list is taken by itself."
    case .missingColumns:
      "Compare the headings of the list with 'columns' in the feed's file. After mending the file "
        + "restart the service and have the list read again."
    case .incomplete:
      "If the rows that are missing matter, ask for the export to be run again. The next whole list "
        + "is taken by itself."
    case .sameAgain:
      "Ask whoever runs the export whether it still runs. If nothing has changed in all that time there is "
        + "nothing to do here: 'same_after' under 'hold' in the feed's file says how long that may be."
    case .empty, .shrunk, .grown, .vanished, .futureDates:
      "Look at the list with whoever runs the export. If it is right, accept it. If it is wrong there "
        + "is nothing to do here: the next good list is taken by itself."
    case .atLimit:
      "Ask for fewer days at a time in the feed's file, so that an answer stays below the server's "
        + "limit."
    case .notPutAway:
      "See whether the disk is full, and who may write into the folder of the lists and into the "
        + "archive."
    }
  }

  /// Whether a person's word makes the held list believed.
  package var canBeAccepted: Bool {
    switch self {
    case .empty, .shrunk, .grown, .vanished, .futureDates, .incomplete: true
    case .unreachable, .notRead, .late, .unreadable, .missingColumns, .sameAgain, .atLimit,
      .notPutAway:
      false
    }
  }

  /// "To see the whole account: triaged feeds show street-scene", one line each.
  /// - Parameter held: the list that waits for a person; none can be accepted without it.
  package func commands(feed: String, held: HeldList?) -> [String] {
    var lines = ["To see the whole account: triaged feeds show \(feed)"]
    if canBeAccepted, let held {
      lines.append("To take the list as it is: \(held.acceptCommand(feed: feed))")
    }
    if [.missingColumns, .unreadable].contains(self) {
      lines.append("How to have the list read again, once its reason is gone, stands there too.")
    }
    return lines
  }
}
