import FlareImport
import Foundation
import Geography
import Logging
import Storage
import Triage

/// What a redrawn area newly holds stands in a list that was read before it was drawn so.
extension Poller {
  /// Other areas are in force: what is known is judged by them now, and the lists are read again.
  func areasChanged(now: Date) async throws {
    let inputs = await live.inForce(now: now)
    if mustJudge(inputs, now: now) { try await judgeAgain(now: now) }
    try await readAgainWhereRedrawn(inputs, now: now)
  }

  /// Reads the newest believed list of each feed once more where it was read by other areas.
  ///
  /// A list that lies where it was is found again by the next poll (``FeedMemory/forgetList(of:)``), which
  /// comes at once; one that came through a folder lies in the archive by now.
  func readAgainWhereRedrawn(_ inputs: LiveInputs.InForce, now: Date) async throws {
    let ended = configuration.endedFeeds(on: CivilDay(now, in: configuration.timeZone))
    for feed in configuration.feeds
    where redrawn[feed.name] != inputs.areasFingerprint && !ended.contains(feed.name) {
      switch feed.settings.source {
      case .folder, .remoteFolder:
        guard try await readArchivedAgain(feed, now: now) else { continue }
      case .file, .url, .open311:
        if redrawn[feed.name] != nil { comeBack(to: feed, now: now) }
      }
      redrawn[feed.name] = inputs.areasFingerprint
    }
  }

  /// It was believed when it came, so nothing about it is doubted again, no trouble begins or ends by it, and
  /// a list that waits for a person goes on waiting. Without a copy the next list brings what is newly inside.
  /// - Returns: `false` where this machine could not read it, so that it is to be tried again.
  private func readArchivedAgain(_ feed: Feed, now: Date) async throws -> Bool {
    await recording.enter()
    defer { recording.leave() }
    let inputs = await live.inForce(now: now)
    var memory = FeedMemory(try await store.feedState(feed.name))
    guard memory.wasRedrawn(to: inputs.areasFingerprint, feed.settings),
      let account = try await newestBelieved(of: feed.name)
    else { return true }
    func leaveIt(_ why: String) -> Bool {
      logger.info(
        "What redrawn areas newly hold comes with the feed's next list.",
        metadata: ["feed": "\(feed.name)", "why": "\(why)"])
      return true
    }
    guard
      let copy = archive.copy(
        sha256: account.sha256, bytes: account.bytes, feed: feed.name, name: account.source,
        now: now),
      let export = archive.export(copy, feed: feed.name, now: now)
    else { return leaveIt("The last list is not in the archive.") }
    var reading: ListReading
    do {
      reading = try await read(export, feed, inputs, now: now)
    } catch let error as ImportError where error.trouble == .notRead {
      return false
    } catch let error as ImportError {
      return leaveIt(error.why)
    } catch let error as ProjectionError {
      // One feed's system of coordinates holds up no other feed.
      return leaveIt(error.sentence)
    } catch is StillBeingWritten {
      return leaveIt("The archived list changed while it was read.")
    }
    guard reading.list.sha256 == account.sha256 else { return leaveIt("It is another list.") }
    (reading.name, reading.state, reading.delivery) = (account.source, nil, nil)
    // The archive's names have whole seconds only.
    reading.instant = account.report.listed ?? reading.instant
    reading.list.report.again = .redrawn

    let known = try await known(now: now, allOf: feed.name)
    let news = try await news(
      of: reading, feed, known, inputs, usual: memory.usual, before: nil,
      standing: memory.standing?.standing(reading.list.lost), isAccepted: false,
      waived: Set(FeedTrouble.allCases), isReread: true, now: now)
    let judgement = judge(news, known, inputs, now: now)
    memory.stand(on: inputs.areasFingerprint, feed.settings)
    memory.noteLost(reading.list.lost, at: news.instant, isReread: true, now: now)
    let result = try await write(
      news, of: reading, feed, judgement, state: memory.data, held: nil, inputs, now: now)
    logger.notice(
      "The feed's last list was read again by the areas that are in force now.",
      metadata: [
        "feed": "\(feed.name)", "new": "\(result.new)", "changed": "\(result.changed)",
        "made": "\(result.made)", "offered": "\(result.offered)",
      ])
    return true
  }

  /// Of the lists of which everything was taken, the one that says most of today.
  private func newestBelieved(of feed: String) async throws -> StoredReport? {
    try await store.reports(feed: feed, limit: 200).filter(\.report.heldBecause.isEmpty).max {
      ($0.report.listed ?? .distantPast, $0.at) < ($1.report.listed ?? .distantPast, $1.at)
    }
  }
}
