import FlareImport
import Foundation
import Logging
import Storage
import Triage

/// Why a person's request about a feed was not done: a sentence.
struct FeedRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What a person asks of the poll loop. Neither waits for a poll that is under way, only for a list that
/// is being recorded.
extension Poller {
  /// Believes the list of a feed that waits for a person: it is read again out of the archive and takes
  /// its place among the others; what it lacks is gone.
  /// - Parameter list: the first digits of its SHA-256, see ``Triage/HeldList/mark``; without them only
  ///   the list that the admin was told of is accepted, and never an empty one.
  /// - Returns: a sentence that says what was done.
  /// - Throws: ``FeedRefusal`` where nothing waits, or another list than is meant; `ImportError` where
  ///   it can no longer be read.
  func accept(_ name: String, list: String?, now: Date) async throws -> String {
    let feed = try feed(name, now: now)
    await recording.enter()
    defer { recording.leave() }
    let inputs = await live.look(now: now)
    guard let held = try await store.held(feed: name) else {
      throw FeedRefusal("No list of the feed \(name) waits to be accepted.")
    }
    try await confirm(held, isMeantBy: list, of: name)
    guard !held.archived.isEmpty,
      let export = archive.export(held.archived, feed: name, now: now)
    else { return try await acceptNext(held, feed, now: now) }
    var reading = try await read(export, feed, inputs, now: now)
    guard reading.list.sha256 == held.sha256 else {
      return try await acceptNext(held, feed, now: now)
    }
    (reading.name, reading.received, reading.instant) = (held.name, held.received, held.listed)
    (reading.state, reading.archived, reading.isAccepted) = (nil, held.archived, true)
    reading.delivery = nil
    reading.list.report.again = .accepted
    let news = try await record(reading, feed, inputs, now: now)
    logger.notice("A held list was accepted.", metadata: ["feed": "\(name)"])
    let counts = news.report.counts
    return
      "\(held.name) is accepted: \(counts.rows) rows, \(counts.new) new and \(counts.changed) changed "
      + "jobs in area, \(news.change.gone) gone."
  }

  /// Between the mail and the word of the person who has read it another list may have come.
  private func confirm(_ held: HeldList, isMeantBy list: String?, of feed: String) async throws {
    let look = "Look at it first: triaged feeds show \(feed)"
    if let list {
      guard list.utf8.count >= HeldList.markLength, held.sha256.hasPrefix(list.lowercased()) else {
        throw FeedRefusal(
          "The list \(list) does not wait: the one that does is \(held.name) (\(held.mark)). "
            + "\(held.why) \(look)")
      }
      return
    }
    let command = held.acceptCommand(feed: feed)
    let memory = FeedMemory(try await store.feedState(feed))
    if memory.shown(by: held).contains(.empty) {
      throw FeedRefusal(
        "\(held.name) has no rows that can be read: to accept it closes every job that is open. If that is "
          + "right, name it: \(command)")
    }
    let told = try await store.told(feed: feed, held.trouble)
    guard told.contains(where: { $0.hasSuffix(command) }) else {
      throw FeedRefusal(
        "No mail has told of the list that waits now, \(held.name). \(held.why) \(look) To take it as it "
          + "is: \(command)")
    }
  }

  /// Where the list itself is not kept, the next one is believed, as far as it is like it.
  private func acceptNext(_ held: HeldList, _ feed: Feed, now: Date) async throws -> String {
    var memory = FeedMemory(try await store.feedState(feed.name))
    let strangeness = memory.held.flatMap { $0.sha256 == held.sha256 ? $0 : nil }
    guard
      let belief = Belief(
        in: held, strangeness: strangeness?.troubles ?? [], rows: strangeness?.rows ?? 0, now: now)
    else {
      throw FeedRefusal(
        "\(held.name) is not in the archive any more, and what it lacks, another list may lack of "
          + "other jobs: nothing is believed unseen. The next good list is taken by itself.")
    }
    memory.belief = belief
    // Where the list lies where it was, it is found again.
    memory.forgetList(of: feed.settings)
    memory.isNewest = false
    try await store.unchanged(feed: feed.name, state: memory.data, now: now)
    return
      "\(held.name) is not in the archive any more, so the next list of the feed \(feed.name) is "
      + "believed if it has about \(CivilWords.counted(belief.rows, "row")) and comes within 24 hours."
  }

  /// Reads an archived list again, as of its own time: one that is older than the newest tells history
  /// and closes nothing.
  /// - Parameter file: a name in the archive, or the path of a file.
  /// - Throws: ``FeedRefusal``, also where nothing of it was taken; `ImportError` where it cannot be read.
  func replay(_ file: String, feed name: String, now: Date) async throws -> ImportReport {
    let feed = try feed(name, now: now)
    await recording.enter()
    defer { recording.leave() }
    let inputs = await live.look(now: now)
    guard let export = archive.export(file, feed: name, now: now) else {
      throw FeedRefusal("There is no such file in the archive: \(file).")
    }
    do {
      var reading = try await read(export, feed, inputs, now: now)
      (reading.state, reading.archived) = (nil, archive.nameHere(file) ?? "")
      reading.delivery = nil
      reading.list.report.again = .replayed
      let news = try await record(reading, feed, inputs, now: now)
      guard news.intake.isHeldWhole else { return news.report }
      throw FeedRefusal(
        "\(reading.name) was read again for \(name), and nothing of it was taken: it is held. "
          + "\(news.report.heldBecause) Look at it: triaged feeds show \(name)")
    } catch let error as StillBeingWritten {
      throw FeedRefusal("\(error.name) changed while it was read; try again.")
    }
  }

  private func feed(_ name: String, now: Date) throws -> Feed {
    guard let feed = configuration.feeds.first(where: { $0.name == name }) else {
      throw FeedRefusal("No feed is called \(name).")
    }
    if let why = feed.whyPaused(on: CivilDay(now, in: configuration.timeZone)) {
      throw FeedRefusal("\(why) Renew it in the feed's file first.")
    }
    return feed
  }
}
